"""Hints and participation of a village, for its supervisors and panel. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from server.insight import queries, rules
from server.insight.burden import Burden, burden
from server.insight.rules import Hint, Kind, Participation
from server.kit.clock import local_midnight
from server.kit.errors import FieldFault, Invalid, NotFound
from server.people.api import Actor, Permission, Place, Village

LONGEST_DAYS = 400


@dataclass(frozen=True)
class Fairness:
    """What a span shows; `unseen` are households nobody logged in the last weeks before its end."""

    records: int
    hints: tuple[Hint, ...]
    participation: tuple[Participation, ...]
    unseen: tuple[str, ...]


def fairness(session: Session, actor: Actor, village: str, since: date, until: date, weeks: int) -> Fairness:
    """Hints on the records logged from `since` to `until`, both counted. Raises NotFound, Invalid."""
    actor.at(Permission.FAIRNESS_READ, Place(village))
    return village_fairness(session, village, *_span(session, village, since, until), weeks)


def burden_of(session: Session, actor: Actor, village: str, since: date, until: date) -> Burden:
    """What logging cost from `since` to `until`, both counted. Raises NotFound, Invalid."""
    actor.at(Permission.BURDEN_READ, Place(village))
    return burden(session, village, *_span(session, village, since, until))


def _span(session: Session, village: str, since: date, until: date) -> tuple[datetime, datetime]:
    if session.get(Village, village) is None:
        raise NotFound()
    if not 0 <= (until - since).days <= LONGEST_DAYS:
        fault = FieldFault("to", f"从先到后，最多 {LONGEST_DAYS} 天。")
        raise Invalid("span_wrong", "日期的先后不对。", [fault])
    return local_midnight(since), local_midnight(until + timedelta(days=1))


def village_fairness(
    session: Session, village: str, since: datetime, until: datetime, weeks: int
) -> Fairness:
    """As `fairness`, for whoever may ask."""
    records = queries.logged(session, village, since, until)
    houses = queries.households(session, village)
    workers = sorted({one.worker for one in records})
    kin = queries.relatives(session, workers)
    sizes = queries.grid_sizes(session, village)
    reach = Counter[str]()
    for worker, grids in _grids_of(records).items():
        reach[worker] = sum(sizes.get(grid, 0) for grid in grids)
    hints = [
        *rules.bursts(records),
        *rules.reused_photos(queries.looks(session, [one.id for one in records])),
        *rules.favoured(records, kin, reach),
        *rules.one_household(records),
        *rules.level_and_mix(records),
        *rules.unseen_grids(sizes, records),
        *rules.unvisited_grids(sizes, queries.visits(session, village, since, until), (until - since).days),
    ]
    last = queries.last_logged(session, village, until)
    quiet = until - timedelta(weeks=weeks)
    unseen = tuple(sorted(code for code in houses if code not in last or last[code] < quiet))
    kinds = {code: kind for code, (kind, _) in houses.items()}
    return Fairness(len(records), tuple(hints), tuple(rules.participation(kinds, records)), unseen)


def _grids_of(records: list[rules.Logged]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in records:
        if one.grid is not None:
            found.setdefault(one.worker, set()).add(one.grid)
    return found


__all__ = ["Fairness", "Hint", "Kind", "Participation", "fairness", "village_fairness"]
