"""Every step of a cycle goes into the decisions and into the audit log: one place, so that none is forgotten.

Anonymous sheets are the exception: nothing about them is noted anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from server.assessment.process import errors
from server.assessment.process.models import Cycle
from server.assessment.process.states import allowed
from server.audit import api as audit
from server.kit.claim import claim
from server.people.api import Actor


def noted(
    session: Session,
    actor: Actor | None,
    cycle: Cycle,
    act: str,
    entity: str,
    entity_id: str,
    now: datetime,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Put one act into the audit log, at the cycle's division."""
    about = {"cycle": cycle.id, **(after or {})}
    action = f"assessment.{act}"
    audit.record(session, actor, action, f"assessment_{entity}", entity_id, now, cycle.division, after=about)


def begun(
    session: Session, actor: Actor | None, cycle: Cycle, entity: str, key: str, status: StrEnum, now: datetime
) -> None:
    """Something with states of its own begins."""
    audit.decide(session, actor, f"assessment_{entity}", key, "", status.value, now)
    noted(session, actor, cycle, f"{entity}.{status.value}", entity, key, now)


def step(
    session: Session,
    cycle: Cycle,
    entity: str,
    row: Any,
    target: StrEnum,
    now: datetime,
    actor: Actor | None,
    why: str = "",
    **values: object,
) -> None:
    """Take a row to `target` as its table of transitions allows, by compare-and-set, and keep the decision.

    Raises Conflict `state_changed` when somebody else was first, or when the table has no such way.
    """
    source = type(target)(row.status)
    if not allowed(source, target) or not claim(session, type(row), row.id, source, target, **values):
        raise errors.state_changed()
    audit.decide(session, actor, f"assessment_{entity}", row.id, source.value, target.value, now, why)
    noted(session, actor, cycle, f"{entity}.{target.value}", entity, row.id, now, {"from": source.value})
    session.refresh(row)
