"""YAML as plain values with a line number for every node. Knows nothing of packs.

Numbers become Fractions from their written digits, so that 0.1 is exactly 0.1. Anchors and aliases are
refused: a pack is a flat text that a clerk reads, and aliases could blow up in memory.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .faults import Fault, Faulty

Path = tuple[str | int, ...]
LARGEST_FILE = 2_000_000
DEEPEST = 40
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,12})?")


class YamlReader:
    """Reads one document; `lines` maps the path of every node to its line (1 = first)."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()

    def read(self, text: str) -> Any:
        """The document's plain values; raises Faulty for bad syntax, doubled keys, aliases, too large a
        file."""
        if len(text) > LARGEST_FILE:
            raise Faulty(
                [Fault("pack_too_large", "方案文件太大", "方案文件不应超过 2 MB，请检查是否选错了文件")]
            )
        try:
            root = YAML(typ="safe", pure=True).compose(text)
        except MarkedYAMLError as error:
            raise Faulty([_syntax_fault(error)]) from error
        except (YAMLError, ValueError, RecursionError) as error:
            remedy = "请用 UTF-8 文本编辑器重新保存，并检查缩进"
            raise Faulty([Fault("yaml", "文件不是有效的 YAML", remedy, line=1)]) from error
        if root is None:
            raise Faulty([Fault("pack_empty", "文件是空的", "请从自带方案复制一份再修改", line=1)])
        value = self._plain(root, ())
        if self.faults:
            raise Faulty(self.faults)
        return value

    def _plain(self, node: Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.lines[path] = line
        if id(node) in self._seen or len(path) > DEEPEST:
            reason = "用了别名（* 或 &）或嵌套太深"
            self.faults.append(Fault("yaml_alias", reason, "请把内容直接写出来", line=line))
            return None
        self._seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._plain(item, (*path, place)) for place, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, ScalarNode) else ""
            line = key_node.start_mark.line + 1
            if key in found or not key:
                reason = f"同一段里“{key}”写了两次" if key else "键名为空或不是文字"
                self.faults.append(Fault("yaml_key", reason, "请只保留一个", line=line, value=str(key)))
                continue
            found[key] = self._plain(value_node, (*path, key))
            self.lines[(*path, key)] = line
        return found


def _scalar(node: Node) -> Any:
    text = str(node.value)
    kind = str(node.tag).rsplit(":", 1)[-1]
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    if kind == "null":
        return None
    if kind in ("int", "float") and _NUMBER.fullmatch(text):
        return Fraction(text)
    return text


def _syntax_fault(error: MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    remedy = "请检查这一行和上一行的缩进（用空格，不用 Tab）、冒号后的空格、引号和括号是否成对"
    return Fault("yaml", "YAML 格式有误", remedy, line=line)
