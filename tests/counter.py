"""A shop on its exchange day, for the tests of reservations and redemptions: days, balances, short ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.ledger.api import OpeningLine
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast
from tests.shop import open_shop


@dataclass
class Counter:
    """The shop of the first village: goods and exchange days by name."""

    cast: Cast
    goods: dict[str, str] = field(default_factory=dict)
    days: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.cast.clock.now()

    def day(self, on: date, state: str = "open", name: str = "day", village: str = VILLAGE) -> str:
        """An exchange day, taken to `state` by a person; gives its id."""
        by = "keeper_jiang" if village == VILLAGE else "other_head"
        body = {"id": new_id(), "village": village, "day": on.isoformat()}
        answer = self.cast.as_(by).post("/mall/exchange-days", body)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        self.days[name] = body["id"]
        for step in ("open", "closed", "redeeming"):
            if state == "planned":
                break
            self.step(name, step, by=by)
            if step == state:
                break
        return self.days[name]

    def step(self, name: str, to: str, by: str = "keeper_jiang", **more: Any) -> dict[str, Any]:
        """One transition that must be accepted."""
        answer = self.cast.as_(by).post(
            f"/mall/exchange-days/{self.days[name]}/transition", {"to": to} | more
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def basket(self, household: str = "zhao", day: str = "day", **units: int) -> dict[str, Any]:
        """A body for POST /mall/reservations."""
        return {
            "id": new_id(),
            "household": self.cast.households[household],
            "exchange_day": self.days[day],
            "lines": [{"goods": self.goods[name], "quantity": count} for name, count in units.items()],
        }

    def reserve(self, by: str = "zhao_min", household: str = "zhao", **units: int) -> dict[str, Any]:
        """A reservation that must be accepted; gives its answer."""
        answer = self.cast.as_(by).post("/mall/reservations", self.basket(household, **units))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def handed(self, household: str = "zhao", day: str = "day", **units: int) -> dict[str, Any]:
        """A body for POST /mall/redemptions with consent by statement."""
        body = self.basket(household, day, **units)
        return body | {"consent": {"method": "statement", "reason": "老人没有手机"}}

    def redeem(
        self, by: str = "keeper_jiang", body: dict[str, Any] | None = None, **more: Any
    ) -> TestResponse:
        """Hand something out; whatever comes of it."""
        return self.cast.as_(by).post("/mall/redemptions", body if body is not None else self.handed(**more))

    def points(self, household: str = "zhao") -> tuple[str, str]:
        """(balance, reserved) of a household."""
        with transaction(writes=False) as session:
            state = ledger.account(session, self.cast.households[household])
            return str(state.balance), str(state.reserved)

    def stock(self, name: str) -> tuple[int, int]:
        """(on hand, held) of some goods."""
        with transaction(writes=False) as session:
            row = session.execute(
                text("SELECT on_hand, held FROM goods_stock WHERE goods_id = :goods"),
                {"goods": self.goods[name]},
            ).one()
            return int(row[0]), int(row[1])

    def inbox(self, by: str = "zhao_min") -> list[dict[str, Any]]:
        """What a person's phone has been told, newest first."""
        return list(self.cast.as_(by).get("/inbox").get_json()["items"])

    def delete(self, by: str, path: str) -> TestResponse:
        """DELETE as somebody."""
        headers = self.cast.as_(by).headers
        return self.cast.app.test_client().delete(f"/api/v1{path}", headers=headers)


def tomorrow(cast: Cast, days: int = 1) -> date:
    """A date ahead, in Asia/Shanghai."""
    return (cast.clock.now() + timedelta(hours=8, days=days)).date()


def open_counter(cast: Cast, balance: str = "100.00", **quantities: int) -> Counter:
    """A shop with stock and households with points; no exchange day yet."""
    counter = Counter(cast, open_shop(cast, **quantities))
    with transaction() as session:
        for village in (VILLAGE, OTHER_VILLAGE):
            codes = sorted(code for code in cast.households.values() if code.startswith(village))
            give(session, village, codes, balance, cast.clock.now())
    return counter


def give(session: Session, village: str, households: list[str], balance: str, now: datetime) -> None:
    """Points to spend, as a programme that began on paper brings them along."""
    ledger.open_accounts(session, village, households)
    amount = Decimal(balance)
    if amount:
        lines = [OpeningLine(code, amount, amount, f"opening:{code}", {}) for code in households]
        ledger.post_opening_balances(session, village, 2026, lines, now)


def whole(session: Session) -> None:
    """Both ledgers add up, nothing is negative, held goods are those of open reservations."""
    assert ledger.verify(session) == []
    assert ask(session, "SELECT * FROM ledger_accounts WHERE balance < 0 OR reserved < 0") == []
    assert (
        ask(
            session,
            "SELECT s.goods_id, s.on_hand, SUM(m.quantity) FROM goods_stock s "
            "JOIN stock_movements m ON m.goods_id = s.goods_id GROUP BY s.goods_id, s.on_hand "
            "HAVING SUM(m.quantity) <> s.on_hand",
        )
        == []
    )
    assert (
        ask(
            session,
            "SELECT s.goods_id, s.on_hand FROM goods_stock s "
            "LEFT JOIN stock_batches b ON b.goods_id = s.goods_id GROUP BY s.goods_id, s.on_hand "
            "HAVING COALESCE(SUM(b.quantity_left), 0) <> s.on_hand",
        )
        == []
    )
    held = (
        "SELECT COALESCE(SUM(l.quantity), 0) FROM reservation_lines l JOIN reservations r "
        "ON r.id = l.reservation_id WHERE l.goods_id = s.goods_id AND r.status = 'open'"
    )
    assert ask(session, f"SELECT s.goods_id, s.held FROM goods_stock s WHERE s.held <> ({held})") == []
    reserved = (
        "SELECT COALESCE(SUM(r.points), 0) FROM reservations r "
        "WHERE r.household_code = a.household_code AND r.status = 'open'"
    )
    assert ask(session, f"SELECT * FROM ledger_accounts a WHERE a.reserved <> ({reserved})") == []


def ask(session: Session, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
    """Rows of a statement."""
    return [tuple(row) for row in session.execute(text(sql), parameters)]
