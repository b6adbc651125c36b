"""Reading rulebooks: which one is in force on a day, with adopted ones kept in the process.

Which rulebook is in force is asked of the database every time; only what can no longer change is cached.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.kit.errors import NotFound
from server.rulebook.items import Item, Rulebook
from server.rulebook.models import RulebookRow

_CACHE_SIZE = 2_000
_adopted: dict[str, Adopted] = {}

# The rulebook in force in a village on a day, for use inside a hot statement (`:on` is the date of conduct).
IN_FORCE_SQL = (
    "(SELECT b.id FROM rulebooks b WHERE b.village_code = {village} AND b.status = 'adopted' "
    "AND b.effective_on <= :on ORDER BY b.version DESC LIMIT 1)"
)


@dataclass(frozen=True)
class Adopted:
    """An adopted rulebook: its row's key figures, the rulebook as a value, and its items by code."""

    id: str
    village: str
    version: int
    effective_on: date
    rulebook: Rulebook
    by_code: dict[str, Item]


def rulebook_on(session: Session, village: str, day: date) -> Adopted | None:
    """The rulebook in force in `village` on `day`, or None before the first adoption."""
    key = session.scalar(
        select(RulebookRow.id)
        .where(
            RulebookRow.village_code == village,
            RulebookRow.status == "adopted",
            RulebookRow.effective_on <= day,
        )
        .order_by(RulebookRow.version.desc())  # what was adopted later replaces what is announced for later
        .limit(1)
    )
    return adopted_book(session, key) if key else None


def adopted_book(session: Session, key: str) -> Adopted:
    """The adopted rulebook with this id, from the process's cache where it is known; raises NotFound."""
    found = _adopted.get(key)
    if found is None:
        row = session.get(RulebookRow, key)
        if row is None or row.version is None or row.effective_on is None:
            raise NotFound()
        found = as_adopted(row.id, row.village_code, row.version, row.effective_on, row.document)
        if len(_adopted) >= _CACHE_SIZE:
            _adopted.clear()
        _adopted[key] = found
    return found


def as_adopted(
    key: str, village: str, version: int, effective_on: date, document: dict[str, object]
) -> Adopted:
    """A row's columns as the value that others use."""
    rulebook = Rulebook.from_document(document)
    return Adopted(
        key, village, version, effective_on, rulebook, {item.code: item for item in rulebook.items}
    )


def first_adoption(session: Session, village: str) -> date | None:
    """The day on which the village's first rulebook took effect: its first month begins there."""
    day: date | None = session.scalar(
        select(func.min(RulebookRow.effective_on)).where(
            RulebookRow.village_code == village, RulebookRow.status == "adopted"
        )
    )
    return day


def versions(session: Session, village: str) -> list[RulebookRow]:
    """All rulebooks of a village that were adopted, newest first."""
    query = select(RulebookRow).where(RulebookRow.village_code == village, RulebookRow.status == "adopted")
    return list(session.scalars(query.order_by(RulebookRow.version.desc())))


def with_drafts(session: Session, village: str) -> list[RulebookRow]:
    """All rulebooks of a village, drafts first, then the adopted ones, newest first."""
    query = select(RulebookRow).where(RulebookRow.village_code == village)
    return list(
        session.scalars(query.order_by(RulebookRow.version.desc().nulls_first(), RulebookRow.id.desc()))
    )
