"""What happens in a demo village on a day, as plain values drawn from a seed. Pure.

Households differ in how much is seen of them; most conduct is good, some is not. The system decides what
becomes of it: caps, exemptions and reviews are its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from server.rulebook.api import Item, ItemKind

RATE = 0.0375  # records a household and day: about 8,000 in six months of 1,204 households
NEGATIVE_SHARE = 0.11
DECLARED_SHARE = 0.12


@dataclass(frozen=True)
class Deed:
    """One conduct to log: index of the household, item, points, whether the household declares it itself."""

    household: int
    item: Item
    points: Decimal
    declared: bool


@dataclass(frozen=True)
class Temper:
    """How lively each household of a village is (weights), drawn once."""

    weights: tuple[float, ...]


def temper(households: int, rng: random.Random) -> Temper:
    """Weights with a long tail; one household in twenty is hardly ever seen."""
    return Temper(
        tuple(0.02 if rng.random() < 0.05 else rng.lognormvariate(0, 0.7) for _ in range(households))
    )


def livelier(nature: Temper, households: Iterable[int], least: float) -> Temper:
    """These households weigh at least `least`: they have something to show and to spend."""
    weights = list(nature.weights)
    for household in households:
        weights[household] = max(weights[household], least)
    return Temper(tuple(weights))


def deeds_of(day: date, items: Sequence[Item], nature: Temper, rng: random.Random) -> list[Deed]:
    """What is seen in one village on `day`; more at week-ends, when people clean up."""
    busy = 1.35 if day.weekday() >= 5 else 0.9
    expected = len(nature.weights) * RATE * busy
    count = int(expected) + (rng.random() < expected % 1)
    count = max(0, count + rng.choice((-2, -1, 0, 0, 1, 2)))
    seen = [item for item in items if _seen_on_a_round(item)]
    good = [item for item in seen if item.kind is ItemKind.POSITIVE]
    bad = [item for item in seen if item.kind is ItemKind.NEGATIVE]
    households = rng.choices(range(len(nature.weights)), nature.weights, k=count)
    return [_deed(household, good, bad, rng) for household in households]


def _seen_on_a_round(item: Item) -> bool:
    """What a grid worker may log with neither photo nor place."""
    return "grid_worker" in item.loggers and not item.photo_required and not item.place_required


def _deed(household: int, good: Sequence[Item], bad: Sequence[Item], rng: random.Random) -> Deed:
    if bad and rng.random() < NEGATIVE_SHARE:
        item = rng.choice(bad)
        return Deed(household, item, points_of(item, rng), declared=False)
    weights = [1 / (rank + 2) for rank in range(len(good))]
    item = rng.choices(good, weights)[0]
    return Deed(household, item, points_of(item, rng), item.declarable and rng.random() < DECLARED_SHARE)


def points_of(item: Item, rng: random.Random) -> Decimal:
    """Points inside the item's range, on its step."""
    steps = int((item.points_max - item.points_min) / item.step) if item.step else 0
    return item.points_min + item.step * rng.randint(0, steps)
