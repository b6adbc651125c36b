"""A proposal for a village's grids: contiguous, of 30–50 households, of like size. Pure. Source 004, spec 03.

Where most households have coordinates, the village is halved again and again across its longer side, each half
with its share of the grids: what comes out are compact pieces that do not overlap. Elsewhere the doors are taken in
the order of their numbers and cut where a lane ends, if that keeps the sizes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from server.grid.visits.rules import house_key

SMALLEST, LARGEST, USUAL = 30, 50, 40


@dataclass(frozen=True)
class Door:
    """A household as a proposal sees it: where it stands."""

    code: str
    label: str
    team: str
    door: str
    east: float | None = None
    north: float | None = None

    @property
    def key(self) -> tuple[object, ...]:
        return (house_key(self.team, self.door), self.code)

    @property
    def lane(self) -> object:
        """The lane: what stands before the first number of the door."""
        return (self.team, next((part[2] for part in house_key("", self.door) if part[0] == 0), ""))  # type: ignore[index]


@dataclass(frozen=True)
class Proposal:
    """Grids as lists of households in door order; `by` is `coordinates` or `doors`."""

    by: str
    grids: tuple[tuple[Door, ...], ...]


def number_of_grids(households: int) -> int:
    """So many that each has 30–50, as near to 40 as can be; where no number does, the one that misses least."""
    most = max(1, math.ceil(households / SMALLEST))
    return min(
        range(1, most + 1), key=lambda grids: (_miss(households, grids), abs(households / grids - USUAL))
    )


def _miss(households: int, grids: int) -> int:
    small, large = households // grids, math.ceil(households / grids)
    return max(0, SMALLEST - small) + max(0, large - LARGEST)


def suggest(doors: Sequence[Door]) -> Proposal:
    """Cut a village into grids; every household is in exactly one."""
    ordered = sorted(doors, key=lambda door: door.key)
    if not ordered:
        return Proposal("doors", ())
    grids = number_of_grids(len(ordered))
    placed = [door for door in ordered if door.east is not None and door.north is not None]
    if 2 * len(placed) < len(ordered):
        return Proposal("doors", tuple(map(tuple, _by_doors(ordered, grids))))
    pieces = _halved(_with_places(ordered), grids)
    pieces.sort(key=lambda piece: min(door.key for door in piece))
    return Proposal("coordinates", tuple(tuple(sorted(piece, key=lambda door: door.key)) for piece in pieces))


def _with_places(ordered: Sequence[Door]) -> list[Door]:
    """A household without a place stands where the one before it in door order does (the first: where the next)."""
    found: list[Door] = []
    last = next(door for door in ordered if door.east is not None and door.north is not None)
    for door in ordered:
        if door.east is None or door.north is None:
            found.append(replace(door, east=last.east, north=last.north))
        else:
            last = door
            found.append(door)
    return found


def _halved(doors: list[Door], grids: int) -> list[list[Door]]:
    if grids == 1:
        return [doors]
    first = grids // 2
    cut = round(len(doors) * first / grids)
    across = sorted(doors, key=_longer_side(doors))
    return _halved(across[:cut], first) + _halved(across[cut:], grids - first)


def _longer_side(doors: Sequence[Door]) -> Callable[[Door], tuple[float, float, object]]:
    east, north = [door.east or 0.0 for door in doors], [door.north or 0.0 for door in doors]
    width = (max(east) - min(east)) * math.cos(math.radians(sum(north) / len(north)))
    if width >= max(north) - min(north):
        return lambda door: (door.east or 0.0, door.north or 0.0, door.key)
    return lambda door: (door.north or 0.0, door.east or 0.0, door.key)


def _by_doors(ordered: Sequence[Door], grids: int) -> list[list[Door]]:
    """Runs of like size; a cut moves to the nearest end of a lane where both grids keep 30–50."""
    ends = [number + 1 for number, (one, other) in enumerate(pairwise(ordered)) if one.lane != other.lane]
    cuts = [0]
    for number in range(1, grids):
        rest = grids - number
        even = cuts[-1] + round((len(ordered) - cuts[-1]) / (rest + 1))
        fits = [
            end
            for end in ends
            if SMALLEST <= end - cuts[-1] <= LARGEST
            and SMALLEST * rest <= len(ordered) - end <= LARGEST * rest
        ]
        cuts.append(min(fits, key=lambda end: abs(end - even), default=even))
    cuts.append(len(ordered))
    return [list(ordered[begin:end]) for begin, end in pairwise(cuts)]


@dataclass(frozen=True)
class Outside:
    """A village whose grids are not as they should be: of the wrong size, and households in none."""

    village: str
    name: str
    sizes: dict[str, int]
    without: tuple[str, ...]

    @property
    def wrong(self) -> dict[str, int]:
        """The grids under 30 or over 50 households, with their size."""
        return {name: size for name, size in self.sizes.items() if not SMALLEST <= size <= LARGEST}
