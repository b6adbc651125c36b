"""A county clerk's assessment at the desk, in a real browser at 1280×800: from the template to the filed result.

Everything by hand: the cycle is set up, subjects are pasted, scores are pasted from a spreadsheet and a sheet in the
shape of the template comes in, the steps are ended one by one, and what is filed is the file that was downloaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import NewVisitor

pytestmark = pytest.mark.browser
SUBJECTS = "C1\t槐树村两委\t村“两委”班子\nC2\t东井村两委\t村“两委”班子"
QUANT, QUAL = 20, 6


def _paste(page: Page, into: Locator, text: str) -> None:
    """As from a spreadsheet: the clipboard, then Ctrl+V."""
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    into.click()
    page.keyboard.press("Control+v")


def _end_step(page: Page, title: str, number: str = "") -> None:
    page.get_by_role("button", name=f"办完：{title}").click()
    dialog = page.locator(".el-dialog").filter(has_text=f"办完：{title}")
    if number:
        dialog.get_by_label("文号").fill(number)
    dialog.get_by_role("button", name="办完这一步").click()
    expect(page.locator(".el-message").filter(has_text=f"“{title}”办完了").first).to_be_visible()
    expect(dialog).to_be_hidden()


def _part(page: Page, name: str) -> None:
    page.locator(".parts .el-radio-button").filter(has_text=name).click()


def _filled(template: Path, folder: Path) -> Path:
    """The downloaded template with one commendation in it."""
    book = openpyxl.load_workbook(template)
    sheet: Any = book["填报"]
    row = {
        "编号": "C2",
        "名称": "东井村两委",
        "类别": "team",
        "指标": "bonus",
        "分值": "8",
        "种类": "commended",
    }
    titles = [cell.value for cell in sheet[1]]
    for title, value in row.items():
        sheet.cell(2, titles.index(title) + 1, value)
    path = folder / "打分.xlsx"
    book.save(path)
    return path


def test_from_the_template_to_the_filed_result(
    visitor: NewVisitor, demo: str, faults: list[str], tmp_path: Path
) -> None:
    context = visitor(1280, 800)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{demo}/console/signin?next=/county/assessments")
    page.locator(".list button").filter(has_text="高志远").click()
    page.wait_for_url("**/console/county**")
    page.goto("/console/county/assessments")

    # the empty sheet of the scheme, then the cycle
    row = page.locator("tr").filter(has_text="gaoyang-thousand")
    with page.expect_download() as got:
        row.get_by_role("button", name="空表").click()
    template = tmp_path / "空表.xlsx"
    got.value.save_as(template)
    title = row.locator("b").inner_text()
    page.get_by_role("button", name="新建考核").click()
    dialog = page.locator(".el-dialog").filter(has_text="新建考核")
    dialog.locator(".el-select").click()
    page.locator(".el-select-dropdown__item").filter(has_text=title).click()
    dialog.locator("input").nth(1).fill("两委千分制（一季度试行）")
    dialog.get_by_role("button", name="建好").click()
    expect(page.locator("h1").filter(has_text="一季度试行")).to_be_visible()

    # subjects are pasted, the cycle begins
    _part(page, "对象与分工")
    _paste(page, page.get_by_label("加对象"), SUBJECTS)
    page.get_by_role("button", name="加上 2").click()
    expect(page.get_by_text("东井村两委").first).to_be_visible()
    page.get_by_role("button", name="开始", exact=True).click()
    _end_step(page, "班子和成员自评")

    # scores by a block from a spreadsheet: one cell is too high, taken back with Ctrl+Z, and pasted right
    _part(page, "打分填报")
    first = page.get_by_label("槐树村两委", exact=False).first
    good = "\n".join("\t".join([str(value)] * QUANT + ["70"] * QUAL) for value in (25, 28))
    _paste(page, first, good.replace("25", "4000", 1))
    expect(page.get_by_text("1 格不对")).to_be_visible()
    first.press("Control+z")
    expect(page.get_by_text("1 格不对")).to_be_hidden()
    _paste(page, first, good)
    page.get_by_role("button", name=f"交 {2 * (QUANT + QUAL)} 格").click()
    expect(page.get_by_text("格已交")).to_be_visible()
    page.get_by_label("打分表文件").set_input_files(_filled(template, tmp_path))
    expect(page.get_by_text("整张表收下了")).to_be_visible()
    _end_step(page, "县考核组和责任部门评分")
    _part(page, "流程与意见")
    page.locator(".el-table-v2__header-row .el-checkbox").click()
    page.get_by_role("button", name="同意 2 个").click()
    expect(page.get_by_text("2 个对象已记下")).to_be_visible()
    _end_step(page, "实地核查")

    # the result stands: ranking, the reasons behind it, what other numbers would change
    _part(page, "排名与解释")
    expect(page.locator(".el-table-v2__row").first).to_contain_text("东井村两委")
    expect(page.get_by_text("东井村两委 为什么是 968.00")).to_be_visible()
    page.get_by_role("button", name="全部展开").click()
    expect(page.locator(".node").filter(has_text="28").first).to_be_visible()
    for step in ("公示", "异议", "通报"):
        _end_step(page, step)
    _end_step(page, "备案", "县考〔2026〕3号")
    _end_step(page, "集中整顿、限期整改")
    expect(page.locator("h1")).to_contain_text("已结束")
    _part(page, "流程与意见")
    expect(page.get_by_text("县考〔2026〕3号")).to_be_visible()
    with page.expect_download() as got:
        page.locator(".act").get_by_role("button", name="Excel").click()
    filed = tmp_path / "结果.xlsx"
    got.value.save_as(filed)
    book = openpyxl.load_workbook(filed)
    values = [str(cell.value) for line in book.worksheets[0].iter_rows() for cell in line]
    assert "东井村两委" in values and any(value.startswith("968") for value in values), values
    # results are asked for before anything is entered: 409, shown as nothing yet
    assert [fault for fault in faults if "409" not in fault] == []
