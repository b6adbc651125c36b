"""The shop of a demo village through six months: opened, stocked, redeemed at, settled, counted.

What happens on which day stands in `shop_calendar.py`; the cycles make the exchange days and move them on.
Must not write past the API.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from server.demo.county import VillagePlan
from server.demo.office import Office
from server.demo.people import Staff
from server.demo.shop_calendar import (
    COUNTED_AFTER,
    EXTRA_ADDED_BEFORE,
    GIFT_BEFORE,
    RESERVED_BEFORE,
    RESTOCKED_BEFORE,
    RETURNED_AFTER,
    SETTLED_AFTER,
    ShopDays,
)
from server.demo.shop_counter import Counter
from server.demo.shop_goods import (
    COUNT_NOTE,
    EXTRA_SLOTS,
    GIVEN_GOODS,
    GIVERS,
    KNOWN_PIN,
    PERISHES_IN,
    PERISHING,
    PERISHING_FROM,
    PERISHING_UNITS,
    PLACE,
    RATE,
    RETURN_REASON,
    SCARCE,
    TOP_UP,
    USUAL_SIZE,
    VILLAGE_MONEY,
    WARES,
    giver_name,
)
from server.kit.clock import SHANGHAI, SetClock
from server.kit.ids import new_id

SAVERS = 2  # the first villagers of each village keep most of their points: one can become them
CARDS = 14  # cards beside those of the savers
RESERVING = 6  # households that think of reserving, per 200
WALKING_IN = 14
LAST_HANDED_OUT = time(17, 0)


def open_later(
    office: Office,
    staff: Staff,
    clock: SetClock,
    days: ShopDays,
    plan: VillagePlan,
    weights: dict[str, float],
    elders: Sequence[str],
    rng: random.Random,
) -> VillageShop:
    """The shop of a village, to be opened four weeks after the adoption; `weights`: who is often seen."""
    savers = list(staff.villagers)[:SAVERS]
    customers = {household: weight for household, weight in weights.items() if household not in staff.keepers}
    givers = {giver.role: giver_name(giver, plan.township, rng) for giver in GIVERS}
    counter = Counter(office, staff.village, list(staff.keepers.values()), staff.phones, savers, rng)
    return VillageShop(office, staff, clock, days, counter, customers, elders, givers, rng)


@dataclass
class VillageShop:
    """One village's shop. `customers`: households by how often they come; `givers`: donors' names by role."""

    office: Office
    staff: Staff
    clock: SetClock
    days: ShopDays
    counter: Counter
    customers: dict[str, float]
    elders: Sequence[str]
    givers: dict[str, str]
    rng: random.Random
    goods: dict[str, str] = field(default_factory=dict)
    receipts: list[dict[str, Any]] = field(default_factory=list)

    def live(self, day: date) -> None:
        """What the shop's people do on the morning of `day`; nothing on most days."""
        if day == self.days.opening:
            self._open()
        for happens, offset in self._around():
            exchange = self.days.exchange_day_around(day, offset)
            if exchange is not None:
                happens(exchange)
        if day == self.days.as_of - timedelta(days=GIFT_BEFORE):
            self._late_gift()
        if day == self.days.as_of - timedelta(days=EXTRA_ADDED_BEFORE) and self.days.has_extra:
            self._add_extra_day()
        if day in self.days.exchange_days:
            self._redeem(day)

    def _around(self) -> Iterator[tuple[Callable[[date], None], int]]:
        """What happens so many days after (negative: before) an exchange day."""
        yield self._restock, -RESTOCKED_BEFORE
        yield self._reserve, -RESERVED_BEFORE
        yield self._take_back, RETURNED_AFTER
        yield self._settle, SETTLED_AFTER
        yield self._count, COUNTED_AFTER

    @property
    def keeper(self) -> str:
        return self.counter.keepers[0]

    @property
    def size(self) -> float:
        """How large the village is beside the usual one."""
        return len(self.customers) / USUAL_SIZE

    # ---- opening -------------------------------------------------------------------------

    def _open(self) -> None:
        village = self.staff.village
        settings = {"reference_rate": RATE, "place": PLACE}
        self.office.patch(self.keeper, f"/mall/settings?village={village}", settings)
        donors = self._donors()
        for ware in WARES:
            key = new_id()
            self.office.post(self.keeper, "/mall/goods", ware.body(village, key))
            self.goods[ware.name] = key
        for ware in WARES:
            units = ware.at_first if ware.name == SCARCE else round(ware.at_first * self.size) + 1
            if (giver := GIVEN_GOODS.get(ware.name)) is not None:
                self._move(ware.name, "donated", units, donor=donors[giver])
            else:
                self._move(ware.name, "bought", units, cost=f"{Decimal(ware.cost) * units:.2f}")
        self._issue_cards()

    def _donors(self) -> dict[str, str]:
        """Put the donors on file and take their cash; ids by role."""
        found: dict[str, str] = {}
        for giver in GIVERS:
            body = {"name": self.givers[giver.role], "kind": giver.kind, "named": giver.named}
            body["village"] = self.staff.village
            found[giver.role] = self.office.post(self.keeper, "/mall/donors", body)["id"]
            self._cash("donation", self._scaled(giver.cash), found[giver.role], "")
        self._cash("village_money", self._scaled(VILLAGE_MONEY), None, "村集体收入拨付")
        return found

    def _scaled(self, yuan: int) -> int:
        """A sum meant for a village of the usual size, for this one, in tens of yuan."""
        return yuan * len(self.customers) // USUAL_SIZE // 10 * 10

    def _cash(self, kind: str, yuan: int, donor: str | None, note: str) -> None:
        body = {"id": new_id(), "village": self.staff.village, "kind": kind, "amount": f"{yuan}.00"}
        self.office.post(self.keeper, "/mall/fund-entries", body | {"donor": donor, "note": note})

    def _move(self, ware: str, kind: str, units: int, **more: Any) -> None:
        body = {"id": new_id(), "goods": self.goods[ware], "kind": kind, "quantity": units}
        self.office.post(self.keeper, "/mall/stock-movements", body | more)

    def _issue_cards(self) -> None:
        """Points cards for elders and others without a phone, and for the two who try everything."""
        others = [household for household in self.customers if household not in self.counter.phones]
        others.sort(key=lambda household: (household not in self.elders, household))
        chosen = self.rng.sample(others[: CARDS * 3], min(CARDS, len(others)))
        for household in (*self.counter.savers, *chosen):
            pin = KNOWN_PIN if household in self.counter.savers else f"{self.rng.randint(213579, 897531)}"
            body = {"id": new_id(), "household": household, "pin": pin}
            if len(set(pin)) >= 3:
                self.office.post(self.keeper, "/mall/cards", body)
                self.counter.pins[household] = pin

    # ---- around an exchange day ----------------------------------------------------------

    def _restock(self, exchange: date) -> None:
        """Throw away what has expired, buy what the system suggests; the village adds money where needed."""
        village = self.staff.village
        names = {key: name for name, key in self.goods.items()}
        everything = self.office.get(self.keeper, "/mall/goods", village=village, everything=True)
        for item in sorted(everything, key=lambda item: str(item["barcode"])):
            if item["expired"]:
                self._move(item["name"], "spoiled", item["expired"], note="过了保质期")
        found = self.office.get(self.keeper, "/mall/suggested-purchases", village=village)
        wanted = [item for item in found["items"] if names[item["goods"]] != SCARCE]
        cost = sum((Decimal(item["cost"]) for item in wanted), Decimal(0))
        if cost > Decimal(found["fund"]):
            self._cash("village_money", max(TOP_UP, -(-int(cost) // 100) * 100), None, "村集体补充采购")
        for item in sorted(wanted, key=lambda item: str(item["name"])):
            self._move(names[item["goods"]], "bought", item["quantity"], cost=item["cost"])

    def _reserve(self, exchange: date) -> None:
        households = self._drawn(list(self.counter.phones), RESERVING)
        if exchange == self.days.as_of:
            first, second = self.counter.savers
            households = [first, *(household for household in households if household not in (first, second))]
        self.counter.reserve(households, self._day(exchange))

    def _redeem(self, exchange: date) -> None:
        """Those who reserved come with a code; others walk in. Two keepers stand at the counter."""
        day = self._day(exchange)["id"]
        for reservation in self.counter.waiting(day):
            self._minute_passes()
            self.counter.hand_over(reservation)
        shelf = self.counter.shelf()
        for household in self._drawn(self._walkers(), WALKING_IN):
            self._minute_passes()
            receipt = self.counter.walk_in(household, day, shelf)
            if receipt is not None:
                self.receipts.append(receipt)

    def _walkers(self) -> list[str]:
        """Who comes without a reservation: nobody of the keepers' own households."""
        known = {*self.counter.phones, *self.counter.pins, *self.elders}
        return [household for household in self.customers if household in known]

    def _take_back(self, exchange: date) -> None:
        """Once in the story something comes back: points too, but not to the shelf."""
        if exchange != self.days.exchange_days[1]:
            return
        day = self._day(exchange)["id"]
        receipt = next((r for r in reversed(self.receipts) if r["exchange_day"] == day), None)
        if receipt is None:
            return
        lines = [{"goods": receipt["lines"][0]["goods"], "quantity": 1, "sound": False}]
        body = {"id": new_id(), "lines": lines, "reason": RETURN_REASON}
        self.office.post(self.keeper, f"/mall/redemptions/{receipt['id']}/return", body)

    def _settle(self, exchange: date) -> None:
        """A keeper and the head of the committee sign the same figures."""
        path = f"/mall/exchange-days/{self._day(exchange)['id']}"
        for person in (self.keeper, self.staff.committee[0]):
            figures = self.office.get(person, f"{path}/settlement")["settlements"][-1]
            self.office.post(person, f"{path}/signature", {"content_hash": figures["content_hash"]})

    def _count(self, exchange: date) -> None:
        """After the third exchange day one keeper counts, a bar of soap is missing, the other confirms."""
        if exchange != self.days.exchange_days[2]:
            return
        goods = {item["name"]: item for item in self.counter.shelf()}
        lines = [
            {"goods": self.goods[name], "counted": goods[name]["on_hand"] - (name == "洗衣皂")}
            for name in ("洗衣皂", "毛巾", "东北大米 5kg")
        ]
        body = {"id": new_id(), "lines": lines, "note": COUNT_NOTE}
        count = self.office.post(self.counter.keepers[1], "/mall/stock-counts", body)
        self.office.post(self.keeper, f"/mall/stock-counts/{count['id']}/confirmation", {"accept": True})

    # ---- towards the day on which the demo opens -----------------------------------------

    def _late_gift(self) -> None:
        """Some packs that expire soon: they are handed out first, and the keeper is warned."""
        good_until = (self.days.as_of + timedelta(days=PERISHES_IN)).isoformat()
        donor = self.givers[PERISHING_FROM]
        self._move(PERISHING, "donated", PERISHING_UNITS, donor=donor, expires_on=good_until)

    def _add_extra_day(self) -> None:
        slots = [{"starts_at": start, "ends_at": end, "places": n} for start, end, n in EXTRA_SLOTS]
        day = self.days.as_of.isoformat()
        body = {"id": new_id(), "village": self.staff.village, "day": day, "slots": slots}
        self.office.post(self.keeper, "/mall/exchange-days", body)

    # ---- small things --------------------------------------------------------------------

    def _day(self, exchange: date) -> dict[str, Any]:
        on = exchange.isoformat()
        query = {"village": self.staff.village, "from": on, "to": on}
        found: dict[str, Any] = self.office.get(self.keeper, "/mall/exchange-days", **query)["items"][0]
        return found

    def _drawn(self, households: Sequence[str], per_usual: int) -> list[str]:
        """So many of them, those who are often seen more likely."""
        count = min(len(households), max(3, round(per_usual * self.size)))
        pool, drawn = list(households), []
        for _ in range(count):
            weights = [self.customers.get(household, 0.1) for household in pool]
            drawn.append(pool.pop(self.rng.choices(range(len(pool)), weights)[0]))
        return drawn

    def _minute_passes(self) -> None:
        if self.clock.now().astimezone(SHANGHAI).time() < LAST_HANDED_OUT:
            self.clock.advance(minutes=1)
