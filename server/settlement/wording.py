"""The fixed sentences of the notice, for page and poster alike. Pure: content in, Chinese out."""

from __future__ import annotations

from datetime import date

from server.cycles.calendar import Month
from server.kit.clock import SHANGHAI, local_date
from server.settlement.content import Content, Correction
from server.settlement.notices import day_words, signed
from server.settlement.rules import OBJECTION_DAYS


def how_resolved(content: Content) -> str:
    """村民委员会 11月17日表决（应到 5 人，同意 5 人）."""
    by = content.resolved
    on = day_words(date.fromisoformat(by["on"]))
    minutes = f"，会议纪要 {by['minutes_number']}" if by["by"] == "meeting" else ""
    return f"村民委员会 {on}表决（应到 {by['members']} 人，同意 {by['for']} 人{minutes}）"


def title(month: Month) -> str:
    """2026年11月, or 2026年初始 for opening balances."""
    return f"{month.year}年{month.number}月" if month.number else f"{month.year}年初始"


def what(content: Content) -> str:
    """What the figures are of: the month's records, or points brought along from before."""
    if content.is_opening:
        return f"{day_words(content.covers[0])}以前的旧积分，"
    return f"{covers(content)}的记录，经评议小组评议、"


def ceiling(content: Content) -> str:
    """How a breach of the monthly ceiling was settled; empty without one."""
    kept = content.ceiling
    if kept is None:
        return ""
    limits = [f"全村 {kept['village']} 分"] if kept["village"] else []
    limits += [f"每户 {kept['household']} 分"] if kept["household"] else []
    over = f"本月加分 {kept['added']} 分，超过月度上限（{'，'.join(limits)}）"
    if kept["settled"] == "cut":
        return f"{over}，各户加分已等比例削减，精确到 0.01 分，零头舍去。"
    return f"{over}，经研究不削减，理由：{kept['reason']}。"


def covers(content: Content) -> str:
    """10月13日至11月12日."""
    return f"{day_words(content.covers[0])}至{day_words(content.covers[1])}"


def span(content: Content) -> str:
    """11月18日—25日 (the month again where it changes)."""
    first, last = local_date(content.published_at), local_date(content.ends_at)
    end = f"{last.day}日" if (first.year, first.month) == (last.year, last.month) else day_words(last)
    return f"{day_words(first)}—{end}"


def correction(one: Correction) -> str:
    """What an upheld objection changed, in fixed words."""
    on = day_words(local_date(one.at))
    if one.before == one.after:
        return f"{on}：{one.number} 号有人提异议，核实成立，合计不变。"
    return (
        f"{on}：{one.number} 号一条记录有人提异议，核实成立，"
        f"合计由 {signed(one.before)} 改为 {signed(one.after)}。"
    )


def held(number: str) -> str:
    """A line that waits for an answer."""
    return f"{number} 号有一条异议正在核实，这一户答复后再入账，其他户照常。"


def how_to_object(content: Content) -> str:
    """Whom to tell, until when, and what happens then."""
    until = content.ends_at.astimezone(SHANGHAI)
    return (
        f"有不同意见，请在 {day_words(until.date())} {until:%H:%M} 前提出：手机上点“我有异议”，"
        f"或到村委会说一声，没有手机的可请委员代填。"
        f"提的人不公开。有异议的户先不入账，{OBJECTION_DAYS} 天内答复，不答复的转乡镇。"
    )
