"""The file of a household as an Excel file."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from server.kit.clock import local_date

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_MEMBERS = ("姓名", "与户主关系", "性别", "出生日期", "电话", "政治面貌", "离开")
_FACTS = ("情况", "是谁", "内容", "从哪天起", "记于", "谁记的")
_SEX = {"male": "男", "female": "女"}
_DEPARTURES = {"deceased": "已故", "moved_out": "已迁出"}


def file_xlsx(file: Mapping[str, Any]) -> bytes:
    """Three sheets: the household, its members, what is noted. No cell is a formula."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, _SAFE)
    names = {member["id"]: member["name"] for member in file["members"]}
    _sheet(book, "户", ("项目", "内容"), _about(file))
    _sheet(book, "成员", _MEMBERS, [_member(row) for row in file["members"]])
    _sheet(book, "户情台账", _FACTS, [_fact(row, names) for row in file["facts"]])
    book.close()
    return stream.getvalue()


def _about(file: Mapping[str, Any]) -> list[Sequence[str]]:
    return [
        ("村", file["village"]["name"]),
        ("网格", file["grid"]["name"] if file["grid"] else ""),
        ("户编号", file["code"]),
        ("户主", file["head"]),
        ("门牌", file["label"]),
        ("住址", file.get("address") or ""),
        ("截至", file["as_of"].isoformat()),
    ]


def _member(row: Mapping[str, Any]) -> Sequence[str]:
    born = row.get("birth_date")
    return (
        row["name"],
        row["kinship"],
        _SEX.get(row.get("sex") or "", ""),
        born.isoformat() if born else "",
        row.get("phone") or "",
        row.get("political") or "",
        _DEPARTURES.get(row.get("departure") or "", ""),
    )


def _fact(row: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[str]:
    who = names.get(row["member"] or "", "全家")
    recorded = local_date(row["recorded_at"]).isoformat()
    return (row["name"], who, row["value"], row["since"].isoformat(), recorded, row["recorded_by"])


def _sheet(book: Any, name: str, titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bg_color": "#EAF4EE", "bottom": 1})
    for column, title in enumerate(titles):
        sheet.set_column(column, column, 16)
        sheet.write_string(0, column, title, bold)
    for line, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            sheet.write_string(line, column, "'" + value if value.startswith(_RISKY) else value)
    sheet.freeze_panes(1, 0)
