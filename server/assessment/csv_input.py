"""Rows of a CSV file (UTF-8, with or without BOM), streamed. Says in Chinese why a file is none."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from .faults import Fault, Faulty

LARGEST_FILE = 500_000_000
LONGEST_CELL = 100_000


def csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row, cells), the header included as row 1; raises Faulty for files that are not UTF-8 CSV."""
    _check_start(path)
    csv.field_size_limit(LONGEST_CELL)
    number = 0
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for number, cells in enumerate(csv.reader(file, strict=True), start=1):
                if number == 1 and len(cells) == 1:
                    _check_delimiter(cells[0])
                yield number, cells
    except UnicodeDecodeError as error:
        remedy = "请在 Excel 中“另存为—CSV UTF-8（逗号分隔）”，或直接用 XLSX"
        raise Faulty([Fault("csv_encoding", "文件不是 UTF-8 编码", remedy, number + 1)]) from error
    except csv.Error as error:
        remedy = "请检查这一行起的双引号是否成对；一格不能超过 10 万字"
        raise Faulty([Fault("csv_broken", "CSV 格式有误", remedy, number + 1)]) from error


def _check_start(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\xef\xbb\xbf \r\n\t,"):
        raise Faulty([Fault("empty_file", "文件是空的", "第一行要有列名；可用 assess template 生成空表", 1)])
    if size > LARGEST_FILE:
        raise Faulty([Fault("file_too_large", "文件超过 500 MB", "请按类别或单位分成几个文件")])
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        remedy = "请在 Excel 中“另存为—CSV UTF-8（逗号分隔）”"
        raise Faulty([Fault("csv_encoding", "文件是 UTF-16 编码", remedy, 1)])
    if start.count(0) * 20 > len(start) or start.startswith(b"%PDF"):
        raise Faulty([Fault("not_a_table", "这不是 CSV 或 XLSX 文件", "请选择填好的考核录入表", 1)])


def _check_delimiter(line: str) -> None:
    for mark, name in ((";", "分号"), ("\t", "制表符"), ("，", "全角逗号")):
        if line.count(mark) >= 3:
            remedy = "请在 Excel 中“另存为—CSV UTF-8（逗号分隔）”"
            raise Faulty([Fault("csv_delimiter", f"列与列之间用的是{name}，不是逗号", remedy, 1)])
