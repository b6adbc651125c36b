"""Subjects and entries of one sheet as plain values, and the words of the file contract. Checks nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

REQUIRED_COLUMNS = ("subject", "name", "category", "unit", "indicator", "rater", "value", "kind", "note")
OPTIONAL_COLUMNS = ("period", "date")
COLUMNS = REQUIRED_COLUMNS + OPTIONAL_COLUMNS
COLUMN_TITLES = dict(
    zip(
        COLUMNS,
        ("编号", "名称", "类别", "所属单位", "指标", "评分人", "分值", "种类", "说明", "周期", "日期"),
        strict=True,
    )
)


class Entry(NamedTuple):
    """One row of an entry sheet; `row` as a spreadsheet counts; `rater` with its suffix (`superior:1`)."""

    row: int
    indicator: str
    value: Fraction
    rater: str
    kind: str
    note: str
    period: str
    day: date | None


@dataclass(slots=True)
class Subject:
    """One person or unit with its entries by indicator, each in the order of the sheet."""

    id: str
    name: str
    category: str
    unit: str
    first_row: int
    entries: dict[str, list[Entry]] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A checked entry sheet: its subjects by id, in the order of their first rows, and the periods it
    holds."""

    subjects: dict[str, Subject]
    periods: tuple[str, ...]
    rows: int
