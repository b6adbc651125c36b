"""Routes of accounts, statements and entries. The first two are hot: one statement, ready-made JSON."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from server.kit.clock import iso
from server.kit.errors import NotFound
from server.kit.exact import hundredths_text
from server.kit.ids import is_id
from server.kit.paging import decode_cursor, page
from server.ledger import queries, reading
from server.ledger.reading import StatementRow
from server.ledger.schemas import AccountSchema, EntrySchema, PageQuery, StatementSchema
from server.people.api import Permission, Place
from server.web.routes import Call, endpoint

blueprint = Blueprint("ledger", __name__, description="积分账户")


@endpoint(blueprint, "GET", "/households/<code>/account", needs=Permission.ACCOUNT_READ, answer=AccountSchema)
def get_account(call: Call, code: str) -> Response:
    """Score, balance and reserved points of a household, as of now."""
    _may_read(call, code)
    state = queries.state_of(call.session, code)
    if state is None:
        raise NotFound()
    return _ready(
        f'{{"household":"{code}","score":"{hundredths_text(state.score)}",'
        f'"balance":"{hundredths_text(state.balance)}","reserved":"{hundredths_text(state.reserved)}",'
        f'"year":{state.score_year or "null"},"as_of":"{iso(call.now)}"}}'
    )


@endpoint(
    blueprint,
    "GET",
    "/households/<code>/statement",
    needs=Permission.ACCOUNT_READ,
    query=PageQuery,
    answer=StatementSchema,
)
def get_statement(call: Call, query: dict[str, Any], code: str) -> Response:
    """A household's entries, newest first, each with the balance after it."""
    _may_read(call, code)
    cursor, limit = query.get("cursor"), query["limit"]
    before = decode_cursor(cursor, int)[0] if cursor else None
    rows = reading.statement(call.session, code, before, limit + 1)
    if not rows and queries.state_of(call.session, code) is None:
        raise NotFound()
    rows, following = page(rows, limit, lambda row: (row.seq,))
    items = ",".join(map(_item, rows))
    return _ready(f'{{"items":[{items}],"next_cursor":{_quoted(following)}}}')


@endpoint(blueprint, "GET", "/entries/<id>", needs=Permission.ACCOUNT_READ, answer=EntrySchema)
def get_entry(call: Call, id: str) -> reading.Entry:
    """One entry with all its postings and its place in the chain."""
    if not is_id(id):
        raise NotFound()
    found = reading.entry(call.session, id)
    call.actor.at(Permission.ACCOUNT_READ, Place(found.village, household=found.household))
    return found


def _may_read(call: Call, code: str) -> None:
    """NotFound unless the household is in scope; its code begins with that of its village."""
    if len(code) != 16 or not (code.isascii() and code.isdigit()):
        raise NotFound()
    call.actor.at(Permission.ACCOUNT_READ, Place(code[:12], household=code))


def _item(row: StatementRow) -> str:
    return (
        f'{{"id":"{row.id}","posted_at":"{iso(row.posted_at)}","cause":"{row.cause}",'
        f'"amount":"{hundredths_text(row.amount)}","score_amount":"{hundredths_text(row.score_amount)}",'
        f'"balance_after":"{hundredths_text(row.balance_after)}","refs":{row.refs}}}'
    )


def _quoted(text: str | None) -> str:
    """A cursor as JSON: its alphabet needs no escapes."""
    return "null" if text is None else f'"{text}"'


def _ready(body: str) -> Response:
    """JSON that is text already; a proxy must not keep it."""
    return Response(body, content_type="application/json", headers={"Cache-Control": "no-store"})
