"""Routes of rulebooks. An adopted rulebook is public: everybody may know by which rules points are given."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.people.api import Permission, Place
from server.rulebook import queries, replaying, service
from server.rulebook.models import RulebookRow
from server.rulebook.schemas import (
    AdoptionBody,
    CurrentQuery,
    DraftAnswer,
    DraftBody,
    ReplayAnswer,
    ReplayQuery,
    RulebookAnswer,
    RulebookList,
    VillageQuery,
)
from server.rulebook.spelling import initials
from server.web.fields import parsed_month
from server.web.routes import PUBLIC, Call, endpoint

blueprint = Blueprint("rulebook", __name__, description="积分细则")


@endpoint(
    blueprint,
    "GET",
    "/rulebooks/current",
    needs=Permission.RULEBOOK_READ,
    query=CurrentQuery,
    answer=RulebookAnswer,
)
def current_rulebook(call: Call, query: dict[str, Any]) -> Any:
    """The rulebook in force in a village on a day."""
    book = queries.rulebook_on(call.session, query["village"], query.get("on") or local_date(call.now))
    row = call.session.get(RulebookRow, book.id) if book else None
    if row is None:
        raise NotFound("rulebook_not_found", "这个村在这一天还没有采用积分细则。")
    return answer(row)


@endpoint(
    blueprint,
    "POST",
    "/rulebooks",
    needs=Permission.RULEBOOK_DRAFT,
    body=DraftBody,
    answer=DraftAnswer,
    status=201,
)
def draft_rulebook(call: Call, body: dict[str, Any]) -> Any:
    """Keep a draft after it has passed validation and the lawful-rights guard."""
    row, findings = service.create_draft(
        call.session, call.actor, body["village"], body["rulebook"], call.now
    )
    return {**answer(row), "findings": [finding.to_document() for finding in findings]}


@endpoint(
    blueprint,
    "POST",
    "/rulebooks/<key>/adoption",
    needs=Permission.RULEBOOK_ADOPT,
    body=AdoptionBody,
    answer=RulebookAnswer,
)
def adopt_rulebook(call: Call, body: dict[str, Any], key: str) -> Any:
    """Record the meeting that adopted a draft; it takes effect."""
    return answer(
        service.adopt(call.session, call.actor, key, body["meeting"], body["effective_on"], call.now)
    )


@endpoint(
    blueprint, "GET", "/rulebooks", needs=Permission.RULEBOOK_DRAFT, query=VillageQuery, answer=RulebookList
)
def list_rulebooks(call: Call, query: dict[str, Any]) -> Any:
    """Every rulebook of a village, drafts first, for those who work on them."""
    call.actor.at(Permission.RULEBOOK_DRAFT, Place(query["village"]))
    return {"items": [answer(row) for row in queries.with_drafts(call.session, query["village"])]}


@endpoint(blueprint, "GET", "/rulebooks/<key>", needs=Permission.RULEBOOK_DRAFT, answer=RulebookAnswer)
def read_rulebook(call: Call, key: str) -> Any:
    """One rulebook, drafts included, for those who work on it."""
    return answer(service.draft_of(call.session, call.actor, key))


@endpoint(
    blueprint,
    "GET",
    "/rulebooks/<key>/replay",
    needs=Permission.RULEBOOK_DRAFT,
    query=ReplayQuery,
    answer=ReplayAnswer,
)
def replay_rulebook(call: Call, query: dict[str, Any], key: str) -> Any:
    """What a rulebook, draft or adopted, would have changed in past months. Nothing is written."""
    first, last = parsed_month(query["first"]), parsed_month(query["last"])
    row, found = replaying.replay_of(call.session, call.actor, key, first, last)
    return {
        "rulebook": row.id,
        "village": row.village_code,
        "from": str(found.first),
        "to": str(found.last),
        "records": found.records,
        "households": found.households,
        "households_changed": found.households_changed,
        "old_points": found.old_points,
        "new_points": found.new_points,
        "items": [
            {
                "household": line.household,
                "item": line.item,
                "name": found.names.get(line.item),
                "old_points": line.old_points,
                "new_points": line.new_points,
                "change": line.change,
                "old_records": line.old_records,
                "new_records": line.new_records,
            }
            for line in found.lines
        ],
    }


@endpoint(blueprint, "GET", "/public/rulebooks", needs=PUBLIC, query=VillageQuery, answer=RulebookList)
def public_rulebooks(call: Call, query: dict[str, Any]) -> Any:
    """Every rulebook that a village has adopted."""
    return {"items": [answer(row) for row in queries.versions(call.session, query["village"])]}


def answer(row: RulebookRow) -> dict[str, Any]:
    """A rulebook as the API shows it."""
    own = {
        "id": row.id,
        "village": row.village_code,
        "version": row.version,
        "status": row.status,
        "effective_on": row.effective_on,
        "meeting": row.meeting,
    }
    items = [{**item, "initials": initials(item["name"])} for item in row.document["items"]]
    return {**row.document, "items": items, **own}
