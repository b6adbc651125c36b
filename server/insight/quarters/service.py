"""Quarterly summaries: computed for a village, kept when its quarter is closed, added up for those above.

Reads only, save `close`. A village's running quarter can be looked at; a township's holds closed ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.insight.quarters import queries, rules, shop
from server.insight.quarters.models import QuarterSummary
from server.insight.quarters.rules import Counted, Figures, Happened, Quarter
from server.kit.errors import NotFound
from server.kit.exact import hundredths_text
from server.people.api import Actor, Division, Permission, Place, division_prefix
from server.settlement.api import Tally, month_number

NO_GRID = "未划网格"


@dataclass(frozen=True)
class Summary:
    """A quarter of a division. `parts`: its grids, or its villages; `waiting`: villages not closed yet.

    `closed_at` None: the quarter runs, the figures will still change.
    """

    division: str
    name: str
    level: str
    quarter: Quarter
    closed_at: datetime | None
    figures: Figures
    parts: tuple[tuple[str, str, Figures], ...]
    movers: tuple[dict[str, Any], ...] = ()
    fell: int = 0
    cover: str = ""
    waiting: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        said = rules.sentences(self.name, self.quarter, self.figures)
        return (*said, *([f"{self.cover.rstrip('。')}。"] if self.cover else []))


def read(session: Session, actor: Actor, division: str, quarter: Quarter, now: datetime) -> Summary:
    """The summary of a village, township or county; raises NotFound, `quarter_empty` where there is none."""
    place = _division(session, actor, division)
    if place.level == "village":
        return _village(session, place, quarter, now)
    return _above(session, place, quarter)


def listed(session: Session, actor: Actor, division: str) -> list[tuple[Quarter, int, int]]:
    """The quarters of a division, newest first: (quarter, villages closed, villages that have it)."""
    place = _division(session, actor, division)
    below = Tally.village_code.startswith(division_prefix(place.code))
    rows = session.execute(select(Tally.village_code, Tally.month).where(below, Tally.month % 100 != 0))
    having: dict[Quarter, set[str]] = {}
    for village, month in rows:
        quarter = Quarter(month // 100, (month % 100 - 1) // 3 + 1)
        having.setdefault(quarter, set()).add(village)
    closed = _closed(session, place.code)
    return [
        (quarter, len(closed.get(quarter, ())), len(villages))
        for quarter, villages in sorted(having.items(), reverse=True)
    ]


def _closed(session: Session, division: str) -> dict[Quarter, set[str]]:
    rows = session.execute(
        select(QuarterSummary.village_code, QuarterSummary.year, QuarterSummary.quarter).where(
            QuarterSummary.village_code.startswith(division_prefix(division))
        )
    )
    found: dict[Quarter, set[str]] = {}
    for village, year, number in rows:
        found.setdefault(Quarter(year, number), set()).add(village)
    return found


def _division(session: Session, actor: Actor, code: str) -> Division:
    actor.at(Permission.TALLY_READ, Place(code))
    found = session.get(Division, code)
    if found is None:
        raise NotFound()
    return found


def _empty() -> NotFound:
    return NotFound("quarter_empty", "这个季度还没有汇总过的月份，请换一个季度。")


def _village(session: Session, place: Division, quarter: Quarter, now: datetime) -> Summary:
    kept = session.get(QuarterSummary, (place.code, quarter.year, quarter.number))
    if kept is not None:
        return _of_content(place, quarter, kept.content, kept.closed_at)
    return _of_content(place, quarter, computed(session, place.code, quarter, now), None)


def computed(session: Session, village: str, quarter: Quarter, now: datetime) -> dict[str, Any]:
    """A village's quarter as it stands, as it would be kept; raises NotFound `quarter_empty`."""
    months = [month_number(month) for month in quarter.months()]
    begun = select(Tally.id).where(Tally.village_code == village, Tally.month.in_(months)).limit(1)
    if session.scalar(begun) is None:
        raise _empty()
    since, until = queries.span(session, village, months, now)
    taking_part, grid_of = queries.households(session, village)
    counted = queries.counted(session, village, months)
    sold = shop.of_quarter(session, village, since, until)
    made, upheld = queries.objections(session, village, months)
    happened = Happened(queries.rejected(session, village, since, until), made, upheld, sold.redeemed)
    earlier = [month_number(month) for month in quarter.before().months()]
    now_net = {row.household: 0 for row in counted}
    for row in counted:
        now_net[row.household] += row.added + row.deducted
    up, fell = rules.movers(queries.nets(session, village, earlier), now_net)
    return {
        "figures": rules.as_json(rules.figures(taking_part, counted, happened)),
        "parts": _grids(session, village, taking_part, grid_of, counted, happened),
        "movers": [
            {
                "household": one.household,
                "before": hundredths_text(one.before),
                "now": hundredths_text(one.now),
            }
            for one in up
        ],
        "fell": fell,
        "cover": sold.cover,
    }


def _grids(
    session: Session,
    village: str,
    taking_part: set[str],
    grid_of: Mapping[str, str | None],
    counted: list[Counted],
    happened: Happened,
) -> list[dict[str, Any]]:
    known: list[tuple[str | None, str]] = [*queries.grids(session, village), (None, NO_GRID)]
    found = []
    for key, name in known:
        own = {code for code, grid in grid_of.items() if grid == key}
        rows = [row for row in counted if row.household in own]
        part = rules.figures(taking_part & own, rows, _of(happened, own))
        if key is not None or part.records or part.households:
            found.append({"code": key or "", "name": name, "figures": rules.as_json(part)})
    return found


def _of(happened: Happened, own: set[str]) -> Happened:
    def mine(given: Mapping[str, int]) -> dict[str, int]:
        return {code: amount for code, amount in given.items() if code in own}

    return Happened(
        mine(happened.rejected), mine(happened.objections), mine(happened.upheld), mine(happened.redeemed)
    )


def _of_content(
    place: Division, quarter: Quarter, content: Mapping[str, Any], closed_at: datetime | None
) -> Summary:
    return Summary(
        place.code,
        place.name,
        place.level,
        quarter,
        closed_at,
        rules.from_json(content["figures"]),
        tuple((part["code"], part["name"], rules.from_json(part["figures"])) for part in content["parts"]),
        tuple(content["movers"]),
        content["fell"],
        content["cover"],
    )


def _above(session: Session, place: Division, quarter: Quarter) -> Summary:
    below = division_prefix(place.code)
    rows = session.execute(
        select(QuarterSummary, Division.name)
        .join(Division, Division.code == QuarterSummary.village_code)
        .where(
            QuarterSummary.village_code.startswith(below),
            QuarterSummary.year == quarter.year,
            QuarterSummary.quarter == quarter.number,
        )
        .order_by(QuarterSummary.village_code)
    ).all()
    months = [month_number(month) for month in quarter.months()]
    having = session.execute(
        select(Division.code, Division.name)
        .join(Tally, Tally.village_code == Division.code)
        .where(Division.code.startswith(below), Tally.month.in_(months))
        .distinct()
        .order_by(Division.code)
    ).all()
    if not having:
        raise _empty()
    closed = {row.village_code for row, _ in rows}
    parts = tuple((row.village_code, name, rules.from_json(row.content["figures"])) for row, name in rows)
    waiting = tuple(name for code, name in having if code not in closed)
    at = max((row.closed_at for row, _ in rows), default=None) if not waiting else None
    whole = rules.together([figures for _, _, figures in parts])
    return Summary(place.code, place.name, place.level, quarter, at, whole, parts, waiting=waiting)


def close(session: Session, village: str, quarter: Quarter, now: datetime) -> None:
    """Keep a village's quarter as it stands."""
    session.add(
        QuarterSummary(
            village_code=village,
            year=quarter.year,
            quarter=quarter.number,
            closed_at=now,
            content=computed(session, village, quarter, now),
        )
    )
    session.flush()
