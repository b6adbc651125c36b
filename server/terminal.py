"""What commands share on a terminal: progress, faults of a file, a question. Decides nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from server.instance import FAULTY
from server.transfer.api import Fault, print_faults

Report = Callable[[int, int], None]


def console() -> Console:
    """Standard output; at least 80 columns wide where it is not a terminal, so that tables stay whole."""
    return Console(highlight=False, soft_wrap=False, width=None if sys.stdout.isatty() else 140)


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """A bar on standard error; the function it gives takes (done, total)."""
    columns = (TextColumn("{task.description}"), BarColumn(40), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield report


def refuse(faults: Sequence[Fault]) -> None:
    """When there are faults.

    List every one with row and column, and end with status 2; nothing was changed.
    """
    if faults:
        print_faults(console(), faults)
        click.echo(f"\n有 {len(faults)} 处问题，什么都没有导入。", err=True)
        raise SystemExit(FAULTY)
