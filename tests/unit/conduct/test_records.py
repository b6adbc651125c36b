"""Which records are refused, with which code and sentence; plates; the table of states; content hashes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from server.conduct.rules import (
    COUNTING,
    TRANSITIONS,
    HouseholdStanding,
    PlateState,
    RecordContent,
    RecordFacts,
    RecordStatus,
    check_record,
    content_hash,
    may_become,
    plate_state,
    undo_open,
)
from server.rulebook.api import Cap, CapPeriod, Item
from tests.rulebooks import small_rulebook

D = Decimal
TODAY = date(2026, 9, 14)
NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
ITEMS = {item.code: item for item in small_rulebook().items}
WORKER = frozenset({"grid_worker"})
VILLAGER = frozenset({"villager"})


def facts(code: str = "J1", points: str = "3", **more: Any) -> RecordFacts:
    """A record that is accepted, but for what a test changes."""
    fine = RecordFacts(code, ITEMS.get(code), D(points), TODAY, TODAY, WORKER)
    return replace(fine, **more)


def refused(given: RecordFacts) -> list[str]:
    return [refusal.code for refusal in check_record(given)]


ACCEPTED = [
    facts(),
    facts(plate=PlateState.IN_FORCE),
    facts(points="2"),
    facts(points="5.0"),
    facts(occurred_on=TODAY - timedelta(days=14)),
    facts(photos=9),
    facts(counted={Cap(4, CapPeriod.MONTH): 3}),
    facts("J2", "1", counted={Cap(1, CapPeriod.DAY): 0, Cap(10, CapPeriod.MONTH): 9}),
    facts("J3", "10", photos=1),
    facts("J4", "3", has_place=True),
    facts("F1", "-1.5"),
    facts("V1", "-10", roles=frozenset({"committee_member"})),
    facts(roles=VILLAGER, declaration=True),
    facts(roles=WORKER | VILLAGER, declaration=True),
    facts(on_behalf=True, photos=1),
    facts(roles=VILLAGER | {"committee_head"}),
]


@pytest.mark.parametrize("given", ACCEPTED)
def test_accepted(given: RecordFacts) -> None:
    assert check_record(given) == []


REFUSED = [
    (facts(plate=PlateState.UNKNOWN), "unknown_plate", "plate", "门牌"),
    (facts(plate=PlateState.REVOKED), "plate_revoked", "plate", "换过"),
    (facts(in_own_grids=False), "household_outside_grids", "household", "不在您的网格"),
    (facts(standing=HouseholdStanding.DECLINED), "household_out_of_programme", "household", "不参加积分"),
    (facts(standing=HouseholdStanding.ENDED), "household_out_of_programme", "household", "销户"),
    (facts(item_applies=False), "household_exempt", "item", "“清扫门前道路”不适用"),
    (facts("J9"), "item_not_in_force", "item", "2026年9月14日本村细则里没有 J9"),
    (facts(points="1.5"), "points_out_of_range", "points", "可加 2 到 5 分，填的是 1.5 分"),
    (facts(points="6"), "points_out_of_range", "points", "填的是 6 分"),
    (facts(points="-3"), "points_out_of_range", "points", "填的是 -3 分"),
    (facts("F1", "1"), "points_out_of_range", "points", "扣 1 到 5 分"),
    (facts("F2", "-1"), "points_out_of_range", "points", "扣 2 分"),
    (facts(points="3.25"), "points_off_step", "points", "从 2 分起一格 0.5 分，没有 3.25 分"),
    (facts(counted={Cap(4, CapPeriod.MONTH): 4}), "cap_exceeded", "item", "每月 4 次封顶，这一户已记 4 次"),
    (facts("J2", "1", counted={Cap(1, CapPeriod.DAY): 1}), "cap_exceeded", "item", "每天 1 次封顶"),
    (facts("J5", "5", counted={Cap(1, CapPeriod.YEAR): 1}), "cap_exceeded", "item", "每年 1 次"),
    (facts(occurred_on=TODAY + timedelta(days=1)), "date_in_future", "occurred_on", "2026年9月15日还没到"),
    (facts(occurred_on=TODAY - timedelta(days=15)), "date_too_old", "occurred_on", "超过 14 天"),
    (facts("J3", "10"), "photo_missing", "photos", "要一张照片"),
    (facts(on_behalf=True), "photo_missing", "photos", "签字单"),
    (facts(photos=10), "too_many_photos", "photos", "最多 9 张，现在有 10 张"),
    (facts("J4", "3"), "place_missing", "location", "地点"),
    (facts("J3", "10", photos=1, roles=VILLAGER, declaration=True), "not_declarable", "item", "不能自己申报"),
    (facts("J3", "10", photos=1, on_behalf=True), "not_declarable", "item", "不能自己申报"),
    (facts(roles=VILLAGER), "may_not_log", "item", "由网格员、网格长、总网格长、村委会委员、村委会主任记录"),
    (facts(roles=frozenset({"keeper"})), "may_not_log", "item", "您的身份不能记"),
    (facts(declaration=True), "may_not_log", "item", "只能申报自己家的事"),
    (facts(on_behalf=True, photos=1, roles=VILLAGER), "may_not_log", "item", "网格员或村干部"),
    (facts("V1", "-10"), "may_not_log", "item", "由村委会委员、村委会主任记录"),
]


@pytest.mark.parametrize(("given", "code", "field", "said"), REFUSED)
def test_refused(given: RecordFacts, code: str, field: str, said: str) -> None:
    (refusal,) = check_record(given)
    assert (refusal.code, refusal.field) == (code, field)
    assert said in refusal.message and refusal.message.endswith("。")


def test_everything_wrong_at_once_in_a_fixed_order() -> None:
    lone = replace(ITEMS["J3"], place_required=True)
    given = facts("J3", "99", item=lone, plate=PlateState.REVOKED, in_own_grids=False, item_applies=False,
                  standing=HouseholdStanding.ENDED, counted={Cap(1, CapPeriod.YEAR): 1}, declaration=True,
                  occurred_on=TODAY + timedelta(days=1))  # fmt: skip
    assert refused(given) == [
        "plate_revoked",
        "household_outside_grids",
        "household_out_of_programme",
        "household_exempt",
        "points_out_of_range",
        "cap_exceeded",
        "date_in_future",
        "photo_missing",
        "place_missing",
        "not_declarable",
        "may_not_log",
    ]


def test_an_unknown_plate_says_nothing_about_any_household() -> None:
    given = facts(plate=PlateState.UNKNOWN, in_own_grids=False, standing=HouseholdStanding.ENDED)
    assert refused(given) == ["unknown_plate"]


def test_without_an_item_the_date_and_the_photos_are_still_judged() -> None:
    given = facts("J9", occurred_on=TODAY - timedelta(days=20), photos=12)
    assert refused(given) == ["item_not_in_force", "date_too_old", "too_many_photos"]


def test_every_cap_that_is_full_is_named() -> None:
    full = facts("J2", "1", counted={Cap(1, CapPeriod.DAY): 1, Cap(10, CapPeriod.MONTH): 10})
    assert [refusal.code for refusal in check_record(full)] == ["cap_exceeded"] * 2


def test_an_item_that_only_its_household_declares_says_so() -> None:
    own: Item = replace(ITEMS["J1"], loggers=frozenset())
    (refusal,) = check_record(facts(item=own))
    assert refusal.code == "may_not_log" and "只由本户申报" in refusal.message


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("known", "revoked_at", "device_time", "state"),
    [
        (False, None, None, "unknown"),
        (True, None, None, "in_force"),
        (True, NOW - DAY, None, "revoked"),
        (True, NOW - DAY, NOW - 2 * DAY, "in_force"),  # scanned offline before the plate was replaced
        (True, NOW - 2 * DAY, NOW - DAY, "revoked"),
        (True, NOW - DAY, NOW - DAY, "revoked"),
        (True, NOW - DAY, NOW - 30 * DAY, "revoked"),  # a clock that far back is not believed
        (True, NOW - DAY, NOW + DAY, "revoked"),
        (True, NOW + DAY, NOW, "in_force"),
    ],
)
def test_plates(known: bool, revoked_at: datetime | None, device_time: datetime | None, state: str) -> None:
    assert plate_state(known, revoked_at, device_time, NOW) == state


def test_undo_is_offered_for_thirty_seconds() -> None:
    assert undo_open(NOW, NOW + timedelta(seconds=30))
    assert not undo_open(NOW, NOW + timedelta(seconds=31))


def test_the_states_of_the_contract() -> None:
    names = "recorded submitted approved rejected tallied on_notice posted withdrawn reversed"
    assert [status.value for status in RecordStatus] == names.split()


def test_every_state_is_reached_and_ends_are_ends() -> None:
    reached, rim = {RecordStatus.RECORDED}, {RecordStatus.RECORDED}
    while rim:
        rim = {step.target for step in TRANSITIONS if step.source in rim} - reached
        reached |= rim
    assert reached == set(RecordStatus)
    ends = set(RecordStatus) - {step.source for step in TRANSITIONS}
    assert ends == {RecordStatus.WITHDRAWN, RecordStatus.REJECTED, RecordStatus.REVERSED}


def test_no_transition_beside_the_table() -> None:
    table = {(step.source, step.target) for step in TRANSITIONS}
    assert len(table) == len(TRANSITIONS) == len({step.act for step in TRANSITIONS})
    for source in RecordStatus:
        for target in RecordStatus:
            assert may_become(source, target) is ((source, target) in table)
    assert not may_become(RecordStatus.SUBMITTED, RecordStatus.WITHDRAWN), "after submission only the panel"
    assert not may_become(RecordStatus.POSTED, RecordStatus.REJECTED), "after posting only a reversal"


def test_what_was_withdrawn_rejected_or_reversed_takes_no_place_under_a_cap() -> None:
    gone = {RecordStatus.WITHDRAWN, RecordStatus.REJECTED, RecordStatus.REVERSED}
    assert set(RecordStatus) - gone == COUNTING


CONTENT = RecordContent("9901011012010001", "J1", D("3"), TODAY, note="扫净了", photos=("a", "b"),
                        location=(D("38.6900"), D("115.7700")))  # fmt: skip


def test_equal_content_has_an_equal_hash_however_its_numbers_were_written() -> None:
    again = replace(CONTENT, points=D("3.00"), location=(D("38.69"), D("115.77")))
    assert content_hash(again) == content_hash(CONTENT)
    assert len(content_hash(CONTENT)) == 64


@pytest.mark.parametrize(
    "change",
    [
        {"household": "9901011012010002"},
        {"item": "J2"},
        {"points": D("3.5")},
        {"occurred_on": TODAY - DAY},
        {"note": "扫净了。"},
        {"member": "m"},
        {"photos": ("b", "a")},
        {"photos": ()},
        {"location": None},
        {"on_behalf": True},
        {"group": "g"},
    ],
)
def test_other_content_has_another_hash(change: dict[str, Any]) -> None:
    assert content_hash(replace(CONTENT, **change)) != content_hash(CONTENT)


def test_the_hash_never_changes_between_releases() -> None:
    """Stored hashes are compared with new ones.

    A change of the canonical form would turn repeats into conflicts.
    """
    plain = RecordContent("9901011012010001", "J1", D("3"), TODAY)
    assert content_hash(plain) == "6db72dbd2d019c7762f32c417613f9c498db6dc38fa94aed514a7d665a04d881"
