"""The faults of any import as a table on a terminal. Owns the look only; every fault is listed, however
many."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from server.transfer.faults import Fault, Severity, Skip

WIDE = 110  # terminal columns from which remedy and effect of skipping have columns of their own

_STYLES = {Skip.IMPOSSIBLE: "red", Skip.HOUSEHOLD: "yellow", Skip.ROW: "yellow"}


def print_faults(console: Console, faults: Sequence[Fault]) -> None:
    """Print row, column, value, reason and remedy of every fault; on a wide terminal also what skipping
    leaves out."""
    if not faults:
        return
    must = sum(fault.severity is Severity.MUST_FIX for fault in faults)
    console.print()
    count = f"有 {len(faults)} 处问题" + (f"，其中 {must} 处必须改正" if must else "")
    console.print(Text(count, style="bold cyan"))
    several = len({fault.sheet for fault in faults if fault.row}) > 1
    named = any(fault.subject for fault in faults)
    wide = console.width >= WIDE
    table = _empty_table(several, named, wide)
    for fault in faults:
        cells = [fault.sheet] if several else []
        cells += [str(fault.row) if fault.row else "—", f"{fault.column} {fault.title}".strip() or "整份文件"]
        cells += [fault.subject] if named else []
        cells += [fault.value]
        if wide:
            effect = Text(fault.skip.meaning, style=_STYLES.get(fault.skip, "dim"))
            table.add_row(*map(_plain, cells), _plain(fault.reason), _plain(fault.remedy), effect)
        else:
            table.add_row(*map(_plain, cells), _plain(f"{fault.reason}。{fault.remedy}"))
    console.print(Padding(table, (0, 0, 0, 2)))


def _plain(text: str) -> Text:
    """A cell as it stands: what somebody typed is never taken for markup."""
    return Text(text)


def _empty_table(several: bool, named: bool, wide: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    if several:
        table.add_column("工作表", overflow="fold")
    table.add_column("行", justify="right", no_wrap=True, style="bold")
    table.add_column("列", overflow="fold", style="bold", max_width=14)
    if named:
        table.add_column("姓名", overflow="fold", max_width=10)
    table.add_column("内容", overflow="fold", max_width=24)
    if wide:
        table.add_column("问题", overflow="fold")
        table.add_column("怎么改", overflow="fold")
        table.add_column("跳过时", no_wrap=True)
    else:
        table.add_column("问题和改法", overflow="fold")
    return table
