"""Every figure opens: score and balance → entries → line → record → item, photos, people."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from server.kit.transaction import transaction
from server.ledger import api as ledger
from tests.settled import Months, ok, refused
from tests.watching import sent


def tree(months: Months, by: str = "zhao_min", **query: Any) -> dict[str, Any]:
    code = months.cast.households["zhao"]
    return ok(months.cast.as_(by).get(f"/households/{code}/explanation", **query))


def reviewed(months: Months) -> str:
    """A record with a photo that went all the way: logged, submitted, approved by two."""
    cast = months.cast
    photo = cast.as_("wang_fang").photo()
    key = str(cast.log("wang_fang", "zhao", "J3", "10.00", photos=[photo])["id"])
    months.go(days=7)
    (report,) = ok(cast.as_("ma_ling").get("/weekly-reports", grid=cast.grids["east"], status="open"))[
        "items"
    ]
    ok(cast.as_("ma_ling").post(f"/weekly-reports/{report['id']}/submission"))
    for member in ("panel_zhou", "panel_zheng"):
        ok(cast.as_(member).post(f"/records/{key}/reviews", {"verdict": "approve"}))
    return key


@pytest.fixture
def posted(months: Months) -> str:
    key = reviewed(months)
    months.approved("zhao", "-4.00", "F1", "乡村建设")
    months.go(days=30)
    months.on_notice()
    months.go(days=8)
    return key


def test_every_figure_opens_down_to_the_people(months: Months, posted: str) -> None:
    found = tree(months)
    assert (found["score"], found["balance"]) == months.account("zhao")
    assert sum(Decimal(part["score"]) for part in found["parts"]) == Decimal(found["score"])
    assert sum(Decimal(part["balance"]) for part in found["parts"]) == Decimal(found["balance"])
    entry = next(item for item in found["items"] if item["cause"] == "month")
    line = entry["line"]
    assert (line["month"], line["added"], line["deducted"], line["score_change"]) == (
        "2026-10", "10.00", "-4.00", "6.00",
    )  # fmt: skip
    assert (entry["amount"], entry["score_amount"], line["counted"]) == ("6.00", "6.00", 2)
    record = next(one for one in line["records"] if one["id"] == posted)
    assert (record["item"], record["status"], record["logged_by_name"]) == ("J3", "posted", "王芳")
    assert len(record["photos"]) == 1
    assert [(one["name"], one["verdict"]) for one in record["reviewed_by"]] == [
        ("周兰", "approve"), ("郑云", "approve"),
    ]  # fmt: skip
    base = next(item for item in found["items"] if item["cause"] == "base_points")
    assert base["line"] is None and base["score_amount"] == "100.00"


def test_pages_follow_each_other(months: Months, posted: str) -> None:
    everything = [item["id"] for item in tree(months)["items"]]
    first = tree(months, limit=1)
    second = tree(months, limit=1, cursor=first["next_cursor"])
    assert [first["items"][0]["id"], second["items"][0]["id"]] == everything[:2]


def test_a_reversal_and_its_first_entry_name_each_other(months: Months, posted: str) -> None:
    entry = next(item["id"] for item in tree(months)["items"] if item["cause"] == "month")
    with transaction() as session:
        mirror = ledger.reverse(session, entry, "test:1", {}, months.now)
    items = {item["id"]: item for item in tree(months)["items"]}
    assert items[entry]["reversed_by"] == mirror.id and items[mirror.id]["reverses"] == entry


def test_it_is_for_the_household_and_those_who_may_read_both(months: Months, posted: str) -> None:
    assert tree(months, "head_chen") == tree(months, "supervisor_shen") == tree(months)
    path = f"/households/{months.cast.households['zhao']}/explanation"
    refused(months.cast.as_("qian_yun").get(path), 404, "not_found")
    refused(months.cast.as_("wang_fang").get(path), 403, "not_allowed")
    refused(months.cast.as_("zhao_min").get("/households/12/explanation"), 404, "not_found")


def test_the_number_of_statements_does_not_grow_with_the_page(months: Months, posted: str) -> None:
    tree(months)
    with sent() as few:
        tree(months, limit=1)
    for number in range(8):
        months.approved("zhao", f"{number + 1}.00")
    with transaction() as session:
        for number in range(6):
            ledger.redeem(
                session, months.cast.households["zhao"], Decimal("0.50"), f"r{number}", {}, months.now
            )
    with sent() as many:
        assert len(tree(months, limit=50)["items"]) == 8
    assert len(many) <= len(few) <= 14
