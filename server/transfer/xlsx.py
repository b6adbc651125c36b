"""An .xlsx file as sheets of rows, streamed from its XML within fixed limits.

Owns the reading of the container and of SpreadsheetML. Nothing is unpacked to disk, nothing is evaluated,
document
types and entities are refused, and every limit is checked on the bytes that really come out of the archive,
before
they are parsed. Why not openpyxl or calamine: the first is four times slower on 30,000 people, the second
builds a
dense grid, so that two cells at opposite corners of a sheet take all memory, and neither tells formulas in
one pass.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.parsers import expat

from server.transfer.table import Sheet, Table, UnreadableFile
from server.transfer.xlsx_dates import Shows
from server.transfer.xlsx_parts import (
    MAX_CELLS,
    Book,
    Cells,
    Relations,
    Strings,
    Styles,
    damaged,
    too_large,
)

MAX_UNZIPPED = 96 * 1024 * 1024  # a roster of 9,999 households unzips to 18 MB
MAX_TAGS = 5_000_000  # about 800,000 cells; that roster has 2.4 million
_CHUNK = 1 << 18

Progress = Callable[[int, int], None]


def open_xlsx(data: bytes, progress: Progress | None = None) -> Table:
    """All sheets of the workbook `data`; `progress(done, total)` counts bytes of XML.

    Raises UnreadableFile: `not_a_workbook`, `macro_workbook`, `damaged_workbook`, `encrypted_workbook`,
    `workbook_too_large`, `unsafe_xml`, `polyglot_file`.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _Workbook(archive, data, progress).table()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise damaged() from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise damaged() from error
    except RuntimeError as error:  # zipfile: "File is encrypted, password required"
        raise UnreadableFile("encrypted_workbook", "文件设了密码，打不开。请先去掉密码再上传。") from error


@dataclass
class _Workbook:
    """One pass over an archive; keeps the sum of what was unzipped."""

    archive: zipfile.ZipFile
    data: bytes
    progress: Progress | None
    unzipped: int = 0
    tags: int = 0
    strings: list[str] = field(default_factory=list)
    formats: list[Shows] = field(default_factory=list)

    def table(self) -> Table:
        names = set(self.archive.namelist())
        self._check_container(names)
        book = Book()
        self._parse("xl/workbook.xml", book)
        relations = Relations()
        if "xl/_rels/workbook.xml.rels" in names:
            self._parse("xl/_rels/workbook.xml.rels", relations)
        sheets = [
            (name, hidden, path)
            for name, relation, hidden in book.sheets
            if (path := relations.path(relation)) in names and "worksheets/" in path
        ]
        if not sheets:
            raise UnreadableFile(
                "not_a_workbook", "这个文件里没有工作表。请上传 Excel 表格（.xlsx）或 CSV 文件。"
            )
        sizes = [self._measure(path) for _, _, path in sheets]
        if "xl/sharedStrings.xml" in names:
            self._parse("xl/sharedStrings.xml", Strings(self.strings))
        if "xl/styles.xml" in names:
            self._parse("xl/styles.xml", Styles(self.formats))
        return Table("xlsx", tuple(self._sheets(sheets, sizes, book.epoch_1904)))

    def _check_container(self, names: set[str]) -> None:
        if self.archive.comment or not self.data[-22:].startswith(b"PK\x05\x06"):
            raise UnreadableFile(
                "polyglot_file",
                "这个文件除了表格还夹带了别的内容，没有打开。请用 Excel 或 WPS 另存为 .xlsx 后再上传。",
            )
        if "xl/vbaProject.bin" in names or "xl/workbook.bin" in names:
            raise UnreadableFile(
                "macro_workbook", "不接受带宏的或二进制的工作簿。请另存为普通的 .xlsx 后再上传。"
            )
        if "xl/workbook.xml" not in names:
            raise UnreadableFile(
                "not_a_workbook",
                "这不是 Excel 表格（内容是别的文件，只是改了名字）。请上传 .xlsx 或 .csv 文件。",
            )
        if (
            len(self.archive.infolist()) > 2000
            or sum(i.file_size for i in self.archive.infolist()) > 4 * MAX_UNZIPPED
        ):
            raise too_large()

    def _measure(self, name: str) -> int:
        """The size of a part, counted as it comes out, whatever the archive's directory claims; nothing is
        kept."""
        size = 0
        for chunk in self._chunks(name):
            size += len(chunk)
            self.unzipped += len(chunk)
            self.tags += chunk.count(b"<")
            if self.unzipped > MAX_UNZIPPED or self.tags > MAX_TAGS:
                raise too_large()
        return size

    def _chunks(self, name: str) -> Iterator[bytes]:
        with self.archive.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                yield chunk

    def _parse(self, name: str, handler: Any) -> None:
        self._measure(name)
        _feed(self._chunks(name), handler, None)

    def _sheets(
        self, sheets: list[tuple[str, bool, str]], sizes: list[int], epoch_1904: bool
    ) -> Iterator[Sheet]:
        total = sum(sizes)
        done = 0
        budget = MAX_CELLS
        for (name, hidden, path), size in zip(sheets, sizes, strict=True):
            handler = Cells(self.strings, self.formats, epoch_1904, budget)

            def report(offset: int, before: int = done) -> None:
                if self.progress is not None:
                    self.progress(before + offset, total)

            _feed(self._chunks(path), handler, report)
            done += size
            budget -= handler.cells
            yield Sheet(name, tuple(handler.rows), tuple(handler.merges), hidden)


def _feed(chunks: Iterator[bytes], handler: Any, report: Callable[[int], None] | None) -> None:
    """Parse a part with a handler that has `start`, `end` and `characters`; `report` is told the bytes
    done."""

    def refuse(*_: Any) -> None:
        raise UnreadableFile(
            "unsafe_xml", "这个表格里夹带了不该有的内容，没有打开。请用 Excel 或 WPS 另存后再上传。"
        )

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.characters
    done = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
            done += len(chunk)
            if report is not None:
                report(done)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise damaged() from error
