"""A plain reference model of one village's shop: what ought to be, in dictionaries; points in hundredths."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

LIMITS = {"rice": 3, "oil": None, "soap": 6}
"""Units per household and exchange day; None: as many as there are."""


@dataclass
class Basket:
    """A reservation of the model: units and kept prices by goods."""

    id: str
    household: str
    day: str
    units: dict[str, int]
    prices: dict[str, int]
    status: str = "open"

    @property
    def cost(self) -> int:
        return sum(self.units[name] * self.prices[name] for name in self.units)


@dataclass
class Sold:
    """A redemption of the model: [name, units, price, returned] lines in the order of goods ids."""

    id: str
    household: str
    day: str
    on: date
    lines: list[list[Any]]


@dataclass
class Model:
    """What ought to be, in plain values; points in hundredths."""

    balance: dict[str, int]
    stock: dict[str, int]
    prices: dict[str, int]
    days: dict[str, dict[str, Any]] = field(default_factory=dict)
    baskets: dict[str, Basket] = field(default_factory=dict)
    sold: dict[str, Sold] = field(default_factory=dict)

    def held(self, name: str) -> int:
        return sum(b.units.get(name, 0) for b in self.baskets.values() if b.status == "open")

    def reserved(self, household: str) -> int:
        mine = (b for b in self.baskets.values() if b.household == household and b.status == "open")
        return sum(b.cost for b in mine)

    def beyond(self, household: str, day: str, more: dict[str, int], without: str | None = None) -> bool:
        """Whether `more` on top of what the household has for the day is over the limit of some goods."""
        for name, units in more.items():
            had = sum(
                b.units.get(name, 0)
                for b in self.baskets.values()
                if (b.household, b.day, b.status) == (household, day, "open") and b.id != without
            )
            had += sum(
                line[1] - line[3]
                for s in self.sold.values()
                if (s.household, s.day) == (household, day)
                for line in s.lines
                if line[0] == name
            )
            limit = LIMITS[name]
            if limit is not None and had + units > limit:
                return True
        return False
