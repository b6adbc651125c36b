"""Households of a demo village and its shop's counter: baskets on phones, goods handed out with consent.

Everything goes through the API. A 409 (nothing left, too few points) is an answer that people get; it is
counted, not hidden, and the demo's test wants none.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from server.demo.office import Office, Refused
from server.demo.shop_goods import STATEMENTS
from server.kit.ids import new_id

MOST_SPENT = (0.35, 0.75)  # of its balance a household spends between these shares
SAVERS_SPEND = (0.15, 0.25)
NO_SHOW_SHARE = 0.12
CANCELLED_SHARE = 0.1


@dataclass
class Counter:
    """One village's counter. `phones`: person by household; `pins`: PIN of the points card by household.

    `savers` keep most of their points, so that whoever becomes one of them has something to spend.
    """

    office: Office
    village: str
    keepers: Sequence[str]
    phones: dict[str, str]
    savers: Sequence[str]
    rng: random.Random
    pins: dict[str, str] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def shelf(self) -> list[dict[str, Any]]:
        """The goods as everybody sees them, in the order of their barcodes."""
        goods = self.office.get(self.keepers[0], "/mall/goods", village=self.village)
        return sorted(goods, key=lambda item: str(item["barcode"]))

    def reserve(self, households: Sequence[str], day: dict[str, Any]) -> int:
        """Baskets for an exchange day, from phones; one in ten thinks better of it. Gives how many stand."""
        shelf, standing = self.shelf(), 0
        for household in households:
            person = self.phones[household]
            account = self.office.get(person, f"/households/{household}/account")
            lines = self._basket(household, Decimal(account["balance"]), shelf)
            if not lines:
                continue
            slots = [slot["id"] for slot in day["slots"] if slot["free"] > 3]
            body = {
                "id": new_id(),
                "household": household,
                "exchange_day": day["id"],
                "lines": lines,
                "slot": self.rng.choice(slots) if slots else None,
            }
            if self._try(person, "/mall/reservations", body) is None:
                continue
            if household not in self.savers and self.rng.random() < CANCELLED_SHARE:
                self.office.delete(person, f"/mall/reservations/{body['id']}")
            else:
                standing += 1
        return standing

    def waiting(self, day: str) -> list[dict[str, Any]]:
        """The open reservations of a day that somebody comes for, in the order of the households."""
        found = self.office.items(
            self.keepers[0], "/mall/reservations", exchange_day=day, status="open", limit=200
        )
        found.sort(key=lambda reservation: str(reservation["household"]))
        return [reservation for reservation in found if self.rng.random() >= NO_SHOW_SHARE]

    def hand_over(self, reservation: dict[str, Any]) -> None:
        """A household comes for its reservation with a code on its phone."""
        household = reservation["household"]
        body = {
            "id": new_id(),
            "household": household,
            "exchange_day": reservation["exchange_day"],
            "reservation": reservation["id"],
            "consent": self._code(household, {"reservation": reservation["id"]}),
        }
        self._try(self.keepers[0], "/mall/redemptions", body)

    def walk_in(self, household: str, day: str, shelf: list[dict[str, Any]]) -> dict[str, Any] | None:
        """A household comes without a reservation; gives its receipt."""
        keeper = self.rng.choice(self.keepers)
        seen = self.office.get(keeper, "/mall/counter", household=household)
        lines = self._basket(household, Decimal(seen["balance"]), shelf, seen["taken"])
        if not lines:
            return None
        body = {"id": new_id(), "household": household, "exchange_day": day, "lines": lines}
        return self._try(keeper, "/mall/redemptions", body | {"consent": self._consent(household)})

    def _consent(self, household: str) -> dict[str, Any]:
        if household in self.pins and self.rng.random() < 0.8:
            return {"method": "pin", "value": self.pins[household]}
        if household in self.phones and self.rng.random() < 0.9:
            return self._code(household, {"household": household})
        phone = household in self.phones
        return {"method": "statement", "reason": STATEMENTS[2 if phone else self.rng.randrange(2)]}

    def _code(self, household: str, wanted: dict[str, Any]) -> dict[str, Any]:
        answer = self.office.post(self.phones[household], "/mall/pickup-codes", wanted)
        return {"method": "code", "value": answer["code"]}

    def _basket(
        self,
        household: str,
        balance: Decimal,
        shelf: list[dict[str, Any]],
        taken: dict[str, int] | None = None,
    ) -> list[dict[str, Any]]:
        """A few goods that the household can pay, that are there, and that its limits allow; counted off."""
        shares = SAVERS_SPEND if household in self.savers else MOST_SPENT
        budget = balance * Decimal(f"{self.rng.uniform(*shares):.2f}")
        lines: list[dict[str, Any]] = []
        for item in self.rng.sample(shelf, len(shelf)):
            price, there = Decimal(item["points_price"]), item["available"]
            left = (item["limit"] or 3) - (taken or {}).get(item["id"], 0)
            most = min(there, left, int(budget / price))
            if most < 1 or len(lines) == 3:
                continue
            quantity = self.rng.randint(1, min(most, 3))
            lines.append({"goods": item["id"], "quantity": quantity})
            item["available"] -= quantity
            budget -= price * quantity
        return lines

    def _try(self, person: str, path: str, body: dict[str, Any]) -> dict[str, Any] | None:
        try:
            answer: dict[str, Any] = self.office.post(person, path, body)
        except Refused as refusal:
            if refusal.status != 409:
                raise
            self.refused[refusal.code] = self.refused.get(refusal.code, 0) + 1
            return None
        return answer
