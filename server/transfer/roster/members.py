"""One row of a roster as one member, with every fault of its cells.

Owns the reading of a person: each cell by its rule, then what cells must agree on (id number, birth date,
sex,
kinship). Knows nothing of the household around it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

from server.transfer.columns import cell_fault, read_text
from server.transfer.faults import BadValue, Fault, Skip
from server.transfer.roster import remarks, values, words
from server.transfer.roster.columns import WELFARE_FIELDS
from server.transfer.roster.dates import Birth, read_birth
from server.transfer.roster.findings import Findings
from server.transfer.roster.idnumber import IdNumber, read_id_number
from server.transfer.roster.model import MemberFlag, Precision, RosterMember, Sex
from server.transfer.roster.rows import RosterRow
from server.transfer.table import CellError, CellValue

T = TypeVar("T")


@dataclass(slots=True)
class MemberReader:
    """Reads rows one after the other into the same findings."""

    today: date
    findings: Findings

    def read(self, row: RosterRow) -> RosterMember | None:
        """The member of a row; None when its name cannot be read (the fault says so)."""
        name = self.cell(row, "name", values.read_name)
        if name is None:
            if not row.text("name"):
                self._refuse(
                    row, "name", BadValue("no_name", "这一行没有姓名", "补上姓名，或删去这一行", Skip.ROW)
                )
            return None
        number = self.cell(row, "id_number", lambda value: read_id_number(value, self.today))
        birth, sex = self._birth(row, number), self._sex(row, number)
        kinship = self._kinship(row, sex)
        remark = self._remark(row)
        political, party = self._politics(row)
        return RosterMember(
            row=row.number,
            name=name,
            kinship=kinship,
            sex=sex,
            birth_date=birth.day if birth else None,
            birth_precision=birth.precision if birth else Precision.DAY,
            phone=self._phone(row),
            id_number=number.text if number else None,
            political=political,
            party_member=remark.party_member if party is None else party,
            flags=remark.flags | self._welfare(row),
            departure=remark.departure,
            remark=remark.text or None,
        )

    def cell(self, row: RosterRow, name: str, read: Callable[[CellValue], T | None]) -> T | None:
        """Read one cell by its rule; a refusal becomes a fault, a formula one with its computed value
        kept."""
        value = row.cells.get(name)
        if name in row.formulas:
            self._refuse(row, name, _formula(value))
        if value is None:
            return None
        if isinstance(value, CellError):
            self._refuse(
                row, name, BadValue("cell_error", f"这一格是 Excel 的错误值 {value.text}", "改成正确的内容")
            )
            return None
        if read_text(value) in words.NOTHING:
            return None
        try:
            return read(value)
        except BadValue as bad:
            self._refuse(row, name, bad)
            return None

    def _refuse(self, row: RosterRow, name: str, bad: BadValue) -> None:
        self.findings.faults.append(fault_at(row, name, bad))

    def _birth(self, row: RosterRow, number: IdNumber | None) -> Birth | None:
        """The birth date by the cell, completed or supplied by a valid id number; a contradiction is a
        fault."""
        birth = self.cell(row, "birth", lambda value: read_birth(value, self.today))
        if birth is not None:
            self.findings.fashions[birth.fashion] += 1
        if number is not None and birth is not None and not agrees(birth, number.birth_date):
            self._refuse(
                row,
                "birth",
                BadValue(
                    "birth_differs",
                    "和身份证号上的出生日期不一致",
                    "对照身份证改正其中一个（跳过则以身份证号为准）",
                ),
            )
            birth = None
        if number is not None and (birth is None or birth.precision is not Precision.DAY):
            self.findings.note("birth_from_id" if birth is None else "birth_completed", row.sheet, row.number)
            return Birth(number.birth_date, Precision.DAY, "身份证号")
        note = "birth_unknown" if birth is None else _PRECISION_NOTES.get(birth.precision)
        if note:
            self.findings.note(note, row.sheet, row.number)
        return birth

    def _sex(self, row: RosterRow, number: IdNumber | None) -> Sex | None:
        sex = self.cell(row, "sex", values.read_sex)
        if number is None:
            return sex
        if number.was_old:
            self.findings.note("old_id", row.sheet, row.number)
        if sex is None:
            self.findings.note("sex_from_id", row.sheet, row.number)
        elif sex is not number.sex:
            self._refuse(
                row,
                "sex",
                BadValue(
                    "sex_differs",
                    "和身份证号上的性别不一致",
                    "对照身份证改正其中一个（跳过则以身份证号为准）",
                ),
            )
        return number.sex

    def _kinship(self, row: RosterRow, sex: Sex | None) -> str | None:
        kinship = self.cell(row, "kinship", values.read_kinship)
        if kinship is None:
            return None
        if not values.is_known_kinship(kinship):
            self.findings.note("new_kinship", row.sheet, row.number)
        implied = values.kinship_sex(kinship)
        if sex is not None and implied is not None and implied is not sex:
            said = "男" if sex is Sex.MALE else "女"
            self._refuse(
                row,
                "kinship",
                BadValue("kinship_sex", f"“{kinship}”和性别“{said}”对不上", "改正其中一个", Skip.NOTHING),
            )
        return kinship

    def _phone(self, row: RosterRow) -> str | None:
        phones = self.cell(row, "phone", values.read_phones) or ()
        if len(phones) > 1:
            self.findings.note("more_phones", row.sheet, row.number)
        return phones[0] if phones else None

    def _politics(self, row: RosterRow) -> tuple[str | None, bool | None]:
        """Political status and party membership; a column 党员 alone says nothing of the rest."""
        political = self.cell(row, "political", values.read_political)
        if political is not None:
            return political, values.is_party_member(political)
        return None, self.cell(row, "party", values.read_party)

    def _welfare(self, row: RosterRow) -> frozenset[MemberFlag]:
        flags: frozenset[MemberFlag] = frozenset()
        for name in WELFARE_FIELDS:
            if name in row.cells:
                read = partial(values.read_welfare, title=row.header.titles[row.places[name]])
                flags |= self.cell(row, name, read) or frozenset()
        return flags

    def _remark(self, row: RosterRow) -> remarks.Remark:
        remark = self.cell(row, "remark", remarks.read_remark)
        if remark is None or not remark.text:
            return remarks.Remark("")
        self.findings.remark(remark.text, remarks.remark_meaning(remark), row.number)
        return remark


_PRECISION_NOTES = {Precision.MONTH: "birth_month", Precision.YEAR: "birth_year"}


def _formula(value: CellValue | None) -> BadValue:
    if value is None:
        return BadValue(
            "formula", "这一格是公式，而且没有算出结果", "填上内容，或复制后用“选择性粘贴→数值”粘回去"
        )
    return BadValue(
        "formula", "这一格是公式，不是填好的内容", "复制后用“选择性粘贴→数值”粘回去", Skip.NOTHING
    )


def agrees(birth: Birth, by_id: date) -> bool:
    """Whether a birth date, as far as it is stated, is the one in the id number."""
    if birth.day.year != by_id.year:
        return False
    if birth.precision is Precision.YEAR:
        return True
    return birth.day.month == by_id.month and (
        birth.precision is Precision.MONTH or birth.day.day == by_id.day
    )


def fault_at(row: RosterRow, name: str, bad: BadValue) -> Fault:
    """The fault of a row at one of its columns, or of the whole row when the roster has no such column."""
    index = row.places.get(name)
    subject = row.text("name").replace(" ", "") or row.text("head") or row.text("door")
    if index is None:
        return Fault(row.sheet, row.number, "", "", "", bad.code, bad.reason, bad.remedy, bad.skip, subject)
    fault = cell_fault(row.header, row.number, index, row.cells.get(name), bad)
    return replace(fault, subject=subject)
