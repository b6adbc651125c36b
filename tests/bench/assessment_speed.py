"""How fast and how large `jifen assess run` is: 10,000 subjects × 40 entries as CSV and XLSX, and half of it.

    python tests/bench/assessment_speed.py [--subjects 10000] [--entries 40] [--pack gaoyang-party]
    [--no-xlsx]

Prints a table of seconds, processor seconds and peak memory (of the command and of its child process) for
each size and format. No assertion: machines differ. The figures to reach are in docs/assessment.md.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from server.assessment.entries import REQUIRED_COLUMNS  # noqa: E402
from server.assessment.pack_reader import load_pack  # noqa: E402
from server.assessment.scheme import Indicator, Pack  # noqa: E402


def rows(pack: Pack, subjects: int, entries: int) -> Iterator[tuple[str, ...]]:
    """Entries of every subject over the repeatable indicators of the pack, with varied values and notes."""
    chance = random.Random(7)
    for number in range(subjects):
        category = list(pack.categories)[number % len(pack.categories)]
        codes = [one for one in pack.indicators.values() if _fits(one, category)]
        for place in range(entries):
            one = codes[place % len(codes)]
            value = f"{chance.randint(1, 19)}.{chance.randint(0, 9)}"
            kind = next(iter(one.kinds), "")
            yield (
                f"S{number:06d}",
                f"党员{number}",
                category,
                "",
                one.code,
                "",
                value,
                kind,
                f"第{place}次，会议记录{number % 97}号",
            )


def _fits(one: Indicator, category: str) -> bool:
    if not one.entry or not one.repeatable or category not in one.categories or one.kind_is_subject:
        return False
    return one.direction != "fact" and (one.maximum is None or one.maximum >= 20)


def write_csv(path: Path, table: Iterator[tuple[str, ...]]) -> None:
    """The entry sheet as CSV."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(REQUIRED_COLUMNS)
        writer.writerows(table)


def write_xlsx(path: Path, table: Iterator[tuple[str, ...]]) -> None:
    """The entry sheet as XLSX, values as numbers."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("填报")
    sheet.write_row(0, 0, REQUIRED_COLUMNS)
    for number, row in enumerate(table, start=1):
        for place, text in enumerate(row):
            if place == 6:
                sheet.write_number(number, place, float(text))
            else:
                sheet.write_string(number, place, text)
    book.close()


def measured(pack: str, source: Path, target: Path) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak megabytes of one run of the command, children included by the
    kernel's account."""
    command = [
        sys.executable,
        "-m",
        "server.assessment.cli",
        "run",
        pack,
        "--input",
        str(source),
        "--output",
        str(target),
    ]
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, {**os.environ, "PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"the command failed: {status}")
    processor = usage.ru_utime + usage.ru_stime
    return time.perf_counter() - start, processor, usage.ru_maxrss / 1024


def main() -> None:
    """Builds the sheets, runs the command, prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=40)
    parser.add_argument("--pack", default="gaoyang-party")
    parser.add_argument("--no-xlsx", action="store_true")
    wanted = parser.parse_args()
    pack = load_pack(wanted.pack)
    print(
        f"{'in':>6} {'out':>6} {'subjects':>9} {'rows':>9}",
        f"{'seconds':>8} {'CPU s':>6} {'MB':>6} {'µs/row':>7}",
    )
    with tempfile.TemporaryDirectory() as folder:
        for subjects in (wanted.subjects // 4, wanted.subjects // 2, wanted.subjects):
            count = subjects * wanted.entries
            for form in ("csv",) if wanted.no_xlsx else ("csv", "xlsx"):
                source = Path(folder) / f"in.{form}"
                (write_csv if form == "csv" else write_xlsx)(source, rows(pack, subjects, wanted.entries))
                for output in ("json",) if form == "csv" or subjects < wanted.subjects else ("json", "xlsx"):
                    seconds, processor, size = measured(wanted.pack, source, Path(folder) / f"out.{output}")
                    line = f"{form:>6} {output:>6} {subjects:>9} {count:>9}"
                    line += f" {seconds:>8.1f} {processor:>6.1f} {size:>6.0f}"
                    print(f"{line} {processor / count * 1e6:>7.1f}", flush=True)


if __name__ == "__main__":
    main()
