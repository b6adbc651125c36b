"""A second import: what it would add, change and miss, and what a person must confirm first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from server.kit.errors import Invalid
from server.transfer.roster.codes import assign_codes
from server.transfer.roster.model import (
    Departure,
    ExistingHousehold,
    ExistingMember,
    HouseholdFlag,
    HouseholdKind,
    LeftOut,
    MatchedBy,
    MemberFlag,
    Precision,
    RosterHousehold,
    RosterMember,
    RosterReading,
    Sex,
    Understood,
)
from server.transfer.roster.plan import plan_changes
from server.transfer.roster.report import describe_changes

VILLAGE = "990101101201"
BORN = date(1966, 1, 12)


def code(serial: int) -> str:
    return f"{VILLAGE}{serial:04d}"


def member(name: str, kinship: str | None = "户主", **more: object) -> RosterMember:
    known = {"row": 2, "sex": Sex.MALE, "birth_date": BORN, **more}
    return RosterMember(name=name, kinship=kinship, **known)  # type: ignore[arg-type]


def house(
    serial: int | None, door: str | None, head: str, *members: RosterMember, **more: object
) -> RosterHousehold:
    return RosterHousehold(
        "",
        2,
        code(serial) if serial else None,
        door,
        head,
        members or (member(head),),
        **more,  # type: ignore[arg-type]
    )


def known(
    serial: int, door: str | None, head: str, *members: ExistingMember, **more: object
) -> ExistingHousehold:
    people = members or (ExistingMember(f"{serial}-1", head, "户主", Sex.MALE, BORN),)
    return ExistingHousehold(code(serial), door, head, people, **more)  # type: ignore[arg-type]


def reading(*households: RosterHousehold, left_out: tuple[LeftOut, ...] = ()) -> RosterReading:
    return RosterReading(VILLAGE, Understood(), households, (), left_out)


def test_the_same_file_again_changes_nothing() -> None:
    plan = plan_changes(
        [known(1, "1号", "张三"), known(2, "2号", "王五")],
        reading(house(1, "1号", "张三"), house(2, "2号", "王五")),
    )
    assert (len(plan.unchanged), plan.nothing_to_do, plan.to_confirm, plan.missing) == (2, True, (), ())


def test_additions_changes_and_missing_households_by_code() -> None:
    plan = plan_changes(
        [known(1, "1号", "张三", kind=HouseholdKind.GENERAL), known(2, "2号", "王五")],
        reading(house(1, "1号", "张三", kind=HouseholdKind.DISABLED), house(3, "3号", "赵六")),
    )
    assert [h.code for h in plan.additions] == [code(3)]
    assert [h.code for h in plan.missing] == [code(2)]
    assert [(c.field, c.old, c.new) for c in plan.changed[0].changes] == [
        ("kind", HouseholdKind.GENERAL, HouseholdKind.DISABLED)
    ]
    assert describe_changes(plan.changed[0]) == [f"{code(1)}　1号　张三：户类型 一般户 → 残疾人家庭"]


@pytest.mark.parametrize(
    ("field", "old", "new", "changes"),
    [
        ("phone", "19900000001", "19900000002", ["phone"]),
        ("phone", "19900000001", None, []),
        ("phone", None, "19900000002", ["phone"]),
        ("birth_date", BORN, date(1966, 1, 13), ["birth_date"]),
        ("political", "群众", "中共党员", ["political"]),
        ("kinship", "户主", "户主", []),
    ],
)
def test_a_member_changes_field_by_field_and_empty_cells_erase_nothing(
    field: str, old: object, new: object, changes: list[str]
) -> None:
    before = replace(ExistingMember("k", "张三", "户主", Sex.MALE, BORN), **{field: old})  # type: ignore[arg-type]
    after = replace(member("张三"), **{field: new})  # type: ignore[arg-type]
    plan = plan_changes([known(1, "1号", "张三", before)], reading(house(1, "1号", "张三", after)))
    found = [change.field for match in plan.changed for m in match.members_changed for change in m.changes]
    assert found == changes


def test_a_birth_month_agrees_with_a_known_birth_day() -> None:
    stated = member("张三", birth_date=date(1966, 1, 1), birth_precision=Precision.MONTH)
    assert plan_changes([known(1, "1号", "张三")], reading(house(1, "1号", "张三", stated))).nothing_to_do


def test_members_come_die_and_go_missing() -> None:
    before = known(
        1, "1号", "张三",
        ExistingMember("a", "张三", "户主", Sex.MALE, BORN),
        ExistingMember("b", "李四", "配偶"),
        ExistingMember("c", "张大", "长子"),
    )  # fmt: skip
    gone = member("李四", "配偶", birth_date=None, departure=Departure.DECEASED)
    after = house(1, "1号", "张三", member("张三"), member("张二", "次子"), departed=(gone,))
    match = plan_changes([before], reading(after)).changed[0]
    assert [person.name for person in match.members_added] == ["张二"]
    assert [old.key for old, _ in match.members_departed] == ["b"]
    assert [old.key for old in match.members_missing] == ["c"]


def test_brothers_of_one_name_keep_their_own_rows() -> None:
    one, two = date(1990, 1, 1), date(1992, 1, 1)
    before = known(
        1, "1号", "张三",
        ExistingMember("a", "张小", "长子", Sex.MALE, one),
        ExistingMember("b", "张小", "次子", Sex.MALE, two),
    )  # fmt: skip
    after = house(
        1,
        "1号",
        "张三",
        member("张小", "次子", birth_date=two, phone="1"),
        member("张小", "长子", birth_date=one),
    )
    match = plan_changes([before], reading(after)).changed[0]
    assert [change.existing.key for change in match.members_changed] == ["b"]


def test_flags_are_added_and_never_taken_away() -> None:
    before = ExistingMember("k", "张三", "户主", Sex.MALE, BORN, flags=frozenset({MemberFlag.DISABLED}))
    after = member("张三", flags=frozenset({MemberFlag.AWAY_FOR_WORK}))
    match = plan_changes([known(1, "1号", "张三", before)], reading(house(1, "1号", "张三", after))).changed[
        0
    ]
    assert match.members_changed[0].changes[0].new == {MemberFlag.DISABLED, MemberFlag.AWAY_FOR_WORK}


def test_a_dead_head_on_the_roster_does_not_come_back() -> None:
    flags = frozenset({HouseholdFlag.HEAD_DEPARTED, HouseholdFlag.NOBODY_LEFT})
    dead = member("张三", departure=Departure.DECEASED)
    after = replace(house(1, "1号", "张三", flags=flags, departed=(dead,)), members=())
    before = replace(known(1, "1号", "张大"), members=())
    assert plan_changes([before], reading(after)).nothing_to_do


def test_without_a_code_door_and_head_match_and_wait_for_a_person() -> None:
    plan = plan_changes([known(7, "１２号", "张 三")], reading(house(None, "12号", "张三")))
    assert [(m.existing.code, m.by) for m in plan.to_confirm] == [(code(7), MatchedBy.DOOR_AND_HEAD)]


@pytest.mark.parametrize(
    ("existing", "door", "head", "candidates"),
    [
        ([known(1, "1号", "张三")], "1号", "张小三", [code(1)]),
        ([known(1, "1号", "张三")], "9号", "张三", [code(1)]),
        ([known(1, "1号", "张三"), known(2, "1号", "张三")], "1号", "张三", [code(1), code(2)]),
        ([known(1, "1号", "张三")], "9号", "王五", []),
    ],
)
def test_near_matches_are_for_a_person_to_decide(
    existing: list[ExistingHousehold], door: str, head: str, candidates: list[str]
) -> None:
    plan = plan_changes(existing, reading(house(None, door, head)))
    found = [candidate.code for doubt in plan.ambiguous for candidate in doubt.candidates]
    assert found == candidates
    assert len(plan.additions) == (0 if candidates else 1)
    assert not {h.code for h in plan.missing} & set(candidates)


def test_a_namesake_elsewhere_is_no_doubt_when_he_has_his_own_row() -> None:
    plan = plan_changes(
        [known(1, "1号", "张三")], reading(house(None, "1号", "张三"), house(None, "2号", "张三"))
    )
    assert (len(plan.to_confirm), len(plan.additions), plan.ambiguous) == (1, 1, ())


def test_a_household_left_out_for_a_fault_is_not_missing() -> None:
    gone = LeftOut(code(1), None, "1号", "张三")
    assert plan_changes([known(1, "1号", "张三")], reading(left_out=(gone,))).missing == ()


def test_codes_go_on_after_the_highest_and_never_come_twice() -> None:
    listed = assign_codes(
        VILLAGE, [house(None, "1号", "张三"), house(8, "2号", "王五"), house(None, "3号", "赵六")], {code(5)}
    )
    assert [h.code for h in listed] == [code(9), code(8), code(10)]


def test_gaps_are_used_only_when_the_end_is_reached() -> None:
    taken = {code(serial) for serial in range(1, 10_000) if serial != 4_711}
    assert assign_codes(VILLAGE, [house(None, "1号", "张三")], taken)[0].code == code(4_711)
    with pytest.raises(Invalid) as full:
        assign_codes(VILLAGE, [house(None, "1号", "张三"), house(None, "2号", "王五")], taken)
    assert full.value.code == "village_full"
