"""Appeals: a reversal and a new entry, both pointing at the first; nobody judges the own work; the clock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.settlement.models import Appeal
from server.settlement.states import APPEAL, AppealStatus, allowed
from tests.cast import VILLAGE
from tests.settled import Months, ok, refused


@pytest.fixture
def entry(months: Months) -> dict[str, Any]:
    """October posted: the household zhao has +4 and −3 and the entry of both."""
    found = {"good": months.approved("zhao", "4.00"), "bad": months.approved("zhao", "-3.00", "F1")}
    months.go(days=30)
    months.on_notice()
    months.go(days=8)
    code = months.cast.households["zhao"]
    rows = ok(months.cast.as_("zhao_min").get(f"/households/{code}/statement"))["items"]
    return found | {"id": next(row["id"] for row in rows if row["cause"] == "month")}


def appeal(months: Months, entry: dict[str, Any], by: str = "zhao_min", **more: Any) -> TestResponse:
    body = {"text": "那天不是我家"} | more
    return months.cast.as_(by).post(f"/entries/{entry['id']}/appeals", body)


def answered(
    months: Months, made: dict[str, Any], upheld: bool, by: str = "head_chen", **more: Any
) -> TestResponse:
    body = {"upheld": upheld, "reason": "查了照片"} | more
    return months.cast.as_(by).post(f"/appeals/{made['id']}/answer", body)


def posted(key: str) -> ledger.Entry:
    with transaction(writes=False) as session:
        return ledger.entry(session, key)


def test_a_record_that_was_wrong_is_reversed_and_the_rest_posted_anew(
    months: Months, entry: dict[str, Any]
) -> None:
    assert months.account("zhao") == ("101.00", "1.00")
    made = ok(appeal(months, entry, record=entry["bad"]), 201)
    assert made["status"] == "open" and made["record"] == entry["bad"]
    done = ok(answered(months, made, upheld=True))
    first, second = posted(done["reversal"]), posted(done["new_entry"])
    assert first.reverses == second.reverses == entry["id"]
    assert (first.amount("score"), second.amount("score")) == (Decimal("-1.00"), Decimal("4.00"))
    assert months.account("zhao") == ("104.00", "4.00")
    record = ok(months.cast.as_("zhao_min").get(f"/records/{entry['bad']}"))
    assert record["status"] == "reversed"
    with transaction(writes=False) as session:
        assert ledger.verify(session) == []


def test_with_points_a_copy_stands_for_the_record(months: Months, entry: dict[str, Any]) -> None:
    made = ok(appeal(months, entry, record=entry["bad"]), 201)
    refused(answered(months, made, upheld=True, points="-9.00"), 422, "points_not_allowed")
    done = ok(answered(months, made, upheld=True, points="-1.00"))
    assert months.account("zhao") == ("103.00", "3.00")
    copy = ok(months.cast.as_("zhao_min").get(f"/records/{done['new_record']}"))
    assert (copy["points"], copy["logged_points"], copy["status"]) == ("-1.00", "-3.00", "posted")
    again = {"id": done["new_entry"]}
    made = ok(appeal(months, again, record=done["new_record"]), 201)
    ok(answered(months, made, upheld=True))
    assert months.account("zhao") == ("104.00", "4.00")


@pytest.mark.parametrize(
    ("points", "account"),
    [(None, ("100.00", "0.00")), ("6.50", ("106.50", "6.50")), ("-2.00", ("98.00", "0.00"))],
)
def test_the_whole_entry(
    months: Months, entry: dict[str, Any], points: str | None, account: tuple[str, str]
) -> None:
    made = ok(appeal(months, entry), 201)
    done = ok(answered(months, made, upheld=True, **({"points": points} if points else {})))
    assert months.account("zhao") == account
    assert (done["new_entry"] is None) == (points is None)


@pytest.mark.parametrize(
    ("spent", "points", "balance"),
    [("1.00", "6.00", "5.00"), ("0.40", "6.00", "5.60"), ("1.00", "0.50", "0.00")],
)
def test_what_was_spent_is_neither_clawed_back_nor_given_twice(
    months: Months, entry: dict[str, Any], spent: str, points: str, balance: str
) -> None:
    with transaction() as session:
        ledger.redeem(session, months.cast.households["zhao"], Decimal(spent), "spent", {}, months.now)
    made = ok(appeal(months, entry), 201)
    ok(answered(months, made, upheld=True, points=points))
    assert months.account("zhao") == (f"{100 + Decimal(points)}", balance)


def test_dismissed_changes_nothing(months: Months, entry: dict[str, Any]) -> None:
    made = ok(appeal(months, entry), 201)
    refused(answered(months, made, upheld=False, points="1.00"), 422, "points_without_uphold")
    done = ok(answered(months, made, upheld=False))
    assert (done["status"], done["reversal"], done["reason"]) == ("dismissed", None, "查了照片")
    assert months.account("zhao") == ("101.00", "1.00")
    refused(answered(months, made, upheld=True), 409, "appeal_answered")
    texts = [one["text"] for one in ok(months.cast.as_("zhao_min").get("/inbox"))["items"]]
    assert any("申诉不成立" in text and "查了照片" in text for text in texts)


def test_who_may_appeal(months: Months, entry: dict[str, Any]) -> None:
    slip = months.cast.as_("member_feng").photo()
    refused(appeal(months, entry, "qian_yun"), 404, "not_found")
    refused(appeal(months, entry, "wang_fang"), 403, "not_allowed")
    refused(appeal(months, entry, "member_feng"), 422, "on_behalf_needed")
    refused(appeal(months, entry, "member_feng", on_behalf=True), 422, "slip_missing")
    refused(appeal(months, entry, on_behalf=True, photos=[slip]), 422, "on_behalf_only_by_committee")
    ok(appeal(months, entry, "member_feng", on_behalf=True, photos=[slip]), 201)
    refused(appeal(months, entry), 409, "already_appealed")
    refused(appeal(months, entry, record=months.approved("zhao", "1.00")), 422, "record_not_on_line")


def test_what_may_be_appealed(months: Months, entry: dict[str, Any]) -> None:
    code = months.cast.households["zhao"]
    rows = ok(months.cast.as_("zhao_min").get(f"/households/{code}/statement"))["items"]
    base = next(row for row in rows if row["cause"] == "base_points")
    refused(appeal(months, base), 409, "not_appealable")
    refused(appeal(months, {"id": "x"}), 404, "not_found")
    with transaction() as session:
        ledger.reverse(session, entry["id"], "test", {}, months.now)
    refused(appeal(months, entry), 409, "entry_reversed")


def test_nobody_judges_the_own_matter(months: Months, entry: dict[str, Any]) -> None:
    cast = months.cast
    cast.grant("qian_yun", "committee_member", VILLAGE)
    cast.grant("zhao_min", "committee_member", VILLAGE)
    cast.grant("wang_fang", "committee_member", VILLAGE)
    cast.related("zhao", "qian")
    made = ok(appeal(months, entry, record=entry["bad"]), 201)
    for by in ("zhao_min", "qian_yun", "wang_fang"):  # made it, is a relative, logged the record
        refused(answered(months, made, upheld=True, by=by), 409, "own_matter")
    ok(answered(months, made, upheld=True, by="member_chu"))


def test_unanswered_for_a_week_it_goes_to_the_township(months: Months, entry: dict[str, Any]) -> None:
    made = ok(appeal(months, entry), 201)
    refused(answered(months, made, upheld=True, by="township_han"), 409, "appeal_with_committee")
    months.go(days=7)
    refused(answered(months, made, upheld=True), 409, "appeal_with_township")
    done = ok(answered(months, made, upheld=True, by="township_han", points="3.00"))
    assert (done["status"], months.account("zhao")) == ("upheld", ("103.00", "3.00"))


def test_lists_hold_what_is_in_reach(months: Months, entry: dict[str, Any]) -> None:
    made = ok(appeal(months, entry), 201)
    for by in ("zhao_min", "head_chen", "supervisor_shen", "township_han"):
        items = ok(months.cast.as_(by).get("/appeals", status="open"))["items"]
        assert [one["id"] for one in items] == [made["id"]]
    assert ok(months.cast.as_("qian_yun").get("/appeals"))["items"] == []
    assert ok(months.cast.as_("other_head").get("/appeals", village=VILLAGE))["items"] == []


def test_every_state_is_reached_and_no_other_way_is_open(months: Months, entry: dict[str, Any]) -> None:
    reached = {"open"}
    made = ok(appeal(months, entry), 201)
    months.go(days=7)
    with transaction(writes=False) as session:
        reached.add(str(session.scalar(select(Appeal.status))))
    ok(answered(months, made, upheld=False, by="township_han"))
    again = ok(appeal(months, entry), 201)
    for state in (made, again):
        status = 409 if state is made else 200
        assert answered(months, state, upheld=True).status_code == status
    reached |= {one["status"] for one in ok(months.cast.as_("head_chen").get("/appeals"))["items"]}
    assert reached == {state.value for state in AppealStatus}
    assert [(a, b) for a in AppealStatus for b in AppealStatus if allowed(a, b)] == [
        (a, b) for a in AppealStatus for b in AppealStatus if b in APPEAL[a]
    ]
