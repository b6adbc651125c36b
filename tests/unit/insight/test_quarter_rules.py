"""What a quarter adds up to: worked by hand on a few households."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.cycles.calendar import Month
from server.insight.quarters.rules import (
    Counted,
    Figures,
    Happened,
    Mover,
    Quarter,
    as_json,
    figures,
    from_json,
    movers,
    sentences,
    share,
    together,
)

ROWS = (
    Counted("01", "乡村建设", "门前三包", 3, 600, 0),
    Counted("01", "社会治安", "乱停车", 1, 0, -150),
    Counted("02", "公益美德", "义务劳动", 2, 900, 0),
    Counted("09", "乡村建设", "门前三包", 1, 200, 0),  # no longer takes part
)


@pytest.mark.parametrize(
    ("month", "quarter"),
    [("2026-01", "2026-Q1"), ("2026-03", "2026-Q1"), ("2026-04", "2026-Q2"), ("2026-12", "2026-Q4")],
)
def test_a_month_belongs_to_its_quarter(month: str, quarter: str) -> None:
    assert str(Quarter.of(Month.parse(month))) == quarter


def test_a_quarter_has_three_months_and_one_before() -> None:
    assert [str(one) for one in Quarter(2026, 4).months()] == ["2026-10", "2026-11", "2026-12"]
    assert Quarter(2026, 1).before() == Quarter(2025, 4)
    assert Quarter(2026, 3).before() == Quarter(2026, 2)


@pytest.mark.parametrize("text", ["2026-Q0", "2026-Q5", "2026Q1", "26-Q1", "2026-Q1x", ""])
def test_what_is_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse(text)


def test_figures_of_a_village() -> None:
    found = figures({"01", "02", "03"}, ROWS, Happened({"03": 2}, {"02": 1}, {"02": 1}, {"01": 500, "02": 0}))
    assert (found.households, found.with_records, found.records) == (3, 2, 7)
    assert (found.added, found.deducted) == (1700, -150)
    assert [(one.name, one.added) for one in found.headings] == [
        ("公益美德", 900), ("乡村建设", 800), ("社会治安", 0)
    ]  # fmt: skip
    assert found.items[0] == ("门前三包", 4)
    assert (found.rejected, found.objections, found.upheld) == (2, 1, 1)
    assert (found.redeeming, found.redeemed) == (1, 500)


def test_a_township_is_the_sum_of_its_villages() -> None:
    one = figures({"01", "02"}, ROWS[:3], Happened({"01": 1}))
    other = figures({"09"}, ROWS[3:], Happened(redeemed={"09": 100}))
    both = together([one, other])
    assert both == figures({"01", "02", "09"}, ROWS, Happened({"01": 1}, redeemed={"09": 100}))


def test_who_gained_is_named_and_who_fell_is_counted() -> None:
    up, fell = movers({"01": 100, "02": 500, "03": 0}, {"01": 300, "02": 100, "04": 50, "03": 0})
    assert up == (Mover("01", 100, 300), Mover("04", 0, 50))
    assert fell == 1


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(0, 0, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1), (5, 5, 100)]
)
def test_shares(part: int, whole: int, percent: int) -> None:
    assert share(part, whole) == percent


def test_the_plain_words() -> None:
    found = figures({"01", "02", "03"}, ROWS, Happened())
    said = sentences("大槐树村", Quarter(2026, 3), found)
    assert said[0] == ("2026 年第三季度，大槐树村参加 3 户，其中 2 户有记录（67%）。没有记录不等于没有做。")
    assert said[1] == "共 7 条记录，加 17.00 分，扣 1.50 分；公益美德加得最多，占加分的 53%。"
    assert sentences("大槐树村", Quarter(2026, 3), Figures())[1] == "这个季度没有计分的记录。"


_AMOUNT = st.integers(0, 10**7)
_ROW = st.builds(
    Counted,
    st.sampled_from(["01", "02", "03"]),
    st.sampled_from(["甲", "乙"]),
    st.sampled_from(["一", "二", "三"]),
    st.integers(1, 50),
    _AMOUNT,
    _AMOUNT.map(int.__neg__),
)


@given(st.lists(_ROW, max_size=20), st.dictionaries(st.sampled_from(["01", "02"]), _AMOUNT))
def test_what_is_kept_is_what_was_counted(rows: list[Counted], spent: dict[str, int]) -> None:
    found = figures({"01", "02", "03"}, rows, Happened(redeemed=spent))
    assert from_json(as_json(found)) == found
    assert sum(one.added for one in found.headings) == found.added
