"""What is wrong with one cell: pure functions from text to (code, reason, remedy). Rows and columns are the
caller's."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .exact import parse_decimal, trimmed
from .scheme import Indicator

LONGEST = {"subject": 64, "name": 100, "category": 64, "unit": 64, "indicator": 64, "rater": 64, "value": 64}
LONGEST |= {"kind": 64, "note": 1000, "period": 16, "date": 32}
MARK = "\x01"  # the XLSX reader puts it, with a letter, before cells that are not plain text or numbers
CONTROL = re.compile("[\x00-\x1f\x7f]")
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff]")
PERIOD = re.compile(r"[12][0-9]{3}(Q[1-4]|H[12]|-(0[1-9]|1[0-2])|-W([0-4][0-9]|5[0-3]))?")
_DAY = re.compile(r"([12][0-9]{3})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_MARKED = {
    "F": ("formula", "单元格里是公式", "请复制后“选择性粘贴—数值”，只留下结果"),
    "E": ("excel_error", "单元格是 Excel 错误值", "请改正公式或直接填写"),
    "B": ("excel_boolean", "单元格是 TRUE/FALSE", "请填写文字或数字；发生一次的事实填 1"),
    "D": ("excel_date", "单元格是日期格式", "请把单元格格式改为“常规”，重新填写"),
    "T": ("excel_time", "单元格是时间格式", "请把单元格格式改为“常规”，重新填写"),
}


class Wrong(NamedTuple):
    """A fault of a cell, not yet placed."""

    code: str
    reason: str
    remedy: str


def odd_text(column: str, text: str) -> Wrong | None:
    """Marked cells of Excel, control characters, invisible characters, over-long text."""
    if text.startswith(MARK):
        is_day = column == "date" and text[1:2] == "D"
        return None if is_day else Wrong(*_MARKED[text[1:2]])
    # a note may be of several lines and hold joined emoji; nothing else may
    visible = text.replace("\n", "").replace("\r", "").replace("\t", "") if column == "note" else text
    if CONTROL.search(visible):
        return Wrong("control_character", "含有换行、制表符或控制字符", "请删掉这些字符，一格只写一项")
    if column != "note" and INVISIBLE.search(text):
        return Wrong(
            "invisible_character", "含有看不见的字符，容易被当成另一个编号", "请清空该格后重新手工输入"
        )
    if len(text) > LONGEST[column]:
        return Wrong("too_long", f"超过 {LONGEST[column]} 个字", "请缩短")
    return None


# what clerks write instead of numbers: pattern, code, reason, remedy (\g<n> are the pattern's groups)
_SLIPS = [
    (r"[=@].*", "formula", "写的是公式", "请只填计算结果"),
    (r"([+-]?[0-9]+(?:\.[0-9]+)?)[%％]", "percent", "带了百分号", r"请写成数字 \g<1>"),
    (r"[+-]?[0-9]{1,3}([,，][0-9]{3})+(\.[0-9]+)?", "thousands", "带了千分位逗号", "请去掉逗号"),
    (r"([+-]?[0-9]+),([0-9]+)", "comma_point", "小数点写成了逗号", r"请写成 \g<1>.\g<2>"),
    (r"[+-]?[0-9.]+[eE][+-]?[0-9]+", "exponent", "是科学计数法", "请写出全部数字"),
    (r"([+-]?[0-9]+(?:\.[0-9]+)?) ?分", "unit_suffix", "带了单位“分”", r"请只写 \g<1>"),
    (r"[+-]?[0-9]+(\.[0-9]+)?", "too_many_digits", "位数太多", "整数部分最多 15 位，小数最多 12 位"),
    (r"[+-]?([0-9]+\.|\.[0-9]+)", "bare_point", "小数点前后缺数字", "请写成如 0.5 或 5"),
    (_DAY.pattern + "|.*[年月日].*", "date_as_value", "像是日期，不是分值", "请检查是否填错了列"),
    (".*[零一二三四五六七八九十百].*", "chinese_number", "是汉字数字", "请改用阿拉伯数字"),
]


def not_a_number(text: str) -> Wrong:
    """Why this text is no decimal, as precisely as it can be told."""
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and parse_decimal(plain) is not None:
        return Wrong("full_width", "用了全角数字", f"请改成半角 {plain}")
    for pattern, code, reason, remedy in _SLIPS:
        found = re.fullmatch(pattern, text, re.DOTALL)
        if found:
            return Wrong(code, reason, found.expand(remedy))
    return Wrong("not_a_number", "不是数字", "请填阿拉伯数字，如 8 或 8.5")


def out_of_range(indicator: Indicator, value: Fraction) -> Wrong | None:
    """Whether the indicator allows the value: its list, its bounds."""
    if indicator.allowed and value not in indicator.allowed:
        words = "、".join(trimmed(one) for one in indicator.allowed)
        if indicator.direction == "fact":
            return Wrong(
                "fact_not_one", f"“{indicator.title}”是事实项", "发生一次填 1；没有发生就不要填这一行"
            )
        return Wrong("not_allowed", f"“{indicator.title}”不能取这个值", f"可取 {words}")
    if indicator.above is not None and value <= indicator.above:
        remedy = f"请填大于 {trimmed(indicator.above)} 的数；扣分项也填正数，由系统扣减"
        return Wrong("not_positive", f"“{indicator.title}”要填正数", remedy)
    if indicator.minimum is not None and value < indicator.minimum:
        remedy = f"请填 {bounds(indicator)}；扣分项也填正数，由系统扣减"
        return Wrong("below_minimum", f"低于“{indicator.title}”的下限 {trimmed(indicator.minimum)}", remedy)
    if indicator.maximum is not None and value > indicator.maximum:
        limit = f"高于“{indicator.title}”的上限 {trimmed(indicator.maximum)}"
        return Wrong("above_maximum", limit, f"请填 {bounds(indicator)}")
    return None


def bounds(indicator: Indicator) -> str:
    """The allowed range in words: `0—100`, `0 以上`, `1`."""
    if indicator.allowed:
        return "、".join(trimmed(one) for one in indicator.allowed)
    lowest = indicator.minimum if indicator.minimum is not None else indicator.above
    low = "" if lowest is None else trimmed(lowest)
    if indicator.maximum is not None:
        return f"{low}—{trimmed(indicator.maximum)}"
    return f"大于 {low}" if indicator.above is not None else (f"{low} 以上" if low else "任意数")


def parse_day(text: str) -> date | None:
    """A day written 2026-03-05, 2026/3/5 or 2026.3.5, or marked as an Excel date; None when it is none."""
    found = _DAY.fullmatch(text[2:] if text.startswith(MARK + "D") else text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        return None
