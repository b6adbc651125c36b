"""What the guard says of one sentence: for the tables of its tests."""

from __future__ import annotations

from decimal import Decimal

from server.rulebook.findings import Finding, Level
from server.rulebook.guard import inspect
from server.rulebook.items import Item, ItemKind, Rulebook

ONE = Decimal("1.00")


def of_item(
    name: str, explanation: str = "", kind: str = "negative", evidence: str = "", **more: object
) -> list[Finding]:
    points = ONE if kind == "positive" else -ONE
    item = Item(
        "X1", name, "社会治安", ItemKind(kind), points, points, evidence=evidence, explanation=explanation
    )
    return inspect(Rulebook("试", "试", True, (item,)))


def of_consequence(text: str) -> list[Finding]:
    item = Item("X1", "门前乱堆乱放", "乡村建设", ItemKind.NEGATIVE, -ONE, -ONE, consequences=(text,))
    alone = inspect(Rulebook("试", "试", True, (item,)))
    whole = inspect(Rulebook("试", "试", True, (), consequences=(text,)))
    assert [f.code for f in alone] == [f.code for f in whole], (
        "an item's consequence and the rulebook's are read alike"
    )
    return alone


def errors(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings if finding.level is Level.ERROR}
