"""What a scheme pack says, as frozen values. Owns the shape only: reading is in `pack_reader`, computing in
`engine`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Category:
    """Who is ranked with whom; `subject` is `person` or `unit`; `unit_required` for persons of a pack with
    units."""

    code: str
    title: str
    subject: str
    unit_required: bool = False


@dataclass(frozen=True)
class Kind:
    """One sub-kind of a repeatable indicator; `cap` limits the sum of the kind where a method asks for it."""

    code: str
    title: str
    points: Fraction | None = None
    cap: Fraction | None = None


@dataclass(frozen=True)
class Rater:
    """A group of raters and its weight in a rater mean."""

    code: str
    title: str
    weight: Fraction


@dataclass(frozen=True)
class Indicator:
    """One node of the tree. `entry` tells whether an entry sheet may name it; headings may not be named.

    `direction`: add, deduct, score or fact (value 1). `above` is an exclusive lower bound, `minimum` an
    inclusive one. `raters`: none, occasion (any word) or groups (codes of the pack). `kinds` is empty for
    indicators without kinds; `kind_is_subject` says that the kind is the id of another subject of the same
    sheet. `instead`: the node or all its children are filled, never both.
    """

    code: str
    title: str
    level: str
    parent: str | None
    depth: int
    entry: bool
    categories: frozenset[str]
    direction: str
    minimum: Fraction | None
    above: Fraction | None
    maximum: Fraction | None
    allowed: tuple[Fraction, ...]
    points: Fraction | None
    required: bool
    repeatable: bool
    raters: str
    rater_codes: tuple[str, ...]
    kinds: Mapping[str, Kind]
    kind_is_subject: bool
    instead: bool
    dated: bool
    basis: str
    assessor: str
    evidence: str
    illustrative: bool


@dataclass(frozen=True)
class Term:
    """A reference of a step (an earlier step, an indicator, or `code.*` for all below a node) and its
    weight."""

    of: str
    weight: Fraction | None = None
    codes: tuple[str, ...] = ()
    is_step: bool = False


@dataclass(frozen=True)
class Step:
    """One named number of the computation: a method and its arguments, in the categories that it applies
    to."""

    name: str
    title: str
    method: str
    categories: frozenset[str]
    each_period: bool
    terms: tuple[Term, ...]
    minus: tuple[Term, ...]
    numbers: Mapping[str, Fraction]
    words: Mapping[str, str]


@dataclass(frozen=True)
class GradeRule:
    """A grade and what it takes: a quota, a threshold, a condition; the first rule that fits decides."""

    grade: str
    categories: frozenset[str]
    quota: Fraction | None
    scope: str
    order: str
    at_least: Fraction | None
    condition: Mapping[str, Any] | None


@dataclass(frozen=True)
class Grading:
    """An ordered list of rules over one component; `name` = `grade` is the result's grade, others stand
    beside it."""

    name: str
    title: str
    of: str
    flag_ties: bool
    titles: Mapping[str, str]
    rules: tuple[GradeRule, ...]


@dataclass(frozen=True)
class Flag:
    """A mark on a result: code, title and the condition under which it is set."""

    code: str
    title: str
    condition: Mapping[str, Any]


@dataclass(frozen=True)
class Consequence:
    """A proposal, never a decision: `decided_by` names the body that decides; `deadline_days` where it is
    followed up."""

    code: str
    title: str
    decided_by: str
    categories: frozenset[str]
    condition: Mapping[str, Any]
    deadline_days: int | None


@dataclass(frozen=True)
class UnitRule:
    """A proposal about a unit whose members' mean lies below (or from) a figure."""

    code: str
    title: str
    decided_by: str
    below: Fraction | None
    at_least: Fraction | None


@dataclass(frozen=True)
class Parameter:
    """A figure or word of the pack that counties change: value, title, allowed words, and its weight group
    if any."""

    name: str
    title: str
    value: Fraction | str
    choices: tuple[str, ...]
    weight: bool
    illustrative: bool


@dataclass(frozen=True)
class Pack:
    """A scheme, ready to compute. `process` (workflow, visibility, cycle …) is carried as plain data."""

    id: str
    title: str
    version: str
    source: Mapping[str, Any]
    periods: str
    categories: Mapping[str, Category]
    raters: Mapping[str, Rater]
    parameters: Mapping[str, Parameter]
    levels: Mapping[str, str]
    indicators: Mapping[str, Indicator]
    steps: tuple[Step, ...]
    result: str
    gradings: tuple[Grading, ...]
    flags: tuple[Flag, ...]
    consequences: tuple[Consequence, ...]
    units: tuple[UnitRule, ...]
    process: Mapping[str, Any]

    @cached_property
    def category_order(self) -> dict[str, int]:
        """Category code → its place in the pack."""
        return {code: place for place, code in enumerate(self.categories)}

    @cached_property
    def component_titles(self) -> dict[str, str]:
        """Step name → Chinese title, the result's own step left out; surplus components included."""
        titles: dict[str, str] = {}
        for step in self.steps:
            if step.name != self.result:
                titles[step.name] = step.title
            if "surplus" in step.words:
                titles[step.words["surplus"]] = step.words["surplus_title"]
        return titles

    def counts(self) -> dict[str, int]:
        """How many nodes each level of the tree has, in the order of the pack's levels."""
        found = dict.fromkeys(self.levels, 0)
        for indicator in self.indicators.values():
            found[indicator.level] = found.get(indicator.level, 0) + 1
        return found
