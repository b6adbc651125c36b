"""The recommendation list as a report: advice, and says so on its face."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.honours.models import RecommendationList
from server.honours.recommendations import ADVICE, PURPOSES, Named
from server.kit.clock import local_date
from server.kit.exact import text
from server.paper.api import Block, Column, Grid, Paragraph, Report


def report(
    row: RecommendationList, village: str, people: Sequence[Named], gone: int, printed_by: str, now: datetime
) -> Report:
    """The list with its notice above the names, by household number."""
    day = local_date(now)
    columns = (Column("户号", 20), Column("姓名", 40), Column("本户考核分", 30, "right"))
    rows = tuple((one.household[-4:], one.name, text(one.score)) for one in people)
    blocks: list[Block] = [
        Paragraph(ADVICE, notice=True),
        Paragraph(
            f"{row.year} 年度考核分不少于 {text(row.least_score)} 的户中，本人同意推荐的 {len(people)} 人，"
            "按户号排列，不分先后。考核分是全家的，不是对个人的评价。"
        ),
        Grid(columns, rows, "没有人。"),
    ]
    if gone:
        blocks.append(Paragraph(f"另有 {gone} 人撤回了同意，不再列出。"))
    state = "" if row.status == "issued" else "（草稿，未发出）"
    title = f"{village} {row.year} 年度{PURPOSES[row.purpose]}推荐名单（仅供参考）{state}"
    foot = f"{printed_by} 印于 {day.year} 年 {day.month} 月 {day.day} 日；含个人信息，请妥善保管，用完销毁。"
    return Report(title, "村积分制推荐，仅供参考", blocks, foot)
