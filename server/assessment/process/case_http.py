"""Routes of task lists, inspection draws, pairings and reports about a person."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flask_smorest import Blueprint

from server.assessment.process import case_schemas, inspections, packs, pairings, reports, rules, tasks
from server.assessment.process.listing import by_whom, page_of
from server.assessment.process.schemas import Paged
from server.assessment.process.standing import Standing, standing
from server.assessment.process.states import TaskStatus
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("assessment_cases", __name__, description="考核：任务清单、抽查、结对、监督举报")
_CYCLE = "/assessments/cycles/<cycle_id>"
_REPORT = ("id", "subject", "text", "made_at", "status", "finding", "answered_at")


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/tasks",
    needs=Permission.ASSESSMENT_MANAGE,
    body=case_schemas.TaskBody,
    answer=case_schemas.TaskSchema,
    status=201,
)
def add_task(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Put a goal on the task list, below the one it comes from."""
    row = tasks.add(call.session, call.actor, cycle_id, tasks.NewTask(**body), call.now)
    return _task(row, [])


@endpoint(blueprint, "GET", f"{_CYCLE}/tasks", needs=Permission.OWN, answer=case_schemas.TaskList)
def list_tasks(call: Call, cycle_id: str) -> Any:
    """The task list with its progress, as far as one may know it."""
    held = standing(call.session, call.actor, cycle_id)
    levels = rules.task_levels(packs.pack_of(call.session, held.cycle))
    return {"levels": levels, "items": [_task(row, told) for row, told in tasks.listed(call.session, held)]}


def _task(row: Any, progress: Any) -> dict[str, Any]:
    names = ("id", "parent_id", "level", "subject", "title", "goal", "area", "due_on", "status", "remark")
    return {name: getattr(row, name) for name in names} | {"progress": progress}


@endpoint(
    blueprint,
    "POST",
    "/assessments/tasks/<task_id>/progress",
    needs=Permission.OWN,
    body=case_schemas.ProgressBody,
    answer=case_schemas.ProgressSchema,
    status=201,
)
def report_progress(call: Call, body: dict[str, Any], task_id: str) -> Any:
    """How far a task is in a period, once a period."""
    given = (body["period"], body["percent"], body["text"])
    return tasks.report(call.session, call.actor, task_id, *given, call.now)


@endpoint(
    blueprint,
    "POST",
    "/assessments/tasks/<task_id>/closure",
    needs=Permission.ASSESSMENT_MANAGE,
    body=case_schemas.TaskClosureBody,
    answer=case_schemas.TaskSchema,
)
def close_task(call: Call, body: dict[str, Any], task_id: str) -> Any:
    """Done, missed or dropped; a missed one may cost points, of the unit and of the person responsible."""
    target = TaskStatus(body["status"])
    row = tasks.finish(call.session, call.actor, task_id, target, body["remark"], body.get("loss"), call.now)
    return _task(row, [])


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/draws",
    needs=Permission.ASSESSMENT_MANAGE,
    body=case_schemas.DrawBody,
    answer=case_schemas.DrawSchema,
    status=201,
)
def draw_inspection(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Draw at random within each category; seed and lists stay on record, and every draw does."""
    share = Fraction(body["share"]) if "share" in body else None
    return _draw(inspections.draw(call.session, call.actor, cycle_id, share, call.now), [])


@endpoint(blueprint, "GET", f"{_CYCLE}/draws", needs=Permission.OWN, answer=case_schemas.DrawList)
def list_draws(call: Call, cycle_id: str) -> Any:
    """Every draw with its findings, each drawn again from its seed."""
    held = standing(call.session, call.actor, cycle_id)
    return {"items": [_draw(row, found) for row, found in inspections.listed(call.session, held)]}


def _draw(row: Any, findings: Any) -> dict[str, Any]:
    names = ("id", "seed", "share", "groups", "drawn", "drawn_at")
    told = {name: getattr(row, name) for name in names}
    return told | {"repeated": inspections.repeated(row), "findings": findings}


@endpoint(
    blueprint,
    "POST",
    "/assessments/draws/<draw_id>/findings",
    needs=Permission.OWN,
    body=case_schemas.FindingBody,
    answer=case_schemas.FindingSchema,
    status=201,
)
def add_finding(call: Call, body: dict[str, Any], draw_id: str) -> Any:
    """What an inspection found at somebody who was drawn."""
    return inspections.find(call.session, call.actor, draw_id, body["subject"], body["text"], call.now)


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/pairings",
    needs=Permission.ASSESSMENT_MANAGE,
    body=case_schemas.PairingBody,
    answer=case_schemas.PairingSchema,
    status=201,
)
def begin_pairing(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Let a model take somebody along, with a goal."""
    given = (body["model"], body["follower"], body["goal"])
    return _pairing(pairings.begin(call.session, call.actor, cycle_id, *given, call.now), [])


@endpoint(blueprint, "GET", f"{_CYCLE}/pairings", needs=Permission.OWN, answer=case_schemas.PairingList)
def list_pairings(call: Call, cycle_id: str) -> Any:
    """Pairings with their notes: one's own, or all for the process."""
    held = standing(call.session, call.actor, cycle_id)
    return {"items": [_pairing(row, notes) for row, notes in pairings.listed(call.session, held)]}


def _pairing(row: Any, notes: Any) -> dict[str, Any]:
    names = ("id", "model", "follower", "goal", "status", "begun_at", "remark", "ended_at")
    return {name: getattr(row, name) for name in names} | {"follow_ups": notes}


@endpoint(
    blueprint,
    "POST",
    "/assessments/pairings/<key>/follow-ups",
    needs=Permission.OWN,
    body=case_schemas.TextBody,
    answer=case_schemas.FollowUpSchema,
    status=201,
)
def follow_up_pairing(call: Call, body: dict[str, Any], key: str) -> Any:
    """A note on how it goes."""
    return pairings.follow_up(call.session, call.actor, key, body["text"], call.now)


@endpoint(
    blueprint,
    "POST",
    "/assessments/pairings/<key>/closure",
    needs=Permission.ASSESSMENT_MANAGE,
    body=case_schemas.PairingClosureBody,
    answer=case_schemas.PairingSchema,
)
def close_pairing(call: Call, body: dict[str, Any], key: str) -> Any:
    """End a pairing: goal met or not."""
    row = pairings.finish(call.session, call.actor, key, body["met"], body["remark"], call.now)
    return _pairing(row, [])


@endpoint(
    blueprint,
    "POST",
    f"{_CYCLE}/reports",
    needs=Permission.OWN,
    body=case_schemas.ObjectionBody,
    answer=case_schemas.ReportSchema,
    status=201,
)
def make_report(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Report something about somebody under assessment; only the overseer learns who did."""
    row = reports.make(call.session, call.actor, cycle_id, body["subject"], body["text"], call.now)
    return _report(row, standing(call.session, call.actor, cycle_id))


@endpoint(
    blueprint,
    "GET",
    f"{_CYCLE}/reports",
    needs=Permission.OWN,
    query=Paged,
    answer=case_schemas.ReportPage,
)
def list_reports(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """Reports: all for the overseer, else those that one made."""
    return page_of(call, cycle_id, query, reports.listed, _report)


@endpoint(
    blueprint,
    "POST",
    "/assessments/reports/<key>/check",
    needs=Permission.OWN,
    answer=case_schemas.ReportSchema,
)
def check_report(call: Call, key: str) -> Any:
    """The overseer takes a report up."""
    row = reports.check(call.session, call.actor, key, call.now)
    return _report(row, standing(call.session, call.actor, row.cycle_id))


@endpoint(
    blueprint,
    "POST",
    "/assessments/reports/<key>/answer",
    needs=Permission.OWN,
    body=case_schemas.ReportAnswerBody,
    answer=case_schemas.ReportSchema,
)
def answer_report(call: Call, body: dict[str, Any], key: str) -> Any:
    """The overseer answers; who made the report is told."""
    row = reports.answer(call.session, call.actor, key, body["confirmed"], body["finding"], call.now)
    return _report(row, standing(call.session, call.actor, row.cycle_id))


def _report(row: Any, held: Standing) -> dict[str, Any]:
    return by_whom(row, _REPORT, held.oversees, held)
