"""Consents and recommendation lists: nobody without consent, advice on its face, taken back at any time."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from docx import Document
from werkzeug.test import TestResponse

from tests.cast import VILLAGE
from tests.honoured import Year
from tests.settled import ok, refused


def consent(year: Year, by: str, household: str, purpose: str = "party", **more: Any) -> TestResponse:
    cast = year.months.cast
    body = {"household": cast.households[household], "member": cast.members[household], "purpose": purpose}
    return year.post(by, "/consents", body | more)


def draw_up(year: Year, by: str = "head_chen", least: str = "105.00", purpose: str = "party") -> TestResponse:
    body = {"village": VILLAGE, "year": 2026, "purpose": purpose, "least_score": least}
    return year.post(by, "/recommendation-lists", body)


@pytest.fixture
def consented(year: Year) -> Year:
    """zhao and li said yes."""
    ok(consent(year, "zhao_min", "zhao"), 201)
    ok(consent(year, "li_mei", "li"), 201)
    return year


def test_only_who_consented_and_reached_the_score_is_listed(consented: Year) -> None:
    found = ok(draw_up(consented), 201)
    assert [one["household"][-4:] for one in found["people"]] == ["0001", "0004"]
    assert found["people"][0]["name"] == "户**"
    assert found["advice"].startswith("本名单只供有权决定的人参考")
    refused(draw_up(consented), 409, "list_exists")
    refused(draw_up(consented, least="999.00", purpose="army"), 409, "list_empty")


def test_without_consent_there_is_no_list(year: Year) -> None:
    refused(draw_up(year), 409, "list_empty")


@pytest.mark.parametrize("purpose", ["low_income", "housing", "低保", "school", ""])
def test_nothing_that_law_gives_can_be_asked_for(year: Year, purpose: str) -> None:
    refused(consent(year, "zhao_min", "zhao", purpose), 422, "invalid")
    refused(draw_up(year, purpose=purpose), 422, "invalid")


def test_a_list_is_issued_by_a_second_member_and_then_seen_above(consented: Year) -> None:
    key = ok(draw_up(consented), 201)["id"]
    township = consented.months.cast.as_("township_han")
    refused(township.get(f"/recommendation-lists/{key}"), 404, "not_found")
    refused(consented.post("head_chen", f"/recommendation-lists/{key}/confirmation"), 409, "same_person")
    ok(consented.post("member_feng", f"/recommendation-lists/{key}/confirmation"))
    refused(consented.post("member_feng", f"/recommendation-lists/{key}/confirmation"), 409, "list_not_draft")
    assert ok(township.get(f"/recommendation-lists/{key}"))["status"] == "issued"
    assert [one["id"] for one in ok(township.get("/recommendation-lists"))["items"]] == [key]
    reason = {"reason": "名单有误"}
    ok(consented.post("head_chen", f"/recommendation-lists/{key}/withdrawal", reason))
    refused(
        consented.post("head_chen", f"/recommendation-lists/{key}/withdrawal", reason), 409, "list_withdrawn"
    )
    refused(township.get(f"/recommendation-lists/{key}"), 404, "not_found")
    ok(draw_up(consented), 201)


def test_a_consent_taken_back_takes_the_person_off_every_list(consented: Year) -> None:
    key = ok(draw_up(consented), 201)["id"]
    home = consented.months.cast.as_("zhao_min")
    (own,) = ok(home.get("/consents"))["items"]
    refused(consented.post("li_mei", f"/consents/{own['id']}/withdrawal"), 404, "not_found")
    assert ok(consented.post("zhao_min", f"/consents/{own['id']}/withdrawal"))["status"] == "withdrawn"
    refused(consented.post("zhao_min", f"/consents/{own['id']}/withdrawal"), 409, "consent_withdrawn")
    found = ok(consented.months.cast.as_("head_chen").get(f"/recommendation-lists/{key}"))
    assert ([one["household"][-4:] for one in found["people"]], found["gone"]) == (["0004"], 1)
    ok(consent(consented, "zhao_min", "zhao"), 201)  # a new word is a new consent


def test_who_gives_consent(year: Year) -> None:
    refused(consent(year, "qian_yun", "zhao"), 404, "not_found")
    refused(consent(year, "head_chen", "zhao"), 422, "on_behalf_needed")
    refused(consent(year, "head_chen", "zhao", on_behalf=True), 422, "slip_missing")
    refused(consent(year, "zhao_min", "zhao", on_behalf=True), 422, "on_behalf_only_by_committee")
    photo = year.months.cast.as_("head_chen").photo()
    assert ok(consent(year, "head_chen", "zhao", on_behalf=True, photos=[photo]), 201)["on_behalf"] is True
    refused(consent(year, "zhao_min", "zhao"), 409, "consent_exists")
    wrong = {"member": year.months.cast.members["qian"]}
    refused(consent(year, "zhao_min", "zhao", **wrong), 422, "member_unknown")


def test_a_veto_bars_the_person_and_no_relative(year: Year) -> None:
    cast = year.months.cast
    for name in ("wu", "zhou"):
        photo = cast.as_("head_chen").photo()
        ok(consent(year, "head_chen", name, on_behalf=True, photos=[photo]), 201)
    # the veto against wu names no member: it bars the household's honours, not a person
    found = ok(draw_up(year, least="0.00"), 201)
    assert [one["household"][-4:] for one in found["people"]] == [cast.households["wu"][-4:]]


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_the_export_says_that_it_is_advice(consented: Year, kind: str) -> None:
    key = ok(draw_up(consented), 201)["id"]
    ok(consented.post("member_feng", f"/recommendation-lists/{key}/confirmation"))
    answer = consented.months.cast.as_("township_han").get(f"/recommendation-lists/{key}/list.{kind}")
    assert answer.status_code == 200
    if kind == "pdf":
        with pypdfium2.PdfDocument(io.BytesIO(answer.data)) as pdf:
            said = "".join(page.get_textpage().get_text_range() for page in pdf)
    else:
        book = Document(io.BytesIO(answer.data))
        said = "".join(one.text for one in book.paragraphs)
        said += "".join(cell.text for table in book.tables for row in table.rows for cell in row.cells)
    for words in ("入党推荐名单（仅供参考）", "不作为决定的依据", "户主1", "户主4", "不分先后"):
        assert words in said.replace("\r\n", "")
