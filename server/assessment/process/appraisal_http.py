"""Routes of anonymous appraisal. The two for those who score know no sign-in and keep nothing of the request."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint

from server.assessment.cell_faults import bounds
from server.assessment.exact import trimmed
from server.assessment.paper.slips import slips_pdf
from server.assessment.process import appraisal_schemas, appraisals, packs
from server.assessment.process.appraisal_models import Appraisal
from server.assessment.process.http import attachment
from server.assessment.process.models import Cycle
from server.assessment.process.standing import standing
from server.config import Settings
from server.kit.clock import local_date
from server.kit.transaction import transaction
from server.people.api import Permission
from server.web.routes import PUBLIC, Call, endpoint

blueprint = Blueprint("assessment_appraisals", __name__, description="考核：匿名测评")


@endpoint(
    blueprint,
    "POST",
    "/assessments/cycles/<cycle_id>/appraisals",
    needs=Permission.ASSESSMENT_MANAGE,
    body=appraisal_schemas.AppraisalBody,
    answer=appraisal_schemas.AppraisalSchema,
    status=201,
)
def begin_appraisal(call: Call, body: dict[str, Any], cycle_id: str) -> Any:
    """Begin an anonymous appraisal of the cycle's subjects on one indicator."""
    given = (body["indicator"], body["audience"], body["days"])
    return _shown(call, appraisals.begin(call.session, call.actor, cycle_id, *given, call.now), 0)


@endpoint(
    blueprint,
    "GET",
    "/assessments/cycles/<cycle_id>/appraisals",
    needs=Permission.OWN,
    answer=appraisal_schemas.AppraisalList,
)
def list_appraisals(call: Call, cycle_id: str) -> Any:
    """Appraisals for those who read the process: how many sheets came in, and the means once it is closed.
    Nobody reads a sheet.
    """
    held = standing(call.session, call.actor, cycle_id)
    return {"items": [_shown(call, row, came) for row, came in appraisals.listed(call.session, held)]}


def _shown(call: Call, row: Appraisal, came: int) -> dict[str, Any]:
    names = ("id", "indicator", "title", "audience", "status", "codes", "closes_at")
    pack = packs.pack_of(call.session, call.session.get_one(Cycle, row.cycle_id))
    found = appraisals.means(call.session, row, pack)
    means = {
        key: {"answers": answers, "mean": None if mean is None else trimmed(mean)}
        for key, (answers, mean) in found.items()
    }
    return {name: getattr(row, name) for name in names} | {"sheets": came, "means": means}


@endpoint(
    blueprint,
    "POST",
    "/assessments/appraisals/<key>/codes",
    needs=Permission.ASSESSMENT_MANAGE,
    body=appraisal_schemas.CodesBody,
    answer=appraisal_schemas.CodesSchema,
    status=201,
    own_transaction=True,  # a stored answer to an Idempotency-Key would keep the codes
)
def issue_codes(call: Call, body: dict[str, Any], key: str) -> Any:
    """New one-time codes, shown this once: print them and hand them out without a list."""
    with transaction() as session:
        codes = appraisals.issue_codes(session, call.actor, key, body["count"], call.now)
    return {"codes": codes}


@endpoint(
    blueprint,
    "POST",
    "/assessments/appraisals/<key>/slips",
    needs=Permission.ASSESSMENT_MANAGE,
    body=appraisal_schemas.CodesBody,
    content_type="application/pdf",
    own_transaction=True,
)
def print_slips(call: Call, body: dict[str, Any], key: str) -> Response:
    """New one-time codes on slips to cut up, so that nobody has to see or copy them."""
    settings: Settings = current_app.extensions["jifen_settings"]
    with transaction() as session:
        codes = appraisals.issue_codes(session, call.actor, key, body["count"], call.now)
        row = session.get_one(Appraisal, key)
        title, until = row.title, local_date(row.closes_at)
    content = slips_pdf(codes, title, f"{settings.public_url}/a", until, call.now)
    return attachment(content, "application/pdf", "appraisal-slips.pdf")


@endpoint(
    blueprint,
    "POST",
    "/assessments/appraisals/<key>/closure",
    needs=Permission.ASSESSMENT_MANAGE,
    answer=appraisal_schemas.AppraisalSchema,
)
def close_appraisal(call: Call, key: str) -> Any:
    """End an appraisal before its time; from five answers on each subject gets its mean as an entry."""
    row = appraisals.close(call.session, call.actor, key, call.now)
    held = standing(call.session, call.actor, row.cycle_id)
    found = appraisals.listed(call.session, held)
    return next(_shown(call, one, came) for one, came in found if one.id == key)


@endpoint(
    blueprint,
    "POST",
    "/assessments/appraisal-form",
    needs=PUBLIC,
    body=appraisal_schemas.CodeBody,
    answer=appraisal_schemas.FormSchema,
    own_transaction=True,
)
def open_appraisal_form(call: Call, body: dict[str, Any]) -> Any:
    """What a code opens; the code is in the body, since addresses are logged."""
    with transaction(writes=False) as session:
        row, indicator, people = appraisals.form(session, body["code"], call.now)
        told = {"title": row.title, "indicator": row.indicator, "closes_at": row.closes_at}
        subjects = [{"code": one.code, "name": one.name, "unit": one.unit} for one in people]
    return told | {"bounds": bounds(indicator), "subjects": subjects}


@endpoint(
    blueprint,
    "POST",
    "/assessments/appraisal-sheets",
    needs=PUBLIC,
    body=appraisal_schemas.SheetBody,
    status=204,
    own_transaction=True,  # no sign-in, no Idempotency-Key: nothing but the sheet is written
)
def hand_in_sheet(call: Call, body: dict[str, Any]) -> Any:
    """Hand in an anonymous sheet; the code is gone with it."""
    with transaction() as session:
        appraisals.hand_in(session, body["code"], body["scores"], call.now)
    return None, 204
