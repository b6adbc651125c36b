"""Builders of entry sheets for the tests: rows as short tuples or dicts, read through the program's own
reader."""

from __future__ import annotations

from server.assessment.engine import assess
from server.assessment.entries import COLUMNS, Sheet
from server.assessment.entry_reader import EntryReader
from server.assessment.faults import Fault, Faulty
from server.assessment.outcome import Assessed, Outcome
from server.assessment.pack_reader import load_pack
from server.assessment.scheme import Pack

Row = dict[str, str]


def row(subject: str, category: str, indicator: str, value: str, **more: str) -> Row:
    """One row; the name follows from the subject unless given."""
    found = dict.fromkeys(COLUMNS, "") | {"subject": subject, "name": f"名{subject}", "category": category}
    return found | {"indicator": indicator, "value": value} | more


def read(pack: Pack, rows: list[Row]) -> Sheet:
    """The checked sheet of the rows; raises Faulty."""
    reader = EntryReader(pack)
    reader.header(COLUMNS)
    for number, one in enumerate(rows, start=2):
        reader.row(number, [one[column] for column in COLUMNS])
    return reader.finish()


def outcome(pack: str | Pack, rows: list[Row], **changes: str) -> Outcome:
    """The computed rows under a pack, with parameters changed."""
    loaded = load_pack(pack, changes) if isinstance(pack, str) else pack
    return assess(loaded, read(loaded, rows))


def results(pack: str | Pack, rows: list[Row], **changes: str) -> dict[str, Assessed]:
    """As `outcome`, by subject id."""
    return {one.subject.id: one for one in outcome(pack, rows, **changes).results}


def faults_of(pack: str, rows: list[Row]) -> list[Fault]:
    """The faults of the rows; empty when there are none."""
    try:
        read(load_pack(pack), rows)
    except Faulty as faulty:
        return faulty.faults
    return []
