"""A report to hand in: headings, paragraphs, tables and bars, the same for PDF and for Word.

Owns what a report can say. It must not know where anything stands on a page; the two painters beside it do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from server.paper.flow import Column


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words; `notice` puts them in a box that nobody overlooks."""

    text: str
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `empty` is said where there are no rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: `length` in any unit from zero, `text` the figure beside it."""

    name: str
    length: int
    text: str


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of lying bars, zero-based, with the figures on the marks; `words` says what it shows."""

    words: str
    bars: tuple[Bar, ...]


Block = Heading | Paragraph | Grid | Bars


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report. `origin` stands at the foot of every page: who made it when."""

    title: str
    subtitle: str
    blocks: Sequence[Block]
    origin: str
