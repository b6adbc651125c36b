"""Reading what people wrote: plain values of a file, in English codes or Chinese words, into a rulebook.

Owns the vocabulary of every field and the findings about single values. Knows no file format (`document`,
`sheet`) and does not judge the rulebook as a whole (`validation`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.kit import exact
from server.rulebook.findings import Finding, Level
from server.rulebook.items import (
    DEFAULT_LOGGERS,
    HOUSEHOLD_CLASSES,
    LOGGER_ROLES,
    CapPeriod,
    ItemKind,
    NoticeDetail,
    Rulebook,
    Unit,
)

MOST_ITEMS = 300
_KINDS = {
    "正面": ItemKind.POSITIVE,
    "负面": ItemKind.NEGATIVE,
    "一票否决": ItemKind.VETO,
    "否决": ItemKind.VETO,
}
_UNITS = {"每次": Unit.TIME, "每天": Unit.DAY, "每月": Unit.MONTH, "每年": Unit.YEAR,
          "次": Unit.TIME, "天": Unit.DAY, "月": Unit.MONTH, "年": Unit.YEAR}  # fmt: skip
_PERIODS = {"天": CapPeriod.DAY, "日": CapPeriod.DAY, "周": CapPeriod.WEEK, "星期": CapPeriod.WEEK,
            "月": CapPeriod.MONTH, "季度": CapPeriod.QUARTER, "季": CapPeriod.QUARTER,
            "年": CapPeriod.YEAR}  # fmt: skip
_NOTICES = {"按类别": NoticeDetail.HEADING, "按条目": NoticeDetail.DETAIL}
_YES = {"是": True, "要": True, "可以": True, "true": True, "yes": True, "√": True, "有": True}
_NO = {
    "否": False,
    "不要": False,
    "不可以": False,
    "false": False,
    "no": False,
    "×": False,
    "无": False,
    "": False,
}
_CAP = re.compile(r"每?(?:个)?(天|日|周|星期|月|季度|季|年)(?:最多|不超过)?(\d{1,4})次")
_CAP_TURNED = re.compile(r"(\d{1,4})次?(?:每|/)(?:个)?(天|日|周|星期|月|季度|季|年)")
_NO_CAP = {"", "不限", "无", "null", "没有"}


class BadValue(Exception):
    """A value that cannot be taken: the reason and the remedy in Chinese."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


@dataclass(frozen=True)
class Reading:
    """What a document holds.

    The rulebook (None while a value cannot be taken) and everything found on the way.
    """

    rulebook: Rulebook | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class _Field:
    """How one field is read; without `default` it must be there."""

    title: str
    read: Callable[[Any], Any]
    default: Any = ...


def _text(value: Any) -> str:
    if isinstance(value, (Mapping, Sequence)) and not isinstance(value, str):
        raise BadValue("这里要写文字", "写成一句话")
    return re.sub(r"[^\S\n]+", " ", str(value)).strip()


def _plain(value: Any) -> str:
    """A word to look up: half-width, no blanks, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _text(value))).lower()


def _points(value: Any) -> str:
    written = _plain(value).removesuffix("分").replace("−", "-").replace("－", "-").removeprefix("+")
    try:
        return exact.text(exact.points(written))
    except ValueError:
        raise BadValue(f"“{value}”不是分数", "写数字，最多两位小数，如 2 或 -1.5") from None


def _yes_no(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = _plain(value)
    if word not in _YES and word not in _NO:
        raise BadValue(f"“{value}”看不出是还是否", "写 是 或 否")
    return {**_YES, **_NO}[word]


def _choice(words: Mapping[str, Any], codes: Sequence[Any]) -> Callable[[Any], str]:
    known = {**words, **{code.value: code for code in codes}}

    def read(value: Any) -> str:
        word = _plain(value)
        if word not in known:
            raise BadValue(f"不认识“{value}”", f"从这些里选一个：{'、'.join(words)}")
        return str(known[word].value)

    return read


def _cap(value: Any) -> dict[str, Any] | None:
    if isinstance(value, Mapping):
        return _cap_of(value)
    word = _plain(value if value is not None else "")
    if word in _NO_CAP:
        return None
    found = _CAP.fullmatch(word)
    turned = _CAP_TURNED.fullmatch(word)
    if found:
        return {"times": int(found[2]), "per": _PERIODS[found[1]].value}
    if turned:
        return {"times": int(turned[1]), "per": _PERIODS[turned[2]].value}
    raise BadValue(f"看不懂频次上限“{value}”", "写成 每月 4 次 这样，不限就空着")


def _cap_of(value: Mapping[Any, Any]) -> dict[str, Any]:
    times, per = str(value.get("times", "")), str(value.get("per", ""))
    if set(value) != {"times", "per"} or not re.fullmatch(r"\d{1,4}", times) or per not in list(CapPeriod):
        raise BadValue(
            "频次上限要写 times（次数）和 per（day、week、month、quarter、year）", "如 {times: 4, per: month}"
        )
    return {"times": int(times), "per": per}


def _parts(value: Any, separators: str) -> list[str]:
    if value is None:
        return []
    if isinstance(value, Mapping):
        raise BadValue("这里要写一串", "用、隔开")
    if isinstance(value, (list, tuple)):
        return [_text(part) for part in value if _text(part)]
    return [part for part in (_text(part) for part in re.split(separators, str(value))) if part]


def _roles(value: Any) -> list[str]:
    """Role names; `村委会` stands for its members and its head."""
    names = {title: {role} for role, title in LOGGER_ROLES.items()}
    known = {
        **names,
        **{role: {role} for role in LOGGER_ROLES},
        "村委会": {"committee_member", "committee_head"},
    }
    roles: set[str] = set()
    for part in _parts(value, r"[、,，;；\s]+"):
        if part not in known:
            raise BadValue(f"不认识记录人“{part}”", f"从这些里选：{'、'.join(names)}")
        roles |= known[part]
    return sorted(roles)


def _class_name(value: str) -> str:
    """The code of a household class by its Chinese name; a village's own name stays as it is."""
    return next((code for code, title in HOUSEHOLD_CLASSES.items() if title == value), value)


def _classes(value: Any) -> list[str]:
    return [_class_name(part) for part in _parts(value, r"[、,，;；\s]+")]


def _sentences(value: Any) -> list[str]:
    return _parts(value, r"[;；\n]+")


def _exemptions(value: Any) -> dict[str, list[str]]:
    if not isinstance(value, Mapping):
        raise BadValue("要写成户类对应编号", "如 elders_only: [J1, J2]")
    return {_class_name(_text(name)): _parts(codes, r"[、,，;；\s]+") for name, codes in value.items()}


ITEM_FIELDS: Mapping[str, _Field] = {
    "code": _Field("编号", _text),
    "name": _Field("名称", _text),
    "heading": _Field("类别", _text),
    "kind": _Field("性质", _choice(_KINDS, list(ItemKind))),
    "points_min": _Field("最低分", _points),
    "points_max": _Field("最高分", _points),
    "step": _Field("步长", _points, "0.50"),
    "unit": _Field("单位", _choice(_UNITS, list(Unit)), Unit.TIME.value),
    "cap": _Field("频次上限", _cap, None),
    "photo_required": _Field("要照片", _yes_no, False),
    "place_required": _Field("要地点", _yes_no, False),
    "declarable": _Field("村民可申报", _yes_no, False),
    "loggers": _Field("谁可记", _roles, sorted(DEFAULT_LOGGERS)),
    "notice_detail": _Field("公示写法", _choice(_NOTICES, list(NoticeDetail)), NoticeDetail.HEADING.value),
    "evidence": _Field("凭据", _text, ""),
    "explanation": _Field("说明", _text, ""),
    "consequences": _Field("结果", _sentences, []),
    "exempt": _Field("不适用的户", _classes, []),
}
RULEBOOK_FIELDS: Mapping[str, _Field] = {
    "title": _Field("名称", _text),
    "source": _Field("来源", _text, ""),
    "illustrative": _Field("示例", _yes_no, False),
    "base_points": _Field("基础分", _points, "100.00"),
    "base_counts_for_balance": _Field("基础分可兑换", _yes_no, False),
    "negative_balance": _Field("可兑换积分可为负", _yes_no, False),
    "consequences": _Field("结果运用", _sentences, []),
    "exemption_classes": _Field("不适用的条目", _exemptions, {}),
}


def read(raw: Mapping[str, Any], place: Callable[[str], str] = lambda path: "") -> Reading:
    """A rulebook from plain values; `place(path)` says where a path such as `items.3.cap` stands in the file.

    An item may carry `exempt` (household classes it does not apply to) instead of the rulebook's
    `exemption_classes`; a lone `points` stands for both ends of the range. Never raises for content.
    """
    found: list[Finding] = []
    head = {key: value for key, value in raw.items() if key != "items"}
    document = _read_fields(head, RULEBOOK_FIELDS, "", "", found)
    rows = raw.get("items")
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        found.append(_error("items_missing", "", "items", "细则里一条也没有。", "至少写一条。"))
        rows = []
    if len(rows) > MOST_ITEMS:
        found.append(_error("items_many", "", "items", f"超过 {MOST_ITEMS} 条。", "合并相近的条目。"))
        rows = rows[:MOST_ITEMS]
    items = [_read_item(index, row, found) for index, row in enumerate(rows)]
    placed = tuple(replace(finding, place=place(finding.field)) for finding in found)
    if found:
        return Reading(None, placed)
    exemptions = {name: set(codes) for name, codes in document["exemption_classes"].items()}
    for item in items:
        for name in item.pop("exempt"):
            exemptions.setdefault(name, set()).add(item["code"])
    return Reading(Rulebook.from_document({**document, "items": items, "exemption_classes": exemptions}), ())


def _read_item(index: int, row: Any, found: list[Finding]) -> dict[str, Any]:
    path = f"items.{index}"
    if not isinstance(row, Mapping):
        found.append(_error("item_bad", "", path, f"第 {index + 1} 条不是一条条目。", "按模板的各项填写。"))
        return {}
    given = dict(row)
    if "points" in given and "points_min" not in given and "points_max" not in given:
        given["points_min"] = given["points_max"] = given.pop("points")
    return _read_fields(given, ITEM_FIELDS, f"{path}.", str(given.get("code") or ""), found)


def _read_fields(
    given: Mapping[Any, Any], fields: Mapping[str, _Field], prefix: str, code: str, found: list[Finding]
) -> dict[str, Any]:
    """The document values of one mapping; what is missing, unknown or not to be read is added to `found`."""
    label = f"{code}：" if code else ""
    values: dict[str, Any] = {}
    for name in given:
        if name not in fields:
            known = "、".join(fields)
            said = f"{label}不认识“{name}”这一项。"
            found.append(_error("field_unknown", code, f"{prefix}{name}", said, f"可以写的有：{known}。"))
    for name, field in fields.items():
        value = given.get(name)
        if value is None or value == "":
            if field.default is ...:
                said = f"{label}没有填{field.title}。"
                found.append(_error("field_missing", code, f"{prefix}{name}", said, f"补上{field.title}。"))
            values[name] = None if field.default is ... else field.default
            continue
        try:
            values[name] = field.read(value)
        except BadValue as bad:
            said = f"{label}{field.title}：{bad.reason}。"
            found.append(_error("value_bad", code, f"{prefix}{name}", said, f"{bad.remedy}。"))
    return values


def _error(code: str, item: str, field: str, message: str, remedy: str) -> Finding:
    return Finding(Level.ERROR, code, item, field, message, remedy)
