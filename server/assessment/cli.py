"""`jifen assess`: packs, checks, templates, results, what-if and sensitivity, all without a database.

Owns the command's words and its exit statuses: 0 done, 2 faulty input (nothing is written then).
"""

from __future__ import annotations

import functools
import gc
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from . import terminal
from .engine import assess as compute
from .explain import Explainer
from .faults import Faulty
from .outcome import Outcome
from .output import write_csv, write_json
from .pack_reader import load_pack, pack_text, read_pack, shipped_packs
from .pack_view import pack_view
from .scheme import Pack
from .sensitivity import sensitivity
from .sheet_file import read_sheet
from .template import write_template
from .what_if import what_if
from .xlsx_output import write_xlsx

FAULTY_STATUS = 2
SHEET_FILE = click.Path(path_type=Path, dir_okay=False)
Command = Callable[..., None]


@click.group("assess")
def assess() -> None:
    """考核：方案、录入表、结果、推演。"""


def says_faults(command: Command) -> Command:
    """Prints every fault to standard error, one a line, and ends with status 2."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        gc.freeze()
        gc.disable()  # entries refer to nothing that refers back: looking for cycles would double the time
        try:
            command(*args, **kwargs)
        except Faulty as faulty:
            for line in terminal.fault_lines(faulty.faults, faulty.more):
                click.echo(line, err=True)
            click.echo(f"共 {len(faulty.faults) + faulty.more} 处错误，没有输出结果。", err=True)
            sys.exit(FAULTY_STATUS)
        finally:
            gc.enable()
            gc.unfreeze()

    return wrapped


def console() -> Console:
    """A console on standard output; wide when the output is no terminal, so that nothing is cut."""
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200)


def changes_of(settings: tuple[str, ...]) -> dict[str, str]:
    """`("weight_routine=0.5",)` → `{"weight_routine": "0.5"}`."""
    found = {}
    for setting in settings:
        name, mark, value = setting.partition("=")
        if not mark:
            raise click.BadParameter(f"{setting}：要写成 参数=数值", param_hint="--set")
        found[name.strip()] = value.strip()
    return found


set_option = click.option(
    "--set", "settings", multiple=True, metavar="参数=数值", help="改动方案的参数，可多次"
)
input_option = click.option("--input", "source", required=True, type=SHEET_FILE, help="录入表，CSV 或 XLSX")


@assess.command("packs")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@says_faults
def packs_command(form: str) -> None:
    """列出自带的考核方案。"""
    packs = [load_pack(name) for name in shipped_packs()]
    if form == "json":
        click.echo(json.dumps([_summary(pack) for pack in packs], ensure_ascii=False, indent=2))
    else:
        terminal.print_packs(console(), packs)


def _summary(pack: Pack) -> dict[str, Any]:
    categories = [{"code": one.code, "title": one.title} for one in pack.categories.values()]
    return {
        "id": pack.id,
        "title": pack.title,
        "version": pack.version,
        "categories": categories,
        "counts": pack.counts(),
    }


@assess.command("show")
@click.argument("pack")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@says_faults
def show_command(pack: str, form: str) -> None:
    """显示一个方案的指标树、步骤和参数。"""
    loaded = load_pack(pack)
    if form == "json":
        click.echo(json.dumps(pack_view(loaded), ensure_ascii=False, indent=2))
    else:
        terminal.print_pack(console(), loaded)


@assess.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@says_faults
def check_command(file: Path) -> None:
    """检查一个方案文件，指出每处错误的行号和改法。"""
    pack = read_pack(pack_text(str(file)))
    counts = "、".join(f"{pack.levels[level]} {count} 条" for level, count in pack.counts().items())
    click.echo(f"方案“{pack.title}”没有发现错误：{counts}。")


@assess.command("template")
@click.argument("pack")
@click.option("--output", type=SHEET_FILE, help="写到这个文件；不写就是当前目录的 方案编号.xlsx")
@says_faults
def template_command(pack: str, output: Path | None) -> None:
    """生成方案的空录入表（XLSX）。"""
    loaded = load_pack(pack)
    target = output or Path(f"{loaded.id}.xlsx")
    _into_place(target, lambda path: write_template(loaded, path))
    click.echo(f"已生成录入表 {target}。")


@assess.command("run")
@click.argument("pack")
@input_option
@click.option("--output", type=SHEET_FILE, help="结果文件；不写就输出到屏幕")
@click.option(
    "--format", "form", type=click.Choice(["json", "xlsx", "csv", "table"]), help="缺省看文件名；终端上是表格"
)
@set_option
@says_faults
def run_command(
    pack: str, source: Path, output: Path | None, form: str | None, settings: tuple[str, ...]
) -> None:
    """计算一张录入表。"""
    form = form or _guessed(output)
    if form == "xlsx" and output is None:
        raise click.UsageError("XLSX 要用 --output 指定文件")
    loaded = load_pack(pack, changes_of(settings))
    outcome = compute(loaded, read_sheet(loaded, source))
    if output is None:
        _to_screen(outcome, form)
        return
    _into_place(output, lambda path: _to_file(outcome, form, path))
    click.echo(f"已写出 {output}：{len(outcome.results)} 个考核对象。", err=True)


def _guessed(output: Path | None) -> str:
    if output is None:
        return "table" if sys.stdout.isatty() else "json"
    return {".xlsx": "xlsx", ".csv": "csv"}.get(output.suffix.lower(), "json")


def _to_screen(outcome: Outcome, form: str) -> None:
    if form == "table":
        terminal.print_outcome(console(), outcome)
    elif form == "csv":
        write_csv(outcome, sys.stdout)
    else:
        write_json(outcome, sys.stdout)


def _to_file(outcome: Outcome, form: str, path: Path) -> None:
    if form == "xlsx":
        write_xlsx(outcome, path)
        return
    encoding = "utf-8-sig" if form == "csv" else "utf-8"
    with path.open("w", encoding=encoding, newline="" if form == "csv" else None) as file:
        if form == "csv":
            write_csv(outcome, file)
        elif form == "table":
            terminal.print_outcome(Console(file=file, width=200), outcome)
        else:
            write_json(outcome, file)


def _into_place(target: Path, write: Callable[[Path], None]) -> None:
    """Writes beside the target and renames: a file is whole or not there."""
    if not target.parent.is_dir():
        raise click.UsageError(f"没有这个目录：{target.parent}")
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    os.close(handle)
    try:
        write(Path(name))
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@assess.command("explain")
@click.argument("pack")
@input_option
@click.option("--subject", required=True, help="考核对象的编号")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@set_option
@says_faults
def explain_command(pack: str, source: Path, subject: str, form: str, settings: tuple[str, ...]) -> None:
    """说明一个对象的得分由来，直到录入表的每一行。"""
    loaded = load_pack(pack, changes_of(settings))
    outcome = compute(loaded, read_sheet(loaded, source))
    found = [one for one in outcome.results if one.subject.id == subject]
    if not found:
        raise click.UsageError(f"录入表里没有编号 {subject}")
    tree = Explainer(loaded).tree(found[0])
    if form == "json":
        click.echo(json.dumps(tree, ensure_ascii=False, indent=2))
    else:
        terminal.print_explanation(console(), found[0], tree)


@assess.command("what-if")
@click.argument("pack")
@input_option
@click.option("--with", "other", help="换成这个方案（编号或文件）")
@set_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@says_faults
def what_if_command(pack: str, source: Path, other: str | None, settings: tuple[str, ...], form: str) -> None:
    """推演：换方案或改参数后，谁的名次变了，为什么。"""
    if other is None and not settings:
        raise click.UsageError("请用 --set 参数=数值 或 --with 方案 说明要推演什么")
    now, then = load_pack(pack), load_pack(other or pack, changes_of(settings))
    before = compute(now, read_sheet(now, source))
    after = compute(then, read_sheet(then, source))
    moves = what_if(before, after)
    if form == "json":
        told = {"pack": now.id, "with": then.id, "changes": changes_of(settings)}
        click.echo(
            json.dumps({**told, "moves": [move.as_dict() for move in moves]}, ensure_ascii=False, indent=2)
        )
    else:
        terminal.print_moves(console(), moves, now)


@assess.command("sensitivity")
@click.argument("pack")
@input_option
@click.option("--weight", help="只看这一个权重参数")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@set_option
@says_faults
def sensitivity_command(
    pack: str, source: Path, weight: str | None, form: str, settings: tuple[str, ...]
) -> None:
    """每个权重可以变动多少，前三名的名次才会改变。"""
    changes = changes_of(settings)
    loaded = load_pack(pack, changes)
    if weight is not None and (weight not in loaded.parameters or not loaded.parameters[weight].weight):
        known = "、".join(name for name, one in loaded.parameters.items() if one.weight) or "（无）"
        raise click.UsageError(f"没有权重 {weight}；本方案的权重有：{known}")
    sheet = read_sheet(loaded, source)

    def build(more: Mapping[str, Fraction]) -> Pack:
        return load_pack(pack, {**changes, **more})

    ranges = sensitivity(build, sheet, weight)
    if form == "json":
        told = {"pack": loaded.id, "ranges": [one.as_dict() for one in ranges]}
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        terminal.print_ranges(console(), ranges, loaded)


def main() -> None:
    """Entry point of `python -m server.assessment.cli`."""
    assess(prog_name="jifen assess")


if __name__ == "__main__":
    main()
