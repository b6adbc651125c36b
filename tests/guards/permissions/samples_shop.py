"""Samples of the shop."""

from __future__ import annotations

from typing import Any

from tests.guards.permissions.samples import At, Sample

M = "/api/v1/mall"
_CONSENT = {"method": "statement", "reason": "本人到场"}


def _redemption(**more: Any) -> dict[str, Any]:
    lines = [{"goods": "@soap", "quantity": 1}]
    own = {"id": "@new", "household": "@household", "exchange_day": "@day_redeeming"}
    return own | {"lines": lines, "consent": _CONSENT} | more


def _village(route: str, **more: Any) -> Sample:
    return Sample(route, At.VILLAGE, query={"village": "@village"}, **more)


def _belonging(route: str) -> Sample:
    return Sample(route, At.BELONGING, query={"village": "@village"})


def _key(route: str, at: At, thing: str, **more: Any) -> Sample:
    return Sample(route, at, path={"key": f"@{thing}"}, **more)


GOODS = (
    _belonging(f"GET {M}/goods"),
    Sample(
        f"POST {M}/goods",
        At.VILLAGE,
        body={"id": "@new", "village": "@village", "name": "毛巾", "unit": "条", "points_price": "8.00"},
    ),
    _key(f"GET {M}/goods/<key>", At.VILLAGE, "rice"),
    _key(f"PATCH {M}/goods/<key>", At.VILLAGE, "rice", body={"low_level": 3}),
    _key(f"GET {M}/goods/<key>/barcode", At.VILLAGE, "rice"),
    _key(f"GET {M}/goods/<key>/photo", At.BELONGING, "goods_photo"),
    _key(
        f"POST {M}/goods/<key>/prices",
        At.VILLAGE,
        "rice",
        body={"starts_on": "2027-02-01", "points_price": "31.00"},
    ),
    _key(f"GET {M}/goods/<key>/prices", At.VILLAGE, "rice"),
    Sample(
        f"POST {M}/stock-movements",
        At.VILLAGE,
        body={"id": "@new", "goods": "@rice", "kind": "donated", "quantity": 1},
    ),
    _village(f"GET {M}/stock-movements"),
    _village(f"GET {M}/exports/goods"),
    _village(f"GET {M}/exports/stock-movements"),
    Sample(
        f"POST {M}/stock-counts",
        At.VILLAGE,
        body={"id": "@new", "lines": [{"goods": "@rice", "counted": 40}]},
    ),
    _village(f"GET {M}/stock-counts"),
    _key(f"POST {M}/stock-counts/<key>/confirmation", At.VILLAGE, "count", body={}),
    _village(f"GET {M}/warnings"),
    _village(f"GET {M}/settings"),
    Sample(f"PATCH {M}/settings", At.VILLAGE, query={"village": "@village"}, body={"return_days": 5}),
    Sample(f"POST {M}/donors", At.VILLAGE, body={"village": "@village", "name": "周大爷"}),
    _village(f"GET {M}/donors"),
    _key(f"PATCH {M}/donors/<key>", At.VILLAGE, "donor", body={"named": False}),
    Sample(
        f"POST {M}/fund-entries",
        At.VILLAGE,
        body={"id": "@new", "village": "@village", "kind": "donation", "amount": "100.00", "donor": "周大爷"},
    ),
    _village(f"GET {M}/fund-entries"),
    _village(f"GET {M}/cover"),
    _village(f"GET {M}/cover/days"),
    _village(f"GET {M}/suggested-purchases"),
    Sample("GET /api/v1/public/donations", query={"village": "@village"}),
)

DAYS = (
    _belonging(f"GET {M}/exchange-days"),
    Sample(
        f"POST {M}/exchange-days",
        At.VILLAGE,
        body={"id": "@new", "village": "@village", "day": "2027-02-05"},
    ),
    _key(f"GET {M}/exchange-days/<key>", At.BELONGING, "day_open"),
    _key(
        f"POST {M}/exchange-days/<key>/transition",
        At.VILLAGE,
        "day_open",
        body={"to": "cancelled", "reason": "下大雪"},
    ),
    _key(
        f"POST {M}/exchange-days/<key>/move",
        At.VILLAGE,
        "day_open",
        body={"day": "2027-01-18", "reason": "下大雪"},
    ),
    _key(
        f"POST {M}/exchange-days/<key>/slots",
        At.VILLAGE,
        "day_open",
        body={"slots": [{"starts_at": "10:00", "ends_at": "11:00", "places": 5}]},
    ),
    _key(f"GET {M}/exchange-days/<key>/pick-list", At.VILLAGE, "day_open"),
    _key(f"GET {M}/exchange-days/<key>/pick-list.pdf", At.VILLAGE, "day_open"),
    _key(f"GET {M}/exchange-days/<key>/settlement", At.VILLAGE, "day_redeeming"),
    _key(f"GET {M}/exchange-days/<key>/settlement.xlsx", At.VILLAGE, "day_redeeming"),
    _key(f"GET {M}/exchange-days/<key>/settlement.pdf", At.VILLAGE, "day_redeeming"),
    _key(f"POST {M}/exchange-days/<key>/settlement", At.VILLAGE, "day_redeeming", body={}),
    _key(f"POST {M}/exchange-days/<key>/signature", At.VILLAGE, "day_redeeming", body={}),
)

COUNTER = (
    Sample(
        f"POST {M}/reservations",
        At.ACCOUNT,
        body={
            "id": "@new",
            "household": "@household",
            "exchange_day": "@day_open",
            "lines": [{"goods": "@soap", "quantity": 1}],
        },
    ),
    Sample(f"GET {M}/reservations", At.ACCOUNT, query={"household": "@household"}, filtered=True),
    _key(f"GET {M}/reservations/<key>", At.ACCOUNT, "reservation"),
    _key(f"DELETE {M}/reservations/<key>", At.ACCOUNT, "reservation"),
    Sample(f"POST {M}/pickup-codes", At.ACCOUNT, body={"household": "@household"}),
    Sample(f"POST {M}/redemptions", At.ACCOUNT, body=_redemption()),
    Sample(
        f"POST {M}/redemptions/batch",
        At.ACCOUNT,
        body={"redemptions": [_redemption()]},
        batch=True,
    ),
    Sample(f"GET {M}/redemptions", At.ACCOUNT, query={"household": "@household"}, filtered=True),
    _key(f"GET {M}/redemptions/<key>", At.ACCOUNT, "redemption"),
    _key(f"GET {M}/redemptions/<key>/receipt", At.ACCOUNT, "redemption"),
    _key(
        f"POST {M}/redemptions/<key>/return",
        At.ACCOUNT,
        "redemption",
        body={"id": "@new", "lines": [{"goods": "@soap", "quantity": 1}], "reason": "包装破了"},
    ),
    Sample(f"GET {M}/counter", At.HOUSEHOLD, query={"plate": "@plate"}),
    _village(f"GET {M}/refused-replays"),
    _key(f"POST {M}/refused-replays/<key>/resolution", At.VILLAGE, "replay", body={"resolution": "已追回"}),
    Sample(f"POST {M}/proxies", At.ACCOUNT, body={"household": "@household", "name": "李大叔"}),
    Sample(f"GET {M}/proxies", At.ACCOUNT, query={"household": "@household"}),
    _key(f"DELETE {M}/proxies/<key>", At.ACCOUNT, "proxy"),
)

CARDS = (
    Sample(
        f"POST {M}/cards",
        At.ACCOUNT,
        body={"household": "@household"},
        settled=frozenset({"card_exists"}),
    ),
    Sample(f"GET {M}/cards", At.ACCOUNT, query={"household": "@household"}),
    _key(f"POST {M}/cards/<key>/loss", At.ACCOUNT, "card", body={}),
    _key(f"POST {M}/cards/<key>/reissue", At.ACCOUNT, "card", body={"reason": "磨坏了"}),
    _key(f"POST {M}/cards/<key>/sheet", At.ACCOUNT, "card"),
    _key(f"PUT {M}/cards/<key>/pin", At.ACCOUNT, "card", body={"pin": "402917"}),
)

SAMPLES = GOODS + DAYS + COUNTER + CARDS
