"""The sentences of the month, as tables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from server.settlement.notices import signed
from server.settlement.ranking import places, shown
from server.settlement.rules import alone, desensitised, is_minor, majority, notice_days_fault, shown_name


@pytest.mark.parametrize(
    ("votes", "members", "carried"),
    [(0, 0, False), (1, 1, True), (1, 2, False), (2, 3, True), (2, 4, False), (3, 4, True), (3, 5, True)],
)
def test_a_majority_is_more_than_half_of_all_members(votes: int, members: int, carried: bool) -> None:
    assert majority(votes, members) is carried


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("王小明", "王**"),
        ("王明", "王**"),
        ("欧阳锋", "欧**"),
        (" 李四 ", "李**"),
        ("买买提·吐尔逊", "买**"),
        ("", ""),
    ],
)
def test_a_masked_name_tells_neither_length_nor_given_name(name: str, masked: str) -> None:
    assert desensitised(name) == masked


@pytest.mark.parametrize(
    ("born", "day", "minor"),
    [
        (date(2008, 10, 14), date(2026, 10, 13), True),
        (date(2008, 10, 13), date(2026, 10, 13), False),
        (date(2008, 2, 29), date(2026, 2, 28), True),
        (date(2008, 2, 29), date(2026, 3, 1), False),
        (None, date(2026, 10, 13), False),
    ],
)
def test_a_minor_is_under_18_on_the_day(born: date | None, day: date, minor: bool) -> None:
    assert is_minor(born, day) is minor
    assert shown_name("孙苗", born, day) == ("" if minor else "孙**")


@pytest.mark.parametrize(("days", "fault"), [(6, True), (7, False), (30, False), (60, False), (61, True)])
def test_a_notice_lasts_at_least_as_long_as_the_setting(days: int, fault: bool) -> None:
    assert (notice_days_fault(days, 7) is not None) is fault


@pytest.mark.parametrize(
    ("resolvers", "by_itself"), [(["a"], True), ([], True), (["a", "b"], False), (["b"], False)]
)
def test_who_publishes_is_not_alone_in_resolving(resolvers: list[str], by_itself: bool) -> None:
    assert alone("a", resolvers) is by_itself


@pytest.mark.parametrize(
    ("points", "text"),
    [("4", "+4.00"), ("-1.5", "−1.50"), ("0", "0.00"), ("-0.00", "0.00"), ("1234.5", "+1234.50")],
)
def test_points_show_their_sign(points: str, text: str) -> None:
    assert signed(Decimal(points)) == text


def test_equal_points_share_a_place_and_the_first_ten_places_are_shown() -> None:
    rows = [(f"h{number:02}", Decimal(points)) for number, points in enumerate([5, 9, 5, 1, 9, 7])]
    assert [(place.rank, place.household) for place in places(rows)] == [
        (1, "h01"), (1, "h04"), (3, "h05"), (4, "h00"), (4, "h02"), (6, "h03"),
    ]  # fmt: skip
    twelve = places([(f"h{number:02}", Decimal(number)) for number in range(12)])
    assert [place.household for place in shown(twelve, "first_ten")] == [f"h{n:02}" for n in range(11, 1, -1)]
    shared = places([(f"h{number:02}", Decimal(number // 3)) for number in range(12)])
    assert len(shown(shared, "first_ten")) == 12  # the tenth place is shared by three
    assert shown(twelve, "own") == shown(twelve, "off") == []
    assert shown(twelve, "all") == twelve
