"""A cycle's entries as the engine's sheet, checked like a file: what is missing or wrong is told all at once.

Rows are numbered as a spreadsheet would (the first is 2), in the order of entry; `Loaded.entries` leads back
from a row to who entered it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.engine import assess
from server.assessment.entries import COLUMNS, Sheet, Subject
from server.assessment.entry_reader import EntryReader
from server.assessment.faults import Fault, Faulty
from server.assessment.outcome import Outcome
from server.assessment.process import packs, subjects
from server.assessment.process.models import AssessedSubject, Cycle, EntryRow
from server.assessment.scheme import Pack
from server.assessment.sheet_checks import check_sheet

FIRST_ROW = 2
_KEPT = 2  # what was computed last is asked for page by page


class StandingEntry(NamedTuple):
    """One entry that was not withdrawn, as the database has it."""

    id: str
    subject: str
    indicator: str
    rater: str
    value: str
    kind: str
    note: str
    period: str
    day: date | None
    entered_by: str | None


@dataclass(frozen=True)
class Loaded:
    """A sheet with what it was made from."""

    sheet: Sheet
    entries: tuple[StandingEntry, ...]


def standing_entries(
    session: Session, cycle_id: str, codes: Iterable[str] | None = None
) -> list[StandingEntry]:
    """The entries of a cycle (or of some of its subjects) that stand, in the order of entry."""
    columns = [getattr(EntryRow, name) for name in StandingEntry._fields]
    query = select(*columns).where(EntryRow.cycle_id == cycle_id, EntryRow.withdrawn_at.is_(None))
    if codes is None:
        return [StandingEntry(*row) for row in session.execute(query.order_by(EntryRow.id))]
    wanted = sorted(set(codes))
    found: list[StandingEntry] = []
    for start in range(0, len(wanted), 500):
        some = query.where(EntryRow.subject.in_(wanted[start : start + 500]))
        found += [StandingEntry(*row) for row in session.execute(some)]
    return sorted(found)


def reader_with(pack: Pack, known: Iterable[AssessedSubject]) -> EntryReader:
    """A reader that knows the subjects already and takes the contract's columns in their order."""
    reader = EntryReader(pack)
    reader.header(COLUMNS)
    for one in known:
        reader.subjects[one.code] = Subject(one.code, one.name, one.category, one.unit, 0)
    return reader


def feed(reader: EntryReader, number: int, subject: AssessedSubject, entry: StandingEntry) -> None:
    """One entry as a row."""
    day = entry.day.isoformat() if entry.day else ""
    own = [subject.code, subject.name, subject.category, subject.unit]
    rest = [entry.indicator, entry.rater, entry.value, entry.kind, entry.note, entry.period, day]
    reader.row(number, own + rest)


def checked(pack: Pack, everybody: Sequence[AssessedSubject], entries: Sequence[StandingEntry]) -> Loaded:
    """The sheet of these subjects and entries; raises Faulty with everything that is missing or wrong."""
    reader = reader_with(pack, everybody)
    by_code = {one.code: one for one in everybody}
    for number, entry in enumerate(entries, FIRST_ROW):
        feed(reader, number, by_code[entry.subject], entry)
    faults = reader.faults + [
        Fault(wrong.code, wrong.reason, wrong.remedy, row, column, value=value)
        for row, column, value, wrong in check_sheet(pack, reader.subjects)
    ]
    if faults:
        # rows mean nothing where there is no file: the reasons name subject and indicator
        raise Faulty([replace(fault, row=None) for fault in faults[:5000]], max(0, len(faults) - 5000))
    periods = tuple(sorted({entry.period for entry in entries if entry.period}))
    return Loaded(Sheet(reader.subjects, periods, len(entries)), tuple(entries))


def load(session: Session, cycle: Cycle, pack: Pack) -> Loaded:
    """The cycle's whole sheet, checked under `pack`; raises Faulty."""
    everybody = subjects.every(session, cycle.id)
    if not everybody:
        raise Faulty([Fault("no_subjects", "还没有考核对象", "请先加入考核对象")])
    return checked(pack, everybody, standing_entries(session, cycle.id))


_recent: OrderedDict[tuple[str, int], tuple[Outcome, Loaded]] = OrderedDict()
_guard = Lock()


def computed(session: Session, cycle: Cycle) -> tuple[Outcome, Loaded]:
    """The cycle as its entries stand now, computed; the last ones are kept. Raises Faulty."""
    key = (cycle.id, cycle.entries_version)
    with _guard:
        if key in _recent:
            _recent.move_to_end(key)
            return _recent[key]
    pack = packs.pack_of(session, cycle)
    loaded = load(session, cycle, pack)
    found = (assess(pack, loaded.sheet), loaded)
    with _guard:
        _recent[key] = found
        while len(_recent) > _KEPT:
            _recent.popitem(last=False)
    return found
