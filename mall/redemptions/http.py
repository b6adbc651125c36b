"""Routes of the counter: consent, redeeming, the queue of a counter without a line, returns, receipts."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint
from marshmallow import ValidationError

from mall.redemptions import consent, reading, replays, returns, service
from mall.redemptions.receipt_paper import receipt_pdf
from mall.redemptions.schemas import (
    CodeAnswer,
    CodeBody,
    CounterAnswer,
    CounterQuery,
    HouseholdQuery,
    ProxyAnswer,
    ProxyBody,
    ProxyList,
    ReceiptAnswer,
    RedemptionAnswer,
    RedemptionBody,
    RedemptionList,
    RedemptionQuery,
    RefusedList,
    RefusedQuery,
    RefusedShown,
    ReplayAnswer,
    ReplayBody,
    ReplayResolution,
    ReturnBody,
    ReturnShown,
)
from mall.redemptions.wanted import Wanted
from server.kit.errors import DomainError, Invalid
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.api import Permission, Place, Seal
from server.web import problems
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_redemptions", __name__, description="积分超市：兑换")
_NO_STORE = {"Cache-Control": "no-store"}


@endpoint(
    blueprint,
    "POST",
    "/mall/pickup-codes",
    needs=Permission.RESERVE,
    body=CodeBody,
    answer=CodeAnswer,
    status=201,
    own_transaction=True,
)
def ask_pickup_code(call: Call, body: dict[str, Any]) -> Any:
    """A code for the counter: good for fifteen minutes and for one redemption of this household."""
    household, reservation = body.get("household"), body.get("reservation")
    with transaction() as session:  # its own: an idempotency key would keep the code
        code, until = consent.ask_code(session, call.actor, _seal(), household, reservation, call.now)
    return {"code": code, "expires_at": until}


@endpoint(
    blueprint,
    "POST",
    "/mall/redemptions",
    needs=Permission.SHOP_KEEP,
    body=RedemptionBody,
    answer=ReceiptAnswer,
    status=201,
    also={200: ReceiptAnswer},
)
def redeem(call: Call, body: Wanted) -> Response:
    """Hand goods out; the same id and content again gives the first receipt with 200."""
    outcome = service.redeem(call.session, call.actor, _seal(), body, call.now)
    if isinstance(outcome, DomainError):
        return problems.answer(outcome)  # returned, so that the wrong code or PIN stays counted
    return Response(outcome.receipt, 201 if outcome.made else 200, _NO_STORE, content_type="application/json")


@endpoint(
    blueprint,
    "POST",
    "/mall/redemptions/batch",
    needs=Permission.SHOP_KEEP,
    body=ReplayBody,
    answer=ReplayAnswer,
    own_transaction=True,
)
def replay_redemptions(call: Call, body: dict[str, Any]) -> Any:
    """Book what was queued, each by itself; what cannot be booked is answered, and kept until dealt with."""
    return {"results": [_replayed(call, raw) for raw in body["redemptions"]]}


def _replayed(call: Call, raw: dict[str, Any]) -> dict[str, Any]:
    try:
        wanted: Wanted = RedemptionBody().load(raw)
    except ValidationError as error:
        faults = problems.flatten(error.messages)
        fault: DomainError = Invalid("invalid", "有内容不对，请按提示改正。", faults)
        return _refused(str(raw.get("id", ""))[:36], fault)
    try:
        with transaction() as session:
            outcome = service.redeem(session, call.actor, _seal(), wanted, call.now)
            if not isinstance(outcome, DomainError):
                replays.booked(session, call.actor, wanted.id, call.now)
    except DomainError as error:
        outcome = error
    if isinstance(outcome, DomainError):
        with transaction() as session:
            replays.keep_refused(session, call.actor, wanted, outcome, call.now)
        return _refused(wanted.id, outcome)
    status = 201 if outcome.made else 200
    return {"id": wanted.id, "status": status, "receipt": json.loads(outcome.receipt)}


def _refused(key: str, error: DomainError) -> dict[str, Any]:
    problem = problems.of(error)
    return {"id": key, "status": problem["status"], "problem": problem}


@endpoint(
    blueprint,
    "GET",
    "/mall/redemptions",
    needs=Permission.ACCOUNT_READ,
    query=RedemptionQuery,
    answer=RedemptionList,
)
def list_redemptions(call: Call, query: dict[str, Any]) -> Any:
    """Receipts of the own household, or of the shop's village, newest first."""
    items, following = reading.redemptions_of(
        call.session,
        call.actor,
        query.get("household"),
        query.get("exchange_day"),
        query.get("cursor"),
        query["limit"],
    )
    return {"items": items, "next_cursor": following}


@endpoint(blueprint, "GET", "/mall/redemptions/<key>", needs=Permission.ACCOUNT_READ, answer=RedemptionAnswer)
def read_redemption(call: Call, key: str) -> Any:
    """A receipt with what came back since."""
    return reading.one(call.session, call.actor, key)


@endpoint(
    blueprint,
    "GET",
    "/mall/redemptions/<key>/receipt",
    needs=Permission.ACCOUNT_READ,
    content_type="application/pdf",
)
def print_receipt(call: Call, key: str) -> Response:
    """The receipt for a 58 mm thermal printer."""
    found = reading.one(call.session, call.actor, key)
    content = receipt_pdf(found, call.now)
    headers = {**_NO_STORE, "Content-Disposition": f'inline; filename="receipt-{found["number"]}.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


@endpoint(
    blueprint,
    "POST",
    "/mall/redemptions/<key>/return",
    needs=Permission.SHOP_KEEP,
    body=ReturnBody,
    answer=ReturnShown,
    status=201,
    also={200: ReturnShown},
)
def return_goods(call: Call, body: dict[str, Any], key: str) -> Any:
    """Goods come back: their points too, and what is sound to the shelf."""
    wanted = returns.WantedReturn(
        body.get("id") or new_id(), key, tuple(body["lines"]), body["reason"].strip()
    )
    row, made = returns.return_goods(call.session, call.actor, wanted, call.now)
    return reading.return_shown(row), 201 if made else 200


@endpoint(
    blueprint, "GET", "/mall/counter", needs=Permission.SHOP_KEEP, query=CounterQuery, answer=CounterAnswer
)
def look_at_counter(call: Call, query: dict[str, Any]) -> Any:
    """The household behind a plate or card, with its points and reservations."""
    given = query.get("plate"), query.get("card"), query.get("household")
    return reading.at_counter(call.session, call.actor, *given, call.now)


@endpoint(
    blueprint,
    "GET",
    "/mall/refused-replays",
    needs=Permission.SHOP_MANAGE,
    query=RefusedQuery,
    answer=RefusedList,
)
def list_refused_replays(call: Call, query: dict[str, Any]) -> Any:
    """Redemptions of a counter without a line that could not be booked and wait for somebody."""
    return {
        "items": replays.refused(call.session, call.actor, query["village"], everything=query["everything"])
    }


@endpoint(
    blueprint,
    "POST",
    "/mall/refused-replays/<key>/resolution",
    needs=Permission.SHOP_MANAGE,
    body=ReplayResolution,
    answer=RefusedShown,
)
def resolve_refused_replay(call: Call, body: dict[str, Any], key: str) -> Any:
    """Say what was done about one."""
    row = replays.resolve(call.session, call.actor, key, body["resolution"].strip(), call.now)
    return replays.shown(row)


@endpoint(
    blueprint,
    "POST",
    "/mall/proxies",
    needs=Permission.RESERVE,
    body=ProxyBody,
    answer=ProxyAnswer,
    status=201,
)
def name_proxy(call: Call, body: dict[str, Any]) -> Any:
    """Name somebody who may collect for the own household, against a signature."""
    key, name = body.get("id") or new_id(), body["name"].strip()
    return consent.name_proxy(call.session, call.actor, key, body["household"], name, call.now)


@endpoint(blueprint, "DELETE", "/mall/proxies/<key>", needs=Permission.RESERVE, answer=ProxyAnswer)
def end_proxy(call: Call, key: str) -> Any:
    """From now on nobody collects under this name."""
    return consent.end_proxy(call.session, call.actor, key, call.now)


@endpoint(
    blueprint, "GET", "/mall/proxies", needs=Permission.ACCOUNT_READ, query=HouseholdQuery, answer=ProxyList
)
def list_proxies(call: Call, query: dict[str, Any]) -> Any:
    """Whom a household has named."""
    code = query["household"]
    call.actor.at(Permission.ACCOUNT_READ, Place(code[:12], household=code))
    return {"items": consent.proxies_of(call.session, code)}


def _seal() -> Seal:
    seal: Seal = current_app.extensions["jifen_seal"]
    return seal
