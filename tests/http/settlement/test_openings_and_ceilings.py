"""Opening balances are resolved and put on notice like a month; a month over its ceiling is cut or reasoned."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from server.kit.errors import Invalid
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.settlement.opening_file import read_openings
from server.settlement.openings import bring_in
from server.settlement.rules import cut_points
from tests.cast import VILLAGE
from tests.settled import Months, ok, refused

OPENING = "2026-00"


def brought(months: Months, by: str = "head_chen", **balances: Any) -> dict[str, Any]:
    """Opening balances by household: a balance, or (balance, score)."""
    pairs = {name: given if isinstance(given, tuple) else (given, "0") for name, given in balances.items()}
    lines = [
        {"household": months.cast.households[name], "balance": balance, "score": score}
        for name, (balance, score) in pairs.items()
    ]
    answer = months.cast.as_(by).post(f"/villages/{VILLAGE}/opening-balances", {"lines": lines})
    return ok(answer, 201)


def opening(months: Months) -> dict[str, Any]:
    (found,) = [
        one
        for one in ok(months.cast.as_("head_chen").get("/tallies", village=VILLAGE))["items"]
        if one["kind"] == "opening"
    ]
    return ok(months.cast.as_("head_chen").get(f"/tallies/{found['id']}"))


def vote_for(months: Months, tally: dict[str, Any]) -> None:
    for member in ("member_feng", "member_chu", "member_wei"):
        ok(months.cast.as_(member).post(f"/tallies/{tally['id']}/votes", {"vote": "for"}))


def on_notice(months: Months, tally: dict[str, Any]) -> dict[str, Any]:
    vote_for(months, tally)
    return dict(ok(months.cast.as_("head_chen").post(f"/tallies/{tally['id']}/notice"), 201)["notice"])


def test_the_way_of_an_opening_balance(months: Months) -> None:
    tally = brought(months, zhao="35.50", qian=("12.00", "8.00"))
    assert (tally["month"], tally["kind"], tally["status"], tally["frozen"]) == (
        OPENING,
        "opening",
        "open",
        True,
    )
    assert months.account("zhao") == ("100.00", "0.00")  # nothing is posted before its notice is over
    notice = on_notice(months, tally)
    public = months.public(notice)
    assert (public["kind"], public["month"]) == ("opening", OPENING)
    page = months.cast.app.test_client().get(f"/notices/{notice['id']}").get_data(as_text=True)
    assert "2026年初始" in page and "以前的旧积分" in page
    poster = months.cast.as_("head_chen").get(f"/notices/{notice['id']}/poster")
    assert poster.status_code == 200
    months.go(days=7, minutes=1)
    assert months.account("zhao") == ("100.00", "35.50")
    assert months.account("qian") == ("108.00", "12.00")
    assert opening(months)["status"] == "posted"
    code = months.cast.households["zhao"]
    rows = ok(months.cast.as_("zhao_min").get(f"/households/{code}/statement"))["items"]
    assert [row["cause"] for row in rows].count("opening_balance") == 1
    with transaction(writes=False) as session:
        assert ledger.verify(session) == []


def test_it_may_be_brought_in_again_until_somebody_voted(months: Months) -> None:
    first = brought(months, zhao="1.00", qian="2.00")
    second = brought(months, zhao="3.00")
    assert second["id"] == first["id"] and len(second["lines"]) == 1
    ok(months.cast.as_("member_feng").post(f"/tallies/{first['id']}/votes", {"vote": "for"}))
    body = {"lines": [{"household": months.cast.households["zhao"], "balance": "9.00"}]}
    post = months.cast.as_("head_chen").post
    refused(post(f"/villages/{VILLAGE}/opening-balances", body), 409, "opening_settled")


def test_withdrawn_and_brought_in_again(months: Months) -> None:
    tally = brought(months, zhao="1.00")
    notice = on_notice(months, tally)
    ok(months.cast.as_("head_chen").post(f"/notices/{notice['id']}/withdrawal", {"reason": "抄错"}))
    again = opening(months)
    assert again["status"] == "open" and again["frozen"] and len(again["lines"]) == 1
    brought(months, zhao="2.00")
    on_notice(months, again)
    months.go(days=7, minutes=1)
    assert months.account("zhao")[1] == "2.00"


def test_an_objection_holds_its_line_and_may_change_it(months: Months) -> None:
    notice = on_notice(months, brought(months, zhao="1.00", qian="2.00"))
    made = ok(months.object(notice, "zhao_min", "zhao"), 201)
    months.go(days=6)
    ok(months.answer(made, "head_chen", upheld=True, points="4.00"))
    months.go(days=2)
    assert (months.account("zhao")[1], months.account("qian")[1]) == ("4.00", "2.00")


def test_no_month_waits_for_it_and_it_waits_for_no_month(months: Months) -> None:
    months.approved("zhao", "4.00")
    brought(months, zhao="1.00")
    months.go(days=30)
    months.on_notice()
    months.go(days=8)
    assert months.account("zhao") == ("104.00", "4.00")
    on_notice(months, opening(months))
    months.go(days=7, minutes=1)
    assert months.account("zhao") == ("104.00", "5.00")


def test_an_opening_balance_may_be_appealed(months: Months) -> None:
    on_notice(months, brought(months, zhao="10.00"))
    months.go(days=7, minutes=1)
    code = months.cast.households["zhao"]
    rows = ok(months.cast.as_("zhao_min").get(f"/households/{code}/statement"))["items"]
    entry = next(row["id"] for row in rows if row["cause"] == "opening_balance")
    made = ok(months.cast.as_("zhao_min").post(f"/entries/{entry}/appeals", {"text": "卡上是 12 分"}), 201)
    body = {"upheld": True, "reason": "核对了旧卡", "points": "12.00"}
    ok(months.cast.as_("head_chen").post(f"/appeals/{made['id']}/answer", body))
    assert months.account("zhao") == ("100.00", "12.00")


def test_every_fault_of_the_list_is_named(months: Months) -> None:
    zhao = months.cast.households["zhao"]
    lines = [
        {"household": zhao, "balance": "-1.00"},
        {"household": zhao, "balance": "1.00"},
        {"household": months.cast.households["other"], "balance": "1.00"},
    ]
    answer = months.cast.as_("head_chen").post(f"/villages/{VILLAGE}/opening-balances", {"lines": lines})
    found = refused(answer, 422, "opening_invalid")
    assert [one["field"] for one in found["errors"]] == [
        "lines.0.balance", "lines.1.household", "lines.2.household",
    ]  # fmt: skip


def test_from_a_file(months: Months, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("户编号", "可兑换积分", "考核分"),
        (months.cast.households["zhao"], "35.5", None),
        ("12", "x", None),
        (f"{VILLAGE}9999", "1", None),
    ):
        sheet.append(row)
    book.save(tmp_path / "cards.xlsx")
    reading = read_openings(tmp_path / "cards.xlsx")
    assert [fault.code for fault in reading.columns.faults] == ["bad_household", "bad_points"]
    with pytest.raises(Invalid) as error, transaction() as session:
        bring_in(session, None, VILLAGE, reading.lines, months.now)
    assert [fault.field for fault in error.value.faults] == ["第 4 行.household"]
    with transaction() as session:
        tally = bring_in(session, None, VILLAGE, reading.lines[:1], months.now)
        assert tally.month == 202600


# --- ceilings -----------------------------------------------------------------------------------------


def ceiling(months: Months, **settings: str) -> None:
    client = months.cast.app.test_client()
    path = f"/api/v1/villages/{VILLAGE}/settings"
    answer = client.patch(path, json=settings, headers=months.cast.as_("head_chen").headers)
    ok(answer)


@pytest.fixture
def over(months: Months) -> Months:
    """100 for zhao, 50 and −5 for qian, 33.33 for sun; the village may add 100, a household 80."""
    ceiling(months, ceiling_village="100.00", ceiling_household="80.00")
    for household, points in (("zhao", "100.00"), ("qian", "50.00"), ("qian", "-5.00"), ("sun", "33.33")):
        months.approved(household, points, "J6" if points[0] != "-" else "F1")
    months.go(days=29)
    return months


def settled(months: Months, by: str = "head_chen", **how: Any) -> Any:
    return months.cast.as_(by).post(f"/tallies/{months.tally()['id']}/ceiling", how)


def test_a_breach_must_be_settled_before_the_vote(over: Months) -> None:
    refused(over.vote("member_feng"), 409, "ceiling_unsettled")
    refused(settled(over), 422, "ceiling_choice")
    refused(settled(over, cut=True, reason="又"), 422, "ceiling_choice")
    ok(settled(over, cut=True))
    shown = over.tally()["ceiling"]
    assert (shown["added"], shown["households_over"], shown["settled"]) == ("183.33", 1, "cut")
    # the household's ceiling first: 80 + 50 + 33.33 = 163.33; then 100 / 163.33 of each, floored to 0.01
    lines = {name: over.line(name) for name in ("zhao", "qian", "sun")}
    assert {name: (line["added"], line["cut"], line["score_change"]) for name, line in lines.items()} == {
        "zhao": ("48.98", "51.02", "48.98"),
        "qian": ("30.61", "19.39", "25.61"),
        "sun": ("20.40", "12.93", "20.40"),
    }
    notice = over.on_notice()
    assert over.public(notice)["ceiling"]["settled"] == "cut"
    page = over.cast.app.test_client().get(f"/notices/{notice['id']}").get_data(as_text=True)
    assert "等比例削减" in page
    over.go(days=8)
    assert over.account("zhao") == ("148.98", "48.98")


def test_or_a_reason_is_given(over: Months) -> None:
    ok(settled(over, cut=True))
    ok(settled(over, reason="抗洪抢险，全村出动"))
    assert (over.line("zhao")["added"], over.line("zhao")["cut"]) == ("100.00", None)
    notice = over.on_notice()
    page = over.cast.app.test_client().get(f"/notices/{notice['id']}").get_data(as_text=True)
    assert "抗洪抢险" in page


def test_settling_it_again_makes_the_votes_void(over: Months) -> None:
    ok(settled(over, cut=True))
    ok(over.vote("member_feng"))
    ok(settled(over, "member_chu", reason="抗洪"))
    assert over.tally()["votes"] == []
    ok(over.vote("member_feng"))


def test_with_the_minutes(over: Months) -> None:
    people = [over.cast.persons[name] for name in ("head_chen", "member_feng", "member_chu")]
    body = {"minutes_number": "7", "held_on": "2026-10-14", "attended": people}
    body |= {"for": 3, "against": 0, "abstained": 0}
    over.go(days=3)
    path = f"/tallies/{over.tally()['id']}/resolution"
    refused(over.cast.as_("head_chen").post(path, body), 409, "ceiling_unsettled")
    ok(over.cast.as_("head_chen").post(path, body | {"ceiling": {"cut": True}}))
    ok(over.cast.as_("member_chu").post(f"{path}/confirmation"))
    assert (over.tally()["status"], over.line("zhao")["added"]) == ("resolved", "48.98")


def test_a_line_that_changes_later_is_cut_like_the_others(over: Months) -> None:
    ok(settled(over, cut=True))
    notice = over.on_notice()
    code = over.cast.households["sun"]
    items = ok(over.cast.as_("head_chen").get("/records", household=code))["items"]
    made = ok(over.object(notice, "zhao_min", "sun", record=items[0]["id"]), 201)
    ok(over.answer(made, "head_chen", upheld=True, points="10.00"))
    assert (over.line("sun")["added"], over.line("sun")["cut"]) == ("6.12", "3.88")


def test_no_breach_no_ceiling(months: Months) -> None:
    ceiling(months, ceiling_village="100.00")
    months.approved("zhao", "4.00")
    months.go(days=30)
    refused(settled(months, cut=True), 422, "no_ceiling")
    assert months.resolved()["ceiling"] is None


@given(
    added=st.lists(st.integers(0, 10**6), min_size=1, max_size=30),
    each=st.none() | st.integers(1, 10**6),
    whole=st.integers(1, 10**7),
)
def test_a_cut_never_leaves_more_than_the_ceiling_and_loses_less_than_a_hundredth_each(
    added: list[int], each: int | None, whole: int
) -> None:
    capped = [points if each is None else min(points, each) for points in added]
    factor = (whole, sum(capped)) if sum(capped) > whole else (1, 1)
    left = [cut_points(points, each, factor) for points in added]
    assert sum(left) <= max(whole, sum(capped) if factor == (1, 1) else 0)
    assert all(0 <= some <= points for some, points in zip(left, added, strict=True))
    exact = [Decimal(points) * factor[0] / factor[1] for points in capped]
    assert all(0 <= whole_ - some < 1 for some, whole_ in zip(left, exact, strict=True))
