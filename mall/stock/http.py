"""Routes of stock: movements, counts with a second person, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response
from flask_smorest import Blueprint

from mall import sheets
from mall.settings.api import settings_of
from mall.stock import counts, errors, service
from mall.stock.models import StockCount, StockMovement
from mall.stock.movement_sheet import movement_sheet
from mall.stock.rules import Kind
from mall.stock.schemas import (
    CountAnswer,
    CountBody,
    CountList,
    CountQuery,
    MovementAnswer,
    MovementBody,
    MovementExportQuery,
    MovementPage,
    MovementQuery,
    SettleBody,
    VillageQuery,
    WarningsAnswer,
)
from mall.stock.warnings import Warnings, warnings
from server.audit import api as audit
from server.kit.clock import local_date
from server.kit.ids import is_id
from server.kit.transaction import transaction
from server.people.api import Permission, Place
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_stock", __name__, description="积分超市：库存")


@endpoint(
    blueprint,
    "POST",
    "/mall/stock-movements",
    needs=Permission.SHOP_KEEP,
    body=MovementBody,
    answer=MovementAnswer,
    status=201,
    also={200: MovementAnswer},
)
def enter_movement(call: Call, body: dict[str, Any]) -> Any:
    """Goods donated, bought, spoiled or given back; the same id and content again answers 200."""
    new = service.NewMovement(**body | {"kind": Kind(body["kind"])})
    rows, made = service.enter(call.session, call.actor, new, call.now)
    return _movement(rows), 201 if made else 200


def _movement(rows: Sequence[StockMovement]) -> dict[str, Any]:
    first = rows[0]
    return {
        "id": first.id, "goods": first.goods_id, "kind": first.kind, "donor": first.donor_id,
        "quantity": sum(row.quantity for row in rows), "cost": first.cost, "note": first.note, "at": first.at,
        "batches": [{"batch": row.batch_id, "quantity": row.quantity} for row in rows],
    }  # fmt: skip


@endpoint(
    blueprint,
    "GET",
    "/mall/stock-movements",
    needs=Permission.SHOP_READ,
    query=MovementQuery,
    answer=MovementPage,
)
def list_movements(call: Call, query: dict[str, Any]) -> Any:
    """The movements of a shop, the newest first."""
    call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    cursor, limit = query.pop("cursor", None), query.pop("limit")
    rows, following = service.movements(call.session, service.Page(**query), cursor, limit)
    items = [
        {
            "id": row.id, "goods": row.goods_id, "name": name, "kind": row.kind, "quantity": row.quantity,
            "batch": batch.id, "label": batch.label, "expires_on": batch.expires_on, "donor": row.donor_id,
            "cost": row.cost, "note": row.note, "reference": row.reference, "at": row.at,
        }
        for row, batch, name in rows
    ]  # fmt: skip
    return {"items": items, "next_cursor": following}


@endpoint(
    blueprint,
    "GET",
    "/mall/exports/stock-movements",
    needs=Permission.SHOP_READ,
    query=MovementExportQuery,
    content_type=sheets.MEDIA_TYPE,
    own_transaction=True,
)
def export_movements(call: Call, query: dict[str, Any]) -> Response:
    """The movements of a shop, of a time if given, as an Excel file, the newest first."""
    village = query["village"]
    call.actor.at(Permission.SHOP_READ, Place(village))
    with transaction() as session:
        sheet = movement_sheet(session, service.Page(**query))
        audit.record(session, call.actor, "stock.export", "village", village, call.now, village)
    return sheets.download([sheet], f"出入库-{village}-{local_date(call.now)}.xlsx")


@endpoint(
    blueprint,
    "POST",
    "/mall/stock-counts",
    needs=Permission.SHOP_KEEP,
    body=CountBody,
    answer=CountAnswer,
    status=201,
    also={200: CountAnswer},
)
def record_count(call: Call, body: dict[str, Any]) -> Any:
    """Keep what was counted, against the book of this instant; nothing moves before a confirmation."""
    counted = {line["goods"]: line["counted"] for line in body["lines"]}
    count, made = counts.record_count(call.session, call.actor, body["id"], counted, body["note"], call.now)
    return _count(call, count), 201 if made else 200


@endpoint(
    blueprint,
    "GET",
    "/mall/stock-counts",
    needs=Permission.SHOP_READ,
    query=CountQuery,
    answer=CountList,
)
def list_counts(call: Call, query: dict[str, Any]) -> Any:
    """The latest counts of a shop."""
    call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    found = counts.counts(call.session, query["village"], query.get("status"), query["limit"])
    return {"items": [_count(call, count) for count in found]}


@endpoint(
    blueprint,
    "POST",
    "/mall/stock-counts/<key>/confirmation",
    needs=Permission.SHOP_MANAGE,
    body=SettleBody,
    answer=CountAnswer,
)
def settle_count(call: Call, body: dict[str, Any], key: str) -> Any:
    """The second person confirms the difference, which moves it, or rejects the count."""
    if not is_id(key):
        raise errors.count_missing()
    count = counts.settle(call.session, call.actor, key, body["accept"], body["reason"], call.now)
    return _count(call, count)


def _count(call: Call, count: StockCount) -> dict[str, Any]:
    lines = [
        {
            "goods": line.goods_id, "name": name, "counted": line.counted, "book": line.book,
            "difference": line.counted - line.book,
        }
        for line, name in counts.lines(call.session, count.id)
    ]  # fmt: skip
    return {
        "id": count.id, "village": count.village_code, "status": count.status, "note": count.note,
        "counted_by": count.counted_by, "counted_at": count.counted_at, "settled_by": count.settled_by,
        "settled_at": count.settled_at, "lines": lines,
    }  # fmt: skip


@endpoint(
    blueprint,
    "GET",
    "/mall/warnings",
    needs=Permission.SHOP_READ,
    query=VillageQuery,
    answer=WarningsAnswer,
)
def list_warnings(call: Call, query: dict[str, Any]) -> Warnings:
    """Goods running out, batches expiring, more promised than is there."""
    call.actor.at(Permission.SHOP_READ, Place(query["village"]))
    days = settings_of(call.session, query["village"]).expiry_warning_days
    return warnings(call.session, query["village"], local_date(call.now), days)
