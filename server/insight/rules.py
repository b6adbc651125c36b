"""What in a village's records is worth a second look. Pure: plain values in, hints out.

A hint is a question to supervisors and panel, with the figures that raised it. Nothing here ranks workers,
and nothing follows from a hint by itself. Thresholds are set so that chance alone hardly ever raises one:
four standard deviations, and enough records to speak of.
Source: spec 01 (Fairness).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

BURST_RECORDS = 30
BURST_WITHIN = timedelta(minutes=2)
PHOTO_TIMES = 3
LOOKS_BITS = 4  # two pictures that differ in no more of their 64 bits look the same
FEWEST = 12  # records of a worker below which nothing is said
DEVIATIONS = 4
MOST_COMPARED = 1500
A_MONTH = 28  # days


class Kind(StrEnum):
    """What a hint is about."""

    BURST = "burst"
    REUSED_PHOTO = "reused_photo"
    FAVOURS_RELATIVES = "favours_relatives"
    ONE_HOUSEHOLD = "one_household"
    LEVEL = "level"
    ITEM_MIX = "item_mix"
    GRID_UNSEEN = "grid_unseen"
    GRID_UNVISITED = "grid_unvisited"


@dataclass(frozen=True)
class Logged:
    """One record: who logged what for whom and when; `points` in hundredths; `group` of one action for many.

    `logged_at` is the moment at the door: a phone that was offline sends a day's records in one minute.
    """

    id: str
    worker: str
    household: str
    grid: str | None
    item: str
    points: int
    logged_at: datetime
    group: str | None = None


@dataclass(frozen=True)
class Hint:
    """Something to look at: `subject` is a person, household, grid or photo; `records` show it."""

    kind: Kind
    subject: str
    said: str
    records: tuple[str, ...] = ()


def bursts(records: Iterable[Logged]) -> list[Hint]:
    """Thirty records by one hand within two minutes; one action for many households counts once."""
    by_worker: defaultdict[str, dict[str, Logged]] = defaultdict(dict)
    for record in sorted(records, key=lambda one: one.logged_at):
        by_worker[record.worker].setdefault(record.group or record.id, record)
    found = []
    for worker, own in sorted(by_worker.items()):
        rows, start = list(own.values()), 0
        for end, record in enumerate(rows):
            while record.logged_at - rows[start].logged_at > BURST_WITHIN:
                start += 1
            if end - start + 1 >= BURST_RECORDS:
                some = tuple(one.id for one in rows[start : end + 1])
                said = f"两分钟里记了 {len(some)} 条，请看看是不是当时当面看到的。"
                found.append(Hint(Kind.BURST, worker, said, some))
                break
    return found


def reused_photos(looks: Mapping[str, tuple[str, str]]) -> list[Hint]:
    """Photos (id → record, 64 bits as hex) that look the same on several records."""
    marked = [(int(bits, 16), record) for record, bits in looks.values()]
    shown = [(bits, record) for bits, record in marked if bits]  # 0: one colour, says nothing
    near = LOOKS_BITS if len(shown) <= MOST_COMPARED else 0
    groups: list[tuple[int, list[str]]] = []
    for bits, record in shown:
        for first, members in groups:
            if (first ^ bits).bit_count() <= near:
                members.append(record)
                break
        else:
            groups.append((bits, [record]))
    return [
        Hint(
            Kind.REUSED_PHOTO,
            f"{bits:016x}",
            f"同一张照片用在了 {len(set(members))} 条记录上，请核对。",
            tuple(sorted(set(members))),
        )
        for bits, members in groups
        if len(set(members)) >= PHOTO_TIMES
    ]


def far_above(hits: int, tries: int, share: Fraction) -> bool:
    """Whether `hits` of `tries` lie more than four standard deviations above what `share` would bring."""
    if tries < FEWEST or not 0 < share < 1:
        return False
    over = hits - tries * share
    return over > 1 and over * over > DEVIATIONS**2 * tries * share * (1 - share)


def favoured(
    records: Sequence[Logged], related: Mapping[str, frozenset[str]], within: Mapping[str, int]
) -> list[Hint]:
    """Gains that a worker gives to households of relatives far beyond their part of the worker's households.

    `related`: worker → households of relatives on file (the own one included); `within`: worker → households
    in reach.
    """
    found = []
    for worker, own in sorted(_by_worker(records).items()):
        gains = [one for one in own if one.points > 0]
        kin = related.get(worker, frozenset())
        reach = max(within.get(worker, 0), len({one.household for one in gains}) + len(kin))
        theirs = [one for one in gains if one.household in kin]
        if kin and far_above(len(theirs), len(gains), Fraction(len(kin), reach)):
            said = (
                f"{len(gains)} 条加分里有 {len(theirs)} 条是亲属户的，亲属只占所管户的 {len(kin)}/{reach}。"
            )
            found.append(Hint(Kind.FAVOURS_RELATIVES, worker, said, tuple(one.id for one in theirs)))
    return found


def level_and_mix(records: Sequence[Logged]) -> list[Hint]:
    """Points or items of a worker that differ far from those that the village's others log.

    Level: the share of gains at or above the others' median. Mix: one item's share against the others'.
    """
    workers = _by_worker(records)
    found = []
    for worker, own in sorted(workers.items()):
        others = [one for name, rows in workers.items() if name != worker for one in rows]
        if len(own) < FEWEST or len(others) < FEWEST:
            continue
        found += _level(worker, own, others) + _mix(worker, own, others)
    return found


def _level(worker: str, own: Sequence[Logged], others: Sequence[Logged]) -> list[Hint]:
    """Compared item by item, so that who logs another mix is not taken for generous."""
    usual: defaultdict[str, list[int]] = defaultdict(list)
    for one in others:
        usual[one.item].append(one.points)
    higher = tries = 0
    expected = Fraction(0)
    for one in own:
        known = usual[one.item]
        if one.points <= 0 or len(known) < FEWEST or len(set(known)) == 1:
            continue
        tries += 1
        top = max(known)
        higher += one.points >= top
        expected += Fraction(sum(points >= top for points in known), len(known))
    if tries and far_above(higher, tries, expected / tries):
        said = f"{tries} 条有幅度的加分里，{higher} 条给到最高分，比其他人多很多。"
        return [Hint(Kind.LEVEL, worker, said)]
    return []


def _mix(worker: str, own: Sequence[Logged], others: Sequence[Logged]) -> list[Hint]:
    mine, theirs = Counter(one.item for one in own), Counter(one.item for one in others)
    found = []
    for item, times in sorted(mine.items()):
        share = Fraction(theirs[item] + 1, len(others) + len(theirs) + 1)
        if times * 2 > len(own) and far_above(times, len(own), share):
            said = f"{len(own)} 条里有 {times} 条是 {item}，其他人记得少得多。"
            records = tuple(one.id for one in own if one.item == item)
            found.append(Hint(Kind.ITEM_MIX, worker, said, records))
    return found


def one_household(records: Sequence[Logged]) -> list[Hint]:
    """A worker more than half of whose gains go to a single household."""
    found = []
    for worker, own in sorted(_by_worker(records).items()):
        gains = [one for one in own if one.points > 0]
        if len(gains) < FEWEST:
            continue
        ((household, times),) = Counter(one.household for one in gains).most_common(1)
        if times * 2 > len(gains):
            said = f"{len(gains)} 条加分里有 {times} 条是 {household[-4:]} 号一户的。"
            some = tuple(one.id for one in gains if one.household == household)
            found.append(Hint(Kind.ONE_HOUSEHOLD, worker, said, some))
    return found


def unseen_grids(grids: Mapping[str, int], records: Iterable[Logged]) -> list[Hint]:
    """Grids (id → households) of which the span holds no record at all, while the village has some."""
    seen = {one.grid for one in records}
    if not seen:
        return []
    return [
        Hint(Kind.GRID_UNSEEN, grid, f"这个网格 {households} 户，这段时间一条记录也没有。")
        for grid, households in sorted(grids.items())
        if households and grid not in seen
    ]


def unvisited_grids(grids: Mapping[str, int], visits: Mapping[str, int], days: int) -> list[Hint]:
    """Grids (id → households) where nobody was at any door in a month or longer, while others were visited."""
    if days < A_MONTH or not any(visits.values()):
        return []
    return [
        Hint(Kind.GRID_UNVISITED, grid, f"这个网格 {households} 户，{days} 天里一次走访也没有。")
        for grid, households in sorted(grids.items())
        if households and not visits.get(grid)
    ]


def _by_worker(records: Iterable[Logged]) -> dict[str, list[Logged]]:
    found: defaultdict[str, list[Logged]] = defaultdict(list)
    for record in records:
        found[record.worker].append(record)
    return dict(found)


@dataclass(frozen=True)
class Participation:
    """Households of one kind: how many there are, how many have a record, how many records they have."""

    kind: str
    households: int
    with_records: int
    records: int


def participation(kinds: Mapping[str, str], records: Iterable[Logged]) -> list[Participation]:
    """Who gets points, by kind of household (`kinds`: household → kind)."""
    times = Counter(one.household for one in records)
    found = []
    for kind in sorted(set(kinds.values())):
        own = [household for household, its in kinds.items() if its == kind]
        counted = [times[household] for household in own]
        found.append(Participation(kind, len(own), sum(count > 0 for count in counted), sum(counted)))
    return found
