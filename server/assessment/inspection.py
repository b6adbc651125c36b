"""Inspection draws and the counting of linked results: pure, repeatable, from nothing but their arguments."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from fractions import Fraction

from .exact import ONE
from .methods import ranks


def draw(seed: str, groups: Mapping[str, Iterable[str]], share: Fraction) -> dict[str, list[str]]:
    """Draws floor(n × share), at least one, of every group: the ids whose hash with the seed is smallest.

    Anyone can repeat it from the seed and the lists, whatever their order and whatever the machine.
    """
    drawn = {}
    for name, members in groups.items():
        chosen = sorted(set(members), key=lambda key: (_lot(seed, name, key), key))
        count = min(len(chosen), max(1, (len(chosen) * share).__floor__()))
        drawn[name] = sorted(chosen[:count])
    return drawn


def _lot(seed: str, group: str, key: str) -> str:
    return hashlib.sha256("\x1f".join((seed, group, key)).encode()).hexdigest()


def direct_performance(unit_coefficient: Fraction, own_coefficient: Fraction) -> Fraction:
    """Direct link (001): a person's coefficient is the unit's times the own one."""
    return unit_coefficient * own_coefficient


def indirect_places(members: int, shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Indirect link (001): how many members of a unit may hold each grade, best first; never more than the
    share.

    Every grade gets floor(n × cumulated share) places less those above it; the last takes who is left.
    """
    places: dict[str, int] = {}
    cumulated = Fraction(0)
    given = 0
    grades = list(shares)
    for grade in grades[:-1]:
        cumulated += shares[grade]
        upto = (members * min(cumulated, ONE)).__floor__()
        places[grade] = upto - given
        given = upto
    places[grades[-1]] = members - given
    return places


def contest(points: Mapping[str, Fraction], first: int, extra: Fraction) -> dict[str, tuple[Fraction, bool]]:
    """Community contest (001): id → (extra on the base, out of collective honours): the first get it, the
    last is out.

    Ties: whoever shares a rank within `first` gets the extra; whoever shares the last place is out.
    """

    found = ranks(points)
    last = max(found.values(), default=0)
    alone = len(set(found.values())) > 1
    return {
        key: (extra if rank <= first else Fraction(0), alone and rank == last) for key, rank in found.items()
    }
