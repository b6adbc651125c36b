"""What a file says as of a day: states that end, events that stay, entries that were corrected."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.grid.facts.rules import Known, NewFact, faults_of, over, standing
from server.grid.vocabulary import fact_kinds

KINDS = fact_kinds()


def entry(key: str, kind: str, day: int, written: int | None = None, **more: object) -> Known:
    """An entry of November 2026, written down on the same day unless said otherwise."""
    at = datetime(2026, 11, written or day, 8, tzinfo=UTC)
    own = {"member": "m", "value": "", "ended": False, "corrects": None, "void": False}
    return Known(id=key, kind=kind, since=date(2026, 11, day), recorded_at=at, **(own | more))  # type: ignore[arg-type]


def said(entries: list[Known], day: int) -> list[str]:
    written = [e for e in entries if e.recorded_at.day <= day]
    return [e.id for e in standing(written, KINDS, date(2026, 11, day))]


def test_a_state_holds_until_it_ends() -> None:
    file = [entry("a", "away_for_work", 3, value="省外"), entry("b", "away_for_work", 20, ended=True)]
    assert [said(file, day) for day in (2, 3, 19, 20)] == [[], ["a"], ["a"], []]


def test_coming_home_ends_being_away_and_stays_as_an_event() -> None:
    file = [entry("a", "away_for_work", 3, value="省内"), entry("b", "returned", 15)]
    assert said(file, 14) == ["a"] and said(file, 16) == ["b"]


def test_a_later_state_takes_the_place_of_the_earlier_one() -> None:
    file = [entry("a", "away_for_work", 3, value="省内"), entry("b", "away_for_work", 9, value="省外")]
    assert said(file, 8) == ["a"] and said(file, 10) == ["b"]


def test_what_was_written_down_later_was_not_known_then() -> None:
    file = [
        entry("a", "vaccinated", 3, value="流感"),
        entry("late", "vaccinated", 4, written=20, value="新冠"),
    ]
    assert said(file, 10) == ["a"] and said(file, 20) == ["a", "late"]


def test_a_correction_counts_from_the_day_it_was_written() -> None:
    file = [
        entry("wrong", "carer", 3, value="李四"),
        entry("right", "carer", 3, written=10, value="李五", corrects="wrong"),
        entry("mistake", "needs_care", 4, value="独居"),
        entry("none", "needs_care", 4, written=12, void=True, corrects="mistake"),
    ]
    assert said(file, 9) == ["mistake", "wrong"]
    assert said(file, 11) == ["mistake", "right"]
    assert said(file, 12) == ["right"]


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (NewFact("i", "no_such"), "kind"),
        (NewFact("i", "away_for_work", None, "省外"), "member"),
        (NewFact("i", "away_for_work", "stranger", "省外"), "member"),
        (NewFact("i", "away_for_work", "m", "国外"), "value"),
        (NewFact("i", "house_empty", "m"), "member"),
        (NewFact("i", "house_empty", None, "三年了"), "value"),
        (NewFact("i", "lodger", None, "  "), "value"),
        (NewFact("i", "vaccinated", "m", "流感", None, True), "ended"),
        (NewFact("i", "house_empty", None, "", date(2026, 11, 23)), "since"),
    ],
)
def test_what_a_kind_does_not_allow_is_named(fact: NewFact, field: str) -> None:
    assert field in {fault.field for fault in faults_of(fact, KINDS, ["m"], date(2026, 11, 22))}


def test_what_ends_begins_to_age() -> None:
    file = [entry("a", "away_for_work", 3, value="省内"), entry("b", "carer", 3, value="李四")]
    home = NewFact("c", "returned", "m")
    assert over(file, home, date(2026, 11, 20), KINDS) == ["a"]
    assert over(file, NewFact("d", "returned", "other"), date(2026, 11, 20), KINDS) == []
