"""Exact numbers."""

from decimal import Decimal

import pytest

from server.kit import exact


@pytest.mark.parametrize(
    ("given", "expected"),
    [("4", "4.00"), ("-0", "0.00"), ("2.5", "2.50"), ("0.01", "0.01"), ("-12.30", "-12.30"), (7, "7.00")],
)
def test_points_are_kept_to_two_places(given: str | int, expected: str) -> None:
    assert exact.text(exact.points(given)) == expected


@pytest.mark.parametrize("given", ["0.001", "NaN", "Infinity", "", "1e20", "4,5", 1.5, "abc", "10000000000"])
def test_points_refuse_what_is_not_exact(given: object) -> None:
    with pytest.raises(ValueError, match=r"floats|not a number"):
        exact.points(given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("hundredths", "expected"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-1230, "-12.30")]
)
def test_hundredths_text_matches_decimals(hundredths: int, expected: str) -> None:
    assert exact.hundredths_text(hundredths) == expected
    assert exact.text(exact.from_hundredths(hundredths)) == expected
    assert exact.to_hundredths(Decimal(expected)) == hundredths


def test_floor_never_gives_more() -> None:
    assert exact.floor_hundredth(Decimal("3.339")) == Decimal("3.33")
    assert exact.floor_hundredth(Decimal("-3.331")) == Decimal("-3.34")


def test_every_hundredth_is_exact_both_ways() -> None:
    """Binary fractions would miss some of them: 0.29 × 100 is 28.999999999999996."""
    for whole in range(-3000, 3001):
        assert exact.to_hundredths(exact.from_hundredths(whole)) == whole
