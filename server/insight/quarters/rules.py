"""What a quarter adds up to, as functions of plain values. Points are integer hundredths.

No database, no clock. Source: spec 01 (Quarter and year). Households and headings only, never a worker.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from server.cycles.calendar import Month
from server.kit.exact import from_hundredths, hundredths_text, points, text, to_hundredths

MOVERS = 5
OFTEN = 10
QUARTERS = {1: "第一季度", 2: "第二季度", 3: "第三季度", 4: "第四季度"}


@dataclass(frozen=True, order=True)
class Quarter:
    """Three settlement months of a score year: 2026-Q3 holds 2026-07, 2026-08 and 2026-09."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """From `YYYY-Qn`; raises ValueError."""
        year, _, number = text.partition("-Q")
        if len(year) != 4 or not year.isdecimal() or number not in ("1", "2", "3", "4"):
            raise ValueError(f"not a quarter: {text!r}")
        return cls(int(year), int(number))

    @classmethod
    def of(cls, month: Month) -> Quarter:
        """The quarter that a settlement month belongs to."""
        return cls(month.year, (month.number - 1) // 3 + 1)

    def months(self) -> tuple[Month, Month, Month]:
        """Its three months, oldest first."""
        first = 3 * self.number - 2
        return (Month(self.year, first), Month(self.year, first + 1), Month(self.year, first + 2))

    def before(self) -> Quarter:
        """The quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)

    @property
    def words(self) -> str:
        """2026 年第三季度."""
        return f"{self.year} 年{QUARTERS[self.number]}"


@dataclass(frozen=True)
class Counted:
    """What one household got under one item: how often, added and deducted (hundredths, deducted ≤ 0)."""

    household: str
    heading: str
    item: str
    records: int
    added: int
    deducted: int


@dataclass(frozen=True)
class Happened:
    """What else a quarter is read off, by household: rejected records, objections made and upheld, points spent."""

    rejected: Mapping[str, int] = field(default_factory=dict)
    objections: Mapping[str, int] = field(default_factory=dict)
    upheld: Mapping[str, int] = field(default_factory=dict)
    redeemed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class HeadingSum:
    """One heading: records, points added and deducted."""

    name: str
    records: int
    added: int
    deducted: int


@dataclass(frozen=True)
class Figures:
    """A quarter of a grid, a village or a township. `headings` the most added first, `items` the most frequent."""

    households: int = 0
    with_records: int = 0
    records: int = 0
    added: int = 0
    deducted: int = 0
    rejected: int = 0
    objections: int = 0
    upheld: int = 0
    redeeming: int = 0
    redeemed: int = 0
    headings: tuple[HeadingSum, ...] = ()
    items: tuple[tuple[str, int], ...] = ()


def figures(taking_part: Set[str], counted: Iterable[Counted], happened: Happened) -> Figures:
    """The figures of these households; a household that no longer takes part still counts what it did."""
    rows = list(counted)
    sums: dict[str, list[int]] = {}
    items: Counter[str] = Counter()
    for row in rows:
        own = sums.setdefault(row.heading, [0, 0, 0])
        for at, amount in enumerate((row.records, row.added, row.deducted)):
            own[at] += amount
        items[row.item] += row.records
    return Figures(
        households=len(taking_part),
        with_records=len({row.household for row in rows} & taking_part),
        records=sum(row.records for row in rows),
        added=sum(row.added for row in rows),
        deducted=sum(row.deducted for row in rows),
        rejected=sum(happened.rejected.values()),
        objections=sum(happened.objections.values()),
        upheld=sum(happened.upheld.values()),
        redeeming=len([one for one in happened.redeemed.values() if one]),
        redeemed=sum(happened.redeemed.values()),
        headings=_headings(HeadingSum(name, *own) for name, own in sums.items()),
        items=_often(items),
    )


def together(parts: Sequence[Figures]) -> Figures:
    """The sum of villages: what a township is told."""
    sums: dict[str, list[int]] = {}
    items: Counter[str] = Counter()
    for part in parts:
        for one in part.headings:
            own = sums.setdefault(one.name, [0, 0, 0])
            for at, amount in enumerate((one.records, one.added, one.deducted)):
                own[at] += amount
        items.update(dict(part.items))
    plain = ("households", "with_records", "records", "added", "deducted", "rejected", "objections")
    rest = ("upheld", "redeeming", "redeemed")
    return Figures(
        **{name: sum(getattr(part, name) for part in parts) for name in plain + rest},
        headings=_headings(HeadingSum(name, *own) for name, own in sums.items()),
        items=_often(items),
    )


def _headings(sums: Iterable[HeadingSum]) -> tuple[HeadingSum, ...]:
    return tuple(sorted(sums, key=lambda one: (-one.added, one.name)))


def _often(items: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(items.items(), key=lambda one: (-one[1], one[0])))


@dataclass(frozen=True)
class Mover:
    """A household whose quarter brought more than the one before; points in hundredths."""

    household: str
    before: int
    now: int


def movers(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[tuple[Mover, ...], int]:
    """Those that gained most against the quarter before (at most five), and how many fell: a number, no names."""
    rows = [Mover(code, before.get(code, 0), now.get(code, 0)) for code in {*before, *now}]
    up = sorted((row for row in rows if row.now > row.before), key=lambda r: (r.before - r.now, r.household))
    return tuple(up[:MOVERS]), sum(row.now < row.before for row in rows)


def share(part: int, whole: int) -> int:
    """Per cent, rounded half up; 0 of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else 0


def sentences(name: str, quarter: Quarter, found: Figures) -> tuple[str, ...]:
    """The quarter in plain words: who took part, where the points came from, what was spent."""
    percent = share(found.with_records, found.households)
    said = [
        f"{quarter.words}，{name}参加 {found.households} 户，其中 {found.with_records} 户有记录（{percent}%）。"
        "没有记录不等于没有做。"
    ]
    if found.records:
        most = found.headings[0]
        said.append(
            f"共 {found.records} 条记录，加 {hundredths_text(found.added)} 分，"
            f"扣 {hundredths_text(-found.deducted)} 分；{most.name}加得最多，"
            f"占加分的 {share(most.added, found.added)}%。"
        )
    else:
        said.append("这个季度没有计分的记录。")
    said.append(
        f"评议没有通过的记录 {found.rejected} 条；收到异议 {found.objections} 件，成立 {found.upheld} 件；"
        f"{found.redeeming} 户兑换了 {hundredths_text(found.redeemed)} 分。"
    )
    return tuple(said)


def as_json(found: Figures) -> dict[str, object]:
    """The figures by the names of the API, points as texts."""
    plain = ("households", "with_records", "records", "rejected", "objections", "upheld", "redeeming")
    return {
        **{name: getattr(found, name) for name in plain},
        **{name: hundredths_text(getattr(found, name)) for name in ("added", "deducted", "redeemed")},
        "headings": [
            {
                "name": one.name,
                "records": one.records,
                "added": hundredths_text(one.added),
                "deducted": hundredths_text(one.deducted),
            }
            for one in found.headings
        ],
        "items": [{"name": name, "records": records} for name, records in found.items],
    }


def from_json(kept: Mapping[str, object]) -> Figures:
    """The inverse of `as_json`."""
    given: dict[str, object] = dict(kept)
    for name in ("added", "deducted", "redeemed"):
        given[name] = _hundredths(given[name])
    given["headings"] = tuple(
        HeadingSum(one["name"], one["records"], _hundredths(one["added"]), _hundredths(one["deducted"]))
        for one in given["headings"]  # type: ignore[attr-defined]
    )
    given["items"] = tuple((one["name"], one["records"]) for one in given["items"])  # type: ignore[attr-defined]
    return Figures(**given)  # type: ignore[arg-type]


def _hundredths(written: object) -> int:
    return to_hundredths(points(str(written)))


def points_text(hundredths: int) -> str:
    """Points as a report writes them, with a true minus sign."""
    return text(from_hundredths(hundredths)).replace("-", "−")
