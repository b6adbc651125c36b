"""Faults: what is wrong, where, and what to do. Owns their shape and their sentence; finds none itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fault:
    """One fault of an entry sheet or pack.

    `row` counts as a spreadsheet shows it (the header is row 1); `line` is used for pack files instead.
    `column` is the column's name, `position` its letter, `code` stable for programs; reason and remedy are
    Chinese sentences.
    """

    code: str
    reason: str
    remedy: str
    row: int | None = None
    column: str = ""
    position: str = ""
    value: str = ""
    line: int | None = None

    def sentence(self) -> str:
        """One line for a person: place, value, reason, remedy."""
        place = []
        if self.line is not None:
            place.append(f"第 {self.line} 行")
        if self.row is not None:
            place.append(f"第 {self.row} 行")
        if self.column:
            place.append(f"{self.position} 列 {self.column}" if self.position else self.column)
        value = f"“{shortened(self.value)}”" if self.value else ""
        head = "，".join(place) + value
        return f"{head}：{self.reason}。{self.remedy}。" if head else f"{self.reason}。{self.remedy}。"

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values, for machine-readable output."""
        found = {"code": self.code, "row": self.row, "line": self.line, "column": self.column}
        found |= {"position": self.position, "value": shortened(self.value)}
        return found | {"reason": self.reason, "remedy": self.remedy}


class Faulty(Exception):
    """Input that cannot be used; carries every fault that was found."""

    def __init__(self, faults: list[Fault], more: int = 0) -> None:
        super().__init__(f"{len(faults) + more} faults")
        self.faults = faults
        self.more = more


def shortened(value: str, length: int = 40) -> str:
    """A value fit for one line: control characters shown as ·, cut at `length`."""
    visible = "".join(c if c.isprintable() else "·" for c in value[: length + 1])
    return visible if len(visible) <= length else visible[:length] + "…"
