"""Conditions of a pack (vetoes, minimum rules, thresholds of flags and proposals) judged for one subject."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from .exact import ZERO
from .outcome import Assessed
from .scheme import Pack

Condition = Mapping[str, Any]


class Judge:
    """Judges conditions; remembers the best value of each category where a condition compares with it."""

    def __init__(self, pack: Pack, groups: Mapping[str, list[Assessed]]) -> None:
        self.pack = pack
        self.groups = groups
        self._bests: dict[tuple[str, str], Fraction] = {}
        self._words: dict[str, Callable[[Condition, Assessed], bool]] = {
            "all": lambda condition, assessed: all(self.holds(one, assessed) for one in condition["all"]),
            "any": lambda condition, assessed: any(self.holds(one, assessed) for one in condition["any"]),
            "not": lambda condition, assessed: not self.holds(condition["not"], assessed),
            "choose": lambda condition, assessed: self.holds(
                condition["cases"][condition["choose"]], assessed
            ),
            "has": self._has,
            "flag": lambda condition, assessed: condition["flag"] in assessed.flags,
            "grade": self._graded,
            "value": self._compares,
            "always": lambda condition, assessed: bool(condition["always"]),
        }

    def holds(self, condition: Condition, assessed: Assessed) -> bool:
        """Whether the condition holds for the subject."""
        word = next(word for word in self._words if word in condition)
        return self._words[word](condition, assessed)

    def _graded(self, condition: Condition, assessed: Assessed) -> bool:
        return bool(assessed.grades.get(condition.get("grading", "grade")) == condition["grade"])

    def _has(self, condition: Condition, assessed: Assessed) -> bool:
        entries = assessed.subject.entries.get(condition["has"], ())
        kinds = condition.get("kind")
        wanted = [kinds] if isinstance(kinds, str) else kinds
        return any(wanted is None or entry.kind in wanted for entry in entries)

    def _compares(self, condition: Condition, assessed: Assessed) -> bool:
        name = condition["value"]
        value = assessed.values.get(name)
        if value is None:
            return False
        scale = self._best(assessed.subject.category, name) if condition.get("of_best") else Fraction(1)
        return (
            ("at_least" not in condition or value >= condition["at_least"] * scale)
            and ("below" not in condition or value < condition["below"] * scale)
            and ("at_most" not in condition or value <= condition["at_most"] * scale)
            and ("above" not in condition or value > condition["above"] * scale)
        )

    def _best(self, category: str, name: str) -> Fraction:
        key = (category, name)
        if key not in self._bests:
            values = [a.values[name] for a in self.groups[category] if name in a.values]
            self._bests[key] = max(values, default=ZERO)
        return self._bests[key]
