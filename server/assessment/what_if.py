"""What if: the same sheet under another pack or with changed parameters: who moves, and which number moved
them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from .exact import ZERO, fixed, trimmed
from .outcome import Assessed, Outcome


@dataclass(frozen=True)
class Move:
    """One subject before and after; `reasons` are the components that differ: (title, before, after)."""

    subject: str
    name: str
    category: str
    final: tuple[Fraction, Fraction]
    rank: tuple[int, int]
    grade: tuple[str | None, str | None]
    flags: tuple[tuple[str, ...], tuple[str, ...]]
    reasons: tuple[tuple[str, Fraction, Fraction], ...]

    @property
    def climbed(self) -> int:
        """Places won (positive) or lost (negative)."""
        return self.rank[0] - self.rank[1]

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return {
            "subject": self.subject,
            "name": self.name,
            "category": self.category,
            "final": [fixed(value) for value in self.final],
            "rank": list(self.rank),
            "climbed": self.climbed,
            "grade": list(self.grade),
            "flags": [list(flags) for flags in self.flags],
            "reasons": [
                {"title": title, "before": trimmed(before), "after": trimmed(after)}
                for title, before, after in self.reasons
            ],
        }


def what_if(before: Outcome, after: Outcome) -> list[Move]:
    """Everyone whose final, rank, grade or flags differ, the greatest climb or fall first."""
    others = {assessed.subject.id: assessed for assessed in after.results}
    moves = [
        _move(one, others[one.subject.id], before, after)
        for one in before.results
        if one.subject.id in others
    ]
    moved = [move for move in moves if move.final[0] != move.final[1] or move.rank[0] != move.rank[1]]
    moved += [
        move
        for move in moves
        if move not in moved and (move.grade[0] != move.grade[1] or move.flags[0] != move.flags[1])
    ]
    return sorted(
        moved, key=lambda m: (-abs(m.climbed), -abs(m.final[1] - m.final[0]), m.category, m.subject)
    )


def _move(one: Assessed, other: Assessed, before: Outcome, after: Outcome) -> Move:
    return Move(
        subject=one.subject.id,
        name=one.subject.name,
        category=one.subject.category,
        final=(one.final, other.final),
        rank=(one.rank, other.rank),
        grade=(one.grade, other.grade),
        flags=(tuple(one.flags), tuple(other.flags)),
        reasons=tuple(_reasons(one, other, before, after)),
    )


def _reasons(
    one: Assessed, other: Assessed, before: Outcome, after: Outcome
) -> list[tuple[str, Fraction, Fraction]]:
    titles = {**after.pack.component_titles, **before.pack.component_titles}
    found = []
    for name, title in titles.items():
        old, new = one.values.get(name, ZERO), other.values.get(name, ZERO)
        if old != new:
            found.append((title, old, new))
    return found
