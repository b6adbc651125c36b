"""One of everything: two villages with a month in every state, a shop with goods, baskets and receipts.

Owns the things that the permission matrix and the planted markers ask for, by name. Everything stands in the
first village; what belongs to a household belongs to `zhao`, what belongs to a grid to `east`. Built through the
API and the closers, so that it is what the program itself makes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from server.kit.clock import SetClock, local_date
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger.models import LedgerEntry
from server.messages.models import Message
from server.people.models import GrantRow, Person, SignInSession
from server.people.passwords import hashed
from tests.cast import COUNTY, OTHER_VILLAGE, TOWNSHIP, VILLAGE, Cast, build, sign_in
from tests.guards.permissions.world_assessment import build_assessments
from tests.guards.permissions.world_honours import build_honours
from tests.settled import Months, ok
from tests.shop import goods_body, movement_body, open_shop

ENDED, ON_NOTICE, RESOLVED, OPEN = "2026-10", "2026-11", "2026-12", "2027-01"
PASSWORD = "槐树下的长凳 42"
GHOST_VILLAGE = "990101101299"


@dataclass
class World:
    """The cast, and the id, code or token of each thing by its name."""

    cast: Cast
    things: dict[str, str] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def app(self) -> Flask:
        return self.cast.app

    def ghosts(self) -> dict[str, str]:
        """For each thing the same kind of name, of nothing that exists."""
        return {name: _ghost(name, value) for name, value in self.things.items()}


def _ghost(name: str, value: str) -> str:
    if len(value) == 36 and value.count("-") == 4:
        return new_id()
    if value.isdecimal() and len(value) in (12, 16):
        return GHOST_VILLAGE if len(value) == 12 else f"{VILLAGE}9999"
    return "Z" * len(value) if name.startswith(("plate", "card")) else value


def build_world(app: Flask, clock: SetClock) -> World:
    """From 14 September 2026 to Tuesday 12 January 2027, 10:00 in Asia/Shanghai."""
    cast = build(app, clock)
    world = World(cast, {"village": VILLAGE, "county": COUNTY, "township": TOWNSHIP})
    world.things |= {"household": cast.households["zhao"], "grid": cast.grids["east"]}
    world.things |= {"neighbour": cast.households["qian"], "plate": cast.plates["zhao"]}
    world.things |= {"person": cast.persons["wang_fang"], "member": cast.members["zhao"]}
    ok(_settings(cast), 200)
    world.things |= open_shop(cast, rice=40, oil=20, soap=60)
    _months(world)
    _week(world)
    _shop(world)
    _people(world)
    _grid_work(world)
    build_assessments(world)
    build_honours(world)
    return world


def _grid_work(world: World) -> None:
    """An event that the household reported, a fact in its file."""
    things = world.things
    fact = {"id": new_id(), "kind": "house_unsafe", "value": "屋顶"}
    noted = world.cast.as_("wang_fang").post(f"/households/{things['household']}/facts", {"facts": [fact]})
    (things["fact"],) = ok(noted, 201)["facts"]
    event = {"id": new_id(), "type": "hazard", "text": "巷口的路灯坏了"}
    agreed = {
        "id": new_id(),
        "kind": "split",
        "household": world.cast.households["wu"],
        "new": {"head": "吴二"},
    }
    agreed["agreement"] = {"number": "户〔2027〕2号", "signed_on": "2027-01-10"}
    world.cast.log("wang_jun", "wu", "J6", "3.00")
    things["change"] = ok(world.cast.as_("head_chen").post("/household-changes", agreed), 201)["id"]
    elsewhere = ok(
        world.cast.as_("other_head").post("/households", {"village": OTHER_VILLAGE, "head": "迁来户"}), 201
    )
    moves = {"id": new_id(), "kind": "move", "household": elsewhere["code"], "to_village": VILLAGE}
    moves["agreement"] = agreed["agreement"]
    arriving = ok(world.cast.as_("other_head").post("/household-changes", moves), 201)
    things["change_arriving"] = arriving["id"]
    things["event"] = ok(world.cast.as_("zhao_min").post("/events", event), 201)["id"]


def _settings(cast: Cast) -> Any:
    """The month ends on the tenth, so that on the twelfth a tally is open; the ranking is on show."""
    body = {"cutoff_day": 10, "ranking": "all"}
    client = cast.app.test_client()
    path = f"/api/v1/villages/{VILLAGE}/settings"
    return client.patch(path, json=body, headers=cast.as_("head_chen").headers | {"If-Match": '"1"'})


def _months(world: World) -> None:
    """October posted, November on notice until 19 January, December resolved, January open."""
    months, things = Months(world.cast), world.things
    for household in ("zhao", "qian"):
        months.approved(household, "20.00")
    for _ in range(6):
        months.approved("zhao", "20.00")
    months.go_to(_at(2026, 10, 13))
    things["notice_ended"] = months.on_notice(ENDED)["id"]
    months.go(days=9)
    things["tally_posted"] = months.tally(ENDED)["id"]
    for month, name in ((ON_NOTICE, "on_notice"), (RESOLVED, "resolved"), (OPEN, "open")):
        things[f"record_{name}"] = months.approved("zhao", "4.00")
        months.approved("qian", "4.00")
        if month == ON_NOTICE:
            months.go_to(_at(2026, 11, 12))
            months.resolved(month)
            months.go_to(_at(2026, 11, 20))
            things["notice"] = months.published(month, days=60)["id"]
        elif month == RESOLVED:
            months.go_to(_at(2026, 12, 12))
            months.resolved(month)
    months.go_to(_at(2026, 12, 29))


def _week(world: World) -> None:
    """Three records that the panel has before it, one whose week waits for the leader, one of this week."""
    cast, things, months = world.cast, world.things, Months(world.cast)
    photo = cast.as_("wang_fang").photo()
    things["photo"] = photo
    things["record_before_panel"] = cast.log("wang_fang", "zhao", "J3", "10.00", photos=[photo])["id"]
    things["record_negative"] = cast.log("wang_fang", "zhao", "F1", "-2.00", note="门前堆了三天")["id"]
    things["record_veto"] = cast.log("head_chen", "zhao", "V1", "-20.00")["id"]
    months.go_to(_at(2027, 1, 6))
    cast.log("wang_fang", "zhao", "J6", "3.00")
    _exchange_day_before(world)
    months.go_to(_at(2027, 1, 12))
    things["record_new"] = cast.log("wang_fang", "zhao", "J6", "3.00")["id"]
    things["report"] = _report(cast)
    for name, month in (("on_notice", ON_NOTICE), ("resolved", RESOLVED), ("open", OPEN)):
        things[f"tally_{name}"] = months.tally(month)["id"]
    objection = ok(months.object({"id": things["notice"]}, "zhao_min", "zhao"), 201)
    things["objection"] = objection["id"]
    world.extra["document"] = draft_document(cast)
    draft = {"village": VILLAGE, "rulebook": world.extra["document"]}
    things["rulebook"] = ok(cast.as_("head_chen").post("/rulebooks", draft), 201)["id"]


def draft_document(cast: Cast) -> dict[str, Any]:
    """The rulebook in force, as somebody would send it in again."""
    current = ok(cast.as_("head_chen").get("/rulebooks/current", village=VILLAGE))
    own = ("id", "village", "version", "status", "effective_on", "meeting", "findings")
    return {name: value for name, value in current.items() if name not in own}


def _report(cast: Cast) -> str:
    found = ok(cast.as_("ma_ling").get("/weekly-reports", grid=cast.grids["east"], week="2027-W01"))
    (report,) = found["items"]
    assert report["status"] == "open"
    return str(report["id"])


def _exchange_day_before(world: World) -> None:
    """A day that will redeem on the twelfth, with a basket that is handed out then."""
    things, keeper = world.things, world.cast.as_("keeper_jiang")
    things["day_redeeming"] = _day(world, "2027-01-12")
    body = _basket(things, "day_redeeming", "soap", 2)
    things["reservation_done"] = ok(world.cast.as_("zhao_min").post("/mall/reservations", body), 201)["id"]
    ok(keeper.get("/mall/reservations", exchange_day=things["day_redeeming"]))


def _day(world: World, day: str) -> str:
    keeper = world.cast.as_("keeper_jiang")
    slots = [{"starts_at": "09:00", "ends_at": "10:00", "places": 20}]
    body = {"id": new_id(), "village": VILLAGE, "day": day, "slots": slots}
    ok(keeper.post("/mall/exchange-days", body), 201)
    ok(keeper.post(f"/mall/exchange-days/{body['id']}/transition", {"to": "open"}))
    return str(body["id"])


def _basket(things: dict[str, str], day: str, goods: str, quantity: int) -> dict[str, Any]:
    lines = [{"goods": things[goods], "quantity": quantity}]
    household, exchange_day = things["household"], things[day]
    return {"id": new_id(), "household": household, "exchange_day": exchange_day, "lines": lines}


def _shop(world: World) -> None:
    """A card, a proxy, a receipt, a count, donors and money, a basket for Friday, a replay that was refused."""
    cast, things = world.cast, world.things
    keeper, home = cast.as_("keeper_jiang"), cast.as_("zhao_min")
    picture = keeper.photo("orange")
    with_photo = goods_body(name="暖水瓶", photo=picture)
    things["goods_photo"] = ok(keeper.post("/mall/goods", with_photo), 201)["id"]
    card = ok(keeper.post("/mall/cards", {"household": things["household"]}), 201)
    things |= {"card": card["id"], "card_token": card["token"]}
    proxy = {"household": things["household"], "name": "孙大姐"}
    things["proxy"] = ok(home.post("/mall/proxies", proxy), 201)["id"]
    receipt = redemption(things, reservation=things["reservation_done"])
    things["redemption"] = ok(keeper.post("/mall/redemptions", receipt), 201)["id"]
    things["day_open"] = _day(world, "2027-01-15")
    basket = _basket(things, "day_open", "oil", 1)
    things["reservation"] = ok(home.post("/mall/reservations", basket), 201)["id"]
    day = {"id": new_id(), "village": VILLAGE, "day": "2027-01-20"}
    things["day_planned"] = ok(keeper.post("/mall/exchange-days", day), 201)["id"]
    donor = {"village": VILLAGE, "name": "周记粮油店", "kind": "organisation"}
    things["donor"] = ok(keeper.post("/mall/donors", donor), 201)["id"]
    count = {"id": new_id(), "lines": [{"goods": things["oil"], "counted": 19}]}
    things["count"] = ok(keeper.post("/mall/stock-counts", count), 201)["id"]
    late = redemption(things, goods="rice", quantity=900)
    late["redeemed_at"] = (cast.clock.now() - timedelta(hours=1)).isoformat()
    (result,) = ok(keeper.post("/mall/redemptions/batch", {"redemptions": [late]}))["results"]
    assert result["status"] == 409, result
    things["replay"] = late["id"]
    ok(keeper.post("/mall/stock-movements", movement_body(things["rice"], 1, donor="周记粮油店")), 201)


def redemption(things: dict[str, str], goods: str = "soap", quantity: int = 2, **more: Any) -> dict[str, Any]:
    """A body for POST /mall/redemptions: the keeper states that the household was there."""
    consent = {"method": "statement", "reason": "本人到场，没有手机"}
    return _basket(things, "day_redeeming", goods, quantity) | {"consent": consent} | more


def _people(world: World) -> None:
    """An account with a password, an invitation, a session, a role, a message, a photo of one's own."""
    cast, things, now = world.cast, world.things, world.cast.clock.now()
    things |= {"head": cast.persons["head_chen"], "member_1": cast.persons["member_feng"]}
    things |= {"member_2": cast.persons["member_chu"], "member_3": cast.persons["member_wei"]}
    invited = {"person": cast.persons["zhao_min"]}
    things["invitation"] = ok(cast.as_("head_chen").post("/invitations", invited), 201)["invitation"]
    signing_in = {"username": "qian_yun", "password": PASSWORD}
    with transaction() as session:
        owner = session.get_one(Person, cast.persons["qian_yun"])
        owner.password_hash = hashed(PASSWORD)
        sign_in(session, owner.id, now)
        found = select(SignInSession.id).where(SignInSession.person_id == owner.id).limit(1)
        things["session"] = str(session.scalar(found))
        grant = select(GrantRow.id).where(GrantRow.person_id == cast.persons["wang_fang"]).limit(1)
        things["grant_of_east"] = str(session.scalar(grant))
        message = select(Message.id).where(Message.household_code == things["household"]).limit(1)
        things["message"] = str(session.scalar(message))
        entry = select(LedgerEntry.id).where(LedgerEntry.household_code == things["household"]).limit(1)
        things["entry"] = str(session.scalar(entry))
        things["entry_month"] = str(session.scalar(entry.where(LedgerEntry.cause == "month")))
    _procedure(world)
    things["refresh"] = ok(cast.as_(None).post("/auth/password", signing_in))["refresh_token"]
    assert local_date(now).isoformat() == "2027-01-12"


def _procedure(world: World) -> None:
    """An appeal and a complaint that wait for their answers."""
    path = f"/entries/{world.things['entry_month']}/appeals"
    made = world.cast.as_("zhao_min").post(path, {"text": "标点看不清"})
    world.things["appeal"] = ok(made, 201)["id"]
    about = {"about": "person", "role": "grid_worker", "text": "标点态度不好"}
    world.things["complaint"] = ok(world.cast.as_("zhao_min").post("/complaints", about), 201)["id"]


def _at(year: int, month: int, day: int) -> datetime:
    """Ten in the morning of a day in Asia/Shanghai."""
    return datetime(year, month, day, 2, 0, tzinfo=UTC)
