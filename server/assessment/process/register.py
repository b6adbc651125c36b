"""The register: who belongs to which unit and category of a scheme, with days; filled from Excel or CSV.

A change of unit ends one membership and begins another; nothing is overwritten, so that a cycle of last year
finds last year's people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.assessment.cell_faults import odd_text
from server.assessment.process import packs
from server.assessment.process.models import RegisterRow
from server.assessment.reference_faults import wrong_category, wrong_unit
from server.assessment.scheme import Pack
from server.audit import api as audit
from server.kit.clock import local_date
from server.kit.errors import Invalid, NotFound, RowFault
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.people.api import Actor, Division, Permission, Person, Place
from server.transfer.api import (
    BadValue,
    CellValue,
    Column,
    ColumnReading,
    Fault,
    Skip,
    open_table,
    read_columns,
    read_text,
)
from server.transfer.columns import require_rows


def _day(value: CellValue) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = re.fullmatch(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?", read_text(value))
    try:
        if found:
            return date(*map(int, found.groups()))
    except ValueError:
        found = None
    raise BadValue("bad_date", "看不懂这个日期", "写成 2026-11-22", Skip.IMPOSSIBLE)


COLUMNS = (
    Column("code", "编号", ("subject",), required=True, filled=True),
    Column("name", "名称", ("姓名", "name"), required=True, filled=True),
    Column("category", "类别", ("category",), required=True, filled=True),
    Column("unit", "所属单位", ("单位", "unit")),
    Column("username", "用户名", ("账号",)),
    Column("since", "开始日期", ("任职日期",), read=_day),
    Column("until", "结束日期", ("卸任日期",), read=_day),
)


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int
    ended: int
    unchanged: int


def read_file(content: bytes, name: str) -> ColumnReading:
    """The rows of a file; what is wrong in it is in `faults`. Raises UnreadableFile."""
    return require_rows(read_columns(open_table(content, name), COLUMNS))


def store(
    session: Session, actor: Actor, division: str, pack: str, reading: ColumnReading, now: datetime
) -> Imported:
    """Put a file of memberships into the register; raises NotFound, Invalid `register_faulty` with every
    fault by row and column.
    """
    actor.at(Permission.ASSESSMENT_MANAGE, Place(division))
    if session.get(Division, division) is None:
        raise NotFound()
    scheme = packs.shipped(pack)
    rows = [_row(record.row, record.values, local_date(now)) for record in reading.records]
    users = _users(session, [one["username"] for _, one in rows if one["username"]])
    faults = [_of_file(fault) for fault in reading.faults]
    for number, one in rows:
        faults += _faults(scheme, number, one, users)
    if faults:
        raise Invalid("register_faulty", f"名册里有 {len(faults)} 处错误，什么都没有导入。", faults)
    done = _store(session, division, pack, [one for _, one in rows], users)
    after = {"pack": pack, "added": done.added, "ended": done.ended}
    act, entity = "assessment.register", "assessment_register"
    audit.record(session, actor, act, entity, division, now, division, after=after)
    return done


def _of_file(fault: Fault) -> RowFault:
    told = f"第 {fault.row} 行 {fault.title}：{fault.reason}，{fault.remedy}。"
    rest = (fault.value, fault.reason, fault.remedy, fault.code)
    return RowFault(fault.title, told, fault.row, fault.title, *rest)


def _row(number: int, values: object, today: date) -> tuple[int, dict[str, object]]:
    given = dict(values)  # type: ignore[call-overload]
    own = {key: given.get(key) or "" for key in ("code", "name", "category", "unit", "username")}
    return number, own | {"since": given.get("since") or date(today.year, 1, 1), "until": given.get("until")}


def _users(session: Session, names: list[object]) -> dict[str, str]:
    query = select(Person.username, Person.id).where(
        Person.username.in_([str(name).casefold() for name in names])
    )
    return {str(username): key for username, key in session.execute(query)}


def _faults(pack: Pack, number: int, one: dict[str, object], users: dict[str, str]) -> list[RowFault]:
    found = []
    cells = {"subject": "code", "name": "name", "category": "category", "unit": "unit"}
    for column, key in cells.items():
        wrong = odd_text(column, str(one[key]))
        if wrong:
            found.append((key, wrong.code, wrong.reason, wrong.remedy))
    wrong = wrong_category(pack, str(one["category"]))
    if wrong:
        found.append(("category", wrong.code, wrong.reason, wrong.remedy))
    else:
        wrong = wrong_unit(pack, str(one["category"]), str(one["unit"]), str(one["code"]))
        if wrong:
            found.append(("unit", wrong.code, wrong.reason, wrong.remedy))
    until, since = one["until"], one["since"]
    if isinstance(until, date) and isinstance(since, date) and until < since:
        found.append(("until", "days_reversed", "结束日期早于开始日期", "请核对两个日期"))
    if one["username"] and str(one["username"]).casefold() not in users:
        found.append(("username", "username_unknown", "没有这个账号", "请核对，或留空"))
    titles = {column.field: column.title for column in COLUMNS}
    return [
        RowFault(titles[key], f"第 {number} 行 {titles[key]}“{one[key]}”：{reason}。{remedy}。", number, titles[key],
                 str(one[key] or ""), reason, remedy, code)
        for key, code, reason, remedy in found
    ]  # fmt: skip


def _store(
    session: Session, division: str, pack: str, rows: list[dict[str, object]], users: dict[str, str]
) -> Imported:
    there: dict[str, RegisterRow] = {}
    query = select(RegisterRow).where(RegisterRow.division == division, RegisterRow.pack == pack)
    for row in session.scalars(query.order_by(RegisterRow.since)):
        there[row.code] = row
    added = ended = unchanged = 0
    for one in rows:
        code, since = str(one["code"]), one["since"]
        # the file names the last day; a membership ends with it
        until = one["until"] + timedelta(days=1) if isinstance(one["until"], date) else None
        person = users.get(str(one["username"]).casefold())
        last = there.get(code)
        same = last is not None and (last.name, last.category, last.unit) == (
            one["name"], one["category"], one["unit"],
        )  # fmt: skip
        if last is not None and same and last.until in (None, until):
            last.until, last.person_id = until, person or last.person_id
            unchanged += 1
            continue
        if last is not None and isinstance(since, date):
            if since <= last.since:
                raise _too_early(code, since, last.since)
            if last.until is None or last.until > since:
                last.until = since
                ended += 1
        row = RegisterRow(id=new_id(), division=division, pack=pack, code=code, name=str(one["name"]),
                          category=str(one["category"]), unit=str(one["unit"]), person_id=person,
                          since=since, until=until)  # fmt: skip
        session.add(row)
        there[code] = row
        added += 1
    session.flush()
    return Imported(added, ended, unchanged)


def _too_early(code: str, since: date, last: date) -> Invalid:
    told = f"{code} 从 {last} 起已有别的归属，新的要从以后的日子开始。"
    rest = (str(since), told, "请改开始日期", "since_too_early")
    return Invalid("register_faulty", told, [RowFault("开始日期", told, None, "开始日期", *rest)])


def listed(
    session: Session, actor: Actor, division: str, pack: str, day: date, cursor: str | None, limit: int
) -> tuple[list[RegisterRow], str | None]:
    """The register of a division on a day, by code; raises NotFound outside the scope."""
    actor.at(Permission.ASSESSMENT_MANAGE, Place(division))
    query = select(RegisterRow).where(
        RegisterRow.division == division,
        RegisterRow.pack == pack,
        RegisterRow.since <= day,
        or_(RegisterRow.until.is_(None), RegisterRow.until > day),
    )
    if cursor:
        query = query.where(RegisterRow.code > decode_cursor(cursor, str)[0])
    rows = session.scalars(query.order_by(RegisterRow.code).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.code,))
