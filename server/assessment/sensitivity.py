"""Sensitivity: how far a weight can move, the others fixed, before the ranking of the first three changes.
Pure.

Under the shipped methods a final is (p + q·w) ÷ (1 + r·w) in any one weight w, with the same r for
everyone: then the nearest crossing is found exactly. Where caps or floors break that form, the range is
searched in steps and the edge narrowed by halving, to a millionth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from .engine import finals
from .entries import Sheet
from .exact import ONE, ZERO, trimmed
from .methods import ranks
from .scheme import Pack

FIRST = 3
PROBES = (Fraction(1), Fraction(1, 4), Fraction(5, 8), Fraction(3, 2), Fraction(5, 2))
SEARCH_STEPS = 40
SMALLEST = Fraction(1, 1_000_000)
Scores = dict[str, Fraction]


@dataclass(frozen=True)
class Range:
    """Within [lowest, highest] the first three of the category keep their ranks; None = no limit met.

    `exact` tells whether the ends are exact; `rivals` are the ids that meet at the lower and at the upper
    end.
    """

    parameter: str
    title: str
    value: Fraction
    category: str
    lowest: Fraction | None
    highest: Fraction | None
    rivals: tuple[tuple[str, str] | None, tuple[str, str] | None]
    exact: bool

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON; the ends rounded to 12 places."""
        return {
            "parameter": self.parameter,
            "title": self.title,
            "category": self.category,
            "value": trimmed(self.value),
            "lowest": None if self.lowest is None else trimmed(self.lowest),
            "highest": None if self.highest is None else trimmed(self.highest),
            "rivals_at_lowest": list(self.rivals[0] or ()),
            "rivals_at_highest": list(self.rivals[1] or ()),
            "exact": self.exact,
        }


def sensitivity(
    build: Callable[[Mapping[str, Fraction]], Pack], sheet: Sheet, only: str | None = None, first: int = FIRST
) -> list[Range]:
    """The ranges of every weight of the pack (or of `only`), per category that has at least two subjects.

    `build` makes the pack with changed parameters; the sheet has been checked against it.
    """
    pack = build({})
    found = []
    for name, parameter in pack.parameters.items():
        if not parameter.weight or (only is not None and name != only) or isinstance(parameter.value, str):
            continue
        weight = parameter.value
        curves = {
            at: finals(build({name: at}), sheet)
            for at in {weight, *((weight or ONE) * one for one in PROBES)}
        }
        for category in pack.categories:
            points = {at: scores[category] for at, scores in curves.items()}
            if len(points[weight]) < 2:
                continue
            scores_at = partial(_scores_at, build, sheet, name, category)
            lines = _lines(points, weight)
            low, high = _crossings(lines, weight, points[weight], first) if lines else (None, None)
            exact = lines is not None and _confirmed(scores_at, weight, (low, high), first)
            if not exact:
                low, high = _searched(scores_at, weight, first)
            found.append(_range(name, parameter.title, weight, category, low, high, exact))
    return found


def _scores_at(
    build: Callable[[Mapping[str, Fraction]], Pack], sheet: Sheet, name: str, category: str, at: Fraction
) -> Scores:
    return finals(build({name: at}), sheet)[category]


Edge = tuple[Fraction, tuple[str, str]] | None


def _range(
    name: str, title: str, weight: Fraction, category: str, low: Edge, high: Edge, exact: bool
) -> Range:
    ends = (low[0] if low else None, high[0] if high else None)
    return Range(
        name, title, weight, category, *ends, (low[1] if low else None, high[1] if high else None), exact
    )


def _lines(
    points: Mapping[Fraction, Scores], weight: Fraction
) -> dict[str, tuple[Fraction, Fraction]] | None:
    """Numerators p + q·w of everyone over one shared denominator 1 + r·w, or None where the finals have no
    such form."""
    places = sorted(points)
    bend = next((r for r in (_bend(points, places, key) for key in points[weight]) if r is not None), ZERO)
    found = {}
    for key in points[weight]:
        tops = [points[at][key] * (1 + bend * at) for at in places]
        slope = (tops[1] - tops[0]) / (places[1] - places[0])
        start = tops[0] - slope * places[0]
        if any(top != start + slope * at for top, at in zip(tops, places, strict=True)):
            return None
        found[key] = (start, slope)
    return found


def _bend(points: Mapping[Fraction, Scores], places: list[Fraction], key: str) -> Fraction | None:
    """r of one subject's curve from three points; None where the curve is flat or its form another."""
    (x0, x1, x2), (f0, f1, f2) = places[:3], [points[at][key] for at in places[:3]]
    left, right = (f1 - f0) * (x2 - x0), (f2 - f0) * (x1 - x0)
    if left == right == 0:
        return None
    bottom = (f2 * x2 - f0 * x0) * (x1 - x0) - (f1 * x1 - f0 * x0) * (x2 - x0)
    if bottom == 0:
        return None
    bend = (left - right) / bottom
    return bend if bend >= 0 else None


def _crossings(
    lines: Mapping[str, tuple[Fraction, Fraction]], weight: Fraction, scores: Scores, first: int
) -> tuple[Edge, Edge]:
    """The nearest weights below and above at which one of the first meets somebody else."""
    leading = [key for key, rank in ranks(scores).items() if rank <= first]
    low: Edge = None
    high: Edge = None
    for key in leading:
        start, slope = lines[key]
        for other, (other_start, other_slope) in lines.items():
            if other == key or slope == other_slope:
                continue
            at = (start - other_start) / (other_slope - slope)
            if at == weight:
                return (at, (key, other)), (at, (key, other))
            if weight < at and (high is None or at < high[0]):
                high = (at, (key, other))
            if 0 <= at < weight and (low is None or at > low[0]):
                low = (at, (key, other))
    return low, high


def _confirmed(
    scores_at: Callable[[Fraction], Scores], weight: Fraction, edges: tuple[Edge, Edge], first: int
) -> bool:
    """Whether the engine itself agrees: the same first three just inside each end, others just beyond it."""
    wanted = _order(scores_at(weight), first)
    for edge, end in zip(edges, (weight / 1000, max(ONE, 2 * weight)), strict=True):
        if edge is None:
            if _order(scores_at(end), first) != wanted:
                return False
            continue
        width = (edge[0] - weight) / 1000
        if width == 0:
            continue
        inside, beyond = edge[0] - width, edge[0] + width
        if _order(scores_at(inside), first) != wanted:
            return False
        if beyond >= 0 and _order(scores_at(beyond), first) == wanted:
            return False
    return True


def _searched(scores_at: Callable[[Fraction], Scores], weight: Fraction, first: int) -> tuple[Edge, Edge]:
    """The edges by search: down to 0 and up to the greater of 1 and twice the weight."""
    wanted = _order(scores_at(weight), first)
    low = _edge(scores_at, weight, ZERO, wanted, first)
    return low, _edge(scores_at, weight, max(ONE, 2 * weight), wanted, first)


def _order(scores: Scores, first: int) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((key, rank) for key, rank in ranks(scores).items() if rank <= first))


def _edge(
    scores_at: Callable[[Fraction], Scores],
    weight: Fraction,
    end: Fraction,
    wanted: tuple[tuple[str, int], ...],
    first: int,
) -> Edge:
    same = weight
    for step in range(1, SEARCH_STEPS + 1):
        other = weight + (end - weight) * Fraction(step, SEARCH_STEPS)
        if _order(scores_at(other), first) != wanted:
            break
        same = other
    else:
        return None
    while abs(other - same) > SMALLEST:
        middle = (same + other) / 2
        if _order(scores_at(middle), first) == wanted:
            same = middle
        else:
            other = middle
    changed = [key for key, _ in set(_order(scores_at(other), first)) ^ set(wanted)]
    pair = [*sorted(set(changed)), "", ""][:2]
    return same, (pair[0], pair[1])
