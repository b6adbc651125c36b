"""The round and the month of a grid, as the spec and the source tell them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from server.cycles.calendar import Month
from server.grid.duties.rules import Tier, next_tier, tier_of
from server.grid.visits import rules
from server.grid.visits.rules import Home, Stop
from server.grid.vocabulary import duty_tags, event_types, fact_kinds, urgencies
from server.people.access import Role


def stop(
    number: int, last: date | None = None, door: str = "", place: tuple[float, float] | None = None
) -> Stop:
    east, north = place or (None, None)
    return Stop(f"{number:04d}", door, "", door or f"东井巷{number}号", east, north, last)


@pytest.mark.parametrize(
    ("doors", "ordered"),
    [
        (["大街10号", "大街2号", "大街1号"], ["大街1号", "大街2号", "大街10号"]),
        (["河沿路1号", "大街3号", "大街3号 2单元"], ["大街3号", "大街3号 2单元", "河沿路1号"]),
        (["2号楼10", "2号楼9", "10号楼1"], ["2号楼9", "2号楼10", "10号楼1"]),
    ],
)
def test_doors_stand_in_the_order_of_their_numbers(doors: list[str], ordered: list[str]) -> None:
    assert sorted(doors, key=lambda door: rules.house_key("", door)) == ordered


@pytest.mark.parametrize(
    ("today", "left", "wanted"),
    [
        (date(2026, 11, 1), 30, 1),  # thirty days, thirty households: one a day
        (date(2026, 11, 1), 40, 2),
        (date(2026, 11, 16), 30, 2),
        (date(2026, 11, 30), 7, 7),  # the last day has to take all that is left
        (date(2026, 11, 30), 0, 0),
    ],
)
def test_a_day_has_as_many_households_as_the_months_end_needs(today: date, left: int, wanted: int) -> None:
    done = [stop(100 + n, today - timedelta(days=0)) for n in range(5)]
    stops = [stop(number) for number in range(left)] + done
    stops = [s if s.last_visit is None else stop(int(s.household), date(2026, 11, 1)) for s in stops]
    assert len(rules.todays(stops, today)) == wanted


def test_the_most_overdue_come_first_and_this_months_are_done() -> None:
    stops = [
        stop(1, date(2026, 10, 20)),
        stop(2, date(2026, 10, 3)),
        stop(3),
        stop(4, date(2026, 11, 2)),
        stop(5, date(2026, 10, 3)),
    ]
    chosen = rules.todays(stops, date(2026, 11, 29))
    assert [s.household for s in chosen] == ["0003", "0002"]


def test_the_walk_begins_at_the_most_overdue_and_goes_round_by_door() -> None:
    stops = [stop(7, door="大街7号"), stop(9, door="大街9号"), stop(2, door="大街2号")]
    assert [s.household for s in rules.walk(stops)] == ["0007", "0009", "0002"]
    assert rules.walk([]) == []


def test_the_walk_goes_to_the_nearest_door_where_places_are_known() -> None:
    places = [(115.0, 38.0), (115.003, 38.0), (115.001, 38.0), (115.002, 38.0)]
    stops = [stop(number, place=place) for number, place in enumerate(places)]
    assert [s.household for s in rules.walk(stops)] == ["0000", "0002", "0003", "0001"]


def test_a_household_that_came_in_the_last_week_is_not_counted() -> None:
    month = Month(2026, 11)
    homes = [Home("a", "g", date(2026, 11, 23)), Home("b", "g", date(2026, 11, 24))]
    assert rules.last_week(month) == date(2026, 11, 24)
    assert [home.household for home in rules.to_visit(homes, month)] == ["a"]
    assert rules.missed_by_grid(homes, frozenset({"b"})) == {"g": ["a"]}


T = Tier
ALL = frozenset(Tier)


@pytest.mark.parametrize(
    ("before", "held", "told"),
    [
        (0, ALL, T.VILLAGE_LEADER),  # one above the workers
        (2, ALL, T.VILLAGE_CHIEF),  # missed again: one more
        (5, ALL, T.TOWNSHIP_CHIEF),
        (6, ALL, T.TOWNSHIP_CHIEF),
        (0, frozenset({T.VILLAGE_WORKER, T.TOWNSHIP_LEADER}), T.TOWNSHIP_LEADER),
        (0, frozenset(), T.VILLAGE_LEADER),  # nobody is there, the figure still stands
    ],
)
def test_a_shortfall_goes_one_tier_up(before: int, held: frozenset[Tier], told: Tier) -> None:
    assert rules.escalated_tier(before, held) is told


@pytest.mark.parametrize(
    ("role", "scope", "tier"),
    [
        (Role.GRID_WORKER, "01978c4e-5b1a-7c3d-8e2f-9a0b1c2d3e4f", T.VILLAGE_WORKER),
        (Role.GRID_WORKER, "990101001201", T.VILLAGE_WORKER),
        (Role.GRID_LEADER, "990101001201", T.VILLAGE_LEADER),
        (Role.CHIEF_GRID_LEADER, "990101001201", T.VILLAGE_CHIEF),
        (Role.GRID_WORKER, "990101001000", T.TOWNSHIP_WORKER),
        (Role.CHIEF_GRID_LEADER, "990101001000", T.TOWNSHIP_CHIEF),
        (Role.PANEL_MEMBER, "990101001201", None),
    ],
)
def test_the_tier_follows_from_role_and_scope(role: Role, scope: str, tier: Tier | None) -> None:
    assert tier_of(role, scope) is tier


def test_tiers_without_holders_are_passed_over() -> None:
    assert next_tier(T.VILLAGE_WORKER, frozenset({T.VILLAGE_CHIEF})) is T.VILLAGE_CHIEF
    assert next_tier(T.TOWNSHIP_CHIEF, ALL) is None
    assert next_tier(T.VILLAGE_CHIEF, frozenset({T.VILLAGE_LEADER})) is None


def test_a_phones_clock_that_runs_ahead_does_not_date_a_visit_into_the_future() -> None:
    now = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert rules.day_of(now + timedelta(hours=3), now) == now
    assert rules.day_of(now - timedelta(hours=3), now) == now - timedelta(hours=3)
    assert rules.day_of(None, now) == now


def test_the_words_are_whole() -> None:
    assert len(duty_tags()) == 16
    assert {"dispute", "hazard", "request"} <= set(event_types())
    assert list(urgencies()) == ["urgent", "soon", "normal"]
    for kind in fact_kinds().values():
        assert kind.purpose and kind.retention.days >= 30, kind.code
        assert bool(kind.choices) == (kind.value == "choice"), kind.code
        assert kind.ends is None or kind.ends in fact_kinds()
