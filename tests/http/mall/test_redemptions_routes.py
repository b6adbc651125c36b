"""At the counter: consent, receipts, walk-ins and reservations, limits, returns, replays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from tests.cast import VILLAGE, build
from tests.counter import Counter, ask, open_counter, tomorrow, whole
from tests.shop import patch


@pytest.fixture
def counter(app: Flask, clock: SetClock) -> Counter:
    """An exchange day on which the shop redeems, at 09:00 of the day itself."""
    counter = open_counter(build(app, clock), rice=5, oil=5, soap=50)
    counter.day(tomorrow(counter.cast, 1))
    return counter


def begin(counter: Counter) -> None:
    counter.cast.clock.advance(days=1)
    counter.step("day", "closed")
    counter.step("day", "redeeming")


def code_for(counter: Counter, by: str = "zhao_min", **what: Any) -> str:
    body = what or {"household": counter.cast.households["zhao"]}
    answer = counter.cast.as_(by).post("/mall/pickup-codes", body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["code"])


def by_code(counter: Counter, code: str, household: str = "zhao", **units: int) -> dict[str, Any]:
    return counter.basket(household, **units) | {"consent": {"method": "code", "value": code}}


def refused(counter: Counter, body: dict[str, Any], by: str = "keeper_jiang") -> tuple[int, str]:
    answer = counter.redeem(by, body)
    return answer.status_code, answer.get_json().get("code", "")


def test_a_walk_in_redeems_from_the_balance_and_gets_a_receipt(counter: Counter) -> None:
    begin(counter)
    answer = counter.redeem(rice=1, soap=2)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    receipt = answer.get_json()
    assert (receipt["points"], receipt["balance_after"]) == ("36.00", "64.00")
    assert {line["name"]: line["points"] for line in receipt["lines"]} == {
        "东北大米 5kg": "30.00",
        "洗衣皂": "6.00",
    }
    assert counter.points() == ("64.00", "0.00") and counter.stock("rice") == (4, 0)
    told = counter.inbox()[0]
    assert (
        told["kind"] == "redemption_by_statement"
        and "老人没有手机" in told["text"]
        and "蒋涛" in told["text"]
    )
    with transaction(writes=False) as session:
        whole(session)


def test_a_repeat_gives_the_first_receipt_and_other_content_a_conflict(counter: Counter) -> None:
    begin(counter)
    body = counter.handed(rice=1)
    first, again = counter.redeem(body=body), counter.redeem(body=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert refused(counter, body | {"lines": [{"goods": counter.goods["rice"], "quantity": 2}]}) == (
        409,
        "id_reused",
    )
    assert counter.stock("rice") == (4, 0)


def test_scanning_a_plate_shows_and_proves_nothing(counter: Counter) -> None:
    begin(counter)
    seen = counter.cast.as_("keeper_jiang").get("/mall/counter", plate=counter.cast.plates["zhao"]).get_json()
    assert seen["household"]["code"] == counter.cast.households["zhao"]
    assert (seen["balance"], seen["exchange_day"]) == ("100.00", counter.days["day"])
    bare = counter.basket(rice=1)
    assert refused(counter, bare) == (422, "invalid")
    assert refused(
        counter, bare | {"consent": {"method": "plate", "value": counter.cast.plates["zhao"]}}
    ) == (422, "invalid")
    assert refused(counter, by_code(counter, counter.cast.plates["zhao"][:20], rice=1)) == (409, "code_wrong")
    assert refused(counter, bare | {"consent": {"method": "code"}}) == (422, "value_needed")
    assert refused(counter, bare | {"consent": {"method": "statement", "reason": "  "}}) == (
        422,
        "reason_needed",
    )
    assert counter.points() == ("100.00", "0.00")
    assert (
        counter.cast.as_("zhao_min").get("/mall/counter", plate=counter.cast.plates["qian"]).status_code
        == 403
    )
    assert (
        counter.cast.as_("other_head").get("/mall/counter", plate=counter.cast.plates["zhao"]).status_code
        == 404
    )


def test_a_code_works_once_within_its_time_for_its_household(counter: Counter) -> None:
    begin(counter)
    code = code_for(counter)
    assert refused(counter, by_code(counter, code, "qian", rice=1)) == (409, "code_wrong")
    body = by_code(counter, code, rice=1)
    assert counter.redeem(body=body).status_code == 201
    assert counter.redeem(body=body).status_code == 200, "a repeat is not a second use"
    assert refused(counter, by_code(counter, code, rice=1)) == (409, "code_used")
    late = code_for(counter)
    counter.cast.clock.advance(minutes=15)
    assert refused(counter, by_code(counter, late, rice=1)) == (409, "code_expired")
    assert counter.inbox()[0]["kind"] == "redemption"


def test_a_code_survives_a_refusal(counter: Counter) -> None:
    begin(counter)
    code = code_for(counter)
    assert refused(counter, by_code(counter, code, rice=4)) == (409, "insufficient_balance")
    assert counter.redeem(body=by_code(counter, code, rice=1)).status_code == 201


def test_only_members_ask_for_codes(counter: Counter) -> None:
    made = counter.reserve(rice=1)
    own = {"household": counter.cast.households["zhao"]}
    for by, body in (("qian_yun", own), ("qian_yun", {"reservation": made["id"]})):
        assert counter.cast.as_(by).post("/mall/pickup-codes", body).status_code == 404
    for by in ("keeper_jiang", "head_chen", "wang_fang"):
        assert counter.cast.as_(by).post("/mall/pickup-codes", own).status_code == 403
    assert counter.cast.as_("zhao_min").post("/mall/pickup-codes", {}).status_code == 422
    codes = [counter.cast.as_("zhao_min").post("/mall/pickup-codes", own).status_code for _ in range(31)]
    assert codes == [201] * 30 + [429]


def test_a_code_for_a_reservation_opens_no_other(counter: Counter) -> None:
    made = counter.reserve(rice=1)
    begin(counter)
    code = code_for(counter, reservation=made["id"])
    assert refused(counter, by_code(counter, code, oil=1)) == (409, "code_other")
    body = by_code(counter, code, rice=1) | {"reservation": made["id"]}
    assert counter.redeem(body=body).status_code == 201
    again = by_code(counter, "", rice=1) | {
        "reservation": made["id"],
        "consent": {"method": "statement", "reason": "再来"},
    }
    assert refused(counter, again) == (409, "reservation_ended")


def test_guessing_codes_is_stopped(counter: Counter) -> None:
    begin(counter)
    good = code_for(counter)
    guesses = [f"{n:08d}" for n in range(12) if f"{n:08d}" != good]
    answers = [refused(counter, by_code(counter, guess, soap=1))[1] for guess in guesses[:11]]
    assert answers == ["code_wrong"] * 10 + ["codes_locked"]
    assert refused(counter, by_code(counter, good, soap=1)) == (429, "codes_locked")
    counter.cast.clock.advance(minutes=16)
    assert counter.redeem(body=by_code(counter, code_for(counter), soap=1)).status_code == 201


def test_the_pin_of_the_card(counter: Counter) -> None:
    begin(counter)
    issued = counter.cast.as_("keeper_jiang").post(
        "/mall/cards", {"household": counter.cast.households["zhao"]}
    )
    pin = issued.get_json()["pin"]
    wrong = f"{(int(pin) + 1) % 10**6:06d}"

    def with_pin(value: str) -> dict[str, Any]:
        return counter.basket(soap=1) | {"consent": {"method": "pin", "value": value}}

    assert counter.redeem(body=with_pin(pin)).status_code == 201
    assert refused(counter, with_pin(wrong)) == (409, "pin_wrong")
    assert counter.redeem(body=with_pin(pin)).status_code == 201, "a right one begins anew"
    answers = [refused(counter, with_pin(wrong))[1] for _ in range(6)]
    assert answers == ["pin_wrong"] * 4 + ["pin_locked"] * 2
    assert refused(counter, with_pin(pin)) == (409, "pin_locked")
    no_card = counter.basket("qian", soap=1) | {"consent": {"method": "pin", "value": pin}}
    assert refused(counter, no_card) == (409, "card_not_active")
    with transaction(writes=False) as session:
        kept = str(ask(session, "SELECT * FROM points_cards")) + str(
            ask(session, "SELECT * FROM redemptions")
        )
        kept += str(ask(session, "SELECT * FROM idempotency_keys")) + str(
            ask(session, "SELECT * FROM audit_log")
        )
    assert f"'{pin}'" not in kept and f'"{pin}"' not in kept


def test_a_reservation_is_picked_up_in_part(counter: Counter) -> None:
    made = counter.reserve(rice=2, soap=5)
    assert counter.points() == ("25.00", "75.00")
    begin(counter)
    answer = counter.redeem(body=counter.handed(rice=1, soap=6) | {"reservation": made["id"]})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert (answer.get_json()["points"], answer.get_json()["balance_after"]) == ("48.00", "52.00")
    assert counter.points() == ("52.00", "0.00")
    assert (counter.stock("rice"), counter.stock("soap")) == ((4, 0), (44, 0))
    read = counter.cast.as_("zhao_min").get(f"/mall/reservations/{made['id']}").get_json()
    assert read["status"] == "redeemed"
    with transaction(writes=False) as session:
        whole(session)


def test_a_reservation_without_lines_is_handed_out_whole(counter: Counter) -> None:
    made = counter.reserve(rice=1, soap=2)
    begin(counter)
    body = counter.handed() | {"reservation": made["id"]}
    assert counter.redeem(body=body).get_json()["points"] == "36.00"
    assert refused(counter, counter.handed()) == (422, "lines_needed")
    other = counter.handed("qian", rice=1) | {"reservation": new_id()}
    assert refused(counter, other)[0] == 404


def test_the_limit_holds_at_the_counter_too(counter: Counter) -> None:
    assert (
        patch(counter.cast, "keeper_jiang", f"/mall/goods/{counter.goods['soap']}", {"limit": 3}).status_code
        == 200
    )
    counter.reserve(soap=2)
    begin(counter)
    assert refused(counter, counter.handed(soap=2)) == (409, "limit_exceeded")
    assert counter.redeem(soap=1).status_code == 201
    assert counter.stock("soap") == (49, 2)


def test_only_on_the_day_and_only_the_keeper(counter: Counter) -> None:
    assert refused(counter, counter.handed(rice=1)) == (409, "day_closed")
    begin(counter)
    assert refused(counter, counter.handed(rice=1), "head_chen") == (403, "not_allowed")
    assert refused(counter, counter.handed(rice=1), "other_head") == (404, "not_found")
    assert refused(counter, counter.handed("other", rice=1)) == (404, "not_found")
    soon = (counter.now + timedelta(minutes=6)).isoformat()
    assert refused(counter, counter.handed(rice=1) | {"redeemed_at": soon}) == (422, "time_wrong")
    counter.cast.clock.advance(days=4)
    assert refused(counter, counter.handed(rice=1)) == (409, "day_closed"), (
        "three days for picking up are over"
    )


def test_a_keeper_states_nothing_for_the_own_family(counter: Counter) -> None:
    begin(counter)
    counter.cast.grant("zhao_min", "keeper", VILLAGE)
    assert refused(counter, counter.handed(rice=1), "zhao_min") == (409, "own_household")
    body = by_code(counter, code_for(counter), rice=1)
    assert counter.redeem("zhao_min", body).status_code == 201


def test_photos_and_proxies(counter: Counter) -> None:
    begin(counter)
    named = counter.cast.as_("zhao_min").post(
        "/mall/proxies", {"household": counter.cast.households["zhao"], "name": "王婶"}
    )
    assert named.status_code == 201
    proxy = named.get_json()["id"]
    body = counter.handed(rice=1)
    body["consent"] |= {"proxy": proxy}
    assert refused(counter, body) == (422, "photo_needed"), "a proxy signs"
    body["consent"] |= {"photo": counter.cast.as_("keeper_jiang").photo()}
    assert counter.redeem(body=body).status_code == 201
    again = counter.handed(rice=1)
    again["consent"] |= {"photo": body["consent"]["photo"]}
    assert refused(counter, again) == (422, "photo_not_usable"), "a photo is attached once"
    assert counter.delete("qian_yun", f"/mall/proxies/{proxy}").status_code == 404
    assert counter.delete("zhao_min", f"/mall/proxies/{proxy}").status_code == 200
    ended = counter.handed(soap=1)
    ended["consent"] |= {"proxy": proxy, "photo": counter.cast.as_("keeper_jiang").photo("red")}
    assert refused(counter, ended) == (409, "proxy_unknown")
    assert counter.stock("rice") == (4, 0)


def test_goods_come_back_with_their_points(counter: Counter) -> None:
    begin(counter)
    bought = counter.redeem(rice=2, soap=3).get_json()
    path = f"/mall/redemptions/{bought['id']}/return"
    keeper = counter.cast.as_("keeper_jiang")
    body = {"id": new_id(), "lines": [{"goods": counter.goods["rice"], "quantity": 1}], "reason": "拿错了"}
    first, again = keeper.post(path, body), keeper.post(path, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json() and first.get_json()["points"] == "30.00"
    assert counter.points() == ("61.00", "0.00") and counter.stock("rice") == (4, 0)
    rotten = {"lines": [{"goods": counter.goods["soap"], "quantity": 1, "sound": False}], "reason": "受潮"}
    assert keeper.post(path, rotten).status_code == 201
    assert counter.points() == ("64.00", "0.00") and counter.stock("soap") == (47, 0)
    more = {"lines": [{"goods": counter.goods["rice"], "quantity": 2}], "reason": "x"}
    assert keeper.post(path, more).get_json()["code"] == "return_too_many"
    assert keeper.post(path, body | {"reason": "y"}).get_json()["code"] == "id_reused"
    shown = counter.cast.as_("zhao_min").get(f"/mall/redemptions/{bought['id']}").get_json()
    assert [one["points"] for one in shown["returns"]] == ["30.00", "3.00"]
    assert counter.cast.as_("other_head").post(path, more).status_code == 404
    with transaction(writes=False) as session:
        whole(session)
    counter.cast.clock.advance(days=8)
    assert keeper.post(path, more).get_json()["code"] == "return_too_late"


def test_the_receipt_prints_on_58_millimetres(counter: Counter) -> None:
    begin(counter)
    bought = counter.redeem(rice=1, soap=2).get_json()
    answer = counter.cast.as_("zhao_min").get(f"/mall/redemptions/{bought['id']}/receipt")
    page = pypdfium2.PdfDocument(answer.data)[0]
    assert round(page.get_width() * 25.4 / 72) == 58
    text = page.get_textpage().get_text_bounded()
    for told in ("东北大米 5kg", "36.00", "64.00", bought["number"], "签字"):
        assert told in text
    assert counter.cast.as_("qian_yun").get(f"/mall/redemptions/{bought['id']}/receipt").status_code == 404
    assert counter.cast.as_("qian_yun").get("/mall/redemptions").get_json()["items"] == []
    mine = counter.cast.as_("zhao_min").get("/mall/redemptions").get_json()["items"]
    assert mine == [bought]


# ---- a counter without a line --------------------------------------------------------


def replay(counter: Counter, *bodies: dict[str, Any]) -> list[dict[str, Any]]:
    answer = counter.cast.as_("keeper_jiang").post("/mall/redemptions/batch", {"redemptions": list(bodies)})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(answer.get_json()["results"])


def test_a_queue_is_booked_and_conflicts_are_answers(counter: Counter) -> None:
    begin(counter)
    code = code_for(counter)
    at = (counter.now + timedelta(minutes=5)).isoformat()
    counter.cast.clock.advance(hours=3)
    fine = by_code(counter, code, rice=1) | {"redeemed_at": at}
    copied = by_code(counter, code, soap=1) | {"redeemed_at": at}
    stated = counter.handed("qian", soap=1) | {"redeemed_at": at}
    large = counter.handed("li", rice=2) | {"redeemed_at": at}
    pin = counter.basket("li", soap=1) | {"redeemed_at": at, "consent": {"method": "pin", "value": "402917"}}
    results = replay(counter, fine, copied, stated, large, pin, {"id": "x"})
    assert [one["status"] for one in results] == [201, 409, 201, 409, 422, 422]
    codes = [one.get("problem", {}).get("code") for one in results]
    assert codes == [None, "code_used", None, "offline_limit_exceeded", "pin_needs_line", "invalid"]
    assert results[0]["receipt"]["offline"] is True
    assert [one["status"] for one in replay(counter, fine, stated)] == [200, 200], "sent again"
    waiting = counter.cast.as_("head_chen").get("/mall/refused-replays", village=VILLAGE).get_json()["items"]
    assert {one["code"] for one in waiting} == {"code_used", "offline_limit_exceeded", "pin_needs_line"}
    for one in waiting:
        path = f"/mall/refused-replays/{one['id']}/resolution"
        told = {"resolution": "已上门说明，收回商品"}
        assert counter.cast.as_("head_chen").post(path, told).status_code == 200
        assert counter.cast.as_("head_chen").post(path, told).get_json()["code"] == "already_resolved"
    assert (
        counter.cast.as_("head_chen").get("/mall/refused-replays", village=VILLAGE).get_json()["items"] == []
    )
    assert counter.cast.as_("zhao_min").get("/mall/refused-replays", village=VILLAGE).status_code == 403


def test_a_code_is_checked_as_of_the_moment_of_handing_out(counter: Counter) -> None:
    begin(counter)
    before = counter.now
    code = code_for(counter)
    counter.cast.clock.advance(hours=1)
    too_early = by_code(counter, code, soap=1) | {"redeemed_at": (before - timedelta(minutes=1)).isoformat()}
    too_late = by_code(counter, code, soap=1) | {"redeemed_at": (before + timedelta(minutes=16)).isoformat()}
    in_time = by_code(counter, code, soap=1) | {"redeemed_at": (before + timedelta(minutes=14)).isoformat()}
    results = replay(counter, too_early, too_late, in_time)
    assert [one["status"] for one in results] == [409, 409, 201]
    assert {one["problem"]["code"] for one in results[:2]} == {"code_expired"}
