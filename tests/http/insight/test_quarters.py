"""The quarterly summary: closed with its last month, exactly once, and as it was then; paper and Word."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pypdfium2
import pytest
from docx import Document
from flask import Flask
from sqlalchemy import func, select

from server.insight.quarters.models import QuarterSummary
from server.kit.clock import SetClock
from server.kit.transaction import transaction
from server.messages.models import Message
from tests.cast import OTHER_VILLAGE, TOWNSHIP, VILLAGE, Cast, build
from tests.settled import Months, ok, refused


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    return build(app, clock)


def finished(months: Months) -> None:
    """The month 2026-10 and those up to 2026-12 posted, so that the fourth quarter is closed."""
    months.approved("zhao", "6.00")
    months.approved("zhao", "-1.50", item="F1", heading="社会治安")
    months.approved("li", "4.00")
    for month, day in (("2026-10", 13), ("2026-11", 13), ("2026-12", 13)):
        months.go_to(datetime(2026, int(month[5:]), day, 1, 0, tzinfo=UTC))
        if month == "2026-11":
            months.approved("li", "1.00")
        months.on_notice(month)
        months.go(days=8)


@pytest.fixture
def closed(cast: Cast) -> Months:
    found = Months(cast)
    found.go(minutes=1)
    finished(found)
    return found


def summary(months: Months, division: str = VILLAGE, by: str = "head_chen") -> dict[str, object]:
    return ok(months.cast.as_(by).get(f"/summaries/{division}/2026-Q4"))


def test_a_quarter_closes_with_its_last_month_and_once(closed: Months) -> None:
    closed.go(days=40)
    with transaction(writes=False) as session:
        rows = session.scalars(select(QuarterSummary).where(QuarterSummary.village_code == VILLAGE)).all()
        told = session.scalar(
            select(func.count()).select_from(Message).where(Message.kind == "quarter_closed")
        )
    assert [(row.year, row.quarter) for row in rows] == [(2026, 4)]
    assert told == 4  # each member of the committee, once


def test_a_closed_quarter_by_grid(closed: Months) -> None:
    found = summary(closed)
    assert found["closed_at"]
    figures = found["figures"]
    assert (figures["households"], figures["with_records"], figures["records"]) == (6, 2, 4)
    assert (figures["added"], figures["deducted"]) == ("11.00", "-1.50")
    parts = {part["name"]: part["figures"] for part in found["parts"]}
    assert (parts["east"]["added"], parts["west"]["added"]) == ("6.00", "5.00")
    assert parts["west"]["with_records"] == 1
    assert found["sentences"][0].startswith("2026 年第四季度，大槐树村参加 6 户，其中 2 户有记录（33%）")


def test_what_is_closed_stays_what_it_was(closed: Months) -> None:
    before = summary(closed)
    closed.approved("qian", "20.00")
    closed.go(days=3)
    assert summary(closed) == before


def test_a_running_quarter_can_be_looked_at(cast: Cast) -> None:
    months = Months(cast)
    months.go(minutes=1)
    asking = cast.as_("head_chen")
    refused(asking.get(f"/summaries/{VILLAGE}/2026-Q4"), 404, "quarter_empty")
    months.approved("zhao", "3.00")
    months.go_to(datetime(2026, 10, 13, 1, 0, tzinfo=UTC))
    found = summary(months)
    assert found["closed_at"] is None
    assert found["figures"]["added"] == "3.00"
    listed = ok(asking.get("/summaries", division=VILLAGE))["items"]
    assert listed == [{"quarter": "2026-Q4", "closed": 0, "villages": 1}]


def test_a_township_adds_up_its_closed_villages(closed: Months) -> None:
    found = summary(closed, TOWNSHIP, "township_han")
    assert found["figures"]["added"] == "11.00"
    assert [part["name"] for part in found["parts"]] == ["大槐树村"]
    assert found["waiting"] == ["小柳庄"] and found["closed_at"] is None
    items = ok(closed.cast.as_("township_han").get("/summaries", division=TOWNSHIP))["items"]
    assert items[0] == {"quarter": "2026-Q4", "closed": 1, "villages": 2}


@pytest.mark.parametrize(
    ("by", "division"),
    [("head_chen", TOWNSHIP), ("head_chen", OTHER_VILLAGE), ("other_head", VILLAGE), ("wang_fang", VILLAGE)],
)
def test_nobody_reads_beyond_the_own_scope(closed: Months, by: str, division: str) -> None:
    refused(closed.cast.as_(by).get(f"/summaries/{division}/2026-Q4"), 404, "not_found")


@pytest.mark.parametrize("quarter", ["2026-Q5", "x", "2026-10"])
def test_what_is_no_quarter_is_not_there(cast: Cast, quarter: str) -> None:
    refused(cast.as_("head_chen").get(f"/summaries/{VILLAGE}/{quarter}"), 404, "not_found")


def test_who_gained_is_told_by_number_only(closed: Months) -> None:
    found = summary(closed)
    codes = [one["household"] for one in found["movers"]]
    assert codes == [closed.cast.households["li"], closed.cast.households["zhao"]]
    assert "户主" not in str(found)


def test_the_pdf_says_it_with_a_chart(closed: Months) -> None:
    answer = closed.cast.as_("head_chen").get(f"/summaries/{VILLAGE}/2026-Q4/summary.pdf")
    assert answer.status_code == 200 and answer.content_type == "application/pdf"
    with pypdfium2.PdfDocument(answer.data) as pdf:
        said = "".join(page.get_textpage().get_text_range() for page in pdf)
    for words in ("2026 年第四季度积分小结", "加分从哪来", "各网格", "合计", "记得最多的条目", "陈立 印于"):
        assert words in said
    assert "户主" not in said


def test_the_word_document_can_be_gone_on_with(closed: Months) -> None:
    answer = closed.cast.as_("head_chen").get(f"/summaries/{VILLAGE}/2026-Q4/summary.docx")
    assert answer.status_code == 200
    book = Document(io.BytesIO(answer.data))
    said = [paragraph.text for paragraph in book.paragraphs]
    assert said[0] == "大槐树村 2026 年第四季度积分小结"
    assert len(book.inline_shapes) == 1
    grids = next(table for table in book.tables if table.cell(0, 0).text == "网格")
    assert [cell.text for cell in grids.rows[-1].cells][:4] == ["合计", "6", "2（33%）", "4"]


def test_a_running_quarter_says_so_on_its_face(cast: Cast) -> None:
    months = Months(cast)
    months.go(minutes=1)
    months.go_to(datetime(2026, 10, 13, 1, 0, tzinfo=UTC))
    answer = cast.as_("head_chen").get(f"/summaries/{VILLAGE}/2026-Q4/summary.docx")
    said = [paragraph.text for paragraph in Document(io.BytesIO(answer.data)).paragraphs]
    assert "这个季度还没有结清，数字还会变。" in said
