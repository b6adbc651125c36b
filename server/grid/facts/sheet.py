"""The file of a household as an Excel file: what stands in which sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.kit.clock import local_date
from server.transfer.sheets import MEDIA_TYPE, Sheet, workbook

__all__ = ["MEDIA_TYPE", "file_xlsx"]
_WIDTH = 16
_MEMBERS = ("姓名", "与户主关系", "性别", "出生日期", "电话", "政治面貌", "离开")
_FACTS = ("情况", "是谁", "内容", "从哪天起", "记于", "谁记的")
_SEX = {"male": "男", "female": "女"}
_DEPARTURES = {"deceased": "已故", "moved_out": "已迁出"}


def file_xlsx(file: Mapping[str, Any]) -> bytes:
    """Three sheets: the household, its members, what is noted. No cell is a formula."""
    names = {member["id"]: member["name"] for member in file["members"]}
    return workbook(
        [
            Sheet("户", _titles("项目", "内容"), _about(file)),
            Sheet("成员", _titles(*_MEMBERS), [_member(row) for row in file["members"]]),
            Sheet("户情台账", _titles(*_FACTS), [_fact(row, names) for row in file["facts"]]),
        ]
    )


def _titles(*words: str) -> list[tuple[str, int]]:
    return [(word, _WIDTH) for word in words]


def _about(file: Mapping[str, Any]) -> list[Sequence[Any]]:
    return [
        ("村", file["village"]["name"]),
        ("网格", file["grid"]["name"] if file["grid"] else ""),
        ("户编号", file["code"]),
        ("户主", file["head"]),
        ("门牌", file["label"]),
        ("住址", file.get("address") or ""),
        ("截至", file["as_of"]),
    ]


def _member(row: Mapping[str, Any]) -> Sequence[Any]:
    return (
        row["name"],
        row["kinship"],
        _SEX.get(row.get("sex") or "", ""),
        row.get("birth_date"),
        row.get("phone") or "",
        row.get("political") or "",
        _DEPARTURES.get(row.get("departure") or "", ""),
    )


def _fact(row: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[Any]:
    who = names.get(row["member"] or "", "全家")
    recorded = local_date(row["recorded_at"])
    return (row["name"], who, row["value"], row["since"], recorded, row["recorded_by"])
