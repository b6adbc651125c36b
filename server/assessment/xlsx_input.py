"""Rows of an XLSX file, read in a child process with limits on memory and time, so that a bomb harms nobody.

The parent trusts only lines of text from the child (`xlsx_child`). Faults of the file come back as one JSON
line.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

from .faults import Fault, Faulty

TIME_LIMIT = 120
FAULT_STATUS = 3


def xlsx_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of the entry sheet; raises Faulty for bombs, broken or foreign files, formula and error
    cells."""
    command = [sys.executable, "-m", "server.assessment.xlsx_child", str(path.resolve())]
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root)  # noqa: S603 ours
    watch = threading.Timer(TIME_LIMIT, child.kill)
    watch.start()
    try:
        if child.stdout is None or child.stderr is None:
            raise RuntimeError("the child has no pipes")
        for cells in csv.reader(io.TextIOWrapper(child.stdout, encoding="utf-8", newline="")):
            yield int(cells[0]), cells[1:]
        message = child.stderr.read().decode()
        status = child.wait()
        if status:
            raise Faulty(_faults(status, message))
    finally:
        watch.cancel()
        child.kill()
        child.wait()
        for pipe in (child.stdout, child.stderr):
            if pipe is not None:
                pipe.close()


def _faults(status: int, message: str) -> list[Fault]:
    if status == FAULT_STATUS:
        return [Fault(**fault) for fault in json.loads(message)]
    remedy = "请删去多余的工作表、格式和图片后另存为 XLSX，或改用 CSV"
    return [Fault("xlsx_unreadable", "读取这个 Excel 文件用去太多内存或时间，已停止", remedy)]
