"""A roster over HTTP: looked at first, confirmed by the plan's hash, all or nothing, once."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from openpyxl import Workbook
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from server.grid.models import Grid, Plate
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.ledger.models import LedgerAccount
from server.people.models import Household, Member
from tests.cast import OTHER_VILLAGE, TOWNSHIP, VILLAGE, Cast, build

HEADER = (
    "户编号",
    "门牌",
    "户主",
    "姓名",
    "与户主关系",
    "出生日期",
    "性别",
    "手机号",
    "身份证号",
    "网格",
    "备注",
)
NEW = "990101101203"
Row = tuple[str, ...]


def people(number: int, *extra: Row, door: str = "", phone: str = "", grid: str = "北网格") -> list[Row]:
    """A household of one grown-up, as a roster has it."""
    head = f"韩柱{'甲乙丙丁戊己庚辛'[number % 8]}"
    place = door or f"东街{number}号"
    first = ("", place, head, head, "户主", "1982-01-23", "男", phone or f"1990000{number:04d}", "", grid, "")
    return [first, *(("", place, head, *row) for row in extra)]


def book(*rows: Row) -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.append(HEADER)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    made = build(app, clock, adopted=False)
    assert made.as_("admin_zhu").post("/villages", {"code": NEW, "name": "新村"}).status_code == 201
    return made


def send(cast: Cast, content: bytes, by: str = "admin_zhu", village: str = NEW, **query: Any) -> TestResponse:
    headers = cast.as_(by).headers | ({"Idempotency-Key": query.pop("key")} if "key" in query else {})
    return cast.app.test_client().post(
        f"/api/v1/villages/{village}/roster",
        query_string=query,
        data={"file": (io.BytesIO(content), "花名册.xlsx")},
        headers=headers,
        content_type="multipart/form-data",
    )


def load(cast: Cast, content: bytes, **more: Any) -> dict[str, Any]:
    """Look, then import exactly what was seen."""
    seen = send(cast, content, **more).get_json()
    done = send(cast, content, dry_run="false", confirm=seen["plan_hash"], **more)
    assert done.status_code == 200, done.get_json()
    return dict(done.get_json())


def counts() -> tuple[int, int, int, int]:
    """Households, members, accounts and plates of the new village."""
    with transaction(writes=False) as session:
        houses = select(Household.code).where(Household.village_code == NEW)
        return tuple(
            session.scalar(select(func.count()).select_from(model).where(column.in_(houses))) or 0
            for model, column in (
                (Household, Household.code),
                (Member, Member.household_code),
                (LedgerAccount, LedgerAccount.household_code),
                (Plate, Plate.household_code),
            )
        )  # type: ignore[return-value]


def test_a_dry_run_says_what_would_be_and_does_nothing(cast: Cast) -> None:
    seen = send(cast, book(*people(1), *people(2))).get_json()
    assert seen["may_import"] is True
    assert seen["faults"] == []
    assert seen["plan"]["counts"]["additions"] == 2
    assert seen["plan"]["additions"][0]["head"] == "韩柱乙"
    assert [column["field"] for column in seen["understood"]["columns"]][:3] == ["code", "door", "head"]
    assert seen["imported"] is None
    assert counts() == (0, 0, 0, 0)


def test_confirmed_it_comes_in_with_codes_accounts_plates_and_grids(cast: Cast) -> None:
    child = ("韩小", "长子", "2015-02-03", "男", "", "", "", "")
    done = load(cast, book(*people(1, child), *people(2)))
    assert done["imported"] == {
        "households_added": 2,
        "people_added": 3,
        "households_changed": 0,
        "grids_added": 1,
    }
    assert counts() == (2, 3, 2, 2)
    listed = cast.as_("admin_zhu").get("/households", village=NEW).get_json()["items"]
    assert [(row["code"], row["label"], row["grid"]["name"]) for row in listed] == [
        (f"{NEW}0001", "东街1号", "北网格"),
        (f"{NEW}0002", "东街2号", "北网格"),
    ]


def test_without_a_confirmed_plan_nothing_is_imported(cast: Cast) -> None:
    content = book(*people(1))
    missing = send(cast, content, dry_run="false")
    assert (missing.status_code, missing.get_json()["code"]) == (422, "confirm_missing")
    wrong = send(cast, content, dry_run="false", confirm="0" * 64)
    assert (wrong.status_code, wrong.get_json()["code"]) == (409, "plan_changed")
    seen = send(cast, content).get_json()["plan_hash"]
    other = send(cast, book(*people(2)), dry_run="false", confirm=seen)
    assert (other.status_code, other.get_json()["code"]) == (409, "plan_changed")
    assert counts() == (0, 0, 0, 0)


def test_a_repeat_gives_the_first_answer_or_says_the_plan_is_done(cast: Cast) -> None:
    content = book(*people(1))
    seen = send(cast, content).get_json()["plan_hash"]
    query = {"dry_run": "false", "confirm": seen}
    first = send(cast, content, key="import-of-today", **query)
    again = send(cast, content, key="import-of-today", **query)
    assert first.get_json() == again.get_json()
    late = send(cast, content, **query)
    assert (late.status_code, late.get_json()["code"]) == (409, "plan_changed")
    assert counts() == (1, 1, 1, 1)


def test_two_imports_at_once_one_wins(cast: Cast) -> None:
    content = book(*(row for number in range(1, 40) for row in people(number)))
    seen = send(cast, content).get_json()["plan_hash"]
    with ThreadPoolExecutor(3) as pool:
        answers = list(
            pool.map(lambda _: send(cast, content, dry_run="false", confirm=seen).status_code, range(3))
        )
    assert sorted(answers) == [200, 409, 409]
    assert counts() == (39, 39, 39, 39)


BAD_PHONE = people(2, phone="12345")


def test_faults_keep_everything_out_until_they_are_skipped(cast: Cast) -> None:
    content = book(*people(1), *BAD_PHONE)
    seen = send(cast, content).get_json()
    (fault,) = seen["faults"]
    assert (fault["row"], fault["column"], fault["title"]) == (3, "H", "手机号")
    assert fault["reason"]
    assert fault["remedy"]
    assert seen["may_import"] is False
    refused = send(cast, content, dry_run="false", confirm=seen["plan_hash"])
    assert (refused.status_code, refused.get_json()["code"]) == (422, "roster_faulty")
    assert [error["field"] for error in refused.get_json()["errors"]] == ["H3"]
    assert counts() == (0, 0, 0, 0)
    done = send(cast, content, dry_run="false", confirm=seen["plan_hash"], skip_faulty="true")
    assert done.get_json()["imported"]["households_added"] == 2


def test_a_second_roster_shows_additions_changes_and_missing_first(cast: Cast) -> None:
    load(cast, book(*people(1), *people(2), *people(3)))
    wife = ("李芳", "配偶", "1984-05-06", "女", "", "", "", "")
    changed = book(*people(1, wife, phone="19911112222"), *people(2), *people(4))
    seen = send(cast, changed).get_json()
    plan = seen["plan"]
    assert plan["counts"] == {
        "additions": 1,
        "changed": 1,
        "unchanged": 1,
        "missing": 1,
        "ambiguous": 0,
        "to_confirm": 2,
    }
    assert plan["missing"] == [{"code": f"{NEW}0003", "door": "东街3号", "head": "韩柱丁"}]
    lines = "\n".join(plan["changed"][0]["lines"])
    assert "新增成员 李芳" in lines
    assert "199****2222" in lines
    assert "19911112222" not in str(seen)
    load(cast, changed)
    assert counts() == (4, 5, 4, 4), "the missing household stays"
    first = cast.as_("admin_zhu").get(f"/households/{NEW}0001", purpose="核对名册电话").get_json()
    assert [(row["name"], row["phone"]) for row in first["members"]] == [
        ("韩柱乙", "19911112222"),
        ("李芳", None),
    ]
    assert send(cast, changed).get_json()["plan"]["counts"]["changed"] == 0


def test_the_dead_stay_on_file_and_leave_the_household(cast: Cast) -> None:
    old = ("韩老", "父亲", "1940-01-01", "男", "", "", "", "")
    load(cast, book(*people(1, old)))
    load(cast, book(*people(1, (*old[:-1], "已去世"))))
    found = cast.as_("admin_zhu").get(f"/households/{NEW}0001").get_json()["members"]
    assert [(row["name"], row["departure"]) for row in found] == [("韩柱乙", None), ("韩老", "deceased")]


def test_codes_of_ended_households_are_never_given_again(cast: Cast) -> None:
    load(cast, book(*people(1), *people(2)))
    with transaction() as session:
        session.get_one(Household, f"{NEW}0002").status = "ended"
    load(cast, book(*people(1), *people(5)))
    with transaction(writes=False) as session:
        heads = dict(session.execute(select(Household.code, Household.head)).all())
    assert (heads[f"{NEW}0002"], heads[f"{NEW}0003"]) == ("韩柱丙", "韩柱己")
    (row,) = people(6)
    again = send(cast, book((f"{NEW}0002", *row[1:]))).get_json()
    assert [fault["code"] for fault in again["faults"]] == ["ended_code"]


ID = "11010519820123001X"


@pytest.mark.parametrize("kept", [False, True])
def test_id_numbers_are_kept_only_where_the_village_says_so(cast: Cast, kept: bool) -> None:
    (row,) = people(1)
    content = book((*row[:8], valid_id(), *row[9:]))
    load(cast, content)
    path = f"/api/v1/villages/{NEW}/settings"
    headers = cast.as_("admin_zhu").headers
    cast.app.test_client().patch(path, json={"id_numbers_kept": kept}, headers=headers)
    load(cast, content)
    with transaction(writes=False) as session:
        member = session.scalars(select(Member).where(Member.household_code == f"{NEW}0001")).one()
    opened = cast.app.extensions["jifen_seal"].open(member.id_number_sealed)
    assert opened == (valid_id() if kept else None)
    if kept:
        assert valid_id() not in str(member.id_number_sealed)


def valid_id() -> str:
    """A made-up id number of the fictional county with its right check digit."""
    body = "99010119820123001"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True))
    return body + "10X98765432"[total % 11]


@pytest.mark.parametrize(
    ("by", "village", "status"),
    [
        ("head_chen", NEW, 404),
        ("head_chen", VILLAGE, 200),
        ("head_chen", OTHER_VILLAGE, 404),
        ("wang_fang", VILLAGE, 403),
        ("township_han", VILLAGE, 403),
        ("admin_zhu", TOWNSHIP, 404),
    ],
)
def test_who_imports_where(cast: Cast, by: str, village: str, status: int) -> None:
    assert send(cast, book(*people(1)), by, village).status_code == status


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "empty_file"), (b"%PDF-1.7 ...", "not_a_table"), (b"PK\x03\x04 broken", "damaged_workbook")],
)
def test_what_is_no_roster_is_refused_with_a_reason(cast: Cast, content: bytes, code: str) -> None:
    answer = send(cast, content)
    assert answer.status_code == 422
    assert answer.get_json()["code"] in (code, "damaged_xlsx", "not_xlsx", "extension_lies")
    assert answer.get_json()["detail"]


def test_a_grid_of_that_name_is_used_again(cast: Cast) -> None:
    load(cast, book(*people(1)))
    assert load(cast, book(*people(1), *people(2)))["imported"]["grids_added"] == 0
    with transaction(writes=False) as session:
        assert session.scalars(select(Grid.name).where(Grid.village_code == NEW)).all() == ["北网格"]
