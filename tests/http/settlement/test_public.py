"""What everybody may read, cacheable; what the village sees; the page; the poster; rankings."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from server.kit.transaction import transaction
from server.people.models import Household, Member, Village
from tests.cast import VILLAGE, Cast
from tests.settled import Months, ok, refused

AFTER_CUTOFF = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)


@pytest.fixture
def notice(months: Months) -> dict[str, Any]:
    """October on notice; 孙's head is a child."""
    with transaction() as session:
        names = {"zhao": "王小明", "qian": "欧阳锋", "sun": "孙小苗"}
        for name, head in names.items():
            code = months.cast.households[name]
            session.execute(update(Household).where(Household.code == code).values(head=head))
            born = date(2012, 5, 1) if name == "sun" else date(1970, 5, 1)
            session.execute(
                update(Member).where(Member.household_code == code).values(name=head, birth_date=born)
            )
    months.approved("zhao", "4.00", "J1", "乡村建设")
    months.approved("zhao", "-2.00", "F1", "社会治安")
    months.approved("qian", "3.00")
    months.approved("sun", "1.00")
    months.go_to(AFTER_CUTOFF)
    return months.on_notice()


def test_the_public_notice_holds_numbers_and_totals_only(months: Months, notice: dict[str, Any]) -> None:
    answer = months.cast.as_(None).get(f"/public/notices/{notice['id']}")
    shown = answer.get_json()
    assert {frozenset(line) for line in shown["lines"]} == {
        frozenset({"household", "number", "score_change", "status"})
    }
    text = answer.get_data(as_text=True)
    for hidden in ("王", "欧", "孙", "乱倒垃圾", "社会治安", "乡村建设", *months.cast.persons.values()):
        assert hidden not in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_it_is_cached_until_something_changes(
    months: Months, notice: dict[str, Any], client: FlaskClient
) -> None:
    path = f"/api/v1/public/notices/{notice['id']}"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    ok(months.object(notice, "zhao_min", "zhao"), 201)
    changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]
    assert changed.get_json()["lines"][0]["status"] == "held"


def test_the_list_shows_what_is_public_now(months: Months, notice: dict[str, Any]) -> None:
    stranger = months.cast.as_(None)
    assert ok(stranger.get("/public/notices", village=VILLAGE))["items"] == [notice]
    assert ok(stranger.get("/public/notices", village="990101101202"))["items"] == []
    refused(stranger.get("/public/notices/0197a000-0000-7000-8000-000000000000"), 404, "not_found")


def test_the_village_sees_masked_names_and_headings(months: Months, notice: dict[str, Any]) -> None:
    for reader in ("qian_yun", "head_chen", "wang_fang", "panel_zhou", "township_han", "auditor_yang"):
        shown = ok(months.cast.as_(reader).get(f"/notices/{notice['id']}"))
        assert [line["name"] for line in shown["lines"]] == ["王**", "欧**", ""]  # a minor is not named
        assert shown["lines"][0]["headings"] == [
            {"name": "乡村建设", "points": "4.00"},
            {"name": "社会治安", "points": "-2.00"},
        ]
        assert shown["lines"][0]["details"] == [{"name": "清扫门前道路", "points": "4.00"}]
        assert (shown["lines"][0]["added"], shown["lines"][0]["deducted"]) == ("4.00", "-2.00")
    refused(months.cast.as_(None).get(f"/notices/{notice['id']}"), 401, "not_signed_in")
    refused(months.cast.as_("admin_zhu").get(f"/notices/{notice['id']}"), 403, "not_allowed")


def test_the_page_says_the_same_without_script_or_foreign_hosts(
    months: Months, notice: dict[str, Any], client: FlaskClient
) -> None:
    answer = client.get(f"/notices/{notice['id']}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    for wanted in ("2026年10月<wbr>村民积分", "公示中", "还剩 7 天", "+2.00", "0003", "应到 4 人，同意 3 人"):
        assert wanted in page, wanted
    for hidden in ("<script", "http://", "//cdn", "王**", "王小明", "社会治安"):
        assert hidden not in page.replace("http://www.w3.org", ""), hidden
    head = months.public(notice)["ledger_head"]
    assert head in re.sub(r"\s", "", page)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert f"/notices/{notice['id']}" in client.get("/notices").get_data(as_text=True)
    assert "2026年10月村民积分" in client.get(f"/notices?village={VILLAGE}").get_data(as_text=True)
    assert "现在没有公示" in client.get("/notices?village=990101101202").get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2", "0002 号</a> 本月合计"),
        ("0002", "0002 号</a> 本月合计"),
        ("９９０１０１１０１２０１０００２", "0002 号</a> 本月合计"),
        ("77", "0077 号本月没有记录"),
    ],
)
def test_a_household_is_found_by_its_number(
    notice: dict[str, Any], client: FlaskClient, typed: str, found: str
) -> None:
    page = client.get(f"/notices/{notice['id']}", query_string={"n": typed}).get_data(as_text=True)
    assert found in page


def test_what_is_typed_comes_back_harmless(notice: dict[str, Any], client: FlaskClient) -> None:
    page = client.get(f"/notices/{notice['id']}?n=%3Cscript%3E7").get_data(as_text=True)
    assert "<script" not in page and "0007 号本月没有记录" in page


def test_the_page_shows_corrections_and_what_is_held(
    months: Months, notice: dict[str, Any], client: FlaskClient
) -> None:
    made = ok(months.object(notice, "zhao_min", "qian"), 201)
    assert "0002 号有一条异议正在核实" in client.get(f"/notices/{notice['id']}").get_data(as_text=True)
    ok(months.answer(made, "head_chen", upheld=True))
    assert "核实成立，合计不变" in client.get(f"/notices/{notice['id']}").get_data(as_text=True)


def test_pages_of_withdrawn_and_unknown_notices_say_what_to_do(
    months: Months, notice: dict[str, Any], client: FlaskClient
) -> None:
    ok(months.cast.as_("head_chen").post(f"/notices/{notice['id']}/withdrawal", {"reason": "王小明漏了"}))
    page = client.get(f"/notices/{notice['id']}").get_data(as_text=True)
    assert "已撤回" in page and "王小明" not in page and "0001" not in page
    gone = client.get("/notices/nothing")
    assert gone.status_code == 404
    assert "可能网址抄错了" in gone.get_data(as_text=True)


def test_the_poster_names_nobody_unless_the_village_decided_so(
    months: Months, notice: dict[str, Any], cast: Cast
) -> None:
    path = f"/notices/{notice['id']}/poster"
    plain = cast.as_("head_chen").get(path)
    assert plain.status_code == 200
    assert plain.data.startswith(b"%PDF-")
    text = pdf_text(plain.data)
    assert "0001" in text and "王" not in text
    assert "治安" not in text
    with transaction() as session:
        session.execute(update(Village).where(Village.code == VILLAGE).values(names_on_poster=True))
    named = pdf_text(cast.as_("head_chen").get(path, paper="A3").data)
    assert "王**" in named and "欧**" in named and "孙" not in named
    assert "治安" in named  # column heads are stacked
    refused(cast.as_("head_chen").get(path, paper="A5"), 422, "invalid")
    refused(cast.as_("other_head").get(path), 404, "not_found")


def pdf_text(pdf: bytes) -> str:
    """All text of a PDF."""
    import pypdfium2  # type: ignore[import-untyped]  # noqa: PLC0415

    document = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in document)


def show_ranking(shows: str) -> None:
    with transaction() as session:
        session.execute(update(Village).where(Village.code == VILLAGE).values(ranking=shows))


def test_the_ranking_is_off_unless_the_village_shows_it(months: Months, notice: dict[str, Any]) -> None:
    for reader in (None, "zhao_min", "head_chen"):
        refused(months.cast.as_(reader).get("/ranking", village=VILLAGE), 404, "ranking_off")
    refused(months.cast.as_(None).get("/ranking", village="990101101999"), 404, "ranking_off")


def test_everybodys_places_share_equal_points(months: Months, notice: dict[str, Any]) -> None:
    show_ranking("all")
    months.go(days=8)
    shown = ok(months.cast.as_(None).get("/ranking", village=VILLAGE))
    assert [(one["rank"], one["number"], one["points"]) for one in shown["items"]] == [
        (1, "0002", "103.00"),
        (2, "0001", "102.00"),
        (3, "0003", "101.00"),
        (4, "0004", "100.00"),
        (4, "0005", "100.00"),
        (4, "0006", "100.00"),
    ]
    assert (shown["period"], shown["own"]) == ("2026", None)
    month = ok(months.cast.as_(None).get("/ranking", village=VILLAGE, period="2026-10"))
    assert [one["points"] for one in month["items"]] == ["3.00", "2.00", "1.00"]
    mine = ok(months.cast.as_("zhao_min").get("/ranking", village=VILLAGE))["own"]
    assert (mine["rank"], mine["points"]) == (2, "102.00")
    refused(months.cast.as_(None).get("/ranking", village=VILLAGE, period="2025"), 422, "ranking_period")
    refused(months.cast.as_(None).get("/ranking", village=VILLAGE, period="heute"), 422, "invalid")


def test_only_the_own_place(months: Months, notice: dict[str, Any]) -> None:
    show_ranking("own")
    refused(months.cast.as_(None).get("/ranking", village=VILLAGE), 401, "ranking_own")
    shown = ok(months.cast.as_("zhao_min").get("/ranking", village=VILLAGE))
    assert (shown["items"], shown["own"]["number"], shown["households"]) == ([], "0001", 6)
    refused(months.cast.as_("head_chen").get("/ranking", village=VILLAGE), 404, "ranking_off")
    refused(months.cast.as_("other_villager").get("/ranking", village=VILLAGE), 404, "ranking_off")


def test_the_ranking_follows_postings_and_settings_at_once(months: Months, notice: dict[str, Any]) -> None:
    show_ranking("all")
    before = months.cast.as_(None).get("/ranking", village=VILLAGE)
    months.go(days=8)
    after = months.cast.as_(None).get("/ranking", village=VILLAGE)
    assert before.get_json()["items"][0]["points"] == "100.00"
    assert after.get_json()["items"][0]["points"] == "103.00"
    assert before.headers["ETag"] != after.headers["ETag"]
    show_ranking("off")
    refused(months.cast.as_(None).get("/ranking", village=VILLAGE), 404, "ranking_off")


def test_every_route_of_the_month_is_documented(app: Flask, client: FlaskClient) -> None:
    paths = client.get("/api/openapi.json").get_json()["paths"]
    for path in ("/api/v1/tallies/{tally_id}/votes", "/api/v1/public/notices/{notice_id}", "/api/v1/ranking"):
        assert path in paths
