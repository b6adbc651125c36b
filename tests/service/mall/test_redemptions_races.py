"""Several counters and phones at once: the last unit goes once, one answer per id, no PIN is guessed."""

from __future__ import annotations

import os
import threading
from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import build
from tests.counter import Counter, ask, open_counter, tomorrow, whole
from tests.shop import stock

SOAK = os.environ.get("JIFEN_SOAK") == "1"


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    counter = open_counter(build(app, clock), "5000.00", rice=3, oil=30)
    counter.day(tomorrow(counter.cast, 1))
    return counter


def begin(counter: Counter) -> None:
    counter.cast.clock.advance(days=1)
    counter.step("day", "closed")
    counter.step("day", "redeeming")


def at_once(calls: list[Callable[[], Any]]) -> list[tuple[int, str]]:
    """Run the calls from threads that start together: (status, code) of each."""
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], Any]) -> tuple[int, str]:
        gate.wait(timeout=30)
        answer = call()
        return answer.status_code, answer.get_json().get("code", "")

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def reserving(counter: Counter, by: str, body: dict[str, Any]) -> Callable[[], Any]:
    """A reservation to be made later."""
    return lambda: counter.cast.as_(by).post("/mall/reservations", body)


def test_the_last_unit_goes_to_exactly_one_of_two_counters(counter: Counter) -> None:
    begin(counter)
    rounds = 500 if SOAK else 50
    for _ in range(rounds):
        stock(counter.cast, counter.goods["soap"], 1)
        bodies = [counter.handed(household, soap=1) for household in ("zhao", "qian")]
        answers = at_once([lambda body=body: counter.redeem(body=body) for body in bodies])
        assert sorted(answers) == [(201, ""), (409, "insufficient_stock")]
    assert counter.stock("soap") == (0, 0)
    with transaction(writes=False) as session:
        whole(session)
        assert ask(session, "SELECT COUNT(*) FROM redemptions") == [(rounds,)]


def test_the_last_unit_is_reserved_once(counter: Counter) -> None:
    stock(counter.cast, counter.goods["soap"], 1)
    phones = [("zhao_min", "zhao"), ("qian_yun", "qian"), ("li_mei", "li")] * 2
    calls = [reserving(counter, by, counter.basket(of, soap=1)) for by, of in phones]
    assert Tally(at_once(calls)) == {(201, ""): 1, (409, "insufficient_stock"): 5}
    assert counter.stock("soap") == (1, 1)


def test_twenty_copies_of_a_request_have_one_effect_and_one_answer(counter: Counter) -> None:
    begin(counter)
    code = counter.cast.as_("zhao_min").post(
        "/mall/pickup-codes", {"household": counter.cast.households["zhao"]}
    )
    consents = [
        {"method": "statement", "reason": "老人没有手机"},
        {"method": "code", "value": code.get_json()["code"]},
    ]
    for number, consent in enumerate(consents, 1):
        body = counter.basket(rice=1) | {"consent": consent}
        gate = threading.Barrier(20)

        def call(body: dict[str, Any] = body, gate: threading.Barrier = gate) -> tuple[int, str]:
            gate.wait(timeout=30)
            answer = counter.redeem(body=body)
            return answer.status_code, answer.get_data(as_text=True)

        with ThreadPoolExecutor(20) as pool:
            answers = [future.result() for future in [pool.submit(call) for _ in range(20)]]
        assert Tally(status for status, _ in answers) == {201: 1, 200: 19}
        assert len({content for _, content in answers}) == 1
        assert counter.stock("rice") == (3 - number, 0)
        assert counter.points() == (f"{5000 - 30 * number}.00", "0.00")


def test_twenty_copies_of_a_reservation_and_of_its_pick_up(counter: Counter) -> None:
    body = counter.basket(rice=1)
    made = at_once([lambda: counter.cast.as_("zhao_min").post("/mall/reservations", body)] * 20)
    assert Tally(made) == {(201, ""): 1, (200, ""): 19}
    assert counter.stock("rice") == (3, 1)
    begin(counter)
    pick = counter.handed(rice=1) | {"reservation": body["id"]}
    assert Tally(at_once([lambda: counter.redeem(body=pick)] * 20)) == {(201, ""): 1, (200, ""): 19}
    assert counter.stock("rice") == (2, 0) and counter.points() == ("4970.00", "0.00")


def test_two_counters_hand_a_reservation_out_once(counter: Counter) -> None:
    made = counter.reserve(rice=1)
    begin(counter)
    bodies = [counter.handed(rice=1) | {"reservation": made["id"]} for _ in range(4)]
    answers = at_once([lambda body=body: counter.redeem(body=body) for body in bodies])
    assert Tally(answers) == {(201, ""): 1, (409, "reservation_ended"): 3}
    with transaction(writes=False) as session:
        whole(session)


def test_the_limit_holds_between_counters_and_phones(counter: Counter) -> None:
    with transaction() as session:
        ask_limit = "UPDATE goods SET limit_per_day = 2 WHERE id = :goods"
        session.execute(text(ask_limit), {"goods": counter.goods["oil"]})
    begin(counter)
    bodies = [counter.handed(oil=1) for _ in range(6)]
    answers = at_once([lambda body=body: counter.redeem(body=body) for body in bodies])
    assert Tally(answers) == {(201, ""): 2, (409, "limit_exceeded"): 4}
    assert counter.stock("oil") == (28, 0)


def test_a_copied_code_opens_nothing_however_often_it_is_tried(counter: Counter) -> None:
    begin(counter)
    own = {"household": counter.cast.households["zhao"]}
    code = counter.cast.as_("zhao_min").post("/mall/pickup-codes", own).get_json()["code"]
    consent = {"consent": {"method": "code", "value": code}}
    assert counter.redeem(body=counter.basket(oil=1) | consent).status_code == 201
    replays = 1000 if SOAK else 100
    with ThreadPoolExecutor(4) as pool:
        bodies = [counter.basket(oil=1) | consent for _ in range(replays)]
        answers = list(pool.map(lambda body: counter.redeem(body=body).get_json()["code"], bodies))
    assert Tally(answers) == {"code_used": replays}
    assert counter.stock("oil") == (29, 0)


def test_one_code_opens_one_of_many_redemptions_at_once(counter: Counter) -> None:
    begin(counter)
    own = {"household": counter.cast.households["zhao"]}
    code = counter.cast.as_("zhao_min").post("/mall/pickup-codes", own).get_json()["code"]
    bodies = [counter.basket(oil=1) | {"consent": {"method": "code", "value": code}} for _ in range(10)]
    answers = at_once([lambda body=body: counter.redeem(body=body) for body in bodies])
    assert Tally(answers) == {(201, ""): 1, (409, "code_used"): 9}


def test_twenty_wrong_pins_at_once_are_five_tries(counter: Counter) -> None:
    begin(counter)
    household = {"household": counter.cast.households["zhao"], "pin": "402917"}
    assert counter.cast.as_("keeper_jiang").post("/mall/cards", household).status_code == 201
    bodies = [
        counter.basket(oil=1) | {"consent": {"method": "pin", "value": f"5830{n:02d}"}} for n in range(20)
    ]
    answers = Tally(at_once([lambda body=body: counter.redeem(body=body) for body in bodies]))
    assert answers == {(409, "pin_wrong"): 4, (409, "pin_locked"): 16}
    right = counter.basket(oil=1) | {"consent": {"method": "pin", "value": "402917"}}
    assert counter.redeem(body=right).get_json()["code"] == "pin_locked"


def test_cancelling_a_day_amid_reservations_leaves_none_open(counter: Counter) -> None:
    phones = [("zhao_min", "zhao"), ("qian_yun", "qian"), ("li_mei", "li")] * 3
    calls = [reserving(counter, by, counter.basket(of, oil=1)) for by, of in phones]
    path = f"/mall/exchange-days/{counter.days['day']}/transition"
    cancel = {"to": "cancelled", "reason": "暴雨"}
    calls.insert(4, lambda: counter.cast.as_("keeper_jiang").post(path, cancel))
    answers = at_once(calls)
    assert answers[4] == (200, "")
    assert {code for status, code in answers if status == 409} <= {"day_closed"}
    with transaction(writes=False) as session:
        whole(session)
        assert ask(session, "SELECT COUNT(*) FROM reservations WHERE status = 'open'") == [(0,)]
    assert counter.stock("oil") == (30, 0)


def test_returns_at_once_give_back_once(counter: Counter) -> None:
    begin(counter)
    bought = counter.redeem(oil=2).get_json()
    path = f"/mall/redemptions/{bought['id']}/return"
    line = {"goods": counter.goods["oil"], "quantity": 2}
    same = {"id": new_id(), "lines": [line], "reason": "漏油"}
    keeper = counter.cast.as_("keeper_jiang")
    assert Tally(at_once([lambda: keeper.post(path, same)] * 8)) == {(201, ""): 1, (200, ""): 7}
    others = [{"id": new_id(), "lines": [line], "reason": "漏油"} for _ in range(4)]
    answers = at_once([lambda body=body: keeper.post(path, body) for body in others])
    assert Tally(answers) == {(409, "return_too_many"): 4}
    assert counter.stock("oil") == (30, 0) and counter.points() == ("5000.00", "0.00")
