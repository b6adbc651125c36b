"""An uploaded entry sheet as rows by column, with what was wrong before anybody looked at their meaning."""

from __future__ import annotations

import tempfile
from pathlib import Path

from server.assessment.entries import COLUMNS
from server.assessment.entry_reader import EntryReader
from server.assessment.faults import Faulty
from server.assessment.scheme import Pack
from server.assessment.sheet_file import sheet_rows


class RowCollector(EntryReader):
    """Reads header and rows as the engine's reader does, and only collects the cells."""

    def __init__(self, pack: Pack) -> None:
        super().__init__(pack)
        self.found: list[tuple[int, dict[str, str]]] = []

    def take(self, number: int, cells: list[str]) -> None:
        """Keeps the cells by the contract's column names."""
        self.found.append((number, dict(zip(COLUMNS, cells, strict=True))))


def rows_of(pack: Pack, content: bytes) -> tuple[list[tuple[int, dict[str, str]]], Faulty]:
    """(rows, faults so far) of a CSV or XLSX file; raises Faulty when the file itself is unusable.

    The cycle knows names, categories and units: those columns may be empty.
    """
    collector = RowCollector(pack)
    with tempfile.TemporaryDirectory(prefix="jifen-sheet-") as folder:
        path = Path(folder) / "sheet"
        path.write_bytes(content)
        for number, cells in sheet_rows(path):
            if number == 1 or not collector.has_header:
                collector.header(cells, number)
            else:
                collector.row(number, cells)
    if not collector.found and not collector.faults:
        collector.finish()
    return collector.found, Faulty(collector.faults, collector.more)
