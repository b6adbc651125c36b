"""Routes of packs, cycles, subjects, duties and the register."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from sqlalchemy import select

from server.assessment.process import cycles, duties, packs, register, rules, schemas, subjects, workflow
from server.assessment.process.listing import page_of
from server.assessment.process.models import Cycle, Duty, StoredPack
from server.assessment.process.standing import Standing, standing, standing_in, standings
from server.assessment.template import write_template
from server.kit.clock import local_date
from server.kit.errors import FieldFault, Invalid
from server.kit.transaction import transaction
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("assessments", __name__, description="考核：方案、周期、对象、分工")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes, kind: str, name: str) -> Response:
    """A file to be saved; the name is ASCII."""
    response = Response(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@endpoint(blueprint, "GET", "/assessments/packs", needs=Permission.OWN, answer=schemas.PackList)
def list_packs(call: Call) -> Any:
    """The shipped schemes: public rules, for everybody signed in."""
    return {"items": packs.listed()}


@endpoint(blueprint, "GET", "/assessments/packs/<pack>", needs=Permission.OWN)
def read_pack(call: Call, pack: str) -> Any:
    """A scheme whole: the tree with its counts, steps, parameters, grades, consequences, workflow."""
    return packs.view_of(pack)


@endpoint(blueprint, "GET", "/assessments/packs/<pack>/template", needs=Permission.OWN, content_type=XLSX)
def download_template(call: Call, pack: str) -> Response:
    """The empty entry sheet of a scheme, with its codes beside it."""
    found = packs.shipped(pack)
    with tempfile.TemporaryDirectory(prefix="jifen-template-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(found, path)
        return attachment(path.read_bytes(), XLSX, f"{found.id}.xlsx")


@endpoint(
    blueprint,
    "POST",
    "/assessments/cycles",
    needs=Permission.ASSESSMENT_MANAGE,
    body=schemas.CycleBody,
    answer=schemas.CycleSchema,
    status=201,
)
def create_cycle(call: Call, body: dict[str, Any]) -> Any:
    """Set up a cycle; the scheme's text is stored with it, so that a later edition changes nothing here."""
    if ("pack" in body) == ("pack_text" in body):
        fault = FieldFault("pack", "写 pack（自带方案的编号）或 pack_text（自己的方案全文），只写一个。")
        raise Invalid("pack_missing", "请选一个考核方案。", [fault])
    planned = tuple(rules.PlannedStep(**one) for one in body["workflow"]) if "workflow" in body else None
    wanted = cycles.NewCycle(
        body.get("pack"),
        body.get("pack_text"),
        body.get("division"),
        body.get("title"),
        body.get("period"),
        body["parameters"],
        planned,
        body.get("starts_on"),
    )
    return shown(call, cycles.create(call.session, call.actor, wanted, call.now))


@endpoint(
    blueprint,
    "GET",
    "/assessments/cycles",
    needs=Permission.OWN,
    query=schemas.CycleQuery,
    answer=schemas.CyclePage,
)
def list_cycles(call: Call, query: dict[str, Any]) -> Any:
    """The cycles that one runs, reads, oversees, has a duty in or is assessed by; newest first."""
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows, following = cycles.listed(call.session, call.actor, query, cursor, limit)
    return {"items": _shown(call, rows), "next_cursor": following}


@endpoint(
    blueprint, "GET", "/assessments/cycles/<cycle_id>", needs=Permission.OWN, answer=schemas.CycleSchema
)
def read_cycle(call: Call, cycle_id: str) -> Any:
    """A cycle with its steps, and what one is in it."""
    return shown(call, standing(call.session, call.actor, cycle_id).cycle)


def shown(call: Call, cycle: Cycle) -> dict[str, Any]:
    """A cycle as the reader sees it."""
    return _shown(call, [cycle])[0]


def _shown(call: Call, rows: list[Cycle]) -> list[dict[str, Any]]:
    steps = cycles.steps_of(call.session, [row.id for row in rows])
    digests = {row.digest for row in rows}
    query = select(StoredPack.digest, StoredPack.version).where(StoredPack.digest.in_(digests))
    versions = {digest: version for digest, version in call.session.execute(query)}  # noqa: C416
    held = standings(call.session, call.actor, rows)
    return [_cycle(call, row, steps[row.id], versions[row.digest], held[row.id]) for row in rows]


def _cycle(call: Call, row: Cycle, steps: Any, version: str, held: Standing) -> dict[str, Any]:
    own = ("id", "division", "pack", "title", "period", "parameters", "status", "starts_on", "created_at")
    told = {name: getattr(row, name) for name in (*own, "frozen_at", "round", "ended_at")}
    pack = packs.pack_of(call.session, row)
    return told | {
        "pack_version": version,
        "pack_digest": row.digest,
        "visibility": sorted(rules.seeing(pack)),
        "steps": [_step(one, held) for one in steps],
        "mine": {
            "manages": held.manages is not None,
            "reads": held.sees_process,
            "oversees": held.oversees,
            "duties": sorted({duty.role for duty in held.duties}),
            "subjects": sorted(held.own_codes),
        },
    }


def _step(one: Any, held: Standing) -> dict[str, Any]:
    names = ("position", "step", "title", "role", "days", "status", "opened_at", "due_at", "ended_at")
    told = {name: getattr(one, name) for name in (*names, "remark", "document_number")}
    by_role = one.role == rules.EVERYONE or (one.role == rules.SELF and bool(held.subjects))
    return told | {"mine": by_role or held.acts(one.role)}


@endpoint(
    blueprint,
    "POST",
    "/assessments/cycles/<cycle_id>/opening",
    needs=Permission.ASSESSMENT_MANAGE,
    answer=schemas.CycleSchema,
)
def open_cycle(call: Call, cycle_id: str) -> Any:
    """Begin a cycle by hand; its steps then open and close by themselves."""
    return shown(call, workflow.open_cycle(call.session, call.actor, cycle_id, call.now))


@endpoint(
    blueprint,
    "POST",
    "/assessments/cycles/<cycle_id>/cancellation",
    needs=Permission.ASSESSMENT_MANAGE,
    body=schemas.ReasonBody,
    answer=schemas.CycleSchema,
)
def cancel_cycle(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Give a cycle up, with the reason."""
    return shown(call, cycles.cancel(call.session, call.actor, cycle_id, body["reason"], call.now))


@endpoint(
    blueprint,
    "POST",
    "/assessments/cycles/<cycle_id>/subjects",
    needs=Permission.ASSESSMENT_MANAGE,
    body=schemas.SubjectsBody,
    answer=schemas.AddedSubjects,
    status=201,
)
def add_subjects(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Add subjects one by one, or everybody whom the register names on a day."""
    if ("subjects" in body) == ("register_on" in body):
        fault = FieldFault("subjects", "写 subjects（逐个）或 register_on（取名册），只写一个。")
        raise Invalid("subjects_missing", "请说明加入哪些对象。", [fault])
    if "register_on" in body:
        day = body["register_on"]
        added = subjects.from_register(call.session, call.actor, cycle_id, day, call.now)
    else:
        wanted = [subjects.NewSubject(**one) for one in body["subjects"]]
        added = subjects.add(call.session, call.actor, cycle_id, wanted, call.now)
    return {"added": len(added)}


@endpoint(
    blueprint,
    "GET",
    "/assessments/cycles/<cycle_id>/subjects",
    needs=Permission.OWN,
    query=schemas.Paged,
    answer=schemas.SubjectPage,
)
def list_subjects(call: Call, query: dict[str, Any], cycle_id: str) -> Any:
    """The subjects that one may know of: all, those assigned, or the own."""
    return page_of(call, cycle_id, query, subjects.listed)


@endpoint(
    blueprint,
    "POST",
    "/assessments/cycles/<cycle_id>/duties",
    needs=Permission.ASSESSMENT_MANAGE,
    body=schemas.DutyBody,
    answer=schemas.DutySchema,
    status=201,
)
def give_duty(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Assign what somebody scores, or which steps somebody acts in."""
    wanted = duties.NewDuty(**(body | {"indicators": tuple(body["indicators"])}))
    row = duties.give(call.session, call.actor, cycle_id, wanted, call.now)
    held = standing_in(call.session, call.actor, call.session.get_one(Cycle, cycle_id))
    return next(_duty(one, name) for one, name in duties.listed(call.session, held) if one.id == row.id)


@endpoint(
    blueprint,
    "GET",
    "/assessments/cycles/<cycle_id>/duties",
    needs=Permission.OWN,
    answer=schemas.DutyList,
)
def list_duties(call: Call, cycle_id: str) -> Any:
    """Who does what: all for those who read the process, else the own duties."""
    held = standing(call.session, call.actor, cycle_id)
    return {"items": [_duty(row, name) for row, name in duties.listed(call.session, held)]}


def _duty(row: Duty, name: str) -> dict[str, Any]:
    told = {key: getattr(row, key) for key in ("id", "role", "rater", "indicators", "category", "unit")}
    return told | {"person": {"id": row.person_id, "name": name}}


@endpoint(
    blueprint,
    "DELETE",
    "/assessments/duties/<duty_id>",
    needs=Permission.ASSESSMENT_MANAGE,
    status=204,
)
def end_duty(call: Call, duty_id: str) -> Any:
    """Take a duty back."""
    duties.end(call.session, call.actor, duty_id, call.now)
    return None, 204


@endpoint(
    blueprint,
    "GET",
    "/assessments/register",
    needs=Permission.ASSESSMENT_MANAGE,
    query=schemas.RegisterQuery,
    answer=schemas.RegisterPage,
)
def list_register(call: Call, query: dict[str, Any]) -> Any:
    """Who belonged to which unit and category on a day."""
    day = query.get("on") or local_date(call.now)
    rows, following = register.listed(
        call.session, call.actor, query["division"], query["pack"], day, query.get("cursor"), query["limit"]
    )
    return {"items": rows, "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/assessments/register",
    needs=Permission.ASSESSMENT_MANAGE,
    query=schemas.RegisterFileQuery,
    body=schemas.SheetFile,
    body_location="files",
    answer=schemas.RegisterDone,
    own_transaction=True,
)
def import_register(call: Call, files: dict[str, Any], query: dict[str, Any]) -> Any:
    """Import memberships from Excel or CSV: 编号、名称、类别、所属单位、用户名、开始日期、结束日期."""
    reading = register.read_file(files["file"].read(), files["file"].filename or "")
    with transaction() as session:
        return register.store(session, call.actor, query["division"], query["pack"], reading, call.now)
