"""Whether a row's codes are known to the pack: category, unit, indicator, rater, kind. Pure; remedies name
near codes."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from .cell_faults import Wrong
from .scheme import Indicator, Pack


def suggestion(text: str, known: Iterable[str], what: str) -> str:
    """`是不是 x？` when something is near, else the first known codes."""
    codes = list(known)
    near = get_close_matches(text, codes, n=1, cutoff=0.6) or [c for c in codes if c.lower() == text.lower()]
    listed = "、".join(codes[:12]) + ("……" if len(codes) > 12 else "")
    return f"是不是“{near[0]}”？{what}有：{listed}" if near else f"{what}有：{listed}"


def wrong_category(pack: Pack, code: str) -> Wrong | None:
    """An empty or unknown category."""
    if code in pack.categories:
        return None
    reason = "没有这个类别" if code else "类别是空的"
    return Wrong(
        "category_unknown" if code else "category_empty", reason, suggestion(code, pack.categories, "类别")
    )


def wrong_unit(pack: Pack, category: str, unit: str, subject: str) -> Wrong | None:
    """A unit where a unit is assessed, or none where a person's unit is needed."""
    kind = pack.categories[category]
    if kind.subject == "unit" and unit:
        return Wrong(
            "unit_of_unit", f"“{kind.title}”考核的是单位，所属单位应为空", "请清空这一格，或改正类别"
        )
    if kind.subject == "person" and kind.unit_required and not unit:
        return Wrong("unit_missing", f"“{kind.title}”考核的是个人，缺所属单位", "请填写单位编号，或改正类别")
    if unit and unit == subject:
        return Wrong("unit_is_self", "所属单位与编号相同", "请填写所在单位的编号")
    return None


def wrong_indicator(pack: Pack, code: str, category: str) -> Wrong | None:
    """An empty or unknown code, a heading, or an indicator that does not bind the category."""
    indicator = pack.indicators.get(code)
    fillable = [one.code for one in pack.indicators.values() if one.entry and category in one.categories]
    if indicator is None:
        reason = "方案里没有这个指标" if code else "指标是空的"
        return Wrong(
            "indicator_unknown" if code else "indicator_empty",
            reason,
            suggestion(code, fillable, "本类别指标"),
        )
    if not indicator.entry:
        below = [one.code for one in pack.indicators.values() if one.parent == code]
        remedy = f"请填它下面的指标：{'、'.join(below[:8])}" if below else "请改填可评分的指标"
        return Wrong("indicator_heading", f"“{indicator.title}”是标题，不能评分", remedy)
    if category in pack.categories and category not in indicator.categories:
        titles = "、".join(
            pack.categories[one].title for one in pack.categories if one in indicator.categories
        )
        reason = f"“{indicator.title}”不适用于“{pack.categories[category].title}”"
        return Wrong("indicator_not_binding", reason, f"它只适用于：{titles or '（无）'}；请改正指标或类别")
    return None


def wrong_rater(pack: Pack, indicator: Indicator, rater: str) -> Wrong | None:
    """A rater where none is asked for, an unknown one, or none where the weights need one."""
    if indicator.raters == "occasion":
        return None
    if indicator.raters == "none":
        if not rater:
            return None
        return Wrong("rater_not_asked", f"“{indicator.title}”不分评分人", "请清空这一格")
    known = indicator.rater_codes
    titles = "、".join(f"{code}（{pack.raters[code].title}）" for code in known)
    if not rater:
        return Wrong("rater_empty", "缺评分人", f"请填：{titles}")
    group, _, suffix = rater.partition(":")
    if group in known and (suffix or ":" not in rater):
        return None
    return Wrong(
        "rater_unknown", "没有这个评分人", f"请填：{titles}；同类多人写成 {known[-1]}:1、{known[-1]}:2"
    )


def wrong_kind(indicator: Indicator, kind: str) -> Wrong | None:
    """A kind where none is asked for, none where one is, or an unknown one."""
    if indicator.kind_is_subject:
        if kind:
            return None
        return Wrong("kind_empty", "缺责任人", "请在种类列填写责任人的编号")
    if not indicator.kinds:
        if not kind:
            return None
        return Wrong("kind_not_asked", f"“{indicator.title}”不分种类", "请清空这一格")
    if kind in indicator.kinds:
        return None
    reason = "没有这个种类" if kind else "缺种类"
    return Wrong("kind_unknown" if kind else "kind_empty", reason, suggestion(kind, indicator.kinds, "种类"))
