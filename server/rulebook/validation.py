"""Whether a rulebook may be adopted.

The checks of its numbers and words, and the lawful-rights guard behind them.

Pure. `validate` always runs the guard; there is no way to ask for the one without the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from server.rulebook import guard
from server.rulebook.findings import Finding, Level
from server.rulebook.items import HOUSEHOLD_CLASSES, LOGGER_ROLES, CapPeriod, Item, ItemKind, Rulebook, Unit
from server.rulebook.rules import caps_of, describe_cap

KINDS = {ItemKind.POSITIVE: "正面", ItemKind.NEGATIVE: "负面", ItemKind.VETO: "一票否决"}
COMMITTEE = frozenset({"committee_member", "committee_head"})
LONGEST_NAME = 40
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,15}")
_HUNDREDTH = Decimal("0.01")
_USUAL_STEP = Decimal("0.5")
_UNIT_WORDS = {Unit.DAY: "按天", Unit.MONTH: "按月", Unit.YEAR: "按年"}
_LENGTHS = (CapPeriod.DAY, CapPeriod.WEEK, CapPeriod.MONTH, CapPeriod.QUARTER, CapPeriod.YEAR)


def validate(rulebook: Rulebook) -> list[Finding]:
    """Everything that is wrong or doubtful.

    The rulebook as a whole, item by item, then the guard's findings.
    """
    findings = list(_whole(rulebook))
    for index, item in enumerate(rulebook.items):
        at = _At(index, item)
        for check in (_words, _points, _sign, _step, _caps, _people):
            findings += check(at, item)
    return findings + guard.inspect(rulebook)


class _At:
    """Makes findings about one item."""

    def __init__(self, index: int, item: Item) -> None:
        self._prefix = f"items.{index}"
        self._code = item.code
        self._label = f"{item.code} {item.name}".strip() or f"第 {index + 1} 条"

    def error(self, code: str, field: str, message: str, remedy: str) -> Finding:
        return self._finding(Level.ERROR, code, field, message, remedy)

    def warning(self, code: str, field: str, message: str, remedy: str) -> Finding:
        return self._finding(Level.WARNING, code, field, message, remedy)

    def _finding(self, level: Level, code: str, field: str, message: str, remedy: str) -> Finding:
        return Finding(
            level, code, self._code, f"{self._prefix}.{field}", f"{self._label}：{message}", remedy
        )


def _words(at: _At, item: Item) -> Iterator[Finding]:
    if not _CODE.fullmatch(item.code):
        yield at.error("code_bad", "code", "编号不对。", "编号用字母和数字，最多 16 位，如 J1。")
    if not item.name.strip():
        yield at.error("name_missing", "name", "没有名称。", "写一句村民看得懂的名称。")
    elif len(item.name) > LONGEST_NAME:
        yield at.error("name_long", "name", f"名称超过 {LONGEST_NAME} 字。", "名称写短些，细节写进说明。")
    if not item.heading.strip():
        yield at.error("heading_missing", "heading", "没有类别。", "写明类别，如 乡村建设。")
    if not item.evidence.strip():
        yield at.warning(
            "evidence_missing", "evidence", "没有写凭什么认定。", "写明凭据，如 网格员当面看到。"
        )
    if not item.explanation.strip():
        yield at.warning("explanation_missing", "explanation", "没有说明。", "写明谁、做了什么、怎么算。")


def _points(at: _At, item: Item) -> Iterator[Finding]:
    for field in ("points_min", "points_max", "step"):
        value: Decimal = getattr(item, field)
        if value % _HUNDREDTH:
            yield at.error("points_not_exact", field, f"{value} 多于两位小数。", "分值最多写到 0.01。")
    if item.points_min > item.points_max:
        said = f"最低分 {item.points_min} 高于最高分 {item.points_max}。"
        yield at.error("range_reversed", "points_min", said, "两个数对调；扣分写负数，−5 到 −1。")


def _sign(at: _At, item: Item) -> Iterator[Finding]:
    if item.kind is ItemKind.POSITIVE and item.points_min <= 0:
        yield at.error("sign_wrong", "points_min", "正面条目的分值要大于 0。", "改成正数，或把条目改为负面。")
    if item.kind is ItemKind.NEGATIVE and item.points_max >= 0:
        yield at.error("sign_wrong", "points_max", "负面条目的分值要小于 0。", "写成负数，如 -1。")
    if item.kind is ItemKind.VETO and item.points_max > 0:
        yield at.error("sign_wrong", "points_max", "一票否决条目不能加分。", "写 0 或负数。")


def _step(at: _At, item: Item) -> Iterator[Finding]:
    if item.step <= 0:
        yield at.error("step_bad", "step", "步长要大于 0。", "一般写 0.5。")
    elif item.points_min <= item.points_max and (item.points_max - item.points_min) % item.step:
        said = f"从 {item.points_min} 起每格 {item.step}，走不到 {item.points_max}。"
        yield at.error("step_misses_range", "step", said, "改步长，或改最低分、最高分。")
    elif item.step % _USUAL_STEP:
        yield at.warning(
            "step_unusual", "step", f"步长 {item.step} 不是 0.5 的倍数。", "分得太细不好评，建议 0.5。"
        )


def _caps(at: _At, item: Item) -> Iterator[Finding]:
    cap = item.cap
    if cap is None:
        if item.kind is ItemKind.POSITIVE and item.unit is Unit.TIME:
            yield at.warning("cap_missing", "cap", "没有频次上限。", "写明最多几次，如 每月 4 次。")
        return
    if cap.times < 1:
        yield at.error("cap_bad", "cap", "频次上限要至少 1 次。", "写 1 或更多；不限次数就不填。")
    for implied in caps_of(item)[:1] if item.unit is not Unit.TIME else ():
        shorter = _LENGTHS.index(cap.per) < _LENGTHS.index(implied.per)
        if shorter or (cap.per is implied.per and cap.times > 1):
            said = f"{_UNIT_WORDS[item.unit]}记分已是{describe_cap(implied)}，再写{describe_cap(cap)}说不通。"
            yield at.error("cap_against_unit", "cap", said, "单位改为按次，或去掉这个上限。")


def _people(at: _At, item: Item) -> Iterator[Finding]:
    unknown = sorted(item.loggers - LOGGER_ROLES.keys())
    if unknown:
        said = f"不认识的记录人：{'、'.join(unknown)}。"
        yield at.error("logger_unknown", "loggers", said, f"从这些里选：{'、'.join(LOGGER_ROLES.values())}。")
    if not item.loggers and not item.declarable:
        yield at.error("logger_missing", "loggers", "没有人可以记这一条。", "写明谁可记，如 网格员。")
    if item.kind is ItemKind.VETO and item.loggers - COMMITTEE:
        said = "一票否决要村委会决议，不能由一个人说了算。"
        yield at.error("veto_needs_committee", "loggers", said, "谁可记只留 村委会委员、村委会主任。")
    if item.declarable and item.kind is not ItemKind.POSITIVE:
        yield at.error("not_to_declare", "declarable", "只有正面条目可由村民申报。", "把村民可申报改为否。")


def _whole(rulebook: Rulebook) -> Iterator[Finding]:
    if not rulebook.title.strip():
        yield _error("title_missing", "title", "细则没有名称。", "写上名称，如 大槐树村积分细则。")
    if not rulebook.items:
        yield _error("items_missing", "items", "细则里一条也没有。", "至少写一条。")
    if rulebook.base_points < 0 or rulebook.base_points % _HUNDREDTH:
        yield _error("base_points_bad", "base_points", "基础分不对。", "写 0 或正数，最多两位小数，如 100。")
    yield from _codes_used_twice(rulebook)
    yield from _exemptions(rulebook)
    yield from _balance_of_kinds(rulebook)
    yield from _photo_burden(rulebook)


def _codes_used_twice(rulebook: Rulebook) -> Iterator[Finding]:
    """Codes carry caps and history across versions, so one code is one item. Case does not tell two apart."""
    seen: Counter[str] = Counter()
    for index, item in enumerate(rulebook.items):
        seen[item.code.upper()] += 1
        if seen[item.code.upper()] == 2:
            said = f"编号 {item.code} 用了不止一次。"
            yield Finding(
                Level.ERROR, "code_twice", item.code, f"items.{index}.code", said, "一个编号只给一条。"
            )


def _exemptions(rulebook: Rulebook) -> Iterator[Finding]:
    codes = {item.code for item in rulebook.items}
    for name, exempt in rulebook.exemption_classes.items():
        field = f"exemption_classes.{name}"
        label = HOUSEHOLD_CLASSES.get(name, name)
        if name not in HOUSEHOLD_CLASSES:
            remedy = f"系统认得的有：{'、'.join(HOUSEHOLD_CLASSES)}。其他名字要在户档里也这样写。"
            yield _warning("class_unknown", field, f"不认识的户类：{name}。", remedy)
        for code in sorted(exempt - codes):
            yield _error(
                "exemption_unknown",
                field,
                f"{label}不适用的条目里有 {code}，细则里没有这一条。",
                "改编号或删去。",
            )
        if codes and exempt >= codes:
            yield _warning(
                "class_without_items", field, f"{label}一条也不适用。", "这样的户拿不到分，请留几条。"
            )


def _balance_of_kinds(rulebook: Rulebook) -> Iterator[Finding]:
    kinds = Counter(item.kind for item in rulebook.items)
    against = kinds[ItemKind.NEGATIVE] + kinds[ItemKind.VETO]
    if rulebook.items and against > kinds[ItemKind.POSITIVE]:
        said = f"扣分和否决共 {against} 条，加分只有 {kinds[ItemKind.POSITIVE]} 条。"
        yield _warning("mostly_negative", "items", said, "积分以鼓励为主，建议多写加分条目。")


def _photo_burden(rulebook: Rulebook) -> Iterator[Finding]:
    """Guidance against formalism forbids work that is judged by its traces (spec 01)."""
    photos = sum(item.photo_required for item in rulebook.items)
    if photos * 2 > len(rulebook.items):
        said = f"{len(rulebook.items)} 条中 {photos} 条要照片，超过一半，容易变成处处留痕。"
        yield _warning("photos_mostly", "items", said, "看过就能认定的条目不要求照片，为基层减负。")


def _error(code: str, field: str, message: str, remedy: str) -> Finding:
    return Finding(Level.ERROR, code, "", field, message, remedy)


def _warning(code: str, field: str, message: str, remedy: str) -> Finding:
    return Finding(Level.WARNING, code, "", field, message, remedy)
