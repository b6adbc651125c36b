"""What settlement does with approved records, the sums it takes over, and that nothing else is possible."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from server.conduct.api import (
    RecordStatus,
    Verdict,
    change_verdict,
    month_sums_select,
    participating_households,
    records_of_line,
    reverse_record,
    send_back,
)
from server.conduct.hot import COUNT
from server.conduct.rules import COUNTING, TRANSITIONS
from server.cycles.calendar import Month
from server.kit.clock import SetClock
from server.kit.errors import Conflict, Invalid, NotFound
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.settlement.models import Tally, TallyLine
from tests.cast import VILLAGE, Cast, build
from tests.service.conduct.steps import approve, review, status, submit_all

MONTH = Month(2026, 10)


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def approved(cast: Cast, *records: tuple[str, str, str]) -> list[str]:
    keys = [cast.log("wang_fang", *record)["id"] for record in records]
    submit_all(cast)
    for key in keys:
        approve(cast, key)
    return keys


def act(cast: Cast, function: Any, key: str, *arguments: Any) -> None:
    with transaction() as session:
        function(session, cast.actor(session, "head_chen"), key, *arguments, cast.clock.now())


def sums(cast: Cast, month: Month = MONTH) -> dict[str, tuple[int, int, int, int]]:
    names = {code: name for name, code in cast.households.items()}
    with transaction(writes=False) as session:
        rows = session.execute(month_sums_select(VILLAGE, month)).all()
    return {names[row[0]]: tuple(row[1:]) for row in rows}  # type: ignore[misc]


def test_sums_are_exact_and_only_of_approved_records(cast: Cast) -> None:
    approved(
        cast,
        ("zhao", "J1", "2.50"),
        ("zhao", "J6", "0.50"),
        ("zhao", "F1", "-1.50"),
        ("qian", "F2", "-2.00"),
    )
    cast.log("wang_fang", "sun", "J6", "1.00")
    assert sums(cast) == {"zhao": (3, 300, -150, 150), "qian": (1, 0, -200, -200)}
    assert sums(cast, MONTH.next()) == {}


def test_the_records_behind_a_line(cast: Cast) -> None:
    keys = approved(cast, ("zhao", "J1", "2.50"), ("qian", "J6", "0.50"))
    with transaction(writes=False) as session:
        line = records_of_line(session, VILLAGE, MONTH, cast.households["zhao"])
        whole = records_of_line(session, VILLAGE, MONTH)
        codes = participating_households(session, VILLAGE)
    assert [record["id"] for record in line] == keys[:1]
    assert {record["id"] for record in whole} == set(keys)
    assert len(codes) == 6


def test_sending_back_begins_the_panels_work_anew(cast: Cast) -> None:
    (key,) = approved(cast, ("zhao", "J1", "5.00"))
    act(cast, send_back, key, "照片看不清")
    shown = cast.as_("head_chen").get(f"/records/{key}").get_json()
    assert (shown["status"], shown["month"], shown["round"]) == ("submitted", None, 1)
    assert sums(cast) == {}
    assert "照片看不清" in cast.as_("zhao_min").get("/inbox").get_json()["items"][0]["text"]
    for name in ("panel_zhou", "panel_wu"):
        review(cast, name, key, "amend", points="2.00", reason="只扫了门口")
    assert sums(cast) == {"zhao": (1, 200, 0, 200)}
    steps = [
        (step["from"], step["to"])
        for step in cast.as_("head_chen").get(f"/records/{key}").get_json()["decisions"]
    ]
    assert steps == [("submitted", "approved"), ("approved", "submitted"), ("submitted", "approved")]


def test_sent_back_twice_there_are_two_rounds_each_time(cast: Cast) -> None:
    (key,) = approved(cast, ("zhao", "J1", "5.00"))
    act(cast, send_back, key, "再看看")
    for _ in range(2):
        for name, points in (("panel_zhou", "2.50"), ("panel_wu", "3.00"), ("panel_zheng", "3.50")):
            assert review(cast, name, key, "amend", points=points, reason="看法不同").status_code == 200
    assert cast.as_("head_chen").get(f"/records/{key}").get_json()["to_meeting"] is True


def test_an_upheld_objection_amends_or_rejects(cast: Cast) -> None:
    first, second = approved(cast, ("zhao", "J1", "5.00"), ("zhao", "F1", "-3.00"))
    act(cast, change_verdict, first, Verdict.AMEND, Decimal("2.50"), "重复计算")
    act(cast, change_verdict, second, Verdict.REJECT, None, "不是这一户")
    assert (status(cast, first), status(cast, second)) == ("approved", "rejected")
    assert sums(cast) == {"zhao": (1, 250, 0, 250)}
    texts = [message["text"] for message in cast.as_("zhao_min").get("/inbox").get_json()["items"]]
    assert texts[1] == "9月14日的“清扫门前道路”：异议成立，改为 +2.50 分（原 +5.00 分）。理由：重复计算"


@pytest.mark.parametrize(
    ("verdict", "points"),
    [
        (Verdict.AMEND, Decimal("9.00")),
        (Verdict.AMEND, Decimal("5.00")),
        (Verdict.AMEND, None),
        (Verdict.APPROVE, None),
    ],
)
def test_a_change_that_is_none(cast: Cast, verdict: Verdict, points: Decimal | None) -> None:
    (key,) = approved(cast, ("zhao", "J1", "5.00"))
    with pytest.raises(Invalid):
        act(cast, change_verdict, key, verdict, points, "理由")


def test_reversed_after_posting(cast: Cast) -> None:
    (key,) = approved(cast, ("zhao", "J5", "5.00"))
    act(cast, reverse_record, key, "申诉成立")
    assert status(cast, key) == "reversed" and sums(cast) == {}
    cast.log("wang_fang", "zhao", "J5", "5.00")  # the cap is free again


# --- no other transition -------------------------------------------------------------------------------


def in_state(cast: Cast, state: str) -> str:
    """A record of zhao's in this state."""
    key = cast.log("wang_fang", "zhao", "J6", "1.00")["id"]
    if state == "withdrawn":
        cast.as_("wang_fang").post(f"/records/{key}/withdrawal")
    if state in ("submitted", "approved", "rejected", "reversed"):
        submit_all(cast)
    if state in ("approved", "reversed"):
        approve(cast, key)
    if state == "rejected":
        for name in ("panel_zhou", "panel_wu"):
            review(cast, name, key, "reject", reason="没有")
    if state == "reversed":
        act(cast, reverse_record, key, "申诉")
    assert status(cast, key) == state
    return str(key)


STATES = ("recorded", "submitted", "approved", "rejected", "withdrawn", "reversed")
# what each act makes of a record by state; everything else is refused and changes nothing
ACTS: dict[str, dict[str, str]] = {
    "withdraw": {"recorded": "withdrawn", "withdrawn": "withdrawn"},
    "submit": {"recorded": "submitted"},
    "approve": {"submitted": "approved", "approved": "approved"},  # the same verdict again
    "reject": {"submitted": "rejected", "rejected": "rejected"},
    "send_back": {"approved": "submitted"},
    "change": {"approved": "approved"},
    "change_reject": {"approved": "rejected"},
    "reverse": {"approved": "reversed"},
}


def attempt(cast: Cast, name: str, key: str) -> None:
    verdicts = {"approve": {}, "reject": {"reason": "没有"}}
    calls: dict[str, tuple[Any, ...]] = {
        "send_back": (send_back, "理由"),
        "change": (change_verdict, Verdict.AMEND, Decimal("2.00"), "理由"),
        "change_reject": (change_verdict, Verdict.REJECT, None, "理由"),
        "reverse": (reverse_record, "理由"),
    }
    if name == "withdraw":
        cast.as_("wang_fang").post(f"/records/{key}/withdrawal", {"reason": "记错"})
    elif name == "submit":
        submit_all(cast)
    elif name in verdicts:
        for member in ("panel_zhou", "panel_wu"):
            review(cast, member, key, name, **verdicts[name])
    else:
        function, *arguments = calls[name]
        try:
            act(cast, function, key, *arguments)
        except Conflict as conflict:
            assert conflict.code == "state_changed"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_in_every_state(cast: Cast, name: str, state: str) -> None:
    key = in_state(cast, state)
    attempt(cast, name, key)
    assert status(cast, key) == ACTS[name].get(state, state)


def test_the_acts_are_those_of_the_table() -> None:
    """Stored states stand for shown ones: approved is also tallied, on notice and posted."""
    shown = {"tallied": "approved", "on_notice": "approved", "posted": "approved"}
    table = {(shown.get(t.source, t.source), shown.get(t.target, t.target)) for t in TRANSITIONS}
    made = {(source, target) for act_ in ACTS.values() for source, target in act_.items() if source != target}
    assert made <= {(str(source), str(target)) for source, target in table}
    assert {pair for pair in table if pair[0] != pair[1]} == {
        (RecordStatus(a), RecordStatus(b)) for a, b in made
    }


def test_caps_count_the_states_that_the_rules_name() -> None:
    stored = {state for state in COUNTING if state in STATES}
    for state in STATES:
        assert (f"'{state}'" in COUNT._sqlite) == (state in stored)


def test_unknown_records(cast: Cast) -> None:
    with pytest.raises(NotFound):
        act(cast, send_back, new_id(), "理由")


# --- how far the month has come is shown, not marked ---------------------------------------------------


def tally(cast: Cast, state: str, line: str | None) -> None:
    """The month's tally in a state, with a line for zhao."""
    now = cast.clock.now()
    posted = now if state == "posted" else None
    with transaction() as session:
        own = {"id": new_id(), "village_code": VILLAGE, "month": 202610, "status": state, "posted_at": posted}
        times = {"cutoff_at": now, "freeze_due": now, "vote_due": now, "frozen_at": now if line else None}
        session.add(Tally(**own, **times))
        session.flush()
        if line:
            sums_ = {"records": 1, "added": Decimal("2.00"), "deducted": Decimal(0), "net": Decimal("2.00")}
            place = {"village_code": VILLAGE, "household_code": cast.households["zhao"]}
            session.add(TallyLine(tally_id=own["id"], status=line, **place, **sums_))


@pytest.mark.parametrize(
    ("state", "line", "shown"),
    [
        ("open", None, "tallied"),
        ("resolved", "pending", "tallied"),
        ("on_notice", "pending", "on_notice"),
        ("posted", "posted", "posted"),
        ("posted", "held", "on_notice"),
    ],
)
def test_shown_states(cast: Cast, state: str, line: str | None, shown: str) -> None:
    (key,) = approved(cast, ("zhao", "J1", "2.00"))
    tally(cast, state, line)
    assert status(cast, key) == shown
    for wanted in ("approved", "tallied", "on_notice", "posted"):
        found = cast.as_("head_chen").get("/records", status=wanted).get_json()["items"]
        assert [record["id"] for record in found] == ([key] if wanted == shown else [])
