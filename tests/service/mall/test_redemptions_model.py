"""The shop against a plain reference model: random steps over everything that moves points or goods.

A few hundred steps by default; 10,000 with JIFEN_SOAK=1 (issue 3). After each step the answers agree, after
each run both ledgers are whole and every reservation has ended in at most one way.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from mall import api as mall
from server.cycles.api import run_due
from server.kit.clock import SetClock, local_date
from server.kit.database import db
from server.kit.exact import from_hundredths
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.ledger.api import Cause, MonthLine
from tests.cast import VILLAGE, build
from tests.conftest import START
from tests.counter import Counter, ask, open_counter, whole
from tests.service.mall.shop_model import LIMITS, Basket, Model, Sold
from tests.shop import patch, stock

SOAK = os.environ.get("JIFEN_SOAK") == "1"
RUNS, STEPS = (50, 200) if SOAK else (10, 50)
NAMES = ("rice", "oil", "soap")
HOUSEHOLDS = {"zhao": "zhao_min", "qian": "qian_yun", "li": "li_mei"}
PRICES = {"rice": 3000, "oil": 2550, "soap": 300}
PICKUP_DAYS, RETURN_DAYS = 3, 7


units_of = st.dictionaries(st.sampled_from(NAMES), st.integers(1, 4), min_size=1, max_size=3)
someone = st.sampled_from(sorted(HOUSEHOLDS))


class Shop(RuleBasedStateMachine):
    """One village's shop; `app` and `clock` are set by the test."""

    app: Flask
    clock: SetClock

    @initialize()
    def open_shop(self) -> None:
        _empty()
        self.clock._at = START
        self.counter: Counter = open_counter(build(self.app, self.clock), "150.00", rice=4, oil=4, soap=20)
        self.model = Model(dict.fromkeys(HOUSEHOLDS, 15000), {"rice": 4, "oil": 4, "soap": 20}, dict(PRICES))
        for name, limit in LIMITS.items():
            path = f"/mall/goods/{self.counter.goods[name]}"
            if limit is not None:
                assert patch(self.counter.cast, "keeper_jiang", path, {"limit": limit}).status_code == 200
        self.months = 0
        self.add_day(3)

    @property
    def today(self) -> date:
        return local_date(self.clock.now())

    def _redeeming(self) -> list[str]:
        return [
            key
            for key, day in self.model.days.items()
            if day["status"] == "redeeming" and self.today <= day["day"] + timedelta(days=PICKUP_DAYS)
        ]

    # ---- days ------------------------------------------------------------------------

    @rule(ahead=st.integers(1, 5))
    def add_day(self, ahead: int) -> None:
        on = self.today + timedelta(days=ahead)
        body = {"id": new_id(), "village": VILLAGE, "day": on.isoformat()}
        answer = self.counter.cast.as_("keeper_jiang").post("/mall/exchange-days", body)
        clash = any(day["day"] == on and day["status"] != "cancelled" for day in self.model.days.values())
        assert answer.status_code == (409 if clash else 201), answer.get_data(as_text=True)
        if not clash:
            self.model.days[body["id"]] = {"day": on, "status": "planned"}
            self._close()

    @rule(hours=st.sampled_from([5, 24, 24, 72]))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours=hours)
        self._close()

    def _close(self) -> None:
        """The closers work; the model does what time does, day by day."""
        run_due(self.clock.now(), closers=mall.closers())
        now = self.clock.now()
        rows = self._ask("SELECT id, day, status FROM exchange_days WHERE village_code = :v", v=VILLAGE)
        for key, on, status in rows:
            day = date.fromisoformat(on) if isinstance(on, str) else on
            known = self.model.days.setdefault(key, {"day": day, "status": "planned"})
            if known["status"] in ("planned", "open", "closed"):
                evening = now + timedelta(hours=6)
                ought = (
                    "redeeming" if day <= self.today
                    else "closed" if day <= local_date(evening)
                    else "open" if day <= self.today + timedelta(days=14) or known["status"] == "open"
                    else "planned"
                )  # fmt: skip
                known["status"] = ought
            assert known["status"] == status, (key, day, now)
            if day + timedelta(days=PICKUP_DAYS) < self.today:
                self._end_all(key, "expired")

    def _end_all(self, day: str, status: str) -> None:
        for basket in self.model.baskets.values():
            if basket.day == day and basket.status == "open":
                basket.status = status
                self.model.balance[basket.household] += basket.cost

    @precondition(lambda self: self.model.days)
    @rule(data=st.data())
    def cancel_day(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.model.days)))
        day = self.model.days[key]
        if data.draw(st.integers(0, 3)):  # now and then only, or nothing is ever sold
            return
        body = {"to": "cancelled", "reason": "停电"}
        answer = self.counter.cast.as_("keeper_jiang").post(f"/mall/exchange-days/{key}/transition", body)
        fine = day["status"] in ("planned", "open", "closed", "redeeming")
        assert answer.status_code == (200 if fine else 409), answer.get_data(as_text=True)
        if fine:
            day["status"] = "cancelled"
            self._end_all(key, "released")

    # ---- goods and points ------------------------------------------------------------

    @rule(name=st.sampled_from(NAMES), units=st.integers(1, 5))
    def goods_come_in(self, name: str, units: int) -> None:
        stock(self.counter.cast, self.counter.goods[name], units)
        self.model.stock[name] += units

    @rule(name=st.sampled_from(NAMES), price=st.integers(1, 40))
    def price_changes_today(self, name: str, price: int) -> None:
        body = {"points_price": f"{price}.50", "cost_yuan": "1.00", "starts_on": self.today.isoformat()}
        path = f"/mall/goods/{self.counter.goods[name]}/prices"
        answer = self.counter.cast.as_("keeper_jiang").post(path, body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        self.model.prices[name] = price * 100 + 50

    @rule(nets=st.dictionaries(someone, st.integers(-3000, 6000), min_size=1))
    def a_month_is_posted(self, nets: dict[str, int]) -> None:
        self.months += 1
        households = self.counter.cast.households
        with transaction() as session:
            lines = [
                MonthLine(
                    households[name], from_hundredths(net), f"m{self.months}:{name}", {"month": self.months}
                )
                for name, net in sorted(nets.items())
            ]
            ledger.post_month(session, VILLAGE, 2026, lines, Cause.MONTH, self.clock.now())
        for name, net in nets.items():
            self.model.balance[name] = max(0, self.model.balance[name] + net)

    # ---- reservations ----------------------------------------------------------------

    @precondition(lambda self: self.model.days)
    @rule(household=someone, units=units_of, data=st.data())
    def reserve(self, household: str, units: dict[str, int], data: st.DataObject) -> None:
        candidates = sorted(k for k, d in self.model.days.items() if d["status"] == "open") or sorted(
            self.model.days
        )
        key = data.draw(st.sampled_from(candidates))
        model, day = self.model, self.model.days[key]
        basket = Basket(new_id(), household, key, units, {name: model.prices[name] for name in units})
        body = self._lines(basket.id, household, key, units)
        answer = self.counter.cast.as_(HOUSEHOLDS[household]).post("/mall/reservations", body)
        ought = None
        if day["status"] != "open":
            ought = "day_closed"
        elif any(model.stock[name] - model.held(name) < count for name, count in units.items()):
            ought = "insufficient_stock"
        elif model.balance[household] < basket.cost:
            ought = "insufficient_balance"
        elif model.beyond(household, key, units):
            ought = "limit_exceeded"
        self._agree(answer, ought)
        if ought is None:
            model.balance[household] -= basket.cost
            model.baskets[basket.id] = basket
            again = self.counter.cast.as_(HOUSEHOLDS[household]).post("/mall/reservations", body)
            assert (again.status_code, again.get_json()) == (200, answer.get_json())

    @precondition(lambda self: self.model.baskets)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        basket = self.model.baskets[data.draw(st.sampled_from(sorted(self.model.baskets)))]
        answer = self.counter.delete(HOUSEHOLDS[basket.household], f"/mall/reservations/{basket.id}")
        if basket.status == "open":
            basket.status = "cancelled"
            self.model.balance[basket.household] += basket.cost
        if basket.status == "cancelled":
            assert (answer.status_code, answer.get_json()["status"]) == (200, "cancelled")
        else:
            assert answer.get_json()["code"] == "reservation_ended"

    # ---- the counter -----------------------------------------------------------------

    @precondition(lambda self: self._redeeming())
    @rule(household=someone, units=units_of, data=st.data())
    def walk_in(self, household: str, units: dict[str, int], data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self._redeeming())))
        self._redeem(household, key, units, None)

    @precondition(lambda self: any(b.day in self._redeeming() for b in self.model.baskets.values()))
    @rule(data=st.data(), units=units_of, whole_basket=st.booleans())
    def pick_up(self, data: st.DataObject, units: dict[str, int], whole_basket: bool) -> None:
        waiting = sorted(b.id for b in self.model.baskets.values() if b.day in self._redeeming())
        basket = self.model.baskets[data.draw(st.sampled_from(waiting))]
        wanted = dict(basket.units) if whole_basket else units
        self._redeem(basket.household, basket.day, wanted, basket)

    def _redeem(self, household: str, day: str, units: dict[str, int], basket: Basket | None) -> None:
        model = self.model
        body = self._lines(new_id(), household, day, units)
        body["consent"] = {"method": "statement", "reason": "没带手机"}
        if basket is not None:
            body["reservation"] = basket.id
        answer = self.counter.redeem(body=body)
        picked = {n: min(c, units.get(n, 0)) for n, c in (basket.units if basket else {}).items()}
        fresh = {n: c - picked.get(n, 0) for n, c in units.items() if c > picked.get(n, 0)}
        spent = sum(picked[n] * basket.prices[n] for n in picked) if basket else 0
        extra = sum(c * model.prices[n] for n, c in fresh.items())
        back = (basket.cost - spent) if basket else 0
        ought = None
        if basket is not None and basket.status != "open":
            ought = "reservation_ended"
        elif any(model.stock[n] - model.held(n) < c for n, c in fresh.items()):
            ought = "insufficient_stock"
        elif model.balance[household] + back < extra:
            ought = "insufficient_balance"
        elif model.beyond(household, day, units, basket.id if basket else None):
            ought = "limit_exceeded"
        self._agree(answer, ought)
        if ought is not None:
            return
        if basket is not None:
            basket.status = "redeemed"
        model.balance[household] += back - extra
        for name, count in units.items():
            model.stock[name] -= count
        lines: list[list[Any]] = []
        for name in sorted(units, key=lambda name: self.counter.goods[name]):
            if picked.get(name) and basket:
                lines.append([name, picked[name], basket.prices[name], 0])
            if fresh.get(name):
                lines.append([name, fresh[name], model.prices[name], 0])
        model.sold[body["id"]] = Sold(body["id"], household, day, self.today, lines)
        assert self.counter.redeem(body=body).get_json() == answer.get_json()

    @precondition(lambda self: self.model.sold)
    @rule(data=st.data(), count=st.integers(1, 3), sound=st.booleans())
    def bring_back(self, data: st.DataObject, count: int, sound: bool) -> None:
        sold = self.model.sold[data.draw(st.sampled_from(sorted(self.model.sold)))]
        name = data.draw(st.sampled_from(sorted({line[0] for line in sold.lines})))
        body = {
            "lines": [{"goods": self.counter.goods[name], "quantity": count, "sound": sound}],
            "reason": "不合用",
        }
        path = f"/mall/redemptions/{sold.id}/return"
        answer = self.counter.cast.as_("keeper_jiang").post(path, body)
        left = sum(line[1] - line[3] for line in sold.lines if line[0] == name)
        if self.today > sold.on + timedelta(days=RETURN_DAYS):
            assert answer.get_json()["code"] == "return_too_late"
        elif left < count:
            assert answer.get_json()["code"] == "return_too_many"
        else:
            assert answer.status_code == 201, answer.get_data(as_text=True)
            points, rest = 0, count
            for line in reversed(sold.lines):
                part = min(rest, line[1] - line[3]) if line[0] == name else 0
                line[3] += part
                rest -= part
                points += part * line[2]
            self.model.balance[sold.household] += points
            self.model.stock[name] += count if sound else 0
            assert answer.get_json()["points"] == str(from_hundredths(points))

    # ---- agreement -------------------------------------------------------------------

    def _agree(self, answer: Any, ought: str | None) -> None:
        """The first refusal that applies may differ in order only where several apply."""
        if ought is None:
            assert answer.status_code == 201, answer.get_data(as_text=True)
        else:
            assert (answer.status_code, answer.get_json()["code"]) == (409, ought)
        for name in NAMES:
            if ought is not None:
                assert self.counter.stock(name) == (self.model.stock[name], self.model.held(name))

    def _lines(self, key: str, household: str, day: str, units: dict[str, int]) -> dict[str, Any]:
        lines = [{"goods": self.counter.goods[name], "quantity": count} for name, count in units.items()]
        code = self.counter.cast.households[household]
        return {"id": key, "household": code, "exchange_day": day, "lines": lines}

    def _ask(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        with transaction(writes=False) as session:
            return ask(session, sql, **parameters)

    def teardown(self) -> None:
        if not hasattr(self, "model"):
            return
        for name in NAMES:
            assert self.counter.stock(name) == (self.model.stock[name], self.model.held(name))
        for household in HOUSEHOLDS:
            ought = self.model.balance[household], self.model.reserved(household)
            assert self.counter.points(household) == tuple(str(from_hundredths(value)) for value in ought)
        with transaction(writes=False) as session:
            whole(session)
            found = dict(tuple(row) for row in ask(session, "SELECT id, status FROM reservations"))
            assert found == {key: basket.status for key, basket in self.model.baskets.items()}
            ends = "SELECT entity_id FROM decisions WHERE entity = 'reservation' GROUP BY entity_id"
            assert ask(session, ends + " HAVING COUNT(*) > 1") == []


def _empty() -> None:
    """Every table empty again, append-only ones too: the triggers of SQLite are put aside meanwhile."""
    tables = [table.name for table in db.metadata.sorted_tables]
    with transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("SET LOCAL session_replication_role = replica"))
            session.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))
            return
        triggers = ask(session, "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        for name, _ in triggers:
            session.execute(text(f"DROP TRIGGER {name}"))
        session.execute(text("PRAGMA defer_foreign_keys = ON"))
        for name in reversed(tables):
            session.execute(text(f"DELETE FROM {name}"))
        for _, sql in triggers:
            session.connection().exec_driver_sql(sql)


@pytest.mark.timeout(7200 if SOAK else 300)
def test_the_shop_agrees_with_a_plain_model(app: Flask, clock: SetClock) -> None:
    machine = type("BoundShop", (Shop,), {"app": app, "clock": clock})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate,) if SOAK else (Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        ),
    )
