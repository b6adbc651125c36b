"""The printed file of a household (一户一册): A4 pages with the family and what is noted, and who printed it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from server.kit.clock import local_date
from server.paper.api import GREY, Column, Flow

_MEMBERS = (
    *(Column("姓名", 24), Column("与户主关系", 24), Column("性别", 14), Column("出生日期", 28)),
    *(Column("电话", 30), Column("备注", 50)),
)
_FACTS = (
    *(Column("情况", 36), Column("是谁", 24), Column("内容", 50), Column("从哪天起", 28)),
    Column("谁记的", 32),
)
_SEX = {"male": "男", "female": "女"}
_DEPARTURES = {"deceased": "已故", "moved_out": "已迁出"}
Row = Sequence[str]


def file_pdf(file: Mapping[str, Any], printed_by: str, now: datetime) -> bytes:
    """The file as PDF; `printed_by` stands at the foot of every page."""
    foot = f"{printed_by} 印于 {local_date(now).isoformat()}；请妥善保管，不要张贴、不要转发。"
    sheet = Flow(f"一户一册 {file['code']}", foot=foot)
    _heading(sheet, file)
    names = {member["id"]: member["name"] for member in file["members"]}
    sheet.heading("家庭成员")
    sheet.table(
        _MEMBERS, (_member(row) for row in file["members"]), "名册里还没有成员。", size=10, grid=False
    )
    sheet.heading("户情台账")
    sheet.table(_FACTS, (_fact(row, names) for row in file["facts"]), "还没有记过情况。", size=10, grid=False)
    return sheet.pdf(now)


def _heading(sheet: Flow, file: Mapping[str, Any]) -> None:
    grid = file["grid"]["name"] if file["grid"] else "未划网格"
    as_of = f"截至 {file['as_of']:%Y 年 %m 月 %d 日}"
    sheet.letterhead("一户一册", (f"{file['village']['name']} · {grid}", as_of))
    sheet.paragraph(f"户号 {file['code'][12:]}　户主 {file['head']}　{file['label']}", 12)
    if file.get("address"):
        sheet.paragraph(f"住址 {file['address']}", color=GREY)


def _member(row: Mapping[str, Any]) -> Row:
    born = row.get("birth_date")
    notes = [_DEPARTURES.get(row.get("departure") or "", ""), row.get("political") or ""]
    return (
        row["name"],
        row["kinship"],
        _SEX.get(row.get("sex") or "", ""),
        f"{born:%Y-%m-%d}" if isinstance(born, date) else "",
        row.get("phone") or "",
        " ".join(note for note in notes if note),
    )


def _fact(row: Mapping[str, Any], names: Mapping[str, str]) -> Row:
    who = names.get(row["member"] or "", "全家")
    return (row["name"], who, row["value"], f"{row['since']:%Y-%m-%d}", row["recorded_by"])
