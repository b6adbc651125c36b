"""Scores into a cycle: by those to whom they are assigned, checked like a sheet, all or nothing.

An entry is never changed. Whoever entered it, or runs the cycle, withdraws it with a reason; both stay on
record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.assessment.cell_faults import PERIOD, Wrong, parse_day
from server.assessment.entries import COLUMN_TITLES
from server.assessment.faults import Fault, Faulty
from server.assessment.process import cycles, errors, packs, rules, sheets, subjects, workflow
from server.assessment.process.decisions import noted
from server.assessment.process.models import AssessedSubject, Cycle, EntryRow
from server.assessment.process.sheets import StandingEntry
from server.assessment.process.standing import Standing, assigned, may_enter, standing
from server.assessment.scheme import Pack
from server.kit.errors import NotAllowed, NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Person

Row = Mapping[str, str]
Source = Literal["form", "file", "task", "appraisal"]
_NOT_YOURS = Wrong("not_assigned", "没有分给您评的这个对象或指标", "请核对编号，或请组织考核的人分工")


@dataclass(frozen=True)
class _Placed:
    """One row that was understood: its number, its subject and the entry to be kept."""

    number: int
    subject: AssessedSubject
    entry: StandingEntry
    under: str | None


def submit(
    session: Session,
    actor: Actor,
    cycle_id: str,
    rows: Sequence[tuple[int, Row]],
    source: Source,
    now: datetime,
    found: Faulty | None = None,
) -> list[str]:
    """Keep entries, given as (row number, cells by column); gives their ids.

    Whoever runs the cycle may name subjects that are not in it yet: they are added. Raises NotFound,
    NotAllowed, Conflict `results_stand`, Invalid `sheet_faulty` with every fault.
    """
    held = standing(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    if cycle.frozen_at is not None:
        raise errors.frozen()
    if held.manages is None and not held.duties and not held.subjects:
        raise NotAllowed()
    ids = keep(session, held, cycle, rows, source, now, found)
    workflow.entries_changed(session, cycle, actor, now)
    return ids


def keep(
    session: Session,
    held: Standing,
    cycle: Cycle,
    rows: Sequence[tuple[int, Row]],
    source: Source,
    now: datetime,
    found: Faulty | None = None,
) -> list[str]:
    """As `submit`, after the checks of the cycle's state: also how an upheld objection corrects."""
    pack = packs.pack_of(session, cycle)
    placed = _understood(session, held, cycle, pack, rows, found or Faulty([]))
    ids = [one.entry.id for one in placed]
    if placed:
        values = [_values(cycle, one, source, held.actor.person, now) for one in placed]
        session.execute(insert(EntryRow), values)
        cycles.touch(session, cycle)
        noted(session, held.actor, cycle, "entries", "cycle", cycle.id, now, {"entries": len(ids)})
    return ids


def _values(cycle: Cycle, one: _Placed, source: Source, person: str, now: datetime) -> dict[str, Any]:
    row = one.entry._asdict() | {"cycle_id": cycle.id, "source": source, "entered_by": person}
    return row | {"under": one.under, "entered_at": now, "withdrawn_reason": ""}


def _understood(
    session: Session,
    held: Standing,
    cycle: Cycle,
    pack: Pack,
    rows: Sequence[tuple[int, Row]],
    found: Faulty,
) -> list[_Placed]:
    """The rows as entries; raises Invalid `sheet_faulty`."""
    known = {
        one.code: one for one in subjects.by_code(session, cycle.id, [r.get("subject", "") for _, r in rows])
    }
    if held.manages is not None:
        _add_subjects(session, cycle, pack, rows, known)
    faults: list[Fault] = list(found.faults)
    placed: list[_Placed] = []
    reader = sheets.reader_with(pack, known.values())
    for number, row in rows:
        subject = known.get(row.get("subject", ""))
        if subject is None:
            faults.append(_fault(number, "subject", row, _unknown_subject(held, row)))
            continue
        faults += [_fault(number, column, row, wrong) for column, wrong in _differs(subject, row)]
        entry = _entry(held, cycle, pack, subject, row)
        sheets.feed(reader, number, subject, entry._replace(day=None))
        faults += _odd_day(number, row)
        duty, wrong = _allowed(held, pack, subject, entry)
        if wrong:
            faults.append(_fault(number, "indicator", row, wrong))
        placed.append(_Placed(number, subject, entry, duty))
    faults += reader.faults
    if not faults:
        faults += _doubles(pack, placed, sheets.standing_entries(session, cycle.id, known))
    if faults:
        raise errors.faulty(
            Faulty(sorted(faults, key=lambda fault: fault.row or 0), reader.more + found.more)
        )
    return placed


def _add_subjects(
    session: Session,
    cycle: Cycle,
    pack: Pack,
    rows: Sequence[tuple[int, Row]],
    known: dict[str, AssessedSubject],
) -> None:
    """Subjects that the rows name in full and the cycle does not know yet."""
    new: dict[str, subjects.NewSubject] = {}
    faults = []
    for number, row in rows:
        code = row.get("subject", "")
        if not code or code in known:
            continue
        one = subjects.NewSubject(code, row.get("name", ""), row.get("category", ""), row.get("unit", ""))
        first = new.setdefault(code, one)
        if first != one and (one.name or one.category or one.unit):
            remedy = "同一编号各行的名称、类别、单位必须一样；不是同一对象就换编号"
            faults.append(Fault("subject_differs", "与前面的行不一致", remedy, number, "subject", value=code))
    if faults:
        raise errors.faulty(Faulty(faults))
    complete = [one for one in new.values() if one.name and one.category]
    if complete:
        numbers = {row.get("subject", ""): number for number, row in reversed(rows)}
        _insert(session, cycle, pack, complete, numbers)
        known |= {one.code: one for one in subjects.by_code(session, cycle.id, [c.code for c in complete])}


def _insert(
    session: Session,
    cycle: Cycle,
    pack: Pack,
    complete: Sequence[subjects.NewSubject],
    numbers: Mapping[str, int],
) -> None:
    """Insert, with the faults told at the rows of the sheet instead of the list of subjects."""
    faults = subjects.faults_of(pack, complete, {})
    if faults:
        placed = [
            Fault(
                f.code, f.reason, f.remedy, numbers[complete[(f.row or 2) - 2].code], f.column, value=f.value
            )
            for f in faults
        ]
        raise errors.faulty(Faulty(placed))
    subjects.insert_new(session, cycle, pack, complete)


def _unknown_subject(held: Standing, row: Row) -> Wrong:
    if held.manages is None:
        return _NOT_YOURS
    if not row.get("subject"):
        return Wrong("subject_empty", "编号是空的", "每一行都要写考核对象的编号")
    remedy = "请先加入考核对象，或在这一行写全名称（name）和类别（category）"
    return Wrong("subject_unknown", "本周期里没有这个考核对象", remedy)


def _differs(subject: AssessedSubject, row: Row) -> Iterator[tuple[str, Wrong]]:
    """A name, category or unit that is given and is not the subject's."""
    for column in ("name", "category", "unit"):
        given, own = row.get(column, ""), getattr(subject, column)
        if given and given != own:
            title = COLUMN_TITLES[column]
            reason = f"{subject.code} 的{title}与本周期名册不一致（那里是“{own}”）"
            yield column, Wrong(f"{column}_differs", reason, "请改成一样，或这一列留空")


def _entry(held: Standing, cycle: Cycle, pack: Pack, subject: AssessedSubject, row: Row) -> StandingEntry:
    code = row.get("indicator", "")
    period = row.get("period", "")
    if pack.periods == "mean":
        period = period or (cycle.period if PERIOD.fullmatch(cycle.period) else "")
    elif pack.periods == "single":
        period = ""
    rater = row.get("rater", "") or _own_rater(held, pack, subject, code)
    day = parse_day(row["date"]) if row.get("date") else None
    cells = (code, rater, row.get("value", ""), row.get("kind", ""), row.get("note", ""), period, day)
    return StandingEntry(new_id(), subject.code, *cells, None)


def _own_rater(held: Standing, pack: Pack, subject: AssessedSubject, code: str) -> str:
    """The rater's code that somebody's entries carry where none was written."""
    indicator = pack.indicators.get(code)
    if indicator is None or indicator.raters == "none":
        return ""
    if subject.code in held.own_codes and rules.own_raters(indicator):
        return rules.SELF
    fitting = (duty.rater for duty in held.duties if duty.rater and assigned([duty], subject))
    return next(fitting, "")


def _allowed(
    held: Standing, pack: Pack, subject: AssessedSubject, entry: StandingEntry
) -> tuple[str | None, Wrong | None]:
    """(grant or duty under which the row is entered, what is wrong with that)."""
    indicator = pack.indicators.get(entry.indicator)
    own = subject.code in held.own_codes
    if own and indicator is not None and rules.own_raters(indicator) and entry.rater == rules.SELF:
        return None, None
    if own:
        return None, Wrong("own_score", "不能给自己评分", "请由别人录入")
    if held.manages is not None:
        return held.manages.id, None
    duty = may_enter(held, subject, entry.indicator, entry.rater)
    return (duty.id, None) if duty else (None, _NOT_YOURS)


def _odd_day(number: int, row: Row) -> list[Fault]:
    text = row.get("date", "")
    if not text or parse_day(text) is not None:
        return []
    wrong = Wrong("date_unreadable", "不是有效日期", "请写成 2026-03-05；并核对这一天存在")
    return [_fault(number, "date", row, wrong)]


def _fault(number: int, column: str, row: Row, wrong: Wrong) -> Fault:
    return Fault(wrong.code, wrong.reason, wrong.remedy, number, column, value=row.get(column, ""))


def _doubles(pack: Pack, placed: Sequence[_Placed], there: Sequence[StandingEntry]) -> Iterator[Fault]:
    """Rows that are there already, in the cycle or further up."""
    seen: dict[tuple[object, ...], int | None] = {_key(pack, entry): None for entry in there}
    for one in placed:
        key = _key(pack, one.entry)
        if key not in seen:
            seen[key] = one.number
            continue
        first = seen[key]
        where = f"第 {first} 行已有" if first else "已经录过"
        title = pack.indicators[one.entry.indicator].title
        reason = f"{one.subject.code}（{one.subject.name}）的“{title}”{where}"
        if pack.indicators[one.entry.indicator].repeatable:
            remedy = "如确是两次，请在说明列写清区别；否则删去一行"
        else:
            remedy = "同一对象、指标、评分人、周期只能有一行；要改请先撤回原来的一条"
        yield Fault("duplicate_entry", reason, remedy, one.number, "indicator", value=one.entry.indicator)


def _key(pack: Pack, entry: StandingEntry) -> tuple[object, ...]:
    indicator = pack.indicators[entry.indicator]
    if indicator.repeatable:
        return tuple(entry[1:-1])
    return (entry.subject, entry.indicator, entry.rater, entry.period)


def withdraw(session: Session, actor: Actor, entry_id: str, reason: str, now: datetime) -> EntryRow:
    """Take a wrong entry back; raises NotFound, NotAllowed, Conflict `results_stand`, `entry_withdrawn`."""
    row = session.get(EntryRow, entry_id)
    if row is None:
        raise NotFound()
    held = standing(session, actor, row.cycle_id)
    if held.manages is None and row.entered_by != actor.person:
        raise NotAllowed() if held.sees_process else NotFound()
    cycle = cycles.changeable(session, row.cycle_id)
    if cycle.frozen_at is not None:
        raise errors.frozen()
    take_back(session, held, cycle, row, reason, now)
    workflow.entries_changed(session, cycle, actor, now)
    return row


def take_back(
    session: Session, held: Standing, cycle: Cycle, row: EntryRow, reason: str, now: datetime
) -> None:
    """As `withdraw`, after the checks; also how an upheld objection corrects."""
    session.refresh(row)
    if row.withdrawn_at is not None:
        raise errors.entry_withdrawn()
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = now, held.actor.person, reason
    session.flush()
    cycles.touch(session, cycle)
    noted(session, held.actor, cycle, "entry.withdrawn", "entry", row.id, now, {"reason": reason})


def listed(
    session: Session, held: Standing, wanted: Mapping[str, str | None], cursor: str | None, limit: int
) -> tuple[list[tuple[EntryRow, str | None]], str | None]:
    """Entries with the authors' names: all for those who read the process, else the own and those about
    oneself once the results stand.
    """
    query = (
        select(EntryRow, Person.name)
        .outerjoin(Person, Person.id == EntryRow.entered_by)
        .where(EntryRow.cycle_id == held.cycle.id)
    )
    if not held.sees_process:
        own = EntryRow.entered_by == held.actor.person
        if held.cycle.frozen_at is not None:
            own = own | EntryRow.subject.in_(sorted(held.own_codes))
        query = query.where(own)
    if wanted.get("subject") is not None:
        query = query.where(EntryRow.subject == wanted["subject"])
    if cursor:
        query = query.where(EntryRow.id > decode_cursor(cursor, str)[0])
    rows = session.execute(query.order_by(EntryRow.id).limit(limit + 1)).all()
    return page([(row, name) for row, name in rows], limit, lambda pair: (pair[0].id,))
