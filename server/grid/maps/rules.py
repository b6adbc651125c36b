"""The outline of a grid: the smallest convex shape around its households. Pure.

Points are (longitude, latitude) in degrees; within a village the earth is flat enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Point = tuple[float, float]


def outline(points: Iterable[Point]) -> list[Point]:
    """The corners of the convex hull, counter-clockwise from the westernmost; one or two points are themselves."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    below, above = _half(ordered), _half(ordered[::-1])
    return below[:-1] + above[:-1]


def _half(ordered: Sequence[Point]) -> list[Point]:
    """One side of the hull: whatever would turn clockwise, or not at all, is left out."""
    side: list[Point] = []
    for point in ordered:
        while len(side) > 1 and _turn(side[-2], side[-1], point) <= 0:
            side.pop()
        side.append(point)
    return side


def _turn(first: Point, second: Point, third: Point) -> float:
    """Above zero where the way over the three points turns counter-clockwise."""
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])
