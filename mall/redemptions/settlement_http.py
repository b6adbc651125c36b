"""Routes of settlements: figures, signatures, the Excel file, the sheet for the binder."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from mall.exchange_days.api import day_for
from mall.redemptions import settling
from mall.redemptions.schemas import SettlementAnswer, SignatureBody
from mall.redemptions.settlement_paper import settlement_pdf
from mall.redemptions.settlement_sheet import settlement_xlsx
from server.people.api import Permission, Village
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_settlements", __name__, description="积分超市：兑换日结算")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@endpoint(
    blueprint,
    "GET",
    "/mall/exchange-days/<key>/settlement",
    needs=Permission.SHOP_READ,
    answer=SettlementAnswer,
)
def read_settlement(call: Call, key: str) -> Any:
    """By goods and household, stock against the book, use of the fund; supplements by themselves."""
    return settling.settlement_of(call.session, call.actor, key)


@endpoint(
    blueprint,
    "POST",
    "/mall/exchange-days/<key>/settlement",
    needs=Permission.SHOP_MANAGE,
    body=SignatureBody,
    answer=SettlementAnswer,
)
def begin_settlement(call: Call, body: dict[str, Any], key: str) -> Any:
    """As `/signature`: the first of the two people opens the settlement by signing it."""
    return settling.sign(call.session, call.actor, key, body["content_hash"], call.now)


@endpoint(
    blueprint,
    "POST",
    "/mall/exchange-days/<key>/signature",
    needs=Permission.SHOP_MANAGE,
    body=SignatureBody,
    answer=SettlementAnswer,
)
def sign_settlement(call: Call, body: dict[str, Any], key: str) -> Any:
    """Sign what is there; the second signature, of somebody else, settles it."""
    return settling.sign(call.session, call.actor, key, body["content_hash"], call.now)


@endpoint(
    blueprint,
    "GET",
    "/mall/exchange-days/<key>/settlement.xlsx",
    needs=Permission.SHOP_READ,
    content_type=XLSX,
)
def export_settlement(call: Call, key: str) -> Response:
    """The settlement as an Excel file."""
    found = settling.settlement_of(call.session, call.actor, key)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="settlement-{found["day"]}.xlsx"',
    }
    return Response(settlement_xlsx(found), content_type=XLSX, headers=headers)


@endpoint(
    blueprint,
    "GET",
    "/mall/exchange-days/<key>/settlement.pdf",
    needs=Permission.SHOP_READ,
    content_type="application/pdf",
)
def print_settlement(call: Call, key: str) -> Response:
    """The settlement on paper, with the signatures or with lines to sign on."""
    day = day_for(call.session, call.actor, Permission.SHOP_READ, key)
    found = settling.settlement_of(call.session, call.actor, key)
    village = call.session.get_one(Village, day.village_code)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="settlement-{found["day"]}.pdf"',
    }
    content = settlement_pdf(found, village.name, call.now)
    return Response(content, content_type="application/pdf", headers=headers)
