"""Facts that go along when members leave for another household; the old file keeps what it said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.grid.facts import queries, rules
from server.grid.facts.models import Fact
from server.grid.vocabulary import fact_kinds
from server.kit.clock import local_date
from server.kit.ids import new_id


def carry_facts(
    session: Session, source: str, target: str, members: Mapping[str, str], now: datetime
) -> None:
    """What stands about these members (new id by old one) stands in their new household's file as well."""
    if not members:
        return
    entries = queries.entries(session, [source]).get(source, [])
    standing = rules.standing(entries, fact_kinds(), local_date(now))
    keys = [entry.id for entry in standing if entry.member in members]
    rows = session.scalars(select(Fact).where(Fact.id.in_(keys), Fact.blanked_at.is_(None)).order_by(Fact.id))
    copies = [_copy(row, target, members[str(row.member_id)], now) for row in rows]
    if copies:
        session.execute(insert(Fact), copies)


def _copy(row: Fact, household: str, member: str, now: datetime) -> dict[str, Any]:
    values = {column.name: getattr(row, column.name) for column in Fact.__table__.columns}
    return values | {
        "id": new_id(),
        "village_code": household[:12],
        "household_code": household,
        "member_id": member,
        "corrects": None,
        "carried_from": row.id,
        "recorded_at": now,
    }
