"""The route by which a roster comes in: first a dry run, then the same file with the plan's hash."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import request
from flask_smorest import Blueprint

from server.kit.clock import local_date
from server.kit.errors import FieldFault, Invalid
from server.kit.transaction import transaction
from server.people import roster
from server.people.access import Permission
from server.people.household_http import seal
from server.people.roster_schemas import RosterAnswer, RosterFile, RosterQuery, answer
from server.people.villages import village_for
from server.transfer.api import read_roster
from server.web import idempotency
from server.web.routes import Call, endpoint, json_response

blueprint = Blueprint("roster", __name__, description="花名册导入")


@endpoint(
    blueprint,
    "POST",
    "/villages/<code>/roster",
    needs=Permission.ROSTER_IMPORT,
    query=RosterQuery,
    body=RosterFile,
    body_location="files",
    answer=RosterAnswer,
    own_transaction=True,
)
def import_roster(call: Call, files: dict[str, Any], query: dict[str, Any], code: str) -> Any:
    """Read a roster and say what it would change; with `dry_run=false&confirm=<plan_hash>` do it, all or
    nothing.
    """
    if not query["dry_run"] and not query.get("confirm"):
        fault = FieldFault("confirm", "填预览时给出的 plan_hash。")
        raise Invalid("confirm_missing", "请先预览，再确认导入。", [fault])
    content = files["file"].read()
    digest = hashlib.sha256(content).hexdigest()
    with transaction(writes=False) as session:
        village = village_for(session, call.actor, Permission.ROSTER_IMPORT, code)
    today = local_date(call.now)
    reading = read_roster(content, code, today, filename=files["file"].filename, village_name=village.name)
    if query["dry_run"]:
        with transaction(writes=False) as session:
            seen = roster.preview(session, village, reading, digest, seal())
        return answer(seen, query["skip_faulty"], None)
    order = roster.Order(reading, digest, query["confirm"], query["skip_faulty"])
    return _import(call, code, order)


def _import(call: Call, code: str, order: roster.Order) -> Any:
    """One transaction with the request's idempotency key, so that a repeat gives the first answer."""
    key = idempotency.key_of(request)
    content = f"roster {code} {order.digest} {order.plan_hash} {order.skip_faulty}"
    with transaction() as session:
        if key is not None:
            hashed = hashlib.sha256(content.encode()).hexdigest()
            first = idempotency.claim(session, call.actor.person, key, hashed, call.now)
            if first is not None:
                return first
        village = village_for(session, call.actor, Permission.ROSTER_IMPORT, code)
        seen, done = roster.import_roster(session, call.actor, village, order, seal(), call.now)
        response = json_response(answer(seen, order.skip_faulty, done))
        if key is not None:
            idempotency.store(session, call.actor.person, key, response)
        return response
