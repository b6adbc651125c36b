"""What the measured county looks like: sizes, codes, ids, tokens. Pure, so that whoever makes requests knows
every household and token without asking the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from server.cycles.calendar import Month
from server.rulebook.api import Cap, CapPeriod, Item, ItemKind, Rulebook

COUNTY = "999900000000"
UNFINISHED = "测量县（没有建完）"
VERSION = 2
PER_VILLAGE = 300
PER_GRID = 38
PER_TOWNSHIP = 20
MOST_READERS = 2_000
STATEMENT_ROWS = 24
GOODS = 20
"""Kinds of goods in a village's shop."""
YEAR = 2026
NOTICED = Month(2025, 12)
"""The month before the one to close: posted, its notice is what the public reads."""
FIRST_MONTH = Month(2026, 1)
EFFECTIVE = "2020-01-01"

_NAMED = ("township", "grid", "worker", "villager", "rulebook", "tally", "notice", "keeper", "exchange_day")
_COUNTED = ("goods", "price", "batch", "movement")
_KINDS = {name: number for number, name in enumerate((*_NAMED, *_COUNTED), 1)}


@dataclass(frozen=True)
class Plan:
    """Sizes of a run. Households are numbered from 0, villages of 300 each, grids of up to 38."""

    households: int
    records: int

    @property
    def label(self) -> str:
        """The county's name: says what was built, so that it can be used again."""
        return f"测量县（{self.households} 户、{self.records} 条、第 {VERSION} 版）"

    @property
    def villages(self) -> int:
        return -(-self.households // PER_VILLAGE)

    @property
    def each(self) -> int:
        """Approved records per household in the month to close."""
        return max(1, self.records // self.households)

    @property
    def readers(self) -> int:
        """Households whose villager is signed in and whose statement has `STATEMENT_ROWS` rows."""
        return min(MOST_READERS, max(1, self.households // 5))

    def reader(self, number: int) -> int:
        """The household of the reader with this number, spread over all villages."""
        return number * self.households // self.readers

    def grids_of(self, village: int) -> int:
        return -(-self.size(village) // PER_GRID)

    def size(self, village: int) -> int:
        """Households in a village; the last one has what is left."""
        return min(PER_VILLAGE, self.households - village * PER_VILLAGE)


def township_code(village: int) -> str:
    """The code of the township in which the village lies."""
    return f"{COUNTY[:6]}{village // PER_TOWNSHIP + 1:03d}000"


def village_code(village: int) -> str:
    """The 12-digit code of the village with this number."""
    return f"{township_code(village)[:9]}{village % PER_TOWNSHIP + 201}"


def household_code(household: int) -> str:
    """The 16-digit code of the household with this number."""
    return f"{village_code(household // PER_VILLAGE)}{household % PER_VILLAGE + 1:04d}"


def grid_of(household: int) -> tuple[int, int]:
    """Village and grid (from 0) of a household."""
    return household // PER_VILLAGE, household % PER_VILLAGE // PER_GRID


def made_id(kind: str, number: int) -> str:
    """The id of a thing that this county was built with: a UUID that sorts before every new one."""
    return f"01800000-{_KINDS[kind]:04x}-7000-8000-{number:012x}"


def grid_number(village: int, grid: int) -> int:
    """Grids are numbered through, so that their workers are too."""
    return village * 100 + grid


def goods_number(village: int, place: int) -> int:
    """Goods are numbered through, too."""
    return village * GOODS + place


def token(kind: str, number: int) -> str:
    """The access token of a worker, keeper or villager, or the token of a plate: 32 characters."""
    return f"bench-{kind}-{number:0{25 - len(kind)}d}"


def rulebook() -> Rulebook:
    """Five items. Their caps are counted on every record and never reached."""
    cap = Cap(100_000, CapPeriod.MONTH)
    names = ("清扫门前道路", "参加义务劳动", "帮助邻居", "清理沟渠", "乱倒垃圾")
    items = tuple(
        Item(
            code=f"B{number}",
            name=name,
            heading="乡村建设" if number < 4 else "社会治安",
            kind=ItemKind.POSITIVE if number < 4 else ItemKind.NEGATIVE,
            points_min=Decimal("1.00") if number < 4 else Decimal("-3.00"),
            points_max=Decimal("3.00") if number < 4 else Decimal("-1.00"),
            cap=cap,
            evidence="网格员当面看到",
            explanation="每次记一回",
        )
        for number, name in enumerate(names)
    )
    return Rulebook(title="测量用积分细则", source="测量用", illustrative=True, items=items)
