"""Routes of exchange days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_smorest import Blueprint

from mall.exchange_days import queries, service
from mall.exchange_days.models import ExchangeDay
from mall.exchange_days.rules import DayState, horizon
from mall.exchange_days.schemas import (
    DayAnswer,
    DayBody,
    DayList,
    DaysQuery,
    MoveBody,
    SlotsBody,
    TransitionBody,
)
from mall.goods.api import may_read
from server.kit.clock import local_date
from server.kit.errors import FieldFault, Invalid
from server.kit.ids import new_id
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("mall_exchange_days", __name__, description="积分超市：兑换日")
LONGEST = timedelta(days=3 * 366)


@endpoint(
    blueprint,
    "GET",
    "/mall/exchange-days",
    needs=Permission.GOODS_READ,
    query=DaysQuery,
    answer=DayList,
)
def list_exchange_days(call: Call, query: dict[str, Any]) -> Any:
    """The exchange days of a village, in order."""
    may_read(call.session, call.actor, query["village"])
    today = local_date(call.now)
    since = query.get("since", today)
    until = query.get("until", max(since, horizon(today)))
    if not timedelta(0) <= until - since <= LONGEST:
        raise Invalid("span_invalid", "日期不对，请改正。", [FieldFault("to", "结束不早于开始，最多三年。")])
    days = queries.days_of(call.session, query["village"], since, until)
    return {"items": queries.shown(call.session, days)}


@endpoint(
    blueprint,
    "POST",
    "/mall/exchange-days",
    needs=Permission.SHOP_MANAGE,
    body=DayBody,
    answer=DayAnswer,
    status=201,
    also={200: DayAnswer},
)
def create_exchange_day(call: Call, body: dict[str, Any]) -> Any:
    """A day beside those of the rule; the same id again answers 200."""
    given = {**body, "id": body.get("id") or new_id()}
    day, made = service.create_day(call.session, call.actor, service.NewDay(**given), call.now)
    return _shown(call, day), 201 if made else 200


@endpoint(blueprint, "GET", "/mall/exchange-days/<key>", needs=Permission.GOODS_READ, answer=DayAnswer)
def read_exchange_day(call: Call, key: str) -> Any:
    """One exchange day, for everybody who may see the shop."""
    day = queries.day_of(call.session, key)
    may_read(call.session, call.actor, day.village_code)
    return _shown(call, day)


@endpoint(
    blueprint,
    "POST",
    "/mall/exchange-days/<key>/transition",
    needs=Permission.SHOP_MANAGE,
    body=TransitionBody,
    answer=DayAnswer,
)
def move_exchange_day_on(call: Call, body: dict[str, Any], key: str) -> Any:
    """Open, close, begin or cancel a day; settling is done by signing."""
    to, reason = DayState(body["to"]), body["reason"].strip()
    return _shown(call, service.transition(call.session, call.actor, key, to, reason, call.now))


@endpoint(
    blueprint,
    "POST",
    "/mall/exchange-days/<key>/move",
    needs=Permission.SHOP_MANAGE,
    body=MoveBody,
    answer=DayAnswer,
)
def move_exchange_day(call: Call, body: dict[str, Any], key: str) -> Any:
    """Another date; reservations stay and their households are told."""
    reason = body["reason"].strip()
    return _shown(call, service.move(call.session, call.actor, key, body["day"], reason, call.now))


@endpoint(
    blueprint,
    "POST",
    "/mall/exchange-days/<key>/slots",
    needs=Permission.SHOP_MANAGE,
    body=SlotsBody,
    answer=DayAnswer,
    status=201,
)
def add_exchange_slots(call: Call, body: dict[str, Any], key: str) -> Any:
    """Spans of the day with a number of places each."""
    return _shown(call, service.add_slots_to(call.session, call.actor, key, body["slots"], call.now))


def _shown(call: Call, day: ExchangeDay) -> dict[str, Any]:
    return queries.shown(call.session, [day])[0]
