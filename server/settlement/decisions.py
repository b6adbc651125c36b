"""Every step of the month goes into the decisions and into the audit log. One place, so that none is
forgotten.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.claim import claim
from server.kit.errors import Conflict
from server.people.api import Actor, Grant
from server.settlement import errors
from server.settlement.states import allowed


def decided(
    session: Session,
    actor: Actor | None,
    entity: str,
    entity_id: str,
    village: str,
    source: StrEnum | None,
    target: StrEnum,
    now: datetime,
    reason: str = "",
    grant: Grant | None = None,
) -> None:
    """Keep one step; `actor` None is a closer, `source` None a beginning."""
    before = source.value if source else ""
    audit.decide(session, actor, entity, entity_id, before, target.value, now, reason, grant)
    audit.record(
        session,
        actor,
        f"{entity}.{target.value}",
        entity,
        entity_id,
        now,
        village=village,
        before={"status": before} if before else None,
        after={"status": target.value},
    )


def step(
    session: Session,
    model: Any,
    entity: str,
    row: Any,
    target: StrEnum,
    now: datetime,
    actor: Actor | None,
    grant: Grant | None,
    village: str,
    why: str = "",
    **values: object,
) -> None:
    """Take a row to `target` as its table of transitions allows, by compare-and-set, and keep the decision.

    Raises Conflict `state_changed` when somebody else was first; ValueError for a transition that does
    not exist.
    """
    source = type(target)(row.status)
    if not allowed(source, target):
        raise ValueError(f"{entity}: no way from {source} to {target}")
    if not claim(session, model, row.id, source, target, **values):
        raise Conflict("state_changed", errors.CHANGED)
    decided(session, actor, entity, row.id, village, source, target, now, why, grant)
    session.refresh(row)
