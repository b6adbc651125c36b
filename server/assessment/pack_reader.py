"""From a pack file to a `Pack`: YAML, JSON Schema, `$parameters` put in, tree flattened, references checked.

`load_pack` is what others call. Every fault names its line and its remedy; all are reported at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from .exact import parse_decimal
from .faults import Fault, Faulty
from .pack_builder import build
from .pack_checks import check_references
from .pack_schema import check_schema
from .scheme import Pack
from .yaml_lines import YamlReader

Changes = Mapping[str, str | Fraction]
PACKS = Path(__file__).parent / "packs"


def shipped_packs() -> tuple[str, ...]:
    """The ids of the packs that come with the program, in alphabetical order."""
    return tuple(sorted(path.stem for path in PACKS.glob("*.yaml")))


def pack_text(reference: str) -> str:
    """The text of a shipped pack (by id) or of a pack file (by path); raises Faulty when there is none."""
    if reference in shipped_packs():
        return (PACKS / f"{reference}.yaml").read_text(encoding="utf-8")
    path = Path(reference)
    if not path.is_file():
        known = "、".join(shipped_packs())
        remedy = f"请写自带方案的编号（{known}）或一个方案文件的路径"
        raise Faulty([Fault("pack_not_found", "没有这个方案", remedy, value=reference)])
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Faulty([Fault("pack_encoding", "方案文件不是 UTF-8 编码", "请另存为 UTF-8", line=1)]) from error


def load_pack(reference: str, changes: Changes | None = None) -> Pack:
    """The pack named by a shipped id or a path, with parameters changed (`{"weight_routine": "0.5"}`).

    Raises Faulty with the lines and remedies of everything that is wrong.
    """
    if reference in shipped_packs():
        return _shipped(reference, tuple(sorted((changes or {}).items())))
    return read_pack(pack_text(reference), changes)


@lru_cache(maxsize=64)
def _shipped(reference: str, changes: tuple[tuple[str, str | Fraction], ...]) -> Pack:
    return _assembled(*_parsed(reference), dict(changes))


def _parsed(reference: str) -> tuple[dict[str, Any], dict[Any, int]]:
    return _checked(pack_text(reference))


def read_pack(text: str, changes: Changes | None = None) -> Pack:
    """As `load_pack`, from the text of a pack."""
    return _assembled(*_checked(text), changes or {})


@lru_cache(maxsize=32)  # the same text comes as a shipped pack, as a cycle's and with changed parameters
def _checked(text: str) -> tuple[dict[str, Any], dict[Any, int]]:
    reader = YamlReader()
    data = reader.read(text)
    faults = check_schema(data, reader.lines)
    if faults:
        raise Faulty(faults)
    return data, reader.lines


def _assembled(data: dict[str, Any], lines: dict[Any, int], changes: Changes) -> Pack:
    values, faults = _parameter_values(data, changes)
    if faults:
        raise Faulty(faults)
    pack, faults = build(data, lines, values)
    if pack is not None:
        faults += check_references(pack, data, lines)
    if faults or pack is None:
        raise Faulty(sorted(faults, key=lambda fault: fault.line or 0))
    return pack


def _parameter_values(
    data: dict[str, Any], changes: Changes
) -> tuple[dict[str, Fraction | str], list[Fault]]:
    parameters = data.get("parameters", {})
    values = {name: entry["value"] for name, entry in parameters.items()}
    faults = []
    for name, text in changes.items():
        if name not in parameters:
            remedy = f"本方案的参数有：{'、'.join(parameters) or '（无）'}"
            faults.append(Fault("parameter_unknown", "方案里没有这个参数", remedy, value=name))
            continue
        if isinstance(text, Fraction):
            values[name] = text
            continue
        choices = parameters[name].get("choices")
        number = parse_decimal(text)
        if choices and text not in choices:
            faults.append(
                Fault(
                    "parameter_value", f"参数 {name} 不能取这个值", f"可取：{'、'.join(choices)}", value=text
                )
            )
        elif not choices and number is None:
            faults.append(Fault("parameter_value", f"参数 {name} 要写数字", "如 0.4", value=text))
        else:
            values[name] = text if choices or number is None else number
    return values, faults
