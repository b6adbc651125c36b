"""Each method with its worked example, from the sources where they give figures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction as F

import pytest

from server.assessment.exact import fixed, parse_decimal, trimmed
from server.assessment.methods import (
    LicenceEvent,
    by_threshold,
    capped_by_kind,
    date_order,
    highest_of_each_kind,
    licence_moves,
    mean,
    mean_ranks,
    rank_coefficient,
    ranks,
    rater_mean,
    sum_with_base_and_caps,
    weighted_mean,
    within_quota,
)


def numbers(*texts: str) -> list[F]:
    return [F(text) for text in texts]


@pytest.mark.parametrize(
    ("rank", "coefficient"),
    [(1, "1.025"), (2, "1.02"), (3, "1.015"), (4, "1.01"), (5, "1.005"), (6, "1"), (7, "0.995"), (8, "0.99"),
     (9, "0.985"), (10, "0.98"), (11, "0.975")],
)  # fmt: skip
def test_eleven_towns_of_the_source(rank: int, coefficient: str) -> None:
    assert rank_coefficient(F(rank), 11, F("0.005")) == F(coefficient)


@pytest.mark.parametrize("rank", range(1, 30))
def test_twenty_nine_organs_of_the_source(rank: int) -> None:
    expected = F("1.028") - F("0.002") * (rank - 1)
    assert rank_coefficient(F(rank), 29, F("0.002")) == expected
    assert {1: F("1.028"), 15: F(1), 29: F("0.972")}.get(rank, expected) == expected


@pytest.mark.parametrize(
    ("scores", "shared", "averaged"),
    [
        (["90", "80", "80", "70"], [1, 2, 2, 4], ["1", "2.5", "2.5", "4"]),
        (["50", "50", "50"], [1, 1, 1], ["2", "2", "2"]),
        (["1"], [1], ["1"]),
        (["3", "1", "2"], [1, 3, 2], ["1", "3", "2"]),
        ([], [], []),
    ],
)
def test_ranks_and_mean_ranks(scores: list[str], shared: list[int], averaged: list[str]) -> None:
    by_key = {str(place): F(text) for place, text in enumerate(scores)}
    assert (
        list(ranks(by_key).values()) and ranks(by_key) == dict(zip(by_key, shared, strict=True))
    ) or not scores
    assert mean_ranks(by_key) == dict(zip(by_key, numbers(*averaged), strict=True))


@pytest.mark.parametrize(
    ("count", "share", "inside", "tied"),
    [
        (10, "0.3", 3, 0),  # 30 % of ten units
        (9, "0.3", 2, 0),  # floor(2.7): a quota is never exceeded
        (20, "0.15", 3, 0),  # 15 % of twenty persons
        (6, "0.15", 0, 0),  # floor(0.9): nobody
        (5, "1", 5, 0),
        (0, "0.3", 0, 0),
    ],
)
def test_quota_by_floor(count: int, share: str, inside: int, tied: int) -> None:
    scores = {str(place): F(100 - place) for place in range(count)}
    found, ties = within_quota(scores, F(share))
    assert found == {str(place) for place in range(inside)}
    assert len(ties) == tied


@pytest.mark.parametrize(
    ("scores", "share", "inside", "tied"),
    [
        ([90, 80, 80, 70], "0.5", {0}, {1, 2}),  # two places, the second tied: none of the tied is in
        ([90, 80, 80, 70], "0.75", {0, 1, 2}, set()),  # the tie fits
        ([80, 80, 80, 80], "0.25", set(), {0, 1, 2, 3}),
        ([90, 80, 80, 70], "0.2", set(), set()),  # no place, so no tie over one
    ],
)
def test_tie_across_the_last_place(scores: list[int], share: str, inside: set[int], tied: set[int]) -> None:
    by_key = {str(place): F(score) for place, score in enumerate(scores)}
    assert within_quota(by_key, F(share)) == ({str(one) for one in inside}, {str(one) for one in tied})


def test_quota_from_the_bottom() -> None:
    assert within_quota({"a": F(1), "b": F(2), "c": F(3)}, F("0.34"), best_first=False) == ({"a"}, set())


def test_forty_twenty_forty_of_the_source() -> None:
    parts = [(F(90), F("0.4")), (F(70), F("0.2")), (F(80), F("0.4"))]
    assert weighted_mean(parts) == F(82)


def test_highest_of_a_kind_open_ended() -> None:
    best = highest_of_each_kind([("annual", F(3)), ("annual", F(5)), ("party", F(2)), ("annual", F(5))])
    assert best == {"annual": F(5), "party": F(2)}


def test_caps_by_kind() -> None:
    entries = [("project", F(30)), ("project", F(30)), ("service", F(3)), ("free", F(99))]
    assert capped_by_kind(entries, {"project": F(40), "service": F(20)}) == {
        "project": 40,
        "service": 3,
        "free": 99,
    }


@pytest.mark.parametrize(
    ("add", "subtract", "expected"),
    [(["10"], ["3"], "107"), ([], ["250"], "0"), (["500"], [], "400"), (["0.1", "0.2"], [], "100.3")],
)
def test_sum_with_base_and_caps(add: list[str], subtract: list[str], expected: str) -> None:
    found = sum_with_base_and_caps(numbers(*add), numbers(*subtract), F(100), F(0), F(400))
    assert found == F(expected)


def test_several_of_a_rater_group_are_averaged_first() -> None:
    scores = [("self", F(100)), ("group", F(80)), ("superior", F(60)), ("superior", F(90))]
    assert rater_mean(scores, {"self": F("0.1"), "group": F("0.3"), "superior": F("0.6")}) == F(79)


@pytest.mark.parametrize(
    ("events", "balances", "surplus"),
    [
        ([("deduct", "4"), ("merit", "1")], ["8", "9"], "0"),
        ([("merit", "2")], ["12"], "2"),  # never above the start value: what goes beyond is merit
        ([("deduct", "20"), ("merit", "1")], ["0", "1"], "0"),  # never below 0
        ([("deduct", "1"), ("restore", "3")], ["11", "12"], "2"),
        ([("deduct", "9"), ("restore", "3"), ("restore", "3")], ["3", "6", "6"], "0"),  # once a year
    ],
)
def test_licence(events: list[tuple[str, str]], balances: list[str], surplus: str) -> None:
    moves = licence_moves([LicenceEvent(effect, F(points), "2026") for effect, points in events], F(12), 1)
    assert [move.balance for move in moves] == numbers(*balances)
    assert sum(move.surplus for move in moves) == F(surplus)


def test_a_training_of_the_next_year_counts_again() -> None:
    events = [
        LicenceEvent("deduct", F(9)),
        LicenceEvent("restore", F(3), "2025"),
        LicenceEvent("restore", F(3), "2026"),
    ]
    assert licence_moves(events, F(12), 1)[-1].balance == 9


def test_rows_without_a_date_stay_behind_the_row_before() -> None:
    rows = [(date(2026, 5, 1), 2), (None, 3), (date(2026, 3, 1), 4), (None, 5)]
    assert date_order(rows) == [2, 3, 0, 1]
    assert date_order([(None, 2), (None, 3)]) == [0, 1]


@pytest.mark.parametrize(
    ("value", "band"), [("80", "high"), ("79.999999", "middle"), ("60", "middle"), ("59.9", None)]
)
def test_thresholds_read_unrounded_values(value: str, band: str | None) -> None:
    assert by_threshold(F(value), [(F(80), "high"), (F(60), "middle")]) == band


@pytest.mark.parametrize("empty", [mean, weighted_mean])
def test_means_of_nothing_are_errors(empty: object) -> None:
    with pytest.raises(ValueError, match=r"nothing|weights"):
        empty([])  # type: ignore[operator]


@pytest.mark.parametrize(
    ("value", "two", "twelve"),
    [
        ("83.085", "83.09", "83.085"),  # half up
        ("83.0849999", "83.08", "83.0849999"),
        ("-0.004", "0.00", "-0.004"),
        ("-2.675", "-2.68", "-2.675"),
        ("100", "100.00", "100"),
        ("1/3", "0.33", "0.333333333333"),
        ("2/3", "0.67", "0.666666666667"),
        ("1.50", "1.50", "1.5"),
        ("0", "0.00", "0"),
    ],
)
def test_decimal_text(value: str, two: str, twelve: str) -> None:
    assert (fixed(F(value)), trimmed(F(value))) == (two, twelve)


@pytest.mark.parametrize(
    "text", ["", "８６", "1e3", "1,000", ".5", "5.", "八十", "NaN", "inf", "0x10", "1 0", "1_000", "٣"]
)
def test_what_is_no_decimal(text: str) -> None:
    assert parse_decimal(text) is None


@pytest.mark.parametrize("text", ["0.1", "+5", "-3.25", "007", "999999999999999.999999999999"])
def test_what_is_a_decimal_is_exact(text: str) -> None:
    assert parse_decimal(text) == F(text)
