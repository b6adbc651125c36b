"""The subjects of a cycle: given one by one or taken from the register as it was on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.orm import Session

from server.assessment.cell_faults import odd_text
from server.assessment.faults import Fault, Faulty
from server.assessment.process import cycles, errors, packs
from server.assessment.process.decisions import noted
from server.assessment.process.models import AssessedSubject, Cycle, RegisterRow
from server.assessment.process.standing import Standing, assigned, managed
from server.assessment.reference_faults import wrong_category, wrong_unit
from server.assessment.scheme import Pack
from server.kit.errors import NotFound
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Person


@dataclass(frozen=True)
class NewSubject:
    """A subject to be added; `person`: the account of the person, or of who speaks for the unit."""

    code: str
    name: str
    category: str
    unit: str = ""
    person: str | None = None


def add(
    session: Session, actor: Actor, cycle_id: str, wanted: Sequence[NewSubject], now: datetime
) -> list[AssessedSubject]:
    """Add subjects, or bind accounts to those that are there; raises Invalid `sheet_faulty` with every fault,
    Conflict `results_stand`.
    """
    managed(session, actor, cycle_id)
    cycle = cycles.changeable(session, cycle_id)
    if cycle.frozen_at is not None:
        raise errors.frozen()
    insert_new(session, cycle, packs.pack_of(session, cycle), wanted, bind=True)
    cycles.touch(session, cycle)
    noted(session, actor, cycle, "subjects", "cycle", cycle.id, now, {"subjects": len(wanted)})
    return by_code(session, cycle.id, [one.code for one in wanted])


def from_register(
    session: Session, actor: Actor, cycle_id: str, day: date, now: datetime
) -> list[AssessedSubject]:
    """Take everybody whom the register of the cycle's division names for its scheme on `day`."""
    cycle = managed(session, actor, cycle_id).cycle
    rows = session.scalars(
        select(RegisterRow)
        .where(
            RegisterRow.division == cycle.division,
            RegisterRow.pack == cycle.pack,
            RegisterRow.since <= day,
            or_(RegisterRow.until.is_(None), RegisterRow.until > day),
        )
        .order_by(RegisterRow.code)
    ).all()
    if not rows:
        raise errors.cycle_not("这一天的名册是空的，请先导入名册，或换一个日期。")
    wanted = [NewSubject(row.code, row.name, row.category, row.unit, row.person_id) for row in rows]
    return add(session, actor, cycle_id, wanted, now)


def insert_new(
    session: Session, cycle: Cycle, pack: Pack, wanted: Sequence[NewSubject], bind: bool = False
) -> None:
    """Insert what is not there yet; what is there must agree. Raises Invalid `sheet_faulty`."""
    there = {one.code: one for one in by_code(session, cycle.id, [one.code for one in wanted])}
    faults = faults_of(pack, wanted, there) + _unknown_persons(session, wanted)
    if faults:
        raise errors.faulty(Faulty(faults))
    new = [one for one in wanted if one.code not in there]
    if new:
        rows = [_row(cycle, one) for one in new]
        session.execute(insert(AssessedSubject), rows)
    for one in wanted:
        if bind and one.code in there and one.person is not None:
            there[one.code].person_id = one.person
    session.flush()


def _row(cycle: Cycle, one: NewSubject) -> dict[str, str | None]:
    row = {"cycle_id": cycle.id, "code": one.code, "name": one.name, "category": one.category}
    return row | {"unit": one.unit, "person_id": one.person}


def faults_of(pack: Pack, wanted: Sequence[NewSubject], there: dict[str, AssessedSubject]) -> list[Fault]:
    """What is wrong with subjects that are to be added; rows count from 2."""
    return list(_faults(pack, wanted, there))


def _faults(pack: Pack, wanted: Sequence[NewSubject], there: dict[str, AssessedSubject]) -> Iterable[Fault]:
    seen: dict[str, int] = {}
    for number, one in enumerate(wanted, 2):
        cells = {"subject": one.code, "name": one.name, "category": one.category, "unit": one.unit}
        for column, text in cells.items():
            wrong = odd_text(column, text)
            if wrong:
                yield Fault(wrong.code, wrong.reason, wrong.remedy, number, column, value=text)
        if not one.code or not one.name:
            yield Fault("subject_empty", "编号或名称是空的", "请填写编号和名称", number, "subject")
        if one.code in seen:
            reason = f"与第 {seen[one.code]} 行重复"
            yield Fault("subject_double", reason, "一个对象只写一行", number, "subject", value=one.code)
        seen[one.code] = number
        wrong = wrong_category(pack, one.category)
        column = "category"
        if not wrong:
            wrong, column = wrong_unit(pack, one.category, one.unit, one.code), "unit"
        if wrong:
            yield Fault(wrong.code, wrong.reason, wrong.remedy, number, column, value=cells[column])
        known = there.get(one.code)
        if known and (known.name, known.category, known.unit) != (one.name, one.category, one.unit):
            reason = f"本周期里已有 {known.code}（{known.name}，{known.category}，{known.unit or '无单位'}）"
            yield Fault("subject_differs", reason, "不是同一对象就换编号", number, "subject", value=one.code)


def _unknown_persons(session: Session, wanted: Sequence[NewSubject]) -> list[Fault]:
    given = {one.person: number for number, one in enumerate(wanted, 2) if one.person}
    known = set(session.scalars(select(Person.id).where(Person.id.in_(given))))
    return [
        Fault("person_unknown", "没有这个账号", "请先在人员里添加，或留空", row, "person", value=person or "")
        for person, row in given.items()
        if person not in known
    ]


def by_code(session: Session, cycle_id: str, codes: Iterable[str]) -> list[AssessedSubject]:
    """Some subjects of a cycle, by code."""
    wanted = sorted(set(codes))
    found: list[AssessedSubject] = []
    for start in range(0, len(wanted), 500):
        query = select(AssessedSubject).where(
            AssessedSubject.cycle_id == cycle_id, AssessedSubject.code.in_(wanted[start : start + 500])
        )
        found += session.scalars(query.order_by(AssessedSubject.code))
    return found


def every(session: Session, cycle_id: str) -> list[AssessedSubject]:
    """All subjects of a cycle, by code."""
    query = select(AssessedSubject).where(AssessedSubject.cycle_id == cycle_id)
    return list(session.scalars(query.order_by(AssessedSubject.code)))


def one(session: Session, cycle_id: str, code: str) -> AssessedSubject:
    """One subject; raises NotFound."""
    found = session.get(AssessedSubject, (cycle_id, code))
    if found is None:
        raise NotFound()
    return found


def listed(
    session: Session, held: Standing, cursor: str | None, limit: int
) -> tuple[list[AssessedSubject], str | None]:
    """The subjects that somebody may know of: all for those who read the process, else those assigned and
    the own ones.
    """
    query = select(AssessedSubject).where(AssessedSubject.cycle_id == held.cycle.id, _known(held))
    if cursor:
        query = query.where(AssessedSubject.code > decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(AssessedSubject.code).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.code,))


def _known(held: Standing) -> ColumnElement[bool]:
    own = AssessedSubject.code.in_(sorted(held.own_codes))
    if held.sees_process:
        return AssessedSubject.cycle_id == held.cycle.id
    found: list[ColumnElement[bool]] = [own]
    for duty in held.duties:
        here: list[ColumnElement[bool]] = [AssessedSubject.cycle_id == held.cycle.id]
        if duty.category:
            here.append(AssessedSubject.category == duty.category)
        if duty.unit:
            here.append(or_(AssessedSubject.unit == duty.unit, AssessedSubject.code == duty.unit))
        condition = here[0]
        for more in here[1:]:
            condition = condition & more
        found.append(condition)
    return or_(*found)


def knows(held: Standing, subject: AssessedSubject) -> bool:
    """Whether somebody may know of one subject beyond what the ranking shows."""
    return held.sees_process or subject.code in held.own_codes or assigned(held.duties, subject)
