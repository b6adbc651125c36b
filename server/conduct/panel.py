"""The panel 评议小组: how long it waits, how it agrees, who steps aside.

Pure. Which records may be reviewed at all is the table of states in `rules`; where the panel cannot agree, a
recorded meeting of the committee decides, which is not this module's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from server.rulebook.api import ItemKind

MOST_ROUNDS = 2
SMALLEST_QUORUM = 2


def waits_for_reply(kind: ItemKind, reply_until: datetime | None, replied: bool, now: datetime) -> bool:
    """Whether the panel must still wait: a household may reply to what counts against it (3 days)."""
    if kind is ItemKind.POSITIVE or replied or reply_until is None:
        return False
    return now < reply_until


class Verdict(StrEnum):
    """What a panel member may say of a record."""

    APPROVE = "approve"
    AMEND = "amend"
    REJECT = "reject"


@dataclass(frozen=True)
class Vote:
    """One member's verdict; `points` only with amend."""

    member: str
    verdict: Verdict
    points: Decimal | None = None


class Agreement(StrEnum):
    """How far a round of the panel has come.

    `COMMITTEE` means that a recorded meeting of the committee decides.
    """

    OPEN = "open"
    AGREED = "agreed"
    ROUND_OVER = "round_over"
    COMMITTEE = "committee"


@dataclass(frozen=True)
class Decision:
    """The state of a round; `verdict` and `points` are set when agreed.

    `missing` votes are needed for the quorum.
    """

    agreement: Agreement
    verdict: Verdict | None = None
    points: Decimal | None = None
    missing: int = 0


def quorum(setting: int, eligible: int) -> int:
    """Members who must vote.

    The village's setting or all that are eligible, whichever is less, but at least 2.
    """
    return max(SMALLEST_QUORUM, min(setting, eligible))


def decide(votes: Sequence[Vote], quorum: int, eligible: int, round_number: int = 1) -> Decision:
    """What the votes of one round amount to.

    Agreed as soon as the quorum has voted and more than half of the votes cast are for one verdict, points
    included (two amendments to different points do not agree). The round is over when everybody eligible has
    voted without that; after the second round, and where recusals leave fewer than 2 members, the committee
    decides. Raises ValueError for two votes of one member or more votes than members.
    """
    if len({vote.member for vote in votes}) != len(votes) or len(votes) > max(eligible, 0):
        raise ValueError("one vote per eligible member")
    if eligible < SMALLEST_QUORUM:
        return Decision(Agreement.COMMITTEE)
    if len(votes) < quorum:
        return Decision(Agreement.OPEN, missing=quorum - len(votes))
    (verdict, points), most = Counter((vote.verdict, vote.points) for vote in votes).most_common(1)[0]
    if most * 2 > len(votes):
        return Decision(Agreement.AGREED, verdict, points)
    if len(votes) < eligible:
        return Decision(Agreement.OPEN)
    return Decision(Agreement.ROUND_OVER if round_number < MOST_ROUNDS else Agreement.COMMITTEE)


class Recusal(StrEnum):
    """Why a member steps aside; the value is the sentence shown."""

    LOGGED_IT = "这条是您记的，请其他成员评议。"
    OWN_HOUSEHOLD = "这是您自家的记录，请其他成员评议。"
    RELATIVE = "这一户有您的亲属，请其他成员评议。"


@dataclass(frozen=True)
class RecordParties:
    """Whom a record concerns.

    The household's code, the persons in it, and everybody who logged or entered it.
    """

    household: str
    members: frozenset[str]
    logged_by: frozenset[str]


@dataclass(frozen=True)
class Reviewer:
    """A panel member.

    Person id, own households by code, relatives on file as person ids and household codes.
    """

    person: str
    households: frozenset[str]
    relatives: frozenset[str] = frozenset()
    related_households: frozenset[str] = frozenset()


def must_recuse(parties: RecordParties, reviewer: Reviewer) -> Recusal | None:
    """Why the member steps aside from this record, or None (spec 01 and the separation of duties of spec
    05).
    """
    if reviewer.person in parties.logged_by:
        return Recusal.LOGGED_IT
    if parties.household in reviewer.households or reviewer.person in parties.members:
        return Recusal.OWN_HOUSEHOLD
    if parties.household in reviewer.related_households or parties.members & reviewer.relatives:
        return Recusal.RELATIVE
    return None
