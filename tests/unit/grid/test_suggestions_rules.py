"""Proposed grids: every household once, 30–50, contiguous, of like size."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.grid.suggestions.rules import LARGEST, SMALLEST, Door, Proposal, number_of_grids, suggest

LANES = ("槐荫巷", "东井巷", "大街", "南场路", "河沿路", "果园路")


def village(households: int, seed: int = 1, places: bool = True) -> list[Door]:
    """A village along its lanes, one lane beside the other."""
    rng = random.Random(seed)
    doors = []
    for number in range(households):
        lane = number * len(LANES) // households
        name = f"{LANES[lane]}{number + 1}号"
        where = (
            (115.0 + number % 71 * 1e-4, 38.0 + lane * 1e-3 + rng.random() * 1e-4) if places else (None, None)
        )
        doors.append(Door(f"{number:04d}", name, "", name, *where))
    rng.shuffle(doors)
    return doors


def sizes(found: Proposal) -> list[int]:
    return [len(grid) for grid in found.grids]


@pytest.mark.parametrize(
    ("households", "grids"),
    [
        (1, 1),
        (29, 1),
        (30, 1),
        (50, 1),
        (59, 2),
        (60, 2),
        (80, 2),
        (120, 3),
        (208, 5),
        (400, 10),
        (9999, 250),
    ],
)
def test_as_near_to_forty_as_can_be(households: int, grids: int) -> None:
    assert number_of_grids(households) == grids


@given(households=st.integers(0, 900), seed=st.integers(0, 50), places=st.booleans())
@settings(max_examples=60)
def test_everybody_once_and_nobody_too_many(households: int, seed: int, places: bool) -> None:
    found = suggest(village(households, seed, places))
    codes = [door.code for grid in found.grids for door in grid]
    assert sorted(codes) == [f"{number:04d}" for number in range(households)]
    if households >= 60 or SMALLEST <= households <= LARGEST:
        assert all(SMALLEST <= size <= LARGEST for size in sizes(found))


def test_pieces_with_coordinates_do_not_overlap_and_are_of_like_size() -> None:
    found = suggest(village(400))
    assert found.by == "coordinates" and max(sizes(found)) - min(sizes(found)) <= 1
    boxes = [
        (
            min(d.east or 0 for d in g),
            max(d.east or 0 for d in g),
            min(d.north or 0 for d in g),
            max(d.north or 0 for d in g),
        )
        for g in found.grids
    ]
    for number, (west, east, south, north) in enumerate(boxes):
        for w, e, s, n in boxes[number + 1 :]:
            overlap = min(east, e) - max(west, w), min(north, n) - max(south, s)
            assert min(overlap) <= 1e-9, "two grids lie over each other"


def test_runs_of_doors_end_with_a_lane_where_that_fits() -> None:
    found = suggest(village(240, places=False))
    assert found.by == "doors" and sizes(found) == [40] * 6
    assert all(len({door.lane for door in grid}) == 1 for grid in found.grids)


def test_a_few_households_without_coordinates_stand_with_their_neighbours() -> None:
    doors = village(120)
    lost = Door(doors[7].code, doors[7].label, "", doors[7].door)
    found = suggest([lost if door.code == lost.code else door for door in doors])
    assert found.by == "coordinates" and sum(sizes(found)) == 120
    ordered = sorted(doors, key=lambda door: door.key)
    neighbours = [
        b.code if a.code == lost.code else a.code
        for a, b in pairwise(ordered)
        if lost.code in (a.code, b.code)
    ]
    home = next(grid for grid in found.grids if lost.code in {door.code for door in grid})
    assert {door.code for door in home} & set(neighbours)
