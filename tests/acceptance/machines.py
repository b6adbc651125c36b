"""The state machines of the program, found in the code itself, and what may be done to each by API.

A machine is a StrEnum that is the key of a table of transitions. One that is new and not named in `MACHINES` fails
the test, so that none is forgotten. `@name` in a path or body is a thing of the permission guard's world.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import mall
import server
from mall.cards.rules import CardState
from mall.exchange_days.rules import DayState
from mall.reservations.rules import ReservationState
from mall.stock.rules import CountState
from server.assessment.process import states as assessing
from server.complaints.rules import ComplaintStatus
from server.conduct.reports import ReportStatus
from server.conduct.rules import RecordStatus, Transition
from server.grid.changes.rules import ChangeStatus
from server.grid.events.rules import EventStatus
from server.rulebook.service import Status as RulebookStatus
from server.settlement import states as settling

Table = Mapping[StrEnum, frozenset[StrEnum]]
API = "/api/v1"
ASSESS = f"{API}/assessments"


@dataclass(frozen=True)
class Act:
    """One request that moves a machine from one of `sources` to `target`."""

    by: str
    request: str
    sources: frozenset[str]
    target: str
    body: Any = None
    via: str = ""  # one request that takes two steps


@dataclass(frozen=True)
class Machine:
    """Where a machine's state is kept: table, the thing that is moved, and the requests that move it.

    `beside` are columns that go with a state. `moved_by` says what moves a machine that no request moves directly.
    """

    table: str
    thing: str | None = None
    acts: tuple[Act, ...] = ()
    beside: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    moved_by: str = ""


def act(by: str, request: str, sources: str, target: str, body: Any = None) -> Act:
    """`sources`: states with blanks between them."""
    return Act(by, request, frozenset(sources.split()), target, body)


_MINUTES = {
    "minutes_number": "2027-01-1",
    "held_on": "2027-01-12",
    "attended": ["@head", "@member_1", "@member_2", "@member_3"],
    "for": 4,
    "against": 0,
    "abstained": 0,
}
_AT = datetime(2027, 1, 11, 2, tzinfo=UTC)
_HANDLED = {"handled_at": _AT}


def _event(to: str, by: str, sources: str) -> Act:
    return act(by, f"POST {API}/events/@event/transition", sources, to, {"to": to, "reason": "看过了"})


def _day(to: str, sources: str) -> Act:
    body = {"to": to, "reason": "下大雪"}
    return act("keeper_jiang", f"POST {API}/mall/exchange-days/@day_planned/transition", sources, to, body)


def _answers(path: str, open_by: str) -> tuple[Act, ...]:
    """Upheld and dismissed: by who has it first, after a week by the township."""
    found = []
    for by, source in ((open_by, "open"), ("township_han", "escalated")):
        for upheld, target in ((False, "dismissed"), (True, "upheld")):
            body = {"upheld": upheld, "reason": "核实过了"}
            found.append(act(by, f"POST {path}/answer", source, target, body))
    return tuple(found)


MACHINES: dict[type[StrEnum], Machine] = {
    settling.TallyStatus: Machine(
        "tallies",
        "tally_open",
        (
            act("head_chen", f"POST {API}/tallies/@tally_open/votes", "open", "open", {"vote": "for"}),
            act("head_chen", f"POST {API}/tallies/@tally_open/resolution", "open", "open", _MINUTES),
            act(
                "head_chen",
                f"POST {API}/tallies/@tally_open/returns",
                "open resolved",
                "open",
                {"record": "@record_open", "reason": "再看"},
            ),
            act("head_chen", f"POST {API}/tallies/@tally_open/notice", "resolved", "on_notice", {}),
        ),
        {"posted": {"posted_at": _AT}},
    ),
    settling.LineStatus: Machine(
        "tally_lines", moved_by="objections, their answers and the end of the notice"
    ),
    settling.ResolutionStatus: Machine(
        "resolutions",
        "resolution",
        (
            act(
                "member_feng",
                f"POST {API}/tallies/@tally_open/resolution/confirmation",
                "entered",
                "confirmed",
                {},
            ),
        ),
    ),
    settling.NoticeStatus: Machine(
        "notices",
        "notice",
        (
            act(
                "head_chen",
                f"POST {API}/notices/@notice/withdrawal",
                "active",
                "withdrawn",
                {"reason": "错了"},
            ),
            act(
                "qian_yun",
                f"POST {API}/notices/@notice/objections",
                "active",
                "active",
                {"household": "@neighbour", "text": "少记了"},
            ),
        ),
    ),
    settling.ObjectionStatus: Machine(
        "objections", "objection", _answers(f"{API}/objections/@objection", "head_chen")
    ),
    settling.AppealStatus: Machine("appeals", "appeal", _answers(f"{API}/appeals/@appeal", "head_chen")),
    RecordStatus: Machine(
        "records",
        "record_new",
        (
            act(
                "wang_fang",
                f"POST {API}/records/@record_new/withdrawal",
                "recorded",
                "withdrawn",
                {"reason": "错了"},
            ),
            act(
                "panel_zheng",
                f"POST {API}/records/@record_new/reviews",
                "submitted",
                "approved",
                {"verdict": "approve"},
            ),
            act(
                "head_chen",
                f"POST {API}/records/@record_new/meeting-decision",
                "submitted",
                "rejected",
                _MINUTES | {"verdict": "reject", "reason": "查无此事"},
            ),
        ),
        {"approved": {"month": 202701}, "reversed": {"month": 202701}},
    ),
    ReportStatus: Machine(
        "weekly_reports",
        "report",
        (act("ma_ling", f"POST {API}/weekly-reports/@report/submission", "open", "submitted", {}),),
        {"submitted": {"submitted_at": _AT}},
    ),
    ComplaintStatus: Machine(
        "complaints",
        "complaint",
        (
            act(
                "head_chen",
                f"POST {API}/complaints/@complaint/answer",
                "open",
                "answered",
                {"text": "已经提醒"},
            ),
        ),
        {"answered": {"answered_at": _AT}},
    ),
    ChangeStatus: Machine(
        "household_changes",
        "change",
        (
            act(
                "head_chen",
                f"POST {API}/household-changes/@change/cancellation",
                "agreed",
                "cancelled",
                {"reason": "不分了"},
            ),
        ),
    ),
    EventStatus: Machine(
        "events",
        "event",
        (
            _event("handled", "wang_fang", "reported assigned escalated reopened"),
            _event("escalated", "wang_fang", "reported assigned escalated reopened"),
            _event("withdrawn", "zhao_min", "reported assigned escalated reopened"),
            _event("closed", "zhao_min", "handled"),
            _event("reopened", "zhao_min", "handled closed"),
        ),
        {"handled": _HANDLED, "closed": _HANDLED},
    ),
    RulebookStatus: Machine(
        "rulebooks",
        "rulebook",
        (
            act(
                "head_chen",
                f"POST {API}/rulebooks/@rulebook/adoption",
                "draft",
                "adopted",
                {"held_on": "2027-01-12", "kind": "representatives", "attended": 30, "for": 28},
            ),
        ),
        {"adopted": {"version": 99, "effective_on": date(2027, 1, 12), "adopted_at": _AT}},
    ),
    ReservationState: Machine(
        "reservations",
        "reservation",
        (act("zhao_min", f"DELETE {API}/mall/reservations/@reservation", "open", "cancelled"),),
        {state: {"ended_at": _AT} for state in ("redeemed", "cancelled", "expired", "released")},
    ),
    CardState: Machine(
        "points_cards",
        "card",
        (
            act("keeper_jiang", f"POST {API}/mall/cards/@card/loss", "active", "lost", {}),
            act(
                "keeper_jiang",
                f"POST {API}/mall/cards/@card/reissue",
                "active lost",
                "replaced",
                {"reason": "磨坏了"},
            ),
        ),
        {state: {"ended_at": _AT} for state in ("lost", "replaced")},
    ),
    DayState: Machine(
        "exchange_days",
        "day_planned",
        (
            _day("open", "planned"),
            _day("closed", "open"),
            _day("redeeming", "closed"),
            _day("cancelled", "planned open closed redeeming"),
        ),
    ),
    CountState: Machine(
        "stock_counts",
        "count",
        (act("head_chen", f"POST {API}/mall/stock-counts/@count/confirmation", "open", "confirmed", {}),),
        {state: {"settled_by": "@member_3"} for state in ("confirmed", "rejected")},
    ),
}

_O = "township_han"


def _closure(thing: str, sources: str, target: str, body: Any, step: str = "closure") -> Act:
    kind = {"task": "tasks", "pairing": "pairings", "appraisal": "appraisals"}.get(thing, "rectifications")
    return act(_O, f"POST {ASSESS}/{kind}/@{thing}/{step}", sources, target, body)


def _proposal(approved: bool) -> Act:
    body = {"approved": approved, "reason": "会议研究", "decided_on": "2027-01-11"}
    target = "approved" if approved else "declined"
    return act(_O, f"POST {ASSESS}/proposals/@proposal/decision", "proposed", target, body)


MACHINES |= {
    assessing.CycleStatus: Machine(
        "assessment_cycles",
        "cycle_preparing",
        (
            act(_O, f"POST {ASSESS}/cycles/@cycle_preparing/opening", "preparing", "running", {}),
            act(
                _O,
                f"POST {ASSESS}/cycles/@cycle_preparing/cancellation",
                "preparing running",
                "cancelled",
                {"reason": "方案要改"},
            ),
        ),
    ),
    assessing.StepStatus: Machine(
        "assessment_steps",
        "step",
        (
            replace(
                act(_O, f"POST {ASSESS}/cycles/@cycle/steps/1/completion", "open held", "done", {}),
                via="open",
            ),
        ),
    ),
    assessing.ObjectionStatus: Machine(
        "assessment_objections",
        "result_objection",
        tuple(
            act(
                _O,
                f"POST {ASSESS}/objections/@result_objection/answer",
                "open escalated",
                target,
                {"upheld": target == "upheld", "reason": "核实过了"},
            )
            for target in ("dismissed", "upheld")
        ),
    ),
    assessing.ProposalStatus: Machine(
        "assessment_proposals", "proposal", (_proposal(approved=True), _proposal(approved=False))
    ),
    assessing.RectificationStatus: Machine(
        "assessment_rectifications",
        "rectification",
        (
            act(
                "zhao_min",
                f"POST {ASSESS}/rectifications/@rectification/report",
                "issued overdue",
                "reported",
                {"text": "补齐了"},
            ),
            _closure("rectification", "reported", "closed", {"accepted": True, "remark": "属实"}),
            _closure("rectification", "reported", "issued", {"accepted": False, "remark": "还差", "days": 5}),
        ),
    ),
    assessing.ReportStatus: Machine(
        "assessment_reports",
        "conduct_report",
        (
            act(
                "supervisor_shen",
                f"POST {ASSESS}/reports/@conduct_report/check",
                "received",
                "checking",
                {},
            ),
            *(
                act(
                    "supervisor_shen",
                    f"POST {ASSESS}/reports/@conduct_report/answer",
                    "checking",
                    "confirmed" if confirmed else "unfounded",
                    {"confirmed": confirmed, "finding": "查过了"},
                )
                for confirmed in (True, False)
            ),
        ),
    ),
    assessing.TaskStatus: Machine(
        "assessment_tasks",
        "task",
        tuple(
            _closure("task", "open", status, {"status": status, "remark": "核过"})
            for status in ("done", "missed", "dropped")
        ),
    ),
    assessing.PairingStatus: Machine(
        "assessment_pairings",
        "pairing",
        (
            _closure("pairing", "active", "met", {"met": True}),
            _closure("pairing", "active", "ended", {"met": False}),
        ),
    ),
    assessing.AppraisalStatus: Machine(
        "assessment_appraisals", "appraisal", (_closure("appraisal", "open", "closed", {}),)
    ),
}


# slices that walk and sweep their machines in tests of their own
SWEPT_APART = {
    "server.honours.states": (
        "tests/unit/honours/test_honour_states.py",
        "tests/service/honours/test_honours_walk.py",
    ),
}


def tables() -> dict[type[StrEnum], Table]:
    """Every table of transitions in the code: constants that map each state to its successors."""
    found: dict[type[StrEnum], Table] = {}
    for module in _modules():
        for value in list(vars(module).values()):
            inner = value.values() if isinstance(value, Mapping) else ()
            for one in (value, *inner):
                kind = _kind(one)
                if kind is not None and kind.__module__ == module.__name__:
                    found[kind] = _as_table(one)
    return found


def _modules() -> list[Any]:
    names = [
        one.name
        for package in (server, mall)
        for one in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        if ".migrations" not in one.name and not one.name.endswith("__main__")
    ]
    return [importlib.import_module(name) for name in names]


def _kind(value: Any) -> type[StrEnum] | None:
    """The states of a table, or None where the value is none."""
    if isinstance(value, tuple) and value and all(isinstance(one, Transition) for one in value):
        return RecordStatus
    if not isinstance(value, Mapping) or not value:
        return None
    kinds = {type(key) for key in value}
    if len(kinds) != 1 or not issubclass(next(iter(kinds)), StrEnum):
        return None
    kind: type[StrEnum] = next(iter(kinds))
    ways = all(
        isinstance(to, frozenset) and all(isinstance(one, kind) for one in to) for to in value.values()
    )
    return kind if ways else None


def _as_table(value: Any) -> Table:
    if isinstance(value, tuple):
        return {s: frozenset(step.target for step in value if step.source is s) for s in RecordStatus}
    return dict(value)
