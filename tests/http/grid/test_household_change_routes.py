"""Households that split, merge, move and end: what was agreed, what has to be settled first, what is revoked."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mall.cards.service import cards_of
from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.people.models import Member
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast, build
from tests.settled import Months, ok, refused
from tests.shop import open_shop


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    """Both villages, with base points given and 20 points in the accounts of the first three households."""
    cast = build(app, clock)
    Months(cast).go(minutes=1)
    fund(cast, zhao="20.00", qian="7.50", li="3.25")
    return cast


def fund(cast: Cast, **points: str) -> None:
    with transaction() as session:
        for name, amount in points.items():
            code = cast.households[name]
            line = ledger.OpeningLine(code, Decimal(amount), Decimal(0), f"open:{code}", {})
            ledger.post_opening_balances(session, code[:12], 2026, [line], cast.clock.now())


def change(cast: Cast, kind: str, household: str, by: str = "head_chen", **more: Any) -> TestResponse:
    body = {"id": new_id(), "kind": kind, "household": cast.households[household]}
    paper = {"number": "户〔2026〕1号", "signed_on": "2026-09-10"}
    return cast.as_(by).post("/household-changes", body | {"agreement": paper} | more)


def balance(household: str) -> str:
    with transaction(writes=False) as session:
        return str(ledger.account(session, household).balance)


def verified() -> bool:
    with transaction(writes=False) as session:
        return ledger.verify(session) == []


def test_a_split_gives_the_new_household_its_own_points_plate_and_base(cast: Cast, clock: SetClock) -> None:
    body = {"name": "赵小弟", "kinship": "次子"}
    with transaction() as session:
        brother = new_id()
        row = {"household_code": cast.households["zhao"], "flags": []}
        session.add(Member(id=brother, **body, **row))
    old_plate = cast.plates["zhao"]
    note = {"id": new_id(), "kind": "away_for_work", "member": brother, "value": "省外"}
    ok(cast.as_("wang_fang").post(f"/households/{cast.households['zhao']}/facts", {"facts": [note]}), 201)
    done = ok(
        change(
            cast, "split", "zhao", members=[brother], points="8.25", new={"head": "赵小弟", "door": "大街9号"}
        ),
        201,
    )
    new = done["other_household"]
    assert done["status"] == "done" and new[:12] == VILLAGE
    assert (balance(cast.households["zhao"]), balance(new)) == ("11.75", "8.25")
    assert cast.as_(None).get(f"/plates/{old_plate}").status_code == 404
    file = ok(cast.as_("ma_ling").get(f"/households/{new}/file"))
    assert [m["name"] for m in file["members"]] == ["赵小弟"]
    assert [(fact["kind"], fact["value"]) for fact in file["facts"]] == [("away_for_work", "省外")]
    Months(cast).go(minutes=5)
    with transaction(writes=False) as session:
        state = ledger.account(session, new)
    assert state.score == ledger_base(cast) and verified()


def ledger_base(cast: Cast) -> Decimal:
    return cast.rulebook.base_points


def test_what_the_balance_does_not_hold_is_refused_whole(cast: Cast) -> None:
    answer = change(cast, "split", "zhao", points="20.01", new={"head": "赵小弟"})
    refused(answer, 409, "insufficient_balance")
    assert ok(cast.as_("head_chen").get("/household-changes", village=VILLAGE))["items"] == []


def test_a_merge_brings_everything_along_and_ends_the_household(cast: Cast) -> None:
    done = ok(change(cast, "merge", "qian", into=cast.households["zhao"]), 201)
    assert done["status"] == "done"
    assert (balance(cast.households["qian"]), balance(cast.households["zhao"])) == ("0.00", "27.50")
    assert cast.as_(None).get(f"/plates/{cast.plates['qian']}").status_code == 404
    assert cast.as_(None).get(f"/plates/{cast.plates['zhao']}").status_code == 200
    # who had an account there sees the family's points now
    seen = ok(cast.as_("qian_yun").get(f"/households/{cast.households['zhao']}/account"))
    assert seen["balance"] == "27.50"
    refused(cast.as_("qian_yun").get(f"/households/{cast.households['qian']}/account"), 404, "not_found")
    refused(change(cast, "end", "qian"), 409, "household_ended")
    assert verified()


def test_a_move_is_two_transactions_over_transit(cast: Cast) -> None:
    left = ok(change(cast, "move", "zhao", to_village=OTHER_VILLAGE), 201)
    assert (left["status"], left["points"]) == ("left", "20.00")
    with transaction(writes=False) as session:
        assert ledger.village_sums(session, VILLAGE)["transit"] == Decimal("20.00")
    path = f"/household-changes/{left['id']}"
    refused(cast.as_("head_chen").post(f"{path}/arrival", {}), 404, "not_found")
    assert [
        c["id"] for c in ok(cast.as_("other_head").get("/household-changes", village=OTHER_VILLAGE))["items"]
    ]
    came = ok(
        cast.as_("other_head").post(f"{path}/arrival", {"door": "南街1号", "grid": cast.grids["other_grid"]})
    )
    again = ok(cast.as_("other_head").post(f"{path}/arrival", {"door": "南街1号"}))
    assert came == again and came["status"] == "done"
    assert balance(came["other_household"]) == "20.00" and balance(cast.households["zhao"]) == "0.00"
    seen = ok(cast.as_("zhao_min").get(f"/households/{came['other_household']}/account"))
    assert seen["balance"] == "20.00"
    with transaction(writes=False) as session:
        sums = [ledger.village_sums(session, village)["transit"] for village in (VILLAGE, OTHER_VILLAGE)]
    assert sum(sums) == 0 and verified()


def test_an_end_gives_to_those_agreed_and_the_rest_is_forfeited(cast: Cast) -> None:
    share = {"household": cast.households["li"], "points": "12.00"}
    ok(change(cast, "end", "zhao", shares=[share]), 201)
    assert (balance(cast.households["li"]), balance(cast.households["zhao"])) == ("15.25", "0.00")
    with transaction(writes=False) as session:
        assert ledger.village_sums(session, VILLAGE)["forfeited"] == Decimal("8.00")
    assert verified()


def test_open_lines_are_settled_first(cast: Cast, clock: SetClock) -> None:
    cast.log("wang_fang", "zhao", "J1", "2.00")
    waiting = ok(change(cast, "merge", "zhao", into=cast.households["li"]), 201)
    assert (waiting["status"], waiting["waiting_for"]) == ("agreed", ["records"])
    # nothing new comes in meanwhile, and no second agreement
    refused(cast.as_("wang_fang").post("/records", cast.record("zhao")), 422, "household_out_of_programme")
    refused(change(cast, "end", "zhao"), 409, "change_waiting")
    months = Months(cast)
    months.go(days=1)
    assert ok(cast.as_("head_chen").get(f"/household-changes/{waiting['id']}"))["status"] == "agreed"
    report = ok(cast.as_("wang_fang").get("/records", household=cast.households["zhao"]))["items"][0]
    ok(cast.as_("wang_fang").post(f"/records/{report['id']}/withdrawal", {"reason": "记错了"}))
    months.go(minutes=1)
    assert ok(cast.as_("head_chen").get(f"/household-changes/{waiting['id']}"))["status"] == "done"
    assert balance(cast.households["li"]) == "23.25" and verified()


def test_what_an_agreement_names_cannot_be_spent_while_it_waits(cast: Cast) -> None:
    cast.log("wang_fang", "zhao", "J1", "2.00")
    waiting = ok(change(cast, "split", "zhao", points="15.00", new={"head": "赵小弟"}), 201)
    assert balance(cast.households["zhao"]) == "5.00"
    off = ok(
        cast.as_("head_chen").post(f"/household-changes/{waiting['id']}/cancellation", {"reason": "不分了"})
    )
    assert off["status"] == "cancelled" and balance(cast.households["zhao"]) == "20.00"
    ok(cast.as_("wang_fang").post("/records", cast.record("zhao", "J6")), 201)
    again = cast.as_("head_chen").post(
        f"/household-changes/{waiting['id']}/cancellation", {"reason": "不分了"}
    )
    refused(again, 409, "state_changed")
    assert verified()


def test_reservations_go_back_and_cards_end(cast: Cast, clock: SetClock) -> None:
    goods = open_shop(cast, soap=10)
    keeper = cast.as_("keeper_jiang")
    day = {"id": new_id(), "village": VILLAGE, "day": "2026-09-20"}
    ok(keeper.post("/mall/exchange-days", day), 201)
    ok(keeper.post(f"/mall/exchange-days/{day['id']}/transition", {"to": "open"}))
    lines = [{"goods": goods["soap"], "quantity": 2}]
    basket = {"id": new_id(), "household": cast.households["zhao"], "exchange_day": day["id"], "lines": lines}
    ok(cast.as_("zhao_min").post("/mall/reservations", basket), 201)
    ok(keeper.post("/mall/cards", {"household": cast.households["zhao"]}), 201)
    assert balance(cast.households["zhao"]) == "14.00"
    ok(change(cast, "merge", "zhao", into=cast.households["li"]), 201)
    assert balance(cast.households["li"]) == "23.25"
    with transaction(writes=False) as session:
        assert [card.status for card in cards_of(session, cast.households["zhao"])] == ["replaced"]
    assert verified()


def test_nobody_enters_an_agreement_about_the_own_household(cast: Cast) -> None:
    cast.grant("zhao_min", "committee_member", VILLAGE)
    refused(change(cast, "end", "zhao", by="zhao_min"), 403, "own_household")
    refused(change(cast, "merge", "qian", by="zhao_min", into=cast.households["zhao"]), 403, "own_household")
    refused(change(cast, "end", "zhao", by="other_head"), 404, "not_found")


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("split", {"points": "1.00"}, "new.head"),
        ("merge", {}, "into"),
        ("merge", {"into": f"{OTHER_VILLAGE}0007"}, "into"),
        ("move", {"to_village": VILLAGE}, "to_village"),
        ("end", {"shares": [{"household": f"{VILLAGE}0002", "points": "0.00"}]}, "shares.0.points"),
        ("end", {"agreement": {"number": "1", "signed_on": "2026-12-01"}}, "agreement.signed_on"),
    ],
)
def test_what_an_agreement_lacks_is_named(cast: Cast, kind: str, more: dict[str, Any], field: str) -> None:
    problem = refused(change(cast, kind, "zhao", **more), 422, "agreement_faulty")
    assert field in {fault["field"] for fault in problem["errors"]}


def test_the_same_agreement_twice_is_one(cast: Cast) -> None:
    body = {"id": new_id(), "kind": "end", "household": cast.households["qian"]}
    body["agreement"] = {"number": "7", "signed_on": "2026-09-10"}
    first = ok(cast.as_("head_chen").post("/household-changes", body), 201)
    assert ok(cast.as_("head_chen").post("/household-changes", body), 200) == first
    refused(cast.as_("head_chen").post("/household-changes", body | {"kind": "move"}), 409, "id_reused")
