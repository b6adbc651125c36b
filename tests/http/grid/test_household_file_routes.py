"""One file per household: written at the door, read as of any day, corrected, exported, and who looked at it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from openpyxl import load_workbook

from server.kit.clock import SetClock, local_date
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import Member
from tests.cast import Cast, build
from tests.settled import Months, ok, refused
from tests.shop import patch


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock, adopted=False)


def file(cast: Cast, by: str = "wang_fang", **query: Any) -> dict[str, Any]:
    return ok(cast.as_(by).get(f"/households/{cast.households['zhao']}/file", **query))


def note(cast: Cast, kind: str, value: str = "", **more: Any) -> str:
    body = {"facts": [{"id": new_id(), "kind": kind, "value": value} | more]}
    answer = ok(cast.as_("wang_fang").post(f"/households/{cast.households['zhao']}/facts", body), 201)
    return str(answer["facts"][0])


def told(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fact["kind"], fact["value"]) for fact in found["facts"]]


def test_facts_come_with_a_visit_and_the_file_reads_as_of_any_day(cast: Cast, clock: SetClock) -> None:
    member = cast.members["zhao"]
    away = {"id": new_id(), "kind": "away_for_work", "member": member, "value": "省外"}
    body = {"id": new_id(), "plate": cast.plates["zhao"], "facts": [away]}
    ok(cast.as_("wang_fang").post("/visits", body), 201)
    ok(cast.as_("wang_fang").post("/visits", body), 200)
    monday = local_date(clock.now())
    clock.advance(days=30)
    home = {"id": new_id(), "kind": "returned", "member": member}
    ok(cast.as_("wang_fang").post(f"/households/{cast.households['zhao']}/facts", {"facts": [home]}), 201)
    assert told(file(cast)) == [("returned", "")]
    assert told(file(cast, as_of=monday.isoformat())) == [("away_for_work", "省外")]
    assert told(file(cast, as_of=(monday - timedelta(days=1)).isoformat())) == []
    refused(
        cast.as_("wang_fang").get(f"/households/{cast.households['zhao']}/file", as_of="2027-01-01"),
        422,
        "future_day",
    )


def test_a_fault_in_a_fact_refuses_the_visit_and_names_it(cast: Cast) -> None:
    bad = {"id": new_id(), "kind": "away_for_work", "value": "省外"}
    body = {"id": new_id(), "plate": cast.plates["zhao"], "facts": [bad]}
    problem = refused(cast.as_("wang_fang").post("/visits", body), 422, "fact_invalid")
    assert problem["errors"][0]["field"] == "facts.0.member"
    assert ok(cast.as_("wang_fang").get("/visits", household=cast.households["zhao"]))["items"] == []


def test_what_was_known_then_of_household_and_members(cast: Cast, clock: SetClock) -> None:
    before = local_date(clock.now())
    clock.advance(days=10)
    path, seen = f"/households/{cast.households['zhao']}", '"1"'
    ok(patch(cast, "head_chen", path, {"address": "新村 9 号", "kind": "elders_only"}, **{"If-Match": seen}))
    with transaction() as session:
        row = {"household_code": cast.households["zhao"], "flags": [], "added_at": clock.now()}
        session.add(Member(id=new_id(), name="赵小宝", **row))
        gone = session.get_one(Member, cast.members["zhao"])
        gone.departure, gone.departed_at = "moved_out", clock.now()
    now, then = file(cast), file(cast, as_of=before.isoformat())
    assert (now["address"], now["kind"], len(now["members"])) == ("新村 9 号", "elders_only", 2)
    assert (then["address"], then["kind"], len(then["members"])) == ("", "general", 1)
    assert then["members"][0]["departure"] is None
    assert {m["departure"] for m in now["members"]} == {None, "moved_out"}


def test_a_wrong_entry_is_corrected_and_stays_readable(cast: Cast, clock: SetClock) -> None:
    wrong = note(cast, "house_unsafe", "屋顶")
    day = local_date(clock.now())
    clock.advance(days=2)
    fact = {"id": new_id(), "kind": "house_unsafe", "value": "墙体", "since": day.isoformat()}
    path = f"/facts/{wrong}/correction"
    ok(cast.as_("ma_ling").post(path, {"reason": "看错了", "fact": fact}), 201)
    refused(cast.as_("ma_ling").post(path, {"reason": "再改"}), 409, "state_changed")
    assert told(file(cast)) == [("house_unsafe", "墙体")]
    assert told(file(cast, as_of=day.isoformat())) == [("house_unsafe", "屋顶")]
    ok(cast.as_("ma_ling").post(f"/facts/{fact['id']}/correction", {"reason": "已经修好，当时就没有"}), 201)
    assert told(file(cast)) == []
    page = ok(cast.as_("ma_ling").get(f"/households/{cast.households['zhao']}/facts", limit=2))
    rest = ok(
        cast.as_("ma_ling").get(
            f"/households/{cast.households['zhao']}/facts", limit=2, cursor=page["next_cursor"]
        )
    )
    assert [row["void"] for row in page["items"] + rest["items"]] == [True, False, False]
    refused(cast.as_("wang_jun").post(path, {"reason": "x"}), 404, "not_found")


def test_each_look_is_on_record_for_the_household(cast: Cast, clock: SetClock) -> None:
    file(cast, by="zhao_min")
    file(cast)
    clock.advance(minutes=5)
    file(cast, by="head_chen", purpose="通知领取证件")
    ok(cast.as_("ma_ling").get(f"/households/{cast.households['zhao']}"))
    assert cast.as_("ma_ling").get(f"/households/{cast.households['zhao']}/file.xlsx").status_code == 200
    seen = ok(cast.as_("zhao_min").get(f"/households/{cast.households['zhao']}/looks"))["items"]
    assert [(row["by"], row["phones"], row["purpose"]) for row in seen] == [
        ("马玲", False, None),  # the export
        ("马玲", False, None),
        ("陈立", True, "通知领取证件"),
        ("王芳", False, None),
    ]
    refused(cast.as_("qian_yun").get(f"/households/{cast.households['zhao']}/looks"), 404, "not_found")


def test_exported_and_printed(cast: Cast) -> None:
    note(cast, "lodger", "=cmd()")
    answer = cast.as_("wang_fang").get(f"/households/{cast.households['zhao']}/file.xlsx")
    sheets = load_workbook(io.BytesIO(answer.get_data()))
    assert sheets.sheetnames == ["户", "成员", "户情台账"]
    assert [cell.value for cell in sheets["户情台账"][2]][:3] == ["有人借住", "全家", "'=cmd()"]
    printed = cast.as_("zhao_min").get(f"/households/{cast.households['zhao']}/file.pdf")
    with pypdfium2.PdfDocument(printed.get_data()) as pdf:
        text = pdf[0].get_textpage().get_text_range()
    assert "一户一册" in text and "有人借住" in text and "赵敏 印于" in text


def test_what_is_over_is_blanked_when_its_time_is_over(cast: Cast, clock: SetClock) -> None:
    note(cast, "lodger", "表弟一家", since="2026-09-01")
    note(cast, "vaccinated", "流感", member=cast.members["zhao"], since="2026-09-01")
    note(cast, "lodger", since="2026-09-10", ended=True)
    months = Months(cast)
    months.go(days=170)
    path = f"/households/{cast.households['zhao']}/facts"
    rows = ok(cast.as_("wang_fang").get(path))["items"]
    assert {row["value"] for row in rows} == {"表弟一家", "流感", ""}
    months.go(days=30)  # 180 days after it ended
    rows = ok(cast.as_("wang_fang").get(path))["items"]
    assert [(row["kind"], row["blanked"]) for row in rows] == [
        ("lodger", True),
        ("vaccinated", False),
        ("lodger", True),
    ]
    assert {row["value"] for row in rows} == {"流感", ""}
