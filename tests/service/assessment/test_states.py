"""The tables of transitions: exactly these; each state is reached, each way outside the table is refused."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from server.assessment.process import states
from server.assessment.process.appraisal_models import Appraisal
from server.assessment.process.case_models import (
    ConductReport,
    Pairing,
    Proposal,
    Rectification,
    ResultObjection,
    Task,
)
from server.assessment.process.decisions import step
from server.assessment.process.models import Cycle, Step
from server.kit.errors import Conflict
from server.kit.transaction import transaction
from tests.assessed import OFFICER, Assessments, row
from tests.settled import ok

ALLOWED = {
    states.CycleStatus: {
        "preparing→running", "preparing→cancelled", "running→finished", "running→cancelled",
    },
    states.StepStatus: {"waiting→open", "open→done", "open→held", "held→open"},
    states.ObjectionStatus: {
        "open→escalated", "open→upheld", "open→dismissed", "escalated→upheld", "escalated→dismissed",
    },
    states.ProposalStatus: {"proposed→approved", "proposed→declined", "proposed→lapsed"},
    states.RectificationStatus: {
        "issued→overdue", "issued→reported", "overdue→reported", "reported→closed", "reported→issued",
    },
    states.ReportStatus: {"received→checking", "checking→confirmed", "checking→unfounded"},
    states.TaskStatus: {"open→done", "open→missed", "open→dropped"},
    states.PairingStatus: {"active→met", "active→ended"},
    states.AppraisalStatus: {"open→closed"},
}  # fmt: skip
MODELS: dict[Any, tuple[Any, str]] = {
    states.CycleStatus: (Cycle, "cycle"),
    states.StepStatus: (Step, "step"),
    states.ObjectionStatus: (ResultObjection, "objection"),
    states.ProposalStatus: (Proposal, "proposal"),
    states.RectificationStatus: (Rectification, "rectification"),
    states.ReportStatus: (ConductReport, "report"),
    states.TaskStatus: (Task, "task"),
    states.PairingStatus: (Pairing, "pairing"),
    states.AppraisalStatus: (Appraisal, "appraisal"),
}


@pytest.mark.parametrize("kind", list(ALLOWED), ids=lambda kind: kind.__name__)
def test_the_table_allows_exactly_these(kind: Any) -> None:
    assert {f"{a}→{b}" for a, b in product(kind, kind) if states.allowed(a, b)} == ALLOWED[kind]
    assert set(states.TABLES[kind]) == set(kind)


@pytest.fixture
def things(assess: Assessments) -> tuple[Assessments, dict[Any, str]]:
    """One of each, in its first state (the cycle and its step: running)."""
    key = assess.staffed()
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))
    appraisal = ok(assess.post(OFFICER, f"/cycles/{key}/appraisals", {"indicator": "qual.5"}), 201)["id"]
    task = ok(assess.post(OFFICER, f"/cycles/{key}/tasks", {"title": "修路"}), 201)["id"]
    pair = {"model": "M1", "follower": "M2", "goal": "都到 800"}
    pairing = ok(assess.post(OFFICER, f"/cycles/{key}/pairings", pair), 201)["id"]
    report = ok(assess.post("head_chen", f"/cycles/{key}/reports", {"subject": "M2", "text": "查"}), 201)[
        "id"
    ]
    ok(assess.enter(OFFICER, key, [row("M1", "qual.1", "60")]), 201)
    assess.until(key, "notice")
    body = {"subject": "M1", "text": "少记"}
    objection = ok(assess.post("head_chen", f"/cycles/{key}/objections", body), 201)["id"]
    proposal = ok(assess.get(OFFICER, f"/cycles/{key}/proposals"))["items"][0]["id"]
    demand = {"subject": "M1", "demand": "补台账", "days": 9}
    rectification = ok(assess.post(OFFICER, f"/cycles/{key}/rectifications", demand), 201)["id"]
    with transaction(writes=False) as session:
        steps = session.query(Step).filter(Step.cycle_id == key, Step.status == "open").one().id
    return assess, {
        states.CycleStatus: key,
        states.StepStatus: steps,
        states.ObjectionStatus: objection,
        states.ProposalStatus: proposal,
        states.RectificationStatus: rectification,
        states.ReportStatus: report,
        states.TaskStatus: task,
        states.PairingStatus: pairing,
        states.AppraisalStatus: appraisal,
    }


@pytest.mark.parametrize("kind", list(ALLOWED), ids=lambda kind: kind.__name__)
def test_every_way_in_the_table_is_taken_and_no_other(
    things: tuple[Assessments, dict[Any, str]], kind: Any
) -> None:
    """Put into each state, moved to each: by compare-and-set, with its decision; the others change nothing."""
    assess, keys = things
    model, entity = MODELS[kind]
    for source, target in product(kind, kind):
        try:
            with transaction() as session:
                thing = session.get_one(model, keys[kind])
                thing.status = source.value
                session.flush()
                cycle = session.get_one(Cycle, keys[states.CycleStatus])
                step(session, cycle, entity, thing, target, assess.now, None)
                moved = thing.status
                raise _Undo
        except _Undo:
            assert f"{source}→{target}" in ALLOWED[kind] and moved == target
        except Conflict as refusal:
            assert refusal.code == "state_changed" and f"{source}→{target}" not in ALLOWED[kind]


class _Undo(Exception):
    """Nothing of a try is kept."""
