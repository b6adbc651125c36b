"""Faults that an importer finds after reading, when it compares rows with what is there.

The cell and the remedy.
"""

from __future__ import annotations

from server.transfer.columns import ColumnReading
from server.transfer.faults import Fault, Skip
from server.transfer.table import column_letter


def at_field(
    columns: ColumnReading, place: tuple[str, int], name: str, value: str, said: tuple[str, str, str]
) -> Fault:
    """The fault of the cell of field `name` at `place` (sheet, row); `said` is code, reason and remedy.

    Where the file has no such column the fault is that of the row.
    """
    sheet, row = place
    header = columns.headers.get(sheet)
    index = header.index(name) if header else None
    letter = column_letter(index) if index is not None else ""
    title = header.titles[index] if header and index is not None else ""
    return Fault(sheet, row, letter, title, value, *said, Skip.IMPOSSIBLE)
