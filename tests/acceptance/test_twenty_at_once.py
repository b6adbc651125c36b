"""Twenty identical writes at once: one effect, one answer, for each class of write.

A class is how a repeat is known: by the client's own id (single, in a queue, as a file), or by an `Idempotency-Key` on
a route that has none. The counter's own (redemption, reservation, consent) are in `test_redemptions_races.py`.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from server.kit.clock import SetClock
from server.kit.database import db
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import Invitation
from tests.cast import VILLAGE, Cast, build, picture
from tests.settled import ok
from tests.shop import goods_body, movement_body, open_shop

TIMES = 20


@dataclass(frozen=True)
class Write:
    """A request made once, sent twenty times; `effects`: what is counted before and after, and by how much it grows."""

    who: str
    path: str
    body: dict[str, Any]
    effects: dict[str, int]
    key: str | None = None
    upload: bytes | None = None


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Iterator[Cast]:
    yield build(app, clock)
    db.engine.dispose()  # twenty threads leave twenty connections


def record(cast: Cast) -> Write:
    return Write("wang_fang", "/records", cast.record("zhao"), {"records": 1})


def record_queue(cast: Cast) -> Write:
    queue = [cast.record(name, "J6") for name in ("zhao", "qian", "sun")]
    return Write("wang_fang", "/records/batch", {"records": queue}, {"records": 3})


def visit(cast: Cast) -> Write:
    fact = {"id": new_id(), "kind": "safety_checked", "value": "没问题"}
    body = {"id": new_id(), "household": cast.households["zhao"], "facts": [fact]}
    return Write("wang_fang", "/visits", body, {"visits": 1, "household_facts": 1})


def visit_queue(cast: Cast) -> Write:
    queue = [{"id": new_id(), "plate": cast.plates[name]} for name in ("zhao", "qian", "sun")]
    return Write("wang_fang", "/visits/batch", {"visits": queue}, {"visits": 3})


def facts(cast: Cast) -> Write:
    body = {"facts": [{"id": new_id(), "kind": "house_unsafe", "value": "屋顶"}]}
    return Write("wang_fang", f"/households/{cast.households['zhao']}/facts", body, {"household_facts": 1})


def happening(cast: Cast) -> Write:
    body = {"id": new_id(), "type": "hazard", "urgency": "soon", "text": "井盖松了"}
    return Write("zhao_min", "/events", body, {"events": 1, "messages": 1})


def photo(cast: Cast) -> Write:
    return Write("wang_fang", "/photos", {"id": new_id()}, {"photos": 1}, upload=picture("red"))


def split(cast: Cast) -> Write:
    body = {"id": new_id(), "kind": "split", "household": cast.households["zhao"], "points": "0.00"}
    paper = {"number": "户〔2026〕1号", "signed_on": "2026-09-10"}
    whole = body | {"agreement": paper, "new": {"head": "赵小弟"}}
    return Write("head_chen", "/household-changes", whole, {"household_changes": 1, "households": 1})


def goods(cast: Cast) -> Write:
    return Write("keeper_jiang", "/mall/goods", goods_body(), {"goods": 1})


def movement(cast: Cast) -> Write:
    rice = open_shop(cast)["rice"]
    body = movement_body(rice, 3, "bought", cost="84.00")
    return Write("keeper_jiang", "/mall/stock-movements", body, {"stock_movements": 1, "fund_entries": 1})


def money(cast: Cast) -> Write:
    body = {"id": new_id(), "village": VILLAGE, "kind": "village_money", "amount": "100.00", "note": "拨付"}
    return Write("keeper_jiang", "/mall/fund-entries", body | {"donor": None}, {"fund_entries": 1})


def grant(cast: Cast) -> Write:
    body = {"person": cast.persons["zhao_min"], "role": "panel_member", "scope": VILLAGE}
    return Write("admin_zhu", "/grants", body, {"grants": 1}, key=new_id())


def complaint(cast: Cast) -> Write:
    body = {"about": "person", "role": "grid_worker", "text": "说话太难听"}
    return Write("zhao_min", "/complaints", body, {"complaints": 1}, key=new_id())


def withdrawal(cast: Cast) -> Write:
    key = cast.log("wang_fang", "zhao")["id"]
    return Write(
        "wang_fang", f"/records/{key}/withdrawal", {"reason": "记错了"}, {"decisions": 1}, key=new_id()
    )


def step(cast: Cast) -> Write:
    event = ok(cast.as_("zhao_min").post("/events", happening(cast).body), 201)["id"]
    body = {"to": "handled", "reason": "换了新的"}
    return Write("wang_fang", f"/events/{event}/transition", body, {"decisions": 1}, key=new_id())


BY_ID = (record, visit, facts, happening, photo, split, goods, movement, money)
QUEUES = (record_queue, visit_queue)
BY_KEY = (grant, complaint, withdrawal, step)


def counts(write: Write) -> dict[str, int]:
    with transaction(writes=False) as session:
        return {t: int(session.scalar(text(f"SELECT COUNT(*) FROM {t}")) or 0) for t in write.effects}


def at_once(cast: Cast, write: Write) -> list[TestResponse]:
    """The answers of twenty threads that start together."""
    gate = threading.Barrier(TIMES)

    def send() -> TestResponse:
        gate.wait(timeout=60)
        caller = cast.as_(write.who)
        if write.upload is not None:
            return caller.upload(write.upload, str(write.body["id"]))
        return caller.post(write.path, write.body, key=write.key)

    with ThreadPoolExecutor(TIMES) as pool:
        return [one.result() for one in [pool.submit(send) for _ in range(TIMES)]]


def played(cast: Cast, make: Callable[[Cast], Write]) -> tuple[Counter[int], set[str]]:
    """The status codes and the different contents; the effects grew by exactly what one write brings."""
    write = make(cast)
    before = counts(write)
    answers = at_once(cast, write)
    assert {name: counts(write)[name] - before[name] for name in before} == write.effects
    return Counter(one.status_code for one in answers), {one.get_data(as_text=True) for one in answers}


@pytest.mark.parametrize("make", BY_ID, ids=lambda make: make.__name__)
def test_by_the_clients_own_id(cast: Cast, make: Callable[[Cast], Write]) -> None:
    statuses, contents = played(cast, make)
    assert statuses == {201: 1, 200: TIMES - 1}
    assert len(contents) == 1


@pytest.mark.parametrize("make", QUEUES, ids=lambda make: make.__name__)
def test_a_whole_queue(cast: Cast, make: Callable[[Cast], Write]) -> None:
    write = make(cast)
    before = counts(write)
    answers = at_once(cast, write)
    assert {name: counts(write)[name] - before[name] for name in before} == write.effects
    rows = [row for one in answers if one.status_code == 200 for row in one.get_json()["results"]]
    assert Counter(row["status"] for row in rows)[201] == len(rows) // len(answers)
    assert {one.status_code for one in answers} == {200} and {row["status"] for row in rows} == {200, 201}


@pytest.mark.parametrize("make", BY_KEY, ids=lambda make: make.__name__)
def test_by_a_key(cast: Cast, make: Callable[[Cast], Write]) -> None:
    statuses, contents = played(cast, make)
    assert len(statuses) == 1 and min(statuses) in (200, 201), (statuses, contents)
    assert len(contents) == 1


def test_a_file_of_another_content_under_the_same_id_is_refused(cast: Cast) -> None:
    """The twenty-first is another picture."""
    write = photo(cast)
    assert Counter(one.status_code for one in at_once(cast, write)) == {201: 1, 200: TIMES - 1}
    other = cast.as_("wang_fang").upload(picture("blue"), str(write.body["id"]))
    assert other.status_code == 409


def test_of_twenty_invitations_one_is_good(cast: Cast) -> None:
    """Their answers hold a secret that is not kept, so each is another one: the last ends those before it."""
    write = Write("head_chen", "/invitations", {"person": cast.persons["zhao_min"]}, {})
    answers = at_once(cast, write)
    assert {one.status_code for one in answers} == {201}
    assert len({one.get_json()["invitation"] for one in answers}) == TIMES
    with transaction(writes=False) as session:
        good = select(func.count()).where(Invitation.expires_at > cast.clock.now())
        assert session.scalar(good) == 1
