"""What a household's file said on a past day: each change keeps what it replaced, and is taken back in reading."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.people.access import Actor, Permission
from server.people.household_file import member_shown, summary
from server.people.households import household_for
from server.people.models import Household, HouseholdPast, Member
from server.people.sealing import Seal


def file_as_known(
    session: Session,
    actor: Actor,
    code: str,
    seal: Seal,
    known_by: datetime,
    purpose: str | None,
    now: datetime,
) -> dict[str, Any]:
    """A household with its members as known before `known_by`, for those who keep its file and the family.

    With a `purpose` phones are in full. The look is on record unless it is the own file. NotFound elsewhere.
    """
    household = household_for(session, actor, Permission.HOUSEHOLD_FILE, code)
    if actor.household != code or purpose:
        after = {"as_of": known_by.isoformat(), **({"phones": True, "purpose": purpose} if purpose else {})}
        audit.record(
            session, actor, "household.view", "household", code, now, household.village_code, after=after
        )
    before = _taken_back(session, code, known_by)
    session.expunge(household)
    _take_back(household, before.get(None, {}))
    shown = summary(session, household, keeps=True)
    rows = session.scalars(select(Member).where(Member.household_code == code).order_by(Member.id))
    members = [row for row in rows if row.added_at is None or row.added_at < known_by]
    for row in members:
        session.expunge(row)
        _take_back(row, before.get(row.id, {}))
        if row.departed_at is not None and row.departed_at >= known_by:
            row.departure = None
    return {**shown, "members": [member_shown(row, seal, True, bool(purpose), known_by) for row in members]}


def _taken_back(session: Session, code: str, known_by: datetime) -> dict[str | None, dict[str, Any]]:
    """Per member (None: the household) the values that later changes replaced, the earliest change first."""
    found: dict[str | None, dict[str, Any]] = {}
    rows = session.scalars(
        select(HouseholdPast)
        .where(HouseholdPast.household_code == code, HouseholdPast.until >= known_by)
        .order_by(HouseholdPast.until.desc(), HouseholdPast.id.desc())
    )
    for row in rows:
        found.setdefault(row.member_id, {}).update(row.before)
    return found


def _take_back(row: Household | Member, before: Mapping[str, Any]) -> None:
    for name, value in before.items():
        setattr(row, name, date.fromisoformat(value) if name == "birth_date" and value else value)
