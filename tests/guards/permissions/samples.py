"""What a sample of a route is: the request that the matrix makes, and where its thing is.

`@name` in a path, query or body stands for a thing of the world (or, for the comparison, for one that does not
exist); `@new` for a fresh id. A new route needs a sample in one of the `samples_*` modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from server.kit.ids import new_id
from server.people.access import Permission

_FRESH = new_id()  # nothing is kept, so it stays free


class At(StrEnum):
    """Where a sample's thing is: who holds the permission there gets at it."""

    HOUSEHOLD = "household"
    ACCOUNT = "account"  # of a household: nobody who may see it works for a grid, so grids are not asked for
    GRID = "grid"
    GRIDS = "grids"  # every grid of the village: who works in one sees that one
    VILLAGE = "village"
    BELONGING = "belonging"  # a village's own people: also who holds the permission for a part of it only
    VILLAGERS = "villagers"  # every household of the village, and its village
    COUNTY = "county"
    ANYWHERE = "anywhere"  # it is enough to hold the permission somewhere
    OWN_HOUSEHOLD = "own household"  # for its members only, whatever they hold
    NOWHERE = "nowhere"  # not there for anybody of the matrix


@dataclass(frozen=True)
class Sample:
    """One request. `acts` where a finer permission than the route's decides; `filtered`: outside the scope the
    list is empty instead of missing; `refusals`: codes of 403 that are rules about the act, not about the place;
    `settled`: codes of conflicts that may be the only answer of those who are allowed; `once`: does not depend on who
    asks, so only a stranger and a person without roles do; `batch`: one result inside, which counts.
    """

    route: str
    at: At = At.ANYWHERE
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    files: Mapping[str, str] = field(default_factory=dict)
    acts: frozenset[Permission] = frozenset()
    filtered: bool = False
    refusals: frozenset[str] = frozenset()
    settled: frozenset[str] = frozenset()
    once: bool = False
    batch: bool = False


def filled(value: Any, things: Mapping[str, str]) -> Any:
    """`value` with every `@name` replaced."""
    if isinstance(value, str) and value.startswith("@"):
        return _FRESH if value == "@new" else things[value[1:]]
    if isinstance(value, Mapping):
        return {key: filled(inner, things) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, things) for inner in value]
    return value
