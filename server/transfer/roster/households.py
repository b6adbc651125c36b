"""Blocks of rows as households: who is the head, who stands there twice, which codes and doors clash.

Owns the rules between the rows of one household and between households; cells are read in `members.py`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from server.transfer.faults import BadValue, Skip
from server.transfer.roster import values, words
from server.transfer.roster.blocks import Block, is_head_row
from server.transfer.roster.findings import Findings
from server.transfer.roster.members import MemberReader, fault_at
from server.transfer.roster.model import (
    HouseholdFlag,
    HouseholdKind,
    LeftOut,
    MemberFlag,
    RosterHousehold,
    RosterMember,
)
from server.transfer.roster.rows import RosterRow


@dataclass(slots=True)
class HouseholdReader:
    """Reads the blocks of one roster in order; remembers what must not occur twice."""

    village_code: str
    members: MemberReader
    findings: Findings
    own_codes: bool
    village_name: str | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    _people: dict[str, tuple[RosterRow, RosterMember, Block]] = field(default_factory=dict)
    _codes: dict[str, Block] = field(default_factory=dict)
    _doors: dict[tuple[str, str], Block] = field(default_factory=dict)

    def read(self, block: Block) -> RosterHousehold | None:
        """The household of a block; None when it cannot be accepted as a household (the fault says why)."""
        people = self._members(block)
        try:
            self._check_village(block)
            code = self._code(block)
            head = self._head(block, people)
        except _Refused:
            self.left_out.append(_left_out(block, self.own_codes))
            return None
        door = self._door(block)
        return self._household(block, people, code, door, head)

    def _household(
        self, block: Block, people: list[RosterMember], code: str | None, door: str | None, head: RosterMember
    ) -> RosterHousehold:
        living = tuple(_with_head(person, head) for person in people if person.departure is None)
        departed = tuple(_with_head(person, head) for person in people if person.departure is not None)
        return RosterHousehold(
            sheet=block.first.sheet,
            row=block.first.number,
            code=code,
            door=door,
            head_name=head.name,
            members=living,
            departed=departed,
            group=self._first(block, "group"),
            address=self._first(block, "address"),
            grid=self._first(block, "grid"),
            kind=self._kind(block),
            flags=self._flags(block, living, head),
        )

    def _members(self, block: Block) -> list[RosterMember]:
        people: list[RosterMember] = []
        for row in block.rows:
            person = self.members.read(row)
            if person is None:
                continue
            twin = next((other for other in people if same_person(other, person)), None)
            if twin is not None:
                self._refuse(row, "name", _pasted_twice(twin.row))
                continue
            kept = self._check_id_elsewhere(row, person, block)
            if kept is not None:
                people.append(kept)
        return people

    def _check_id_elsewhere(self, row: RosterRow, person: RosterMember, block: Block) -> RosterMember | None:
        """Refuse a person, or only the number, when the id number stands in another row; None: the row
        goes."""
        if person.id_number is None:
            return person
        first = self._people.setdefault(person.id_number, (row, person, block))
        if first[1] is person:
            return person
        if first[1].name == person.name:
            self._refuse(row, "name", _pasted_twice(first[0].number, first[2] is not block))
            return None
        bad = BadValue("id_twice", f"和第 {first[0].number} 行另一个人的号码相同", "对照身份证改正其中一个")
        self._refuse(row, "id_number", bad)
        return replace(person, id_number=None)

    def _check_village(self, block: Block) -> None:
        said = block.first.text("village")
        if said and self.village_name and said != self.village_name:
            bad = BadValue(
                "other_village",
                f"这一户写的是“{said}”，其余的是“{self.village_name}”",
                "核对是不是放错了名册",
                Skip.HOUSEHOLD,
            )
            self._refuse(block.first, "village", bad)
            raise _Refused

    def _code(self, block: Block) -> str | None:
        row = next((row for row in block.rows if row.text("code")), block.first)
        if not self.own_codes:
            return None
        before = len(self.findings.faults)
        code = self.members.cell(row, "code", lambda value: values.read_code(value, self.village_code))
        if any(fault.skip is Skip.HOUSEHOLD for fault in self.findings.faults[before:]):
            raise _Refused
        if code is None:
            return None
        first = self._codes.setdefault(code, block)
        if first is not block:
            what = "门牌" if first.identity.get("door") != block.identity.get("door") else "户主"
            bad = BadValue(
                "code_twice",
                f"户编号和第 {first.first.number} 行相同，{what}却不同",
                "改正编号或门牌、户主",
                Skip.HOUSEHOLD,
            )
            self._refuse(row, "code", bad)
            raise _Refused
        return code

    def _door(self, block: Block) -> str | None:
        row = next((row for row in block.rows if row.text("door")), block.first)
        door = self.members.cell(row, "door", values.read_label)
        if door is None:
            if "door" in block.first.places:
                bad = BadValue("no_door", "这一户没有门牌", "补上门牌；真没有的可以照原样导入", Skip.NOTHING)
                self._refuse(block.first, "door", bad)
            return None
        key = (block.identity.get("group", ""), values.door_key(door))
        first = self._doors.setdefault(key, block)
        if first is not block:
            bad = BadValue(
                "door_twice",
                f"门牌和第 {first.first.number} 行的另一户相同",
                "改正门牌；确是同一门牌住两户的，可以照原样导入",
                Skip.NOTHING,
            )
            self._refuse(row, "door", bad)
        return door

    def _head(self, block: Block, people: list[RosterMember]) -> RosterMember:
        """The head: the row that says 户主, or the one named in the column 户主, or the first where neither
        exists."""
        said = self._first(block, "head")
        heads = [person for person in people if person.kinship == words.HEAD]
        if len(heads) > 1:
            reason = f"这一户有两个户主（另一个在第 {heads[0].row} 行）"
            row = _row(block, heads[1].row)
            self._refuse_household(row, "kinship", "two_heads", reason, "一户只留一个户主，或分成两户")
        if heads:
            if said and not _same_name(said, heads[0].name):
                bad = BadValue(
                    "head_differs",
                    f"户主一列写的是“{said}”，关系为户主的是“{heads[0].name}”",
                    "改成一致",
                    Skip.NOTHING,
                )
                self._refuse(_row(block, heads[0].row), "head", bad)
            return heads[0]
        named = next((person for person in people if said and _same_name(said, person.name)), None)
        if named is not None:
            return named
        if people and not said and "kinship" not in block.first.places:
            return people[0]
        return self._no_head(block, said)

    def _no_head(self, block: Block, said: str | None) -> RosterMember:
        broken = next((row.number for row in block.rows if is_head_row(row)), None)
        if broken is not None:
            reason = f"这一户的户主（第 {broken} 行）有错，整户没法导入"
        else:
            reason = f"户主“{said}”不在这一户的成员里" if said else "这一户没有户主"
        self._refuse_household(block.first, "kinship", "no_head", reason, "把其中一人的与户主关系写成“户主”")
        raise AssertionError("unreachable")

    def _kind(self, block: Block) -> HouseholdKind | None:
        row = next((row for row in block.rows if row.text("kind")), block.first)
        return self.members.cell(row, "kind", values.read_kind)

    def _flags(
        self, block: Block, living: tuple[RosterMember, ...], head: RosterMember
    ) -> frozenset[HouseholdFlag]:
        flags = set()
        row = block.first
        if head.departure is not None:
            flags.add(HouseholdFlag.HEAD_DEPARTED)
        if not living:
            flags.add(HouseholdFlag.NOBODY_LEFT)
        by_kind = any(row.text("kind") in words.REGISTERED_ONLY_KINDS for row in block.rows)
        if by_kind or is_registered_only(living, head):
            flags.add(HouseholdFlag.REGISTERED_ONLY)
        for flag in flags:
            self.findings.note(flag.value, row.sheet, row.number)
        return frozenset(flags)

    def _first(self, block: Block, name: str) -> str | None:
        """The household's value of a column: the first row that has one."""
        row = next((row for row in block.rows if row.text(name)), None)
        return self.members.cell(row, name, values.read_label) if row is not None else None

    def _refuse(self, row: RosterRow, name: str, bad: BadValue) -> None:
        self.findings.faults.append(fault_at(row, name, bad))

    def _refuse_household(self, row: RosterRow, name: str, code: str, reason: str, remedy: str) -> None:
        self._refuse(row, name, BadValue(code, reason, remedy, Skip.HOUSEHOLD))
        raise _Refused


class _Refused(Exception):
    """The household is left out; its fault is already noted."""


def _with_head(person: RosterMember, head: RosterMember) -> RosterMember:
    """The same person, called 户主 when that is who the head is and the roster has no word for it."""
    return replace(person, kinship=words.HEAD) if person is head and person.kinship is None else person


def _row(block: Block, number: int) -> RosterRow:
    return next(row for row in block.rows if row.number == number)


def _pasted_twice(row: int, elsewhere: bool = False) -> BadValue:
    where = "（在另一户）" if elsewhere else ""
    return BadValue("pasted_twice", f"和第 {row} 行{where}是同一个人，重复了", "删去多余的一行", Skip.ROW)


def _same_name(one: str, other: str) -> bool:
    return re.sub(r"[\s·.]", "", one) == re.sub(r"[\s·.]", "", other)


def _left_out(block: Block, own_codes: bool) -> LeftOut:
    said = block.identity
    row = next((row for row in block.rows if row.text("door")), block.first)
    return LeftOut(
        code=said.get("code") if own_codes else None,
        group=said.get("group"),
        door=row.text("door") or None,
        head_name=said.get("head") or block.head_row_name,
    )


def same_person(one: RosterMember, other: RosterMember) -> bool:
    """Whether two rows of one household are the same person: by id number, else by name and birth date.

    Two of a name with different birth dates are two people (brothers of one name exist in every county).
    """
    if one.id_number and other.id_number:
        return one.id_number == other.id_number and one.name == other.name
    if one.name != other.name or (one.sex and other.sex and one.sex is not other.sex):
        return False
    if one.birth_date and other.birth_date:
        return one.birth_date == other.birth_date
    return one.kinship == other.kinship


def is_registered_only(living: tuple[RosterMember, ...], head: RosterMember) -> bool:
    """空挂户: said of the head, or of every living member."""
    mark = MemberFlag.REGISTERED_ONLY
    return (head.departure is None and mark in head.flags) or (
        bool(living) and all(mark in person.flags for person in living)
    )


def usual_village(rows: Iterable[RosterRow]) -> str | None:
    """The village that most rows of a column 村 name; None without such a column."""
    named = Counter(text for row in rows if (text := row.text("village")))
    return named.most_common(1)[0][0] if named else None
