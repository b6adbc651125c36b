"""Findings about a rulebook: what is wrong, where, and what to do about it.

Owns the shape that the reader, the validation and the guard share. Finds nothing itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """An error keeps a rulebook from being adopted; a warning is shown and may stand."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to correct or to think about.

    `code` is the stable name of the rule, `item` the item's code ("" for the rulebook as a whole), `field`
    the path in the document such as `items.3.points_min`, `place` where that stands in a file (`第 12 行`,
    `F4`; "" without a file). `message` and `remedy` are Chinese sentences.
    """

    level: Level
    code: str
    item: str
    field: str
    message: str
    remedy: str
    place: str = ""

    def to_document(self) -> dict[str, str]:
        """As a JSON-able mapping, for the API and `jifen rulebook check`."""
        return {
            "level": self.level.value,
            "code": self.code,
            "item": self.item,
            "field": self.field,
            "message": self.message,
            "remedy": self.remedy,
            "place": self.place,
        }


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any of them keeps the rulebook from being adopted."""
    return any(finding.level is Level.ERROR for finding in findings)
