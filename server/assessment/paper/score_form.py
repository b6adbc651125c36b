"""The blank score form of a scheme, to be filled in with a pen: the tree of one category with room for a score.

What comes by event (repeatable entries) has its own lines at the end, each with room for the kind and the reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from server.assessment.cell_faults import bounds
from server.assessment.scheme import Category, Indicator, Pack
from server.paper.api import Band, Column, Flow, Weight

_SCORES = (
    *(Column("编号", 39), Column("指标", 64, weight=Weight.BOLD), Column("分值", 20, "center")),
    *(Column("得分", 20), Column("依据、佐证", 37)),
)
_EVENTS = (
    Column("编号", 26),
    Column("事项、种类", 84),
    Column("日期", 22),
    Column("分值", 20),
    Column("佐证", 25),
)
_BLANK_EVENTS = 6


def score_form_pdf(pack: Pack, category: str | None, now: datetime) -> bytes:
    """The form of one category, or of all one after the other."""
    flow = Flow(
        f"{pack.title} 评分表", foot=f"方案 {pack.id} 第 {pack.version} 版；带 * 的分值是示意，请按本地文件。"
    )
    chosen = [one for one in pack.categories.values() if category in (None, one.code)]
    for order, one in enumerate(chosen):
        if order:
            flow.new_page()
        _form(flow, pack, one)
    return flow.pdf(now)


def _form(flow: Flow, pack: Pack, category: Category) -> None:
    flow.masthead(f"{pack.title} 评分表", category.title)
    flow.form((("编号、名称", ""), ("所属单位", ""), ("考核周期", "")), label=30)
    flow.heading("评分")
    flow.table(_SCORES, _tree(pack, category.code), "本类没有逐项打分的指标，按事项记录。", size=9)
    events = [one for one in pack.indicators.values() if _event(one, category.code)]
    if events:
        flow.heading("加分、扣分和事实（发生一次写一行）")
        flow.paragraph("；".join(_in_short(one) for one in events), 9)
        flow.table(_EVENTS, [("",) * len(_EVENTS)] * _BLANK_EVENTS, size=12)
    flow.signatures(("评分人：", "被考核人确认：", "日期："))


def _event(one: Indicator, category: str) -> bool:
    listed = one.repeatable and (bool(one.kinds) or one.direction == "fact" or one.kind_is_subject)
    return one.entry and category in one.categories and listed


def _tree(pack: Pack, category: str) -> Iterator[tuple[str, ...] | Band]:
    """Headings as bands, what is scored as rows; headings under which nothing binds the category are left out."""
    listed = [one for one in pack.indicators.values() if not _event(one, category)]
    anywhere = _heads(listed)
    bound = [one for one in listed if category in one.categories]
    heads = _heads(bound)
    for one in bound:
        if one.entry:
            yield one.code, one.title, _points(one), "", "" if one.parent in heads else _rests_on(one)
        elif one.code in heads:
            yield Band(
                "　".join(word for word in (one.title, "" if one.depth else _rests_on(one)) if word),
                one.depth,
            )
        elif one.code not in anywhere:
            yield Band(f"对照：{one.title}", one.depth)


def _heads(found: Sequence[Indicator]) -> set[str | None]:
    """The codes of the nodes that have something to score below them; parents stand before children."""
    heads: set[str | None] = set()
    for one in reversed(found):
        if one.entry or one.code in heads:
            heads.add(one.parent)
    return heads


def _rests_on(one: Indicator) -> str:
    """Basis and evidence; children mostly inherit them, so they stand once, above."""
    words = {"依据": one.basis, "佐证": one.evidence}
    return "；".join(f"{word}：{text}" for word, text in words.items() if text)


def _points(one: Indicator) -> str:
    return bounds(one) + (" *" if one.illustrative else "")


def _in_short(one: Indicator) -> str:
    kinds = "、".join(f"{kind.title}" for kind in one.kinds.values())
    return f"{one.title}（{one.code}）" + (f"：{kinds}" if kinds else "")
