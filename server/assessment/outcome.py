"""What a computation yields, per subject and per unit. Plain values; explanations are made from them on
demand."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from .entries import Entry, Sheet, Subject
from .scheme import Consequence, Pack, UnitRule


@dataclass(slots=True)
class Assessed:
    """One subject's numbers and what follows. `values` by step name, unrounded; `places` (rank, count) by
    rank step.

    `charged` are the entries of other subjects that name this one, with the id of the subject that they
    stand on.
    """

    subject: Subject
    values: dict[str, Fraction] = field(default_factory=dict)
    by_period: dict[str, dict[str, Fraction]] = field(default_factory=dict)
    places: dict[str, tuple[Fraction, int]] = field(default_factory=dict)
    charged: list[tuple[str, Entry]] = field(default_factory=list)
    final: Fraction = Fraction(0)
    rank: int = 0
    grades: dict[str, str | None] = field(default_factory=dict)
    ties: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    consequences: list[Consequence] = field(default_factory=list)

    @property
    def grade(self) -> str | None:
        """The grade of the result itself."""
        return self.grades.get("grade")


@dataclass(frozen=True)
class UnitResult:
    """The members of one unit taken together: their mean, the unit's rank by it, and proposals about the
    unit."""

    unit: str
    members: int
    mean: Fraction
    rank: int
    consequences: tuple[UnitRule, ...]


@dataclass(frozen=True)
class Outcome:
    """A computed sheet: results in the order of output (category, rank, id)."""

    pack: Pack
    sheet: Sheet
    results: tuple[Assessed, ...]
    units: tuple[UnitResult, ...]
