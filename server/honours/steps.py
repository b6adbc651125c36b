"""Every step of the evaluation goes into the decisions and into the audit log. One place, so that none is forgotten."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.honours.states import allowed
from server.kit.claim import claim_or_conflict
from server.people.api import Actor, Grant

CHANGED = "别人刚刚改过，请刷新后再试。"


def decided(
    session: Session,
    actor: Actor | None,
    row: Any,
    source: StrEnum | None,
    target: StrEnum,
    now: datetime,
    why: str = "",
    grant: Grant | None = None,
) -> None:
    """Keep one step of `row`; `actor` None is a closer, `source` None a beginning."""
    entity = row.__tablename__.removesuffix("s")
    before = source.value if source else ""
    audit.decide(session, actor, entity, row.id, before, target.value, now, why, grant)
    audit.record(
        session,
        actor,
        f"{entity}.{target.value}",
        entity,
        row.id,
        now,
        village=row.village_code,
        before={"status": before} if before else None,
        after={"status": target.value},
    )


def step(
    session: Session,
    row: Any,
    target: StrEnum,
    now: datetime,
    actor: Actor | None = None,
    grant: Grant | None = None,
    said: str = "",
    **values: object,
) -> None:
    """Take `row` to `target` as its table of ways allows, by compare-and-set, and keep the decision.

    Raises Conflict `state_changed` when somebody else was first; ValueError for a way that does not exist.
    """
    source = type(target)(row.status)
    if not allowed(source, target):
        raise ValueError(f"{row.__tablename__}: no way from {source} to {target}")
    claim_or_conflict(session, type(row), row.id, source, target, CHANGED, **values)
    decided(session, actor, row, source, target, now, said, grant)
    session.refresh(row)
