"""The summary as a report that a secretary can hand in. The chart comes with its table and a plain sentence."""

from __future__ import annotations

from datetime import datetime

from server.insight.quarters.rules import OFTEN, Figures, points_text, share
from server.insight.quarters.service import Summary
from server.kit.clock import local_date
from server.paper.api import Bar, Bars, Block, Column, Grid, Heading, Paragraph, Report

_KINDS = {"village": "网格", "township": "村", "county": "村"}
_PART = (
    Column("", 20), Column("参加户", 15, "right"), Column("有记录", 28, "right"), Column("记录", 13, "right"),
    Column("加分", 22, "right"), Column("扣分", 20, "right"), Column("未通过", 16, "right"),
    Column("异议", 14, "right"),
    Column("兑换", 20, "right"),
)  # fmt: skip


def report(found: Summary, printed_by: str, now: datetime) -> Report:
    """The report; `printed_by` stands at the foot of every page."""
    day = local_date(now)
    blocks: list[Block] = [*_state(found), *(Paragraph(text) for text in found.sentences)]
    blocks += _headings(found.figures)
    blocks += _parts(found)
    blocks += _items(found.figures)
    blocks += _movers(found)
    return Report(
        f"{found.name} {found.quarter.words}积分小结",
        f"积分月 {found.quarter.months()[0]} 至 {found.quarter.months()[2]}",
        blocks,
        f"{printed_by} 印于 {day.year} 年 {day.month} 月 {day.day} 日；只有户和条目的合计，没有个人排名。",
    )


def _state(found: Summary) -> list[Block]:
    if found.waiting:
        names = "、".join(found.waiting)
        return [Paragraph(f"还没有结清的村：{names}。下面是已结清的 {len(found.parts)} 个村。", notice=True)]
    if found.closed_at is None:
        return [Paragraph("这个季度还没有结清，数字还会变。", notice=True)]
    return []


def _headings(figures: Figures) -> list[Block]:
    if not figures.headings:
        return []
    most = figures.headings[0]
    words = f"加分最多的是{most.name}，{points_text(most.added)} 分，占 {share(most.added, figures.added)}%。"
    bars = tuple(Bar(one.name, one.added, points_text(one.added)) for one in figures.headings if one.added)
    columns = (
        Column("类别", 30), Column("记录", 16, "right"), Column("加分", 24, "right"), Column("扣分", 24, "right")
    )  # fmt: skip
    rows = tuple(
        (one.name, str(one.records), points_text(one.added), points_text(one.deducted))
        for one in figures.headings
    )
    return [Heading("加分从哪来"), Bars(words, bars), Grid(columns, rows, "")]


def _parts(found: Summary) -> list[Block]:
    kind = _KINDS[found.level]
    rows = tuple((name, *_row(figures)) for _, name, figures in found.parts)
    whole = ("合计", *_row(found.figures))
    columns = (Column(kind, _PART[0].width), *_PART[1:])
    return [Heading(f"各{kind}"), Grid(columns, (*rows, whole) if rows else (), f"还没有结清的{kind}。")]


def _row(figures: Figures) -> tuple[str, ...]:
    percent = share(figures.with_records, figures.households)
    return (
        str(figures.households),
        f"{figures.with_records}（{percent}%）",
        str(figures.records),
        points_text(figures.added),
        points_text(figures.deducted),
        str(figures.rejected),
        f"{figures.objections}/{figures.upheld}" if figures.objections else "0",
        points_text(figures.redeemed),
    )


def _items(figures: Figures) -> list[Block]:
    columns = (Column("条目", 60), Column("记录", 20, "right"))
    rows = tuple((name, str(records)) for name, records in figures.items[:OFTEN])
    return [Heading("记得最多的条目"), Grid(columns, rows, "这个季度没有计分的记录。")]


def _movers(found: Summary) -> list[Block]:
    if found.level != "village":
        return []
    columns = (Column("户号", 20), Column("上一季度", 24, "right"), Column("本季度", 24, "right"))
    rows = tuple((one["household"][-4:], one["before"], one["now"]) for one in found.movers)
    said = f"比上一季度少的有 {found.fell} 户，不列户号；为什么少，请上门问一问。"
    return [Heading("比上一季度多的户"), Grid(columns, rows, "没有。"), Paragraph(said)]
