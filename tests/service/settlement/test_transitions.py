"""Every act on a month in every one of its states: what is not in the table is refused, changing nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.audit.models import Decision
from server.kit.transaction import transaction
from server.settlement.decisions import step
from server.settlement.models import Tally
from server.settlement.states import TallyStatus
from tests.settled import Months, ok

AFTER_CUTOFF = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)
STATES = ("open", "resolved", "on_notice", "posted")


@pytest.fixture
def at(months: Months) -> Callable[[str], dict[str, Any]]:
    """Brings October to a state; gives what the acts need."""

    def bring(state: str) -> dict[str, Any]:
        record = months.approved("zhao", "4.00")
        months.go_to(AFTER_CUTOFF)
        found: dict[str, Any] = {"record": record, "notice": None, "objection": None}
        if state != "open":
            months.resolved()
        if state in ("on_notice", "posted"):
            found["notice"] = months.published()
            found["objection"] = ok(months.object(found["notice"], "zhao_min", "zhao"), 201)
        if state == "posted":
            months.go(days=7)
        assert months.tally()["status"] == state
        return found

    return bring


def minutes(months: Months) -> dict[str, Any]:
    people = [months.cast.persons[name] for name in ("head_chen", "member_feng", "member_chu")]
    votes = {"for": 3, "against": 0, "abstained": 0}
    return {"minutes_number": "1", "held_on": "2026-10-13", "attended": people, **votes}


def act(months: Months, name: str, given: dict[str, Any]) -> TestResponse | None:
    """One act by somebody who may do it; None where there is nothing to do it on."""
    head = months.cast.as_("head_chen")
    tally = f"/tallies/{months.tally()['id']}"
    notice, objection = given["notice"], given["objection"]
    acts: dict[str, Callable[[], TestResponse]] = {
        "vote": lambda: head.post(f"{tally}/votes", {"vote": "for"}),
        "minutes": lambda: head.post(f"{tally}/resolution", minutes(months)),
        "confirm": lambda: head.post(f"{tally}/resolution/confirmation"),
        "return": lambda: head.post(f"{tally}/returns", {"record": given["record"], "reason": "再看"}),
        "publish": lambda: head.post(f"{tally}/notice"),
    }
    if notice is not None:
        withdrawal = f"/notices/{notice['id']}/withdrawal"
        acts["withdraw"] = lambda: head.post(withdrawal, {"reason": "有误"})
        acts["object"] = lambda: months.object(notice, "qian_yun", "zhao")
        acts["answer"] = lambda: months.answer(objection, "head_chen", upheld=False)
    return acts[name]() if name in acts else None


# act → what each state answers: the tally's state afterwards, or the refusal's code
EXPECTED: dict[str, tuple[str | None, ...]] = {
    #            open                  resolved             on_notice             posted
    "vote": ("open", "tally_not_open", "tally_not_open", "tally_not_open"),
    "minutes": ("open", "tally_not_open", "tally_not_open", "tally_not_open"),
    "confirm": ("resolution_missing", "tally_not_open", "tally_not_open", "tally_not_open"),
    "return": ("open", "open", "tally_not_open", "tally_not_open"),
    "publish": ("tally_not_resolved", "on_notice", "tally_not_resolved", "tally_not_resolved"),
    "withdraw": (None, None, "open", "notice_not_active"),
    "object": (None, None, "on_notice", "notice_over"),
    "answer": (None, None, "on_notice", "objection_with_township"),
}


@pytest.mark.parametrize("name", list(EXPECTED))
@pytest.mark.parametrize("state", STATES)
def test_every_act_in_every_state(
    months: Months, at: Callable[[str], dict[str, Any]], state: str, name: str
) -> None:
    given = at(state)
    answer = act(months, name, given)
    expected = EXPECTED[name][STATES.index(state)]
    if answer is None or expected is None:
        assert answer is None and expected is None
        return
    if answer.status_code >= 400:
        assert answer.get_json()["code"] == expected
        assert months.tally()["status"] == state
    else:
        assert months.tally()["status"] == expected


@pytest.mark.parametrize("target", STATES)
@pytest.mark.parametrize("state", STATES)
def test_no_code_can_take_a_way_that_is_not_in_the_table(
    months: Months, at: Callable[[str], dict[str, Any]], state: str, target: str
) -> None:
    at(state)
    ways = {"open": {"open", "resolved"}, "resolved": {"open", "on_notice"}, "on_notice": {"open", "posted"}}
    if target in ways.get(state, set()):
        return
    with pytest.raises(ValueError, match="no way"), transaction() as session:
        row = session.scalars(select(Tally).where(Tally.village_code == months.village)).one()
        step(session, Tally, "tally", row, TallyStatus(target), months.now, None, None, row.village_code)


def test_every_step_is_a_decision_with_its_grant(months: Months, at: Callable[[str], dict[str, Any]]) -> None:
    at("posted")
    of_tally = (Decision.entity == "tally", Decision.entity_id == months.tally()["id"])
    with transaction(writes=False) as session:
        rows = session.scalars(select(Decision).where(*of_tally).order_by(Decision.id)).all()
    assert [(row.source, row.target) for row in rows] == [
        ("open", "resolved"),
        ("resolved", "on_notice"),
        ("on_notice", "posted"),
    ]
    assert all(row.grant_id and row.person_id for row in rows[:2])
    assert rows[2].person_id is None  # the calendar posts, nobody else
