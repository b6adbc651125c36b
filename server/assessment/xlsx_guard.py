"""What an XLSX file must be before anything parses it: real unzipped size counted, formulas and error cells
found.

A fast reader gives a formula's remembered result and shows error cells as empty; both would silently become
scores. So the sheet's XML is searched as bytes while it is unzipped, and parsed in a stream (defusedxml)
only when something was found.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, BinaryIO

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring, iterparse

from .faults import Fault, Faulty

LARGEST_UNZIPPED = 400_000_000
LARGEST_PART = 350_000_000
MOST_PARTS = 2000
HIGHEST_RATIO = 200
RATIO_FROM = 20_000_000
SMALL_PART = 5_000_000
_CHUNK = 1 << 18
_SUSPECT = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?f[\s>/]|t\s*=\s*[\"']e[\"']")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
Marks = dict[int, list[tuple[int, str]]]


def unusable(code: str, reason: str, remedy: str) -> Faulty:
    """A fault of the whole file."""
    return Faulty([Fault(code, reason, remedy)])


def special_cells(file: BinaryIO, chosen: Callable[[], tuple[int, str]]) -> Marks:
    """Formula and error cells of the sheet that `chosen` names: row → (column, mark), both counted from 0.

    Raises Faulty for anything that is not a sound, harmless XLSX file; `chosen` is only asked when the
    sizes are known.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            suspects = _walk(archive)
            part = sheet_part(archive, chosen()[1])
            if part not in suspects:
                return {}
            with archive.open(part) as stream:
                return _marks(stream)
    except (DefusedXmlException, ParseError) as error:
        raise unusable("xlsx_xml", "Excel 文件内部结构异常", "请在 Excel 中重新另存为 XLSX") from error
    except _BROKEN as error:
        raise unusable("xlsx_broken", "Excel 文件已损坏", "请在 Excel 中打开并重新另存为 XLSX") from error


def _walk(archive: zipfile.ZipFile) -> set[str]:
    """Unzips every part in pieces, counting real bytes; the worksheets that may hold formulas or errors."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise _bomb("文件内部的部件太多或重名")
    whole = 0
    suspects: set[str] = set()
    for part in parts:
        size = 0
        tail = b""
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                whole += len(chunk)
                if size > LARGEST_PART or whole > LARGEST_UNZIPPED:
                    raise _bomb("解压后太大")
                if size > RATIO_FROM and size > HIGHEST_RATIO * max(1, part.compress_size):
                    raise _bomb("压缩率异常，像是压缩炸弹")
                _inspect(part.filename, tail + chunk, size == len(chunk), suspects)
                tail = chunk[-64:]
    return suspects


def _inspect(name: str, data: bytes, start: bool, suspects: set[str]) -> None:
    if not name.endswith((".xml", ".rels")):
        return
    if start and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise unusable("xlsx_xml", "Excel 文件内部编码异常", "请在 Excel 中重新另存为 XLSX")
    if _DOCTYPE.search(data):
        raise unusable("xlsx_xml", "Excel 文件内部含有不允许的声明", "请在 Excel 中重新另存为 XLSX")
    if "worksheets/" in name and _SUSPECT.search(data):
        suspects.add(name)


def _bomb(reason: str) -> Faulty:
    return unusable("xlsx_bomb", reason, "请删去多余的工作表、格式和图片后另存为 XLSX，或改用 CSV")


def sheet_part(archive: zipfile.ZipFile, title: str) -> str:
    """The part of the worksheet with this title, by the workbook's relations."""
    book = fromstring(archive.read("xl/workbook.xml"))
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in book.iter():
        if not sheet.tag.endswith("}sheet") or sheet.get("name") != title:
            continue
        for key, value in sheet.attrib.items():
            if key.endswith("}id"):
                target = targets.get(value, "")
                return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
    raise unusable("xlsx_broken", "Excel 文件里找不到工作表", "请在 Excel 中重新另存为 XLSX")


def _marks(stream: IO[bytes]) -> Marks:
    found: Marks = {}
    for _, element in iterparse(stream):
        tag = element.tag.rsplit("}", 1)[-1]
        if tag == "c":
            formula = any(child.tag.rsplit("}", 1)[-1] == "f" for child in element)
            address = _ADDRESS.fullmatch(element.get("r", ""))
            if (formula or element.get("t") == "e") and address is None:
                raise unusable("formula", "表里有公式，且单元格没有地址", "请复制后“选择性粘贴—数值”再保存")
            if formula and address:
                text = next((c.text or "" for c in element if c.tag.endswith("}f")), "")
                found.setdefault(int(address[2]) - 1, []).append((column_place(address[1]), f"\x01F={text}"))
            elif element.get("t") == "e" and address:
                text = next((c.text or "" for c in element if c.tag.endswith("}v")), "")
                found.setdefault(int(address[2]) - 1, []).append((column_place(address[1]), f"\x01E{text}"))
        if tag == "row":
            element.clear()
    return found


def column_place(letters: str) -> int:
    """A → 0, Z → 25, AA → 26."""
    place = 0
    for character in letters:
        place = place * 26 + ord(character) - 64
    return place - 1
