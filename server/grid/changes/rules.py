"""Splitting, merging, moving and ending households: what an agreement must say. Pure. Source: spec 01 (Ledger).

Reservations are cancelled and open lines settled first; old plates and cards are revoked; the balance goes to
those agreed; a new household gets the year's base. The score stays with the household that goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from server.kit.errors import FieldFault
from server.kit.exact import ZERO


class ChangeKind(StrEnum):
    """A split leaves two households, a merge and a move one, an end none."""

    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    END = "end"


class ChangeStatus(StrEnum):
    """Agreed and waiting for what is open; of a move: left, and on its way; carried out; called off."""

    AGREED = "agreed"
    LEFT = "left"
    DONE = "done"
    CANCELLED = "cancelled"


K, S = ChangeKind, ChangeStatus
TRANSITIONS: dict[ChangeStatus, frozenset[ChangeStatus]] = {
    S.AGREED: frozenset({S.DONE, S.LEFT, S.CANCELLED}),
    S.LEFT: frozenset({S.DONE}),
    S.DONE: frozenset(),
    S.CANCELLED: frozenset(),
}
LEAVING = frozenset({K.MERGE, K.MOVE, K.END})
"""The household is no more afterwards, so nothing new is recorded from the agreement on."""


@dataclass(frozen=True)
class Share:
    """So many points of an ending household go to this one."""

    household: str
    points: Decimal


@dataclass(frozen=True)
class Terms:
    """What was agreed. `points` go to the new household of a split; `into` is where a household merges."""

    members: tuple[str, ...] = ()
    points: Decimal = ZERO
    into: str | None = None
    shares: tuple[Share, ...] = ()
    to_village: str | None = None
    head: str = ""
    team: str = ""
    door: str = ""
    address: str = ""
    grid: str | None = None

    @property
    def fixed(self) -> Decimal:
        """The points that the agreement names: set aside until it is carried out."""
        return self.points + sum((share.points for share in self.shares), ZERO)


def faults_of(
    kind: ChangeKind, household: str, terms: Terms, present: Collection[str], signed: date, today: date
) -> list[FieldFault]:
    """What an agreement lacks or says too much; `present` are the members of the household."""
    found = []
    if signed > today:
        found.append(FieldFault("agreement.signed_on", "协议的日期不能晚于今天。"))
    found += _faults_of_split(terms, present) if kind is K.SPLIT else []
    if kind is K.MERGE and (terms.into is None or terms.into == household):
        found.append(FieldFault("into", "请写并入哪一户，不能是自己。"))
    if kind is K.MERGE and terms.into and terms.into[:12] != household[:12]:
        found.append(FieldFault("into", "只能并入本村的户；别的村请用迁移。"))
    if kind is K.MOVE and (terms.to_village is None or terms.to_village == household[:12]):
        found.append(FieldFault("to_village", "请写迁到哪个村，不能是本村。"))
    found += _faults_of_shares(household, terms.shares) if kind is K.END else []
    return found


def _faults_of_split(terms: Terms, present: Collection[str]) -> list[FieldFault]:
    found = []
    leaving = set(terms.members)
    if not terms.head.strip():
        found.append(FieldFault("new.head", "请写新户的户主。"))
    if not leaving <= set(present) or len(leaving) != len(terms.members):
        found.append(FieldFault("members", "分出去的人要是这户现在的成员，每人只写一次。"))
    if present and leaving >= set(present):
        found.append(FieldFault("members", "不能人人都分出去；整户变动请用并户、迁移或销户。"))
    if terms.points < 0:
        found.append(FieldFault("points", "分给新户的积分不能是负数。"))
    return found


def _faults_of_shares(household: str, shares: Sequence[Share]) -> list[FieldFault]:
    found = []
    for number, share in enumerate(shares):
        if share.household == household or share.household[:12] != household[:12]:
            found.append(FieldFault(f"shares.{number}.household", "积分只能给本村的另一户。"))
        if share.points <= 0:
            found.append(FieldFault(f"shares.{number}.points", "给出的积分要大于 0。"))
    if len({share.household for share in shares}) != len(shares):
        found.append(FieldFault("shares", "同一户写了两次。"))
    return found
