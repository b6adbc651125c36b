"""The JSON Schema of packs applied, its findings said in Chinese with line and remedy. Editors use the same
file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from .faults import Fault

SCHEMA = Path(__file__).parent / "packs" / "pack.schema.json"
_TYPES: dict[str, str] = {
    "string": "文字",
    "number": "数字",
    "boolean": "true 或 false",
    "array": "列表",
    "object": "一组键和值",
}
_EMPTY = ("是空的", "请至少写一项")
_CODES = "编号只用英文字母、数字、点、横线、下划线，参数引用写成 $名字"
_PLAIN = {"pattern": ("写法不对", _CODES), "minItems": _EMPTY, "minProperties": _EMPTY, "minLength": _EMPTY}


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def check_schema(data: Any, lines: dict[Any, int]) -> list[Fault]:
    """Every place where the data does not have the shape of a pack, in order of lines."""
    faults = [_fault(error, lines) for error in _leaves(_validator().iter_errors(data))]
    return sorted(set(faults), key=lambda fault: fault.line or 0)


def _leaves(errors: Any) -> list[ValidationError]:
    """oneOf and anyOf say little by themselves: the branch that fails deepest names the cause."""
    found: list[ValidationError] = []
    for error in errors:
        if error.context and error.validator in ("oneOf", "anyOf"):
            deepest = max(len(inner.absolute_path) for inner in error.context)
            inner = [one for one in error.context if len(one.absolute_path) == deepest]
            found += _leaves(inner) if deepest > len(error.absolute_path) else [error]
        else:
            found.append(error)
    return found


def _fault(error: Any, lines: dict[Any, int]) -> Fault:
    path = tuple(error.absolute_path)
    name = ".".join(str(part) for part in path) or "方案"
    reason, remedy = _sentences(error)
    value = "" if isinstance(error.instance, dict | list) else str(error.instance)
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        extra = _unknown_keys(error)
        path = (*path, extra[0]) if extra else path
    return Fault("pack_shape", f"{name} {reason}", remedy, line=nearest_line(path, lines), value=value)


def _known_keys(error: Any) -> list[str]:
    schema: Any = error.schema
    return list(schema.get("properties", {}))


def _unknown_keys(error: Any) -> list[str]:
    known = _known_keys(error)
    return [key for key in error.instance if key not in known]


def _sentences(error: Any) -> tuple[str, str]:
    """Reason and remedy for the schema rule that failed."""
    rule = str(error.validator)
    wanted: Any = error.validator_value
    if rule == "required":
        missing = [key for key in wanted if key not in error.instance]
        return f"缺少 {'、'.join(missing)}", "请补上这一项，写法可参照自带方案"
    if rule == "additionalProperties":
        remedy = f"请改正或删去；这里可写：{'、'.join(_known_keys(error))}"
        return f"有不认识的键 {'、'.join(_unknown_keys(error))}", remedy
    if rule == "type":
        names: list[str] = wanted if isinstance(wanted, list) else [wanted]
        return "类型不对", f"这里要写{'或'.join(_TYPES.get(one, one) for one in names)}"
    if rule == "enum":
        return "取值不对", f"可取：{'、'.join(str(one) for one in wanted)}"
    return _PLAIN.get(rule, ("写法不对", "请对照自带方案的同名段落修改"))


def nearest_line(path: tuple[Any, ...], lines: dict[Any, int]) -> int:
    """The line of the node, or of the nearest node above it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)
