"""Conditions of a pack (vetoes, minimum rules, thresholds of flags and proposals) judged for one subject."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .exact import ZERO
from .outcome import Assessed
from .scheme import Pack


class Judge:
    """Judges conditions; remembers the best value of each category where a condition compares with it."""

    def __init__(self, pack: Pack, groups: Mapping[str, list[Assessed]]) -> None:
        self.pack = pack
        self.groups = groups
        self._bests: dict[tuple[str, str], Fraction] = {}

    def holds(self, condition: Mapping[str, Any], assessed: Assessed) -> bool:
        """Whether the condition holds for the subject."""
        if "all" in condition:
            return all(self.holds(one, assessed) for one in condition["all"])
        if "any" in condition:
            return any(self.holds(one, assessed) for one in condition["any"])
        if "not" in condition:
            return not self.holds(condition["not"], assessed)
        if "choose" in condition:
            return self.holds(condition["cases"][condition["choose"]], assessed)
        if "has" in condition:
            return self._has(condition, assessed)
        if "flag" in condition:
            return condition["flag"] in assessed.flags
        if "grade" in condition:
            return assessed.grades.get(condition.get("grading", "grade")) == condition["grade"]
        if "value" in condition:
            return self._compares(condition, assessed)
        return bool(condition.get("always", False))

    def _has(self, condition: Mapping[str, Any], assessed: Assessed) -> bool:
        entries = assessed.subject.entries.get(condition["has"], ())
        kinds = condition.get("kind")
        wanted = [kinds] if isinstance(kinds, str) else kinds
        return any(wanted is None or entry.kind in wanted for entry in entries)

    def _compares(self, condition: Mapping[str, Any], assessed: Assessed) -> bool:
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
