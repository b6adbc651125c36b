"""The parts of an .xlsx package as they stream by: workbook, relations, texts, styles, cells.

Owns what each XML element means. Opens nothing and keeps no more than limits allow (see `xlsx.py`).
"""

from __future__ import annotations

import re
from posixpath import join, normpath

from server.transfer.table import CellError, CellValue, Merge, Row, UnreadableFile
from server.transfer.xlsx_dates import Shows, serial_to_date, shows

MAX_CELLS = 800_000
MAX_TEXT = 32_767  # Excel's own limit for one cell


def damaged() -> UnreadableFile:
    return UnreadableFile(
        "damaged_workbook", "文件损坏了，读不出来。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
    )


def too_large() -> UnreadableFile:
    return UnreadableFile(
        "workbook_too_large",
        "表格里的内容太多（超过一个村的花名册可能有的大小），没有打开。"
        "请删去多余的工作表和空行，另存后再上传。",
    )


_ESCAPED = re.compile(r"_x00(?:0[9ADad]|20)_")


def unescape(text: str) -> str:
    """Excel writes a carriage return inside a cell as `_x000D_`: it becomes a blank."""
    return _ESCAPED.sub(" ", text) if "_x00" in text else text


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class Part:
    """A handler that ignores everything."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        return None

    def end(self, tag: str) -> None:
        return None

    def characters(self, text: str) -> None:
        return None


class Book(Part):
    """workbook.xml: the sheets (name, relation id, hidden) and the date system."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str, bool]] = []
        self.epoch_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "workbookPr":
            self.epoch_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif local == "sheet":
            relation = next((v for k, v in attributes.items() if k.endswith("}id")), "")
            self.sheets.append(
                (attributes.get("name", ""), relation, attributes.get("state", "visible") != "visible")
            )


class Relations(Part):
    """workbook.xml.rels: where each relation points, as a path inside the archive."""

    def __init__(self) -> None:
        self._targets: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if _local(tag) == "Relationship":
            self._targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def path(self, relation: str) -> str:
        target = self._targets.get(relation, "")
        return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


class _Text(Part):
    """Collects the text of `t` elements, without phonetic guides, up to Excel's limit."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._open = False
        self._phonetic = False

    def clear(self) -> None:
        self._parts.clear()
        self._length = 0

    def text(self) -> str:
        return "".join(self._parts)

    def characters(self, text: str) -> None:
        if self._open and not self._phonetic and self._length < MAX_TEXT:
            self._parts.append(text[: MAX_TEXT - self._length])
            self._length += len(text)


class Strings(_Text):
    """sharedStrings.xml: the texts that cells point to."""

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self._strings = strings

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "t":
            self._open = True
        elif local == "rPh":
            self._phonetic = True
        elif local == "si":
            self.clear()

    def end(self, tag: str) -> None:
        local = _local(tag)
        if local == "t":
            self._open = False
        elif local == "rPh":
            self._phonetic = False
        elif local == "si":
            self._strings.append(unescape(self.text()))


class Styles(Part):
    """styles.xml: what each cell style shows."""

    def __init__(self, formats: list[Shows]) -> None:
        self._formats = formats
        self._codes: dict[int, str] = {}
        self._inside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = _local(tag)
        if local == "numFmt":
            self._codes[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            self._inside = True
        elif local == "xf" and self._inside:
            number = _whole(attributes.get("numFmtId"))
            self._formats.append(shows(number, self._codes.get(number)))

    def end(self, tag: str) -> None:
        if _local(tag) == "cellXfs":
            self._inside = False


def _whole(text: str | None) -> int:
    """The text of a small non-negative integer; 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main}"


class Cells(_Text):
    """A worksheet: rows of values, formula cells and merged areas. The hot loop of every import."""

    def __init__(self, strings: list[str], formats: list[Shows], epoch_1904: bool, budget: int) -> None:
        super().__init__()
        self.rows: list[Row] = []
        self.merges: list[Merge] = []
        self.cells = 0
        self._strings = strings
        self._formats = formats
        self._epoch_1904 = epoch_1904
        self._budget = budget
        self._number = 0
        self._hidden = False
        self._values: dict[int, CellValue] = {}
        self._formulas: set[int] = set()
        self._column = -1
        self._type = "n"
        self._style = 0
        self._names: dict[str, str] = {f"{space}{t}": t for space in (_MAIN, _STRICT) for t in _CELL_TAGS}
        self._columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        local = self._names.get(tag)
        if local == "c":
            self._start_cell(attributes)
        elif local in _TEXTS:
            self._open = True
        elif local == "row":
            self._start_row(attributes)
        elif local == "f":
            self._formulas.add(self._column)
        elif local == "rPh":
            self._phonetic = True
        elif local == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def end(self, tag: str) -> None:
        local = self._names.get(tag)
        if local in _TEXTS:
            self._open = False
        elif local == "c":
            if self._parts:
                self._keep("".join(self._parts))
        elif local == "row":
            self._end_row()
        elif local == "rPh":
            self._phonetic = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        stated = _whole(attributes.get("r"))
        self._number = stated if stated > self._number else self._number + 1
        self._hidden = attributes.get("hidden", "0") in ("1", "true")
        self._values = {}
        self._formulas = set()
        self._column = -1

    def _end_row(self) -> None:
        if self._values or self._formulas:
            self.rows.append(Row(self._number, self._values, frozenset(self._formulas), self._hidden))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        if self.cells > self._budget:
            raise too_large()
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = _column_index(letters)
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = _whole(attributes.get("s"))
        self.clear()

    def _keep(self, text: str) -> None:
        value = self._value(text)
        if value is not None and value != "":
            self._values[self._column] = value

    def _value(self, text: str) -> CellValue | None:
        kind = self._type
        if kind in _PLAIN:
            return unescape(text)
        if kind == "s":
            index = _whole(text)
            return self._strings[index] if index < len(self._strings) else None
        if kind == "b":
            return text.strip() == "1"
        if kind == "e":
            return CellError(text)
        return self._numeric(text)

    def _numeric(self, text: str) -> CellValue:
        try:
            number = float(text)
        except ValueError:
            return text
        shown = self._formats[self._style] if self._style < len(self._formats) else Shows.NUMBER
        if shown in (Shows.DATE, Shows.MONTH):
            day = serial_to_date(number, shown, self._epoch_1904)
            if day is not None:
                return day
        # An integer that a double cannot hold exactly came in with its last digits already lost.
        return int(number) if number.is_integer() else number

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        if not last or len(self.merges) >= MAX_CELLS // 4:
            return
        top, left = _cell_index(first)
        bottom, right = _cell_index(last)
        if top and bottom:
            self.merges.append(Merge(top, bottom, left, right))


_TEXTS = frozenset(("v", "t"))
_PLAIN = frozenset(("inlineStr", "str", "d"))
_CELL_TAGS = ("c", "v", "t", "row", "f", "rPh", "mergeCell")


def _column_index(letters: str) -> int:
    """`A` → 0, `XFD` → 16383; a damaged file for anything beyond."""
    index = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise damaged()
        index = index * 26 + ord(letter) - 64
    if not 1 <= index <= 16_384:
        raise damaged()
    return index - 1


def _cell_index(reference: str) -> tuple[int, int]:
    """`B7` → (7, 1); row 0 when it is no cell reference."""
    letters = reference.rstrip("0123456789")
    return _whole(reference[len(letters) :]), _column_index(letters)
