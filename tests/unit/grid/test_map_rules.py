"""The outline of a grid against what a hull is: every household inside, no corner too many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.grid.maps.rules import Point, outline

POINTS = st.lists(st.tuples(st.integers(-9, 9), st.integers(-9, 9)), max_size=40)


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([], []),
        ([(1, 1)], [(1, 1)]),
        ([(1, 1), (1, 1)], [(1, 1)]),
        ([(2, 0), (0, 0)], [(0, 0), (2, 0)]),
        ([(0, 0), (1, 1), (2, 2)], [(0, 0), (2, 2)]),
        ([(0, 0), (2, 0), (2, 2), (0, 2), (1, 1), (1, 0)], [(0, 0), (2, 0), (2, 2), (0, 2)]),
    ],
)
def test_examples(points: list[Point], corners: list[Point]) -> None:
    assert outline(points) == corners


@given(POINTS)
def test_every_household_is_inside_and_every_corner_is_one(points: list[Point]) -> None:
    corners = outline(points)
    assert set(corners) <= set(points)
    if len(corners) < 3:
        return
    for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
        sides = [
            (end[0] - start[0]) * (y - start[1]) - (end[1] - start[1]) * (x - start[0]) for x, y in points
        ]
        assert min(sides) == 0, "a household lies outside"
        assert {
            point for point, side in zip(points, sides, strict=True) if side == 0 and point in corners
        } == {start, end}
