"""`jifen ledger`: what a village can run to see that its books are whole. Reads only."""

from __future__ import annotations

import re
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from server.instance import FAULTY, with_instance
from server.kit.transaction import transaction
from server.ledger.invariants import Difference, Kind
from server.ledger.verification import Report, examine, steady

if TYPE_CHECKING:
    from flask import Flask

SHOWN = 100
TITLES: dict[Kind, str] = {
    Kind.ENTRY_SUM: "一笔账借贷不平",
    Kind.ENTRY_CHANGED: "一笔账入账后被改过",
    Kind.ENTRY_SHAPE: "一笔账的分录不合规矩",
    Kind.ENTRY_MISSING: "少了一笔账",
    Kind.REVERSED_MISSING: "冲正所指的原账不在",
    Kind.SEQUENCE: "户的分录顺序断了",
    Kind.AMOUNT_AFTER: "分录后的余额对不上",
    Kind.ACCOUNT: "户的余额对不上分录",
    Kind.ACCOUNT_MISSING: "少了一户的账户",
    Kind.SEAL_MISSING: "封签缺号",
    Kind.SEAL_CHANGED: "封签被改过或所封的账变了",
    Kind.HEAD_CHANGED: "链头与最后一个封签不符",
    Kind.QUEUE: "一笔账没有封签或封了两次",
    Kind.HEAD_UNKNOWN: "给出的链头不在链上，或它之前的账变过",
}
# the words of `invariants` as a person reads them
WORDS = {
    "balance": "余额",
    "reserved": "预留",
    "score": "积分",
    "score_year": "积分年度",
    "base_year": "基础分年度",
    "version": "笔数",
    "head": "链头",
    "seal": "封签",
    "previous": "前一封",
    "present": "有",
    "absent": "没有",
    "None": "空",
    "month": "月度入账",
    "held_line": "异议后入账",
    "opening_balance": "期初积分",
    "base_points": "基础分",
    "correction": "更正",
    "reversal": "冲正",
    "reservation": "预留入账",
    "release": "退回预留",
    "redemption": "兑换",
    "reserved_redemption": "预留兑换",
    "return": "退货",
    "transfer_out": "转出",
    "transfer_in": "转入",
    "expiry": "到期",
    "forfeit": "收回",
    "bad_cause": "没有这种事由",
    "bad_legs": "分录缺号，或没有余额分录",
    "bad_accounts": "科目不是这种账该有的",
    "bad_score": "积分分录或积分年度不对",
    "bad_owner": "分录不属于这户或这村",
    "bad_seq": "分录的笔数不一致",
}


@click.group()
def ledger() -> None:
    """核对积分台账。"""


@ledger.command()
@with_instance
@click.option("--village", metavar="CODE", help="只核对一个村（12 位代码）。")
@click.option("--head", metavar="HASH", help="公示上印的链头：核对到它为止没有改动。")
def verify(app: Flask, village: str | None, head: str | None) -> None:
    """从分录重算全部余额和封签链；有出入就列出来，退出状态为 1。"""
    if village is not None and not re.fullmatch("[0-9]{12}", village):
        refuse("--village 写 12 位村代码。")
    if head is not None and not re.fullmatch("[0-9a-f]{64}", head := head.strip().lower()):
        refuse("--head 写公示上的 64 位链头（数字和 a–f）。")
    status = Console(stderr=True).status("正在核对……")
    with transaction(writes=False) as session, status:
        steady(session)
        report = examine(session, village, head, lambda code: status.update(f"正在核对 {code}……"))
    if village is not None and not report.households + report.entries + report.postings + report.sealed:
        refuse(f"这里没有村 {village} 的台账，请核对代码。")
    show(report, head)
    sys.exit(1 if report.differences else 0)


def refuse(message: str) -> None:
    """A wrong argument: one sentence, exit status 2."""
    click.echo(f"没有核对：{message}", err=True)
    sys.exit(FAULTY)


def show(report: Report, head: str | None) -> None:
    """The result for a person: counts, then what differs or that nothing does."""
    click.echo(
        f"核对了 {report.villages} 个村、{report.households:,} 户、{report.entries:,} 笔账、"
        f"{report.postings:,} 条分录；已封 {report.sealed:,} 笔，待封 {report.waiting:,} 笔。"
    )
    if head is not None and report.head_at is not None:
        village, number = report.head_at
        click.echo(f"链头在村 {village} 的第 {number} 号封签，到它为止全部吻合。")
    if not report.differences:
        click.echo("全部吻合，没有出入。")
        return
    click.echo(f"有 {len(report.differences):,} 处出入：")
    for kind, count in Counter(found.kind for found in report.differences).most_common():
        click.echo(f"  {TITLES[kind]}：{count:,} 处")
    console = Console()
    console.width = max(console.width, 132)
    console.print(table(report.differences[:SHOWN]))
    if len(report.differences) > SHOWN:
        click.echo(f"只列出前 {SHOWN} 处。")


def table(differences: list[Difference]) -> Table:
    """Differences as a table; hashes are cut to twelve digits."""
    shown = Table("出入", "村", "对象", "应为", "实为")
    for found in differences:
        values = (found.subject, found.expected, found.found)
        shown.add_row(TITLES[found.kind], found.village, *(short(value) for value in values))
    return shown


def short(text: str) -> str:
    """Hashes cut to twelve digits, columns and accounts by their Chinese names."""
    cut = re.sub(r"\b([0-9a-f]{12})[0-9a-f]{52}\b", r"\1…", text)
    return " ".join(WORDS.get(word, word) for word in cut.split())
