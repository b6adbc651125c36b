"""Rulebooks as files: YAML (or JSON), XLSX and CSV in, with findings that say where; the shipped rulebook.

Owns opening and placing. What a value means is read in `reading`, sheets are mapped in `sheet`, the rulebook
as a whole is judged in `validation`. Nothing here touches a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, Event
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from server.kit.errors import Invalid
from server.rulebook import reading, sheet
from server.rulebook.items import Rulebook
from server.rulebook.reading import Reading
from server.rulebook.validation import validate

SHIPPED = "gaoyang-illustrative"
LARGEST = 1024 * 1024
DEEPEST = 8
_TABLES = (".xlsx", ".csv")
_BOOL, _NULL = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"


def read_file(source: str | PathLike[str] | bytes, filename: str | None = None) -> Reading:
    """Read and judge a rulebook file: a path, or bytes with the name they were uploaded under.

    `.xlsx` and `.csv` are read as sheets, everything else as YAML. The findings are those of the values or,
    once all values can be read, those of `validate` (the guard included), each with its place in the file.
    Raises Invalid when the file as such cannot be opened (codes `no_file`, `file_too_large`, `yaml_invalid`,
    those of the opener).
    """
    name = filename or ("" if isinstance(source, bytes) else str(source))
    raw, places = _open(source, name)
    result = reading.read(raw, places.place)
    if result.rulebook is None:
        return result
    findings = [replace(found, place=places.place(found.field)) for found in validate(result.rulebook)]
    return Reading(result.rulebook, tuple(findings))


def _open(source: str | PathLike[str] | bytes, name: str) -> tuple[Mapping[str, Any], _Places]:
    if Path(name).suffix.lower() in _TABLES:
        raw, cells = sheet.read_raw(source, name)
        return {"title": Path(name).stem, **raw}, cells  # a CSV has no sheet of settings
    return _compose(_load(source))


def shipped(name: str = SHIPPED) -> Rulebook:
    """A rulebook of `data/`; what is shipped is valid (a test holds it)."""
    data = resources.files("server.rulebook").joinpath("data", f"{name}.yaml").read_bytes()
    result = read_file(data)
    if result.rulebook is None:
        raise ValueError(f"the shipped rulebook {name} is faulty: {result.findings[0]}")
    return result.rulebook


class _Places(Protocol):
    """Says where a path such as `items.3.cap` stands in a file."""

    def place(self, path: str) -> str: ...


@dataclass
class _Lines:
    """The line of every path of a YAML file."""

    lines: dict[str, int] = field(default_factory=dict)

    def place(self, path: str) -> str:
        """`第 12 行` of the path, or of the nearest thing that holds it."""
        while path and path not in self.lines:
            path = path.rpartition(".")[0]
        return f"第 {self.lines[path]} 行" if path else ""


def _load(source: str | PathLike[str] | bytes) -> str:
    try:
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except OSError as error:
        raise Invalid("no_file", f"打不开文件 {Path(str(source)).name}，请核对路径和权限。") from error
    if len(data) > LARGEST:
        raise Invalid("file_too_large", "细则文件超过 1 MB，没有打开。请核对是不是选错了文件。")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("yaml_invalid", "文件不是 UTF-8 编码。请用文字编辑器另存为 UTF-8。") from None


def _compose(text: str) -> tuple[Mapping[str, Any], _Lines]:
    """Plain values and their lines. Numbers stay as they are written: no float comes near points."""
    yaml = YAML(typ="safe", pure=True)
    try:
        _check_shape(yaml.parse(text))
        root = yaml.compose(text)
    except MarkedYAMLError as error:
        line = f"第 {error.problem_mark.line + 1} 行" if error.problem_mark else "有一处"
        raise Invalid("yaml_invalid", f"{line}写法不对，读不下去。请核对缩进、冒号和引号。") from error
    except (YAMLError, RecursionError) as error:
        raise Invalid(
            "yaml_invalid", "文件不是 YAML，读不下去。请用模板重填，或另存为 UTF-8 文本。"
        ) from error
    places = _Lines()
    if not isinstance(root, MappingNode):
        raise Invalid("yaml_invalid", "文件里没有细则。请照示例写 title、items 等各项。")
    return _mapping(root, "", places), places


def _check_shape(events: Iterable[Event]) -> None:
    """Refuse what only an attack holds, before anything is built: references, and nesting without end."""
    depth = 0
    for event in events:
        if isinstance(event, AliasEvent):
            raise Invalid("yaml_invalid", "细则文件里不要用 * 引用，请把内容写全。")
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise Invalid("yaml_invalid", f"第 {event.start_mark.line + 1} 行套得太深。请照示例的层次写。")


def _value(node: Node, path: str, places: _Lines) -> Any:
    places.lines[path] = node.start_mark.line + 1
    if isinstance(node, MappingNode):
        return _mapping(node, path, places)
    if isinstance(node, SequenceNode):
        return [_value(child, f"{path}.{index}", places) for index, child in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: MappingNode, path: str, places: _Lines) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, child in node.value:
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        line = key.start_mark.line + 1
        if not name or name in values:
            said = f"第 {line} 行：“{name}”写了两遍。" if name else f"第 {line} 行：冒号前面要写名称。"
            raise Invalid("yaml_invalid", said)
        here = f"{path}.{name}" if path else name
        values[name] = _value(child, here, places)
        places.lines[here] = line
    return values


def _scalar(node: Node) -> Any:
    if node.tag == _NULL:
        return None
    if node.tag == _BOOL:
        return str(node.value).lower() == "true"
    return str(node.value)
