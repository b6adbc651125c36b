"""The state machines of the month: one StrEnum and one table of transitions each. Pure.

Services move by compare-and-set from a state to one of its successors here; a test holds them to the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)


class TallyStatus(StrEnum):
    """A month of a village: being voted on, resolved, on public notice, posted to the ledger."""

    OPEN = "open"
    RESOLVED = "resolved"
    ON_NOTICE = "on_notice"
    POSTED = "posted"


class LineStatus(StrEnum):
    """A household's line: waiting, held by an open objection, posted."""

    PENDING = "pending"
    HELD = "held"
    POSTED = "posted"


class ResolutionStatus(StrEnum):
    """Minutes of a meeting: entered by one member, confirmed by a second; replaced or void otherwise."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"
    VOID = "void"


class NoticeStatus(StrEnum):
    """A notice: public and open to objections, over and posted, withdrawn, taken down."""

    ACTIVE = "active"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    TAKEN_DOWN = "taken_down"


class ObjectionStatus(StrEnum):
    """An objection: with the committee, with the township, answered, or lapsed with its notice."""

    OPEN = "open"
    ESCALATED = "escalated"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


class AppealStatus(StrEnum):
    """An appeal against a posted entry: with the committee, with the township, answered."""

    OPEN = "open"
    ESCALATED = "escalated"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


T, L, R, N, Q, A = TallyStatus, LineStatus, ResolutionStatus, NoticeStatus, ObjectionStatus, AppealStatus

TALLY: Mapping[TallyStatus, frozenset[TallyStatus]] = {
    T.OPEN: frozenset({T.OPEN, T.RESOLVED}),  # open → open: a record was sent back, the votes are void
    T.RESOLVED: frozenset({T.ON_NOTICE, T.OPEN}),
    T.ON_NOTICE: frozenset({T.POSTED, T.OPEN}),
    T.POSTED: frozenset(),
}
LINE: Mapping[LineStatus, frozenset[LineStatus]] = {
    L.PENDING: frozenset({L.HELD, L.POSTED}),
    L.HELD: frozenset({L.PENDING, L.POSTED}),
    L.POSTED: frozenset(),
}
RESOLUTION: Mapping[ResolutionStatus, frozenset[ResolutionStatus]] = {
    R.ENTERED: frozenset({R.CONFIRMED, R.REPLACED, R.VOID}),
    R.CONFIRMED: frozenset({R.VOID}),
    R.REPLACED: frozenset(),
    R.VOID: frozenset(),
}
NOTICE: Mapping[NoticeStatus, frozenset[NoticeStatus]] = {
    N.ACTIVE: frozenset({N.ENDED, N.WITHDRAWN}),
    N.ENDED: frozenset({N.TAKEN_DOWN}),
    N.WITHDRAWN: frozenset(),
    N.TAKEN_DOWN: frozenset(),
}
OBJECTION: Mapping[ObjectionStatus, frozenset[ObjectionStatus]] = {
    Q.OPEN: frozenset({Q.ESCALATED, Q.UPHELD, Q.DISMISSED, Q.LAPSED}),
    Q.ESCALATED: frozenset({Q.UPHELD, Q.DISMISSED, Q.LAPSED}),
    Q.UPHELD: frozenset(),
    Q.DISMISSED: frozenset(),
    Q.LAPSED: frozenset(),
}
APPEAL: Mapping[AppealStatus, frozenset[AppealStatus]] = {
    A.OPEN: frozenset({A.ESCALATED, A.UPHELD, A.DISMISSED}),
    A.ESCALATED: frozenset({A.UPHELD, A.DISMISSED}),
    A.UPHELD: frozenset(),
    A.DISMISSED: frozenset(),
}
TABLES: Mapping[type[StrEnum], Mapping[StrEnum, frozenset[StrEnum]]] = {
    TallyStatus: TALLY,  # type: ignore[dict-item]
    LineStatus: LINE,  # type: ignore[dict-item]
    ResolutionStatus: RESOLUTION,  # type: ignore[dict-item]
    NoticeStatus: NOTICE,  # type: ignore[dict-item]
    ObjectionStatus: OBJECTION,  # type: ignore[dict-item]
    AppealStatus: APPEAL,  # type: ignore[dict-item]
}


def allowed(source: StrEnum, target: StrEnum) -> bool:
    """Whether the table of these states has the transition."""
    return target in TABLES[type(source)][source]
