"""Drafts, adoption by a recorded meeting, and which rulebook is in force on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.cycles.models import Schedule
from server.kit.clock import SetClock, local_date
from server.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from server.kit.transaction import transaction
from server.rulebook.api import first_adoption, rulebook_on
from server.rulebook.service import adopt, create_draft
from tests.cast import ADOPTED, VILLAGE, Cast, adopt_rulebook, build
from tests.rulebooks import item, small_rulebook

TODAY = date(2026, 9, 14)


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def test_before_any_adoption_no_rulebook_is_in_force(cast: Cast) -> None:
    with transaction(writes=False) as session:
        assert rulebook_on(session, VILLAGE, TODAY) is None
        assert first_adoption(session, VILLAGE) is None


def test_a_draft_is_not_in_force(cast: Cast) -> None:
    with transaction() as session:
        create_draft(session, cast.actor(session, "head_chen"), VILLAGE, small_rulebook(), cast.clock.now())
        assert rulebook_on(session, VILLAGE, TODAY) is None


def test_an_adopted_rulebook_is_in_force_from_its_day_and_starts_the_village(cast: Cast) -> None:
    adopt_rulebook(cast, VILLAGE, "head_chen")
    with transaction(writes=False) as session:
        book = rulebook_on(session, VILLAGE, TODAY)
        assert book is not None and book.version == 1 and book.by_code["J1"].name == "清扫门前道路"
        assert book.rulebook == small_rulebook()
        assert rulebook_on(session, VILLAGE, TODAY - timedelta(days=1)) is None
        assert first_adoption(session, VILLAGE) == TODAY
        started = session.scalars(select(Schedule.closer).where(Schedule.village_code == VILLAGE)).all()
        assert sorted(started) == ["conduct.week_report", "settlement.month_cutoff"]


def test_the_version_on_the_date_of_conduct_applies(cast: Cast) -> None:
    adopt_rulebook(cast, VILLAGE, "head_chen")
    cast.clock.advance(days=30)
    changed = small_rulebook(items=(item("J1", "清扫门前道路", "3.00"),), exemption_classes={})
    adopt_rulebook(cast, VILLAGE, "head_chen", changed)
    with transaction(writes=False) as session:
        versions = [
            rulebook_on(session, VILLAGE, local_date(cast.clock.now()) + timedelta(days=days))
            for days in (-30, -1, 0, 100)
        ]
        assert [book.version if book else None for book in versions] == [1, 1, 2, 2]


def test_what_was_adopted_later_replaces_what_was_announced(cast: Cast) -> None:
    adopt_rulebook(cast, VILLAGE, "head_chen")
    for title, days in (("宣布的", 60), ("后来的", 30)):
        with transaction() as session:
            actor = cast.actor(session, "head_chen")
            draft, _ = create_draft(session, actor, VILLAGE, small_rulebook(title=title), cast.clock.now())
            adopt(session, actor, draft.id, ADOPTED, TODAY + timedelta(days=days), cast.clock.now())
    with transaction(writes=False) as session:
        titles = [
            book.rulebook.title
            for days in (29, 30, 60)
            if (book := rulebook_on(session, VILLAGE, TODAY + timedelta(days=days)))
        ]
    assert titles == ["大槐树村积分细则", "后来的", "后来的"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, "held_on"),
        ({"votes_for": 15}, "for"),  # half of thirty is not more than half
        ({"votes_for": 0, "votes_against": 20}, "for"),
        ({"votes_for": 30, "votes_against": 1}, "attended"),
    ],
)
def test_a_meeting_that_cannot_have_adopted_it(cast: Cast, change: dict[str, object], field: str) -> None:
    with transaction() as session:
        actor = cast.actor(session, "head_chen")
        draft, _ = create_draft(session, actor, VILLAGE, small_rulebook(), cast.clock.now())
        with pytest.raises(Invalid) as refused:
            adopt(session, actor, draft.id, replace(ADOPTED, **change), None, cast.clock.now())  # type: ignore[arg-type]
        assert [fault.field for fault in refused.value.faults] == [field]
        assert rulebook_on(session, VILLAGE, TODAY) is None


def test_no_rules_for_the_past(cast: Cast) -> None:
    with transaction() as session:
        actor = cast.actor(session, "head_chen")
        draft, _ = create_draft(session, actor, VILLAGE, small_rulebook(), cast.clock.now())
        with pytest.raises(Invalid) as refused:
            adopt(session, actor, draft.id, ADOPTED, TODAY - timedelta(days=1), cast.clock.now())
    assert [fault.field for fault in refused.value.faults] == ["effective_on"]


def test_adopting_twice_is_a_conflict(cast: Cast) -> None:
    key = adopt_rulebook(cast, VILLAGE, "head_chen")
    with transaction() as session, pytest.raises(Conflict) as refused:
        adopt(session, cast.actor(session, "head_chen"), key, ADOPTED, None, cast.clock.now())
    assert refused.value.code == "state_changed"


def test_the_guard_cannot_be_passed_by(cast: Cast) -> None:
    bad = small_rulebook(items=(*small_rulebook().items, item("F9", "上访告状", "-5.00")))
    with transaction() as session, pytest.raises(Invalid) as refused:
        create_draft(session, cast.actor(session, "head_chen"), VILLAGE, bad, cast.clock.now())
    assert refused.value.code == "rulebook_invalid"
    assert any(fault.field.startswith("rulebook.items.9.") for fault in refused.value.faults)


@pytest.mark.parametrize(("name", "error"), [("other_head", NotFound), ("wang_fang", NotAllowed)])
def test_only_the_villages_own_committee(cast: Cast, name: str, error: type[Exception]) -> None:
    with transaction() as session, pytest.raises(error):
        create_draft(session, cast.actor(session, name), VILLAGE, small_rulebook(), cast.clock.now())
