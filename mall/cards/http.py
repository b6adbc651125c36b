"""Routes of points cards.

Routes that answer with a PIN open their own transaction: an idempotency key would keep the answer.
"""

from __future__ import annotations

from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint

from mall.cards import paper, service
from mall.cards.schemas import (
    CardAnswer,
    CardBody,
    CardList,
    HouseholdQuery,
    IssuedAnswer,
    LossBody,
    PinBody,
    ReissueBody,
)
from server.kit.clock import local_date
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.api import Permission, Place, Seal
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_cards", __name__, description="积分超市：积分卡")


@endpoint(
    blueprint,
    "POST",
    "/mall/cards",
    needs=Permission.SHOP_MANAGE,
    body=CardBody,
    answer=IssuedAnswer,
    status=201,
    also={200: IssuedAnswer},
    own_transaction=True,
)
def issue_card(call: Call, body: dict[str, Any]) -> Any:
    """A card for a household; its PIN is in this answer and nowhere else."""
    key = body.get("id") or new_id()
    with transaction() as session:
        issued = service.issue(session, call.actor, _seal(), key, body["household"], body["pin"], call.now)
        return _issued(issued), 201 if issued.made else 200


@endpoint(
    blueprint,
    "POST",
    "/mall/cards/<key>/reissue",
    needs=Permission.SHOP_MANAGE,
    body=ReissueBody,
    answer=IssuedAnswer,
    status=201,
    own_transaction=True,
)
def reissue_card(call: Call, body: dict[str, Any], key: str) -> Any:
    """A new card in the place of one that is lost or worn."""
    with transaction() as session:
        issued = service.reissue(
            session, call.actor, _seal(), key, body["pin"], body["reason"].strip(), call.now
        )
        return _issued(issued)


@endpoint(
    blueprint,
    "POST",
    "/mall/cards/<key>/sheet",
    needs=Permission.SHOP_MANAGE,
    content_type="application/pdf",
    own_transaction=True,
)
def print_card(call: Call, key: str) -> Response:
    """The card to cut out, with a new PIN inside the fold: who prints it need not see the PIN."""
    with transaction() as session:
        actor, permission = call.actor, Permission.SHOP_MANAGE
        card, pin = service.set_pin(session, actor, _seal(), permission, key, None, call.now)
        face = paper.face_of(session, card, pin)
    content = paper.card_pdf(face, local_date(call.now), call.now)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="card-{card.number}.pdf"',
    }
    return Response(content, content_type="application/pdf", headers=headers)


@endpoint(
    blueprint,
    "POST",
    "/mall/cards/<key>/loss",
    needs=Permission.CARD_BLOCK,
    body=LossBody,
    answer=CardAnswer,
)
def report_card_lost(call: Call, body: dict[str, Any], key: str) -> Any:
    """The card is lost: from now on its PIN counts for nothing."""
    return service.report_lost(call.session, call.actor, key, body["reason"].strip(), call.now)


@endpoint(
    blueprint,
    "PUT",
    "/mall/cards/<key>/pin",
    needs=Permission.RESERVE,
    body=PinBody,
    answer=CardAnswer,
    own_transaction=True,
)
def change_card_pin(call: Call, body: dict[str, Any], key: str) -> Any:
    """A member of the household chooses another PIN."""
    with transaction() as session:
        actor, permission = call.actor, Permission.RESERVE
        card, _ = service.set_pin(session, actor, _seal(), permission, key, body["pin"], call.now)
        session.refresh(card)
        return card


@endpoint(
    blueprint,
    "GET",
    "/mall/cards",
    needs=Permission.ACCOUNT_READ,
    query=HouseholdQuery,
    answer=CardList,
)
def list_cards(call: Call, query: dict[str, Any]) -> Any:
    """The cards of a household."""
    code = query["household"]
    call.actor.at(Permission.ACCOUNT_READ, Place(code[:12], household=code))
    return {"items": service.cards_of(call.session, code)}


def _seal() -> Seal:
    seal: Seal = current_app.extensions["jifen_seal"]
    return seal


def _issued(issued: service.Issued) -> dict[str, Any]:
    card = issued.card
    return {
        "id": card.id,
        "household_code": card.household_code,
        "number": card.number,
        "status": card.status,
        "failures": card.failures,
        "issued_at": card.issued_at,
        "ended_at": card.ended_at,
        "token": card.token,
        "pin": issued.pin,
    }
