"""Rankings of households, as far as the village shows them: off (the default), one's own place, the first
ten, all.

There is no ranking of grid workers anywhere. Only households that take part are ranked; equal points
share a place. A household that declined public naming keeps its place, which only it is shown.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.cycles.calendar import Month
from server.kit import exact
from server.kit.errors import FieldFault, Invalid, NotFound, NotSignedIn
from server.kit.sql import Statement
from server.ledger import api as ledger
from server.people.api import Actor, Household, Village
from server.settlement.errors import ranking_off_message
from server.settlement.models import Tally, TallyLine
from server.settlement.months import month_number
from server.settlement.public import Ready
from server.settlement.states import LineStatus, TallyStatus

FIRST = 10
KEPT_SECONDS = 60
_CACHE_SIZE = 500
_SETTING = Statement(
    "SELECT ranking, (SELECT max(year) FROM score_years WHERE village_code = :village) "
    "FROM villages WHERE code = :village"
)


@dataclass(frozen=True)
class Place:
    """One household's place; `points` are the score of the year or the change of a month."""

    rank: int
    household: str
    points: Decimal


def places(rows: Sequence[tuple[str, Decimal]]) -> list[Place]:
    """Households by points, the highest first; equal points share a place, the next place counts all
    before it.
    """
    ordered = sorted(rows, key=lambda row: (-row[1], row[0]))
    found: list[Place] = []
    for index, (household, points) in enumerate(ordered):
        shared = found and found[-1].points == points
        found.append(Place(found[-1].rank if shared else index + 1, household, points))
    return found


def shown(ranked: Sequence[Place], shows: str) -> list[Place]:
    """What the village shows to everybody: nobody, the first ten places, or all."""
    if shows == "all":
        return list(ranked)
    return [place for place in ranked if place.rank <= FIRST] if shows == "first_ten" else []


@dataclass(frozen=True)
class _Kept:
    version: tuple[Any, ...]
    at: float
    ready: Ready


_kept: dict[tuple[str, str], _Kept] = {}


def public_ranking(session: Session, village: str, period: str | None) -> Ready:
    """The ranking as a stranger sees it, ready-made until an entry is posted or the village shows it
    otherwise.

    NotFound `ranking_off`; NotSignedIn where only the own place is shown.
    """
    shows, year = _setting(session, village)
    if shows == "own":
        raise NotSignedIn("ranking_own", "本村只让各户看自己的名次，请先登录。")
    chosen = period or str(year)
    version = (shows, year, ledger.posted(session, village))
    kept = _kept.get((village, chosen))
    if kept is None or kept.version != version or time.monotonic() - kept.at > KEPT_SECONDS:
        body = json.dumps(as_json(session, village, shows, chosen, None), ensure_ascii=False).encode()
        etag = f'"{village}-{chosen}-{shows}-{version[2]}"'
        if len(_kept) >= _CACHE_SIZE:
            _kept.clear()
        kept = _kept[village, chosen] = _Kept(version, time.monotonic(), Ready(version[2], etag, body))
    return kept.ready


def ranking_for(session: Session, actor: Actor, village: str, period: str | None) -> dict[str, Any]:
    """The ranking as somebody signed in sees it: with the own household's place, if it is of this village."""
    shows, year = _setting(session, village)
    own = actor.household if actor.household and actor.household.startswith(village) else None
    if shows == "own" and own is None:
        raise off()
    return as_json(session, village, shows, period or str(year), own)


def off() -> NotFound:
    """The village shows no ranking (to this person)."""
    return NotFound("ranking_off", ranking_off_message())


def _setting(session: Session, village: str) -> tuple[str, int]:
    """How far the village shows its ranking, and its running score year; NotFound where it shows none."""
    row: Any = _SETTING.run(session, {"village": village}).first()
    if row is None or row[0] == "off":
        raise off()
    return row[0], row[1] or 0


def as_json(session: Session, village: str, shows: str, period: str, own: str | None) -> dict[str, Any]:
    """The ranking by the names of the API."""
    ranked = places(_points(session, village, period))
    unnamed = set(
        session.scalars(
            select(Household.code).where(Household.village_code == village, Household.named.is_(False))
        )
    )
    mine = next((place for place in ranked if place.household == own), None)
    return {
        "village": {"code": village, "name": session.get_one(Village, village).name},
        "period": period,
        "shows": shows,
        "households": len(ranked),
        "items": [_place_json(place) for place in shown(ranked, shows) if place.household not in unnamed],
        "own": _place_json(mine) if mine else None,
    }


def _place_json(place: Place) -> dict[str, Any]:
    code = place.household
    return {"rank": place.rank, "household": code, "number": code[-4:], "points": exact.text(place.points)}


def _points(session: Session, village: str, period: str) -> list[tuple[str, Decimal]]:
    if len(period) == 4:
        return _year(session, village, int(period))
    return _month(session, village, Month.parse(period))


def _year(session: Session, village: str, year: int) -> list[tuple[str, Decimal]]:
    if year != _setting(session, village)[1]:
        fault = FieldFault("period", "写本年度（如 2026）或已入账的月份（如 2026-11）。")
        raise Invalid("ranking_period", "只能看本年度或某个月的名次。", [fault])
    account = ledger.LedgerAccount
    query = (
        select(account.household_code, account.score)
        .join(Household, Household.code == account.household_code)
        .where(account.village_code == village, account.score_year == year, Household.status == "active")
    )
    return list(session.execute(query))


def _month(session: Session, village: str, month: Month) -> list[tuple[str, Decimal]]:
    query = (
        select(TallyLine.household_code, TallyLine.net)
        .join(Tally, Tally.id == TallyLine.tally_id)
        .join(Household, Household.code == TallyLine.household_code)
        .where(
            Tally.village_code == village,
            Tally.month == month_number(month),
            Tally.status == TallyStatus.POSTED,
            TallyLine.status == LineStatus.POSTED,
            Household.status == "active",
        )
    )
    return list(session.execute(query))
