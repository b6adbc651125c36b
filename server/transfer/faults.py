"""What is wrong with one cell, row or file, said so that a clerk can put it right.

Owns the vocabulary of every importer; finds nothing itself and never holds an id or phone number in clear.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """Whether an import may go on without this being corrected."""

    MUST_FIX = "must_fix"
    SKIPPABLE = "skippable"


class Skip(StrEnum):
    """What is left out when a skippable fault is skipped."""

    NOTHING = "nothing"
    VALUE = "value"
    ROW = "row"
    HOUSEHOLD = "household"
    IMPOSSIBLE = "impossible"

    @property
    def meaning(self) -> str:
        """The effect in Chinese, for the column 跳过则 of a fault table."""
        return _MEANINGS[self]


_MEANINGS = {
    Skip.NOTHING: "照原样导入",
    Skip.VALUE: "这一格留空",
    Skip.ROW: "略过这一行",
    Skip.HOUSEHOLD: "略过这一户",
    Skip.IMPOSSIBLE: "必须改正",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that cannot be accepted as it stands.

    `row` is the number at the left edge of the spreadsheet (0 for the whole file), `column` the letter at its
    top
    ("" for the whole row), `title` the header text over it, `value` what stands there (masked where it is
    personal),
    `code` a stable name of the rule, `reason` and `remedy` Chinese sentences without a full stop, `subject`
    whom the row
    is about.
    """

    sheet: str
    row: int
    column: str
    title: str
    value: str
    code: str
    reason: str
    remedy: str
    skip: Skip = Skip.VALUE
    subject: str = ""

    @property
    def severity(self) -> Severity:
        return Severity.MUST_FIX if self.skip is Skip.IMPOSSIBLE else Severity.SKIPPABLE

    @property
    def place(self) -> str:
        """Such as `F4`, `第4行` or `整份文件`."""
        if not self.row:
            return "整份文件"
        return f"{self.column}{self.row}" if self.column else f"第{self.row}行"


class BadValue(Exception):
    """A value rule's refusal: a stable code, the reason and the remedy in Chinese, what skipping leaves
    out."""

    def __init__(self, code: str, reason: str, remedy: str, skip: Skip = Skip.VALUE) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.remedy = remedy
        self.skip = skip


def mask_number(text: str) -> str:
    """An id or phone number with its middle hidden: `990101**********7441`, `199****9968`.

    What is too short to recognise anybody by stays; letters and Chinese stay too, so that a clerk sees what
    was typed.
    """
    digits = len(re.findall(r"[0-9Xx]", text))
    if digits < 7:
        return text
    head, tail = (6, 4) if digits > 12 else (3, 4)
    seen = 0
    shown = []
    for character in text:
        if re.match(r"[0-9Xx]", character):
            seen += 1
            hidden = head < seen <= digits - tail
            shown.append("*" if hidden else character)
        else:
            shown.append(character)
    return "".join(shown)
