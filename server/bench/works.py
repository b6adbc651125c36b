"""The works that are measured: for each the requests of a real client, the floor it is held against, its targets.

One more work is one more entry in `WORKS`, with its requests here and its floor in `floors.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from server.bench import floors, redemption_floor
from server.bench.plan import (
    GOODS,
    PER_GRID,
    PER_VILLAGE,
    STATEMENT_ROWS,
    Plan,
    goods_number,
    grid_number,
    household_code,
    made_id,
    token,
    village_code,
)
from server.kit.clock import SHANGHAI
from server.kit.ids import new_id

ROWS = 20


@dataclass(frozen=True)
class Request:
    """One HTTP request below the server's root; `expects` is the status that counts as success."""

    method: str
    path: str
    token: str | None = None
    body: str = ""
    expects: int = 200


@dataclass(frozen=True)
class Work:
    """One work. `of_floor` and `of_hello` are the targets of spec 08; None where it sets none."""

    name: str
    title: str
    requests: Callable[[Plan, Random], Iterator[Request]]
    floor: floors.Floor | None = None
    of_floor: float | None = None
    of_hello: float | None = None


def _hello(plan: Plan, chance: Random) -> Iterator[Request]:
    while True:
        yield Request("GET", "/healthz")


def _record(plan: Plan, chance: Random) -> Iterator[Request]:
    """A grid worker scans a plate of the own grid and logs one of the five items."""
    today = datetime.now(SHANGHAI).date().isoformat()
    while True:
        household = chance.randrange(plan.households)
        village, place = divmod(household, PER_VILLAGE)
        item = chance.randrange(5)
        body = {
            "id": new_id(),
            "plate": token("plate", household),
            "item": f"B{item}",
            "points": "2.00" if item < 4 else "-1.00",
            "occurred_on": today,
        }
        worker = token("worker", grid_number(village, place // PER_GRID))
        yield Request("POST", "/api/v1/records", worker, json.dumps(body), 201)


def _redeem(plan: Plan, chance: Random) -> Iterator[Request]:
    """A keeper hands out one unit of some goods to a household of the village, on the keeper's statement."""
    while True:
        household = chance.randrange(plan.households)
        village = household // PER_VILLAGE
        goods = made_id("goods", goods_number(village, chance.randrange(GOODS)))
        body = {
            "id": new_id(),
            "household": household_code(household),
            "exchange_day": made_id("exchange_day", village),
            "lines": [{"goods": goods, "quantity": 1}],
            "consent": {"method": "statement", "reason": "没带手机"},
        }
        yield Request("POST", "/api/v1/mall/redemptions", token("keeper", village), json.dumps(body), 201)


def _account(plan: Plan, chance: Random) -> Iterator[Request]:
    """A villager looks at the own household's account."""
    yield from _own(plan, chance, "/api/v1/households/{}/account")


def _statement(plan: Plan, chance: Random) -> Iterator[Request]:
    """A villager looks at the newest 20 entries of the own household."""
    yield from _own(plan, chance, f"/api/v1/households/{{}}/statement?limit={ROWS}")


def _own(plan: Plan, chance: Random, path: str) -> Iterator[Request]:
    while True:
        number = chance.randrange(plan.readers)
        code = household_code(plan.reader(number))
        yield Request("GET", path.format(code), token("villager", number))


def _goods(plan: Plan, chance: Random) -> Iterator[Request]:
    """A villager looks at what the own village's shop has."""
    while True:
        number = chance.randrange(plan.readers)
        village = village_code(plan.reader(number) // PER_VILLAGE)
        yield Request("GET", f"/api/v1/mall/goods?village={village}", token("villager", number))


def _notice(plan: Plan, chance: Random) -> Iterator[Request]:
    """Anybody reads a village's public notice."""
    while True:
        yield Request("GET", f"/api/v1/public/notices/{made_id('notice', chance.randrange(plan.villages))}")


def _ranking(plan: Plan, chance: Random) -> Iterator[Request]:
    """Anybody reads a village's ranking."""
    while True:
        yield Request("GET", f"/api/v1/ranking?village={village_code(chance.randrange(plan.villages))}")


WORKS = {
    work.name: work
    for work in (
        Work("hello", "hello（同一服务器，什么也不做）", _hello),
        Work("record", "记一条记录", _record, floors.record, of_floor=0.15, of_hello=0.20),
        Work("redeem", "超市兑换一件", _redeem, redemption_floor.redeem, of_floor=0.22, of_hello=0.20),
        Work("account", "看账户", _account, floors.account, of_floor=0.10, of_hello=0.30),
        Work("statement", "看账户明细 20 行", _statement, floors.statement, of_floor=0.07, of_hello=0.25),
        Work("goods", f"看商品 {GOODS} 种", _goods),
        Work("notice", "看公示", _notice, of_hello=0.60),
        Work("ranking", "看排名", _ranking, of_hello=0.60),
    )
}

if STATEMENT_ROWS < ROWS:
    raise AssertionError("the readers' statements are too short for the page that is read")
