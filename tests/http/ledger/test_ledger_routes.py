"""Account, statement and entry over HTTP: shape, paging, and who may look."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask import Flask

from server.kit.clock import SetClock
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api
from server.ledger.api import Cause, MonthLine
from server.ledger.schemas import AccountSchema, EntrySchema, StatementSchema
from tests.cast import VILLAGE, Cast, build
from tests.watching import sent


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    cast = build(app, clock)
    with transaction() as session:
        for household in cast.households.values():
            api.open_accounts(session, household[:12], [household])
        for number in range(1, 6):
            line = MonthLine(
                cast.households["zhao"], Decimal(number), f"m{number}", {"month": f"2026-0{number}"}
            )
            api.post_month(session, VILLAGE, 2026, [line], Cause.MONTH, clock.now())
        api.reserve(session, cast.households["zhao"], Decimal("4.50"), "r", {}, clock.now())
    return cast


def test_an_account(cast: Cast) -> None:
    answer = cast.as_("zhao_min").get(f"/households/{cast.households['zhao']}/account")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert answer.get_json() == {
        "household": cast.households["zhao"],
        "score": "15.00",
        "balance": "10.50",
        "reserved": "4.50",
        "year": 2026,
        "as_of": "2026-09-14T09:00:00.000+08:00",
    }
    assert AccountSchema().validate(answer.get_json()) == {}


def test_an_empty_account_has_no_year(cast: Cast) -> None:
    answer = cast.as_("qian_yun").get(f"/households/{cast.households['qian']}/account").get_json()
    assert (answer["score"], answer["year"]) == ("0.00", None)
    statement = cast.as_("qian_yun").get(f"/households/{cast.households['qian']}/statement")
    assert statement.get_json() == {"items": [], "next_cursor": None}


def test_a_statement_by_pages(cast: Cast) -> None:
    path = f"/households/{cast.households['zhao']}/statement"
    first = cast.as_("zhao_min").get(path, limit=4).get_json()
    assert StatementSchema().validate(first) == {}
    newest, month = first["items"][:2]
    assert (newest["cause"], newest["amount"], newest["score_amount"]) == ("reservation", "-4.50", "0.00")
    assert month == {
        "id": month["id"],
        "posted_at": "2026-09-14T09:00:00.000+08:00",
        "cause": "month",
        "amount": "5.00",
        "score_amount": "5.00",
        "balance_after": "15.00",
        "refs": {"month": "2026-05"},
    }
    second = cast.as_("zhao_min").get(path, limit=4, cursor=first["next_cursor"]).get_json()
    assert [item["amount"] for item in second["items"]] == ["2.00", "1.00"] and second["next_cursor"] is None


def test_an_entry_with_its_postings_and_seal(cast: Cast) -> None:
    zhao = cast.households["zhao"]
    items = cast.as_("zhao_min").get(f"/households/{zhao}/statement").get_json()["items"]
    path = f"/entries/{items[-1]['id']}"
    entry = cast.as_("zhao_min").get(path).get_json()
    assert EntrySchema().validate(entry) == {} and entry["seal"] is None
    assert [(p["account"], p["household"], p["amount"], p["balance_after"]) for p in entry["postings"]] == [
        ("balance", zhao, "1.00", "1.00"),
        ("score", zhao, "1.00", "1.00"),
        ("issued", None, "-1.00", None),
        ("assessed", None, "-1.00", None),
    ]
    with transaction() as session:
        head = api.seal_village(session, VILLAGE, cast.clock.now())
    newest = cast.as_("zhao_min").get(f"/entries/{items[0]['id']}").get_json()
    assert (newest["seal"], newest["seal_hash"]) == (6, head)


WHO = {
    "zhao_min": 200, "keeper_jiang": 200, "member_feng": 200, "supervisor_shen": 200, "auditor_yang": 200,
    "qian_yun": 404, "other_villager": 404, "other_head": 404, "wang_fang": 403, None: 401,
}  # fmt: skip


@pytest.mark.parametrize(("name", "status"), WHO.items())
def test_who_may_look(cast: Cast, name: str | None, status: int) -> None:
    zhao = cast.households["zhao"]
    entry = cast.as_("zhao_min").get(f"/households/{zhao}/statement").get_json()["items"][0]["id"]
    for path in (f"/households/{zhao}/account", f"/households/{zhao}/statement", f"/entries/{entry}"):
        assert cast.as_(name).get(path).status_code == status, path


@pytest.mark.parametrize("code", [VILLAGE + "9999", "1", "x" * 16, "９" * 16, VILLAGE])
def test_what_does_not_exist_looks_like_what_is_not_yours(cast: Cast, code: str) -> None:
    theirs = cast.as_("zhao_min").get(f"/households/{cast.households['other']}/account").get_json()
    for name in ("zhao_min", "head_chen"):
        for what in ("account", "statement"):
            answer = cast.as_(name).get(f"/households/{code}/{what}")
            assert answer.status_code == 404 and answer.get_json() == theirs
    for id_ in (new_id(), "1", "a%00b"):
        assert cast.as_("head_chen").get(f"/entries/{id_}").status_code == 404


@pytest.mark.parametrize("query", [{"cursor": "kaputt"}, {"limit": 0}, {"limit": 201}, {"limit": "x"}])
def test_a_wrong_query_is_refused(cast: Cast, query: dict[str, object]) -> None:
    answer = cast.as_("zhao_min").get(f"/households/{cast.households['zhao']}/statement", **query)
    assert answer.status_code == 422 and answer.get_json()["detail"]


def test_a_cursor_beyond_all_numbers_is_no_accident(cast: Cast) -> None:
    path = f"/households/{cast.households['zhao']}/statement"
    for cursor, items in (
        ("WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMF0", 6),
        ("Wy0xMDAwMDAwMDAwMDAwMDAwMDAwMDAwMF0", 0),
    ):
        assert len(cast.as_("zhao_min").get(path, cursor=cursor).get_json()["items"]) == items


@pytest.mark.parametrize("what", ["account", "statement"])
def test_one_statement_beside_the_session_s(cast: Cast, what: str) -> None:
    path = f"/households/{cast.households['zhao']}/{what}"
    cast.as_("zhao_min").get(path)  # the grants are cached from here on
    with sent() as statements:
        assert cast.as_("zhao_min").get(path).status_code == 200
    assert len(statements) == 2, statements
