"""From latencies to figures, and from numbers to codes."""

from __future__ import annotations

import pytest

from server.bench.measures import Sample, Spread, percentile, ratios, sample, spread
from server.bench.plan import Plan, household_code, made_id, rulebook, token, village_code
from server.kit.ids import is_id
from server.rulebook.validation import validate


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([5], 50, 5),
        ([5], 99, 5),
        ([1, 2, 3, 4], 50, 2),
        (list(range(1, 101)), 99, 99),
        (list(range(1, 201)), 99, 198),
    ],
)
def test_percentile(values: list[int], share: int, expected: int) -> None:
    assert percentile(values, share) == expected


def test_a_sample_counts_per_second_and_tells_milliseconds() -> None:
    assert sample([3000, 1000, 2000, 9000], 2.0) == Sample(2.0, 2.0, 9.0, 4)
    with pytest.raises(ValueError, match="nothing"):
        sample([], 1.0)


def test_ratios_are_taken_within_a_round() -> None:
    ours = [Sample(10, 1, 1, 1), Sample(30, 1, 1, 1), Sample(20, 1, 1, 1)]
    hello = [Sample(100, 1, 1, 1), Sample(100, 1, 1, 1), Sample(50, 1, 1, 1)]
    assert ratios(ours, hello) == Spread(0.3, 0.1)
    assert spread([1.0, 5.0, 2.0], max) == Spread(2.0, 5.0)


def test_the_whole_county_has_334_villages_and_unlike_codes() -> None:
    plan = Plan(100_000, 2_000_000)
    assert (plan.villages, plan.each, plan.size(333)) == (334, 20, 100)
    assert len({village_code(number) for number in range(plan.villages)}) == 334
    assert len({household_code(number) for number in range(0, 100_000, 7)}) == len(range(0, 100_000, 7))
    readers = [plan.reader(number) for number in range(plan.readers)]
    assert len(set(readers)) == plan.readers and max(readers) < plan.households


def test_ids_and_tokens_have_the_form_of_real_ones() -> None:
    assert is_id(made_id("grid", 33_307)) and len(token("plate", 99_999)) == len(token("villager", 0)) == 32
    assert validate(rulebook()) is not None
