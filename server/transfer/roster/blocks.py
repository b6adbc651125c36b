"""Which rows make one household: by code, by merged cells, by empty cells under a door, by the word 户主.

Owns the grouping; checks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.transfer.roster.columns import HOUSEHOLD_FIELDS
from server.transfer.roster.findings import Findings
from server.transfer.roster.rows import RosterRow
from server.transfer.roster.values import door_key
from server.transfer.roster.words import HEAD

Identity = dict[str, str]


@dataclass(slots=True)
class Block:
    """The rows of one household, in order, and what they agree on."""

    identity: Identity
    rows: list[RosterRow] = field(default_factory=list)
    head_row_name: str | None = None

    @property
    def first(self) -> RosterRow:
        return self.rows[0]


def identity_of(row: RosterRow) -> Identity:
    """What the row says about its household: code, group, door and head, in a form that can be compared."""
    made: Identity = {}
    for name in HOUSEHOLD_FIELDS:
        text = row.text(name).replace(" ", "")
        if name == "door":
            text = door_key(text)
        if text:
            made[name] = text
    return made


def is_head_row(row: RosterRow) -> bool:
    return row.text("kinship").replace(" ", "") in (HEAD, "本人", "户主本人")


def group_rows(rows: Iterable[RosterRow], findings: Findings) -> list[Block]:
    """The households of a roster in the order of their first rows."""
    blocks: list[Block] = []
    known: dict[tuple[tuple[str, str], ...], Block] = {}
    current: Block | None = None
    for row in rows:
        identity = identity_of(row)
        if current is None or current.first.sheet != row.sheet or not belongs(row, identity, current):
            key = tuple(sorted(identity.items()))
            earlier = known.get(key) if "code" in identity or "door" in identity else None
            if earlier is not None:
                findings.note("split_household", row.sheet, row.number)
                current = earlier
            else:
                current = Block(identity)
                blocks.append(current)
                known[key] = current
        _join(current, row, identity)
    return blocks


def _join(block: Block, row: RosterRow, identity: Identity) -> None:
    block.rows.append(row)
    for name, text in identity.items():
        block.identity.setdefault(name, text)
    if block.head_row_name is None and is_head_row(row):
        block.head_row_name = _name(row)


def _name(row: RosterRow) -> str:
    return row.text("name").replace(" ", "")


def belongs(row: RosterRow, identity: Identity, block: Block) -> bool:
    """Whether a row continues the household above it.

    A row that says nothing of its household continues it; one that says something must agree. A second head
    with
    another name begins a household of its own, unless a household code says otherwise.
    """
    if any(identity[name] != block.identity[name] for name in identity if name in block.identity):
        return False
    if is_head_row(row) and block.head_row_name not in (None, _name(row)):
        return "code" in identity and "code" in block.identity
    says = [name for name in identity if name != "group"]
    return not says or any(name in block.identity for name in says)
