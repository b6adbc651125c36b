"""The state machines of the annual evaluation and of recommendations: a StrEnum and a table of ways each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class EvaluationStatus(StrEnum):
    """A village's year: nominations, the vote, its result, the public notice, the honours given."""

    NOMINATING = "nominating"
    VOTING = "voting"
    RESOLVED = "resolved"
    ON_NOTICE = "on_notice"
    AWARDED = "awarded"


class NominationStatus(StrEnum):
    """One nominee for one honour. `unqualified`: the conditions were not met; `revoked`: an objection was right."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    UNQUALIFIED = "unqualified"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not_chosen"
    AWARDED = "awarded"
    REVOKED = "revoked"


class MinutesStatus(StrEnum):
    """The minutes of the meeting that voted: entered by one member, confirmed by a second, or entered anew."""

    ENTERED = "entered"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"


class ObjectionStatus(StrEnum):
    """An objection to an honour on notice."""

    OPEN = "open"
    ESCALATED = "escalated"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ConsentStatus(StrEnum):
    """A member's word that the village may recommend; it can be taken back at any time."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class ListStatus(StrEnum):
    """A recommendation list: drawn up by one member of the committee, issued by a second, taken back."""

    DRAFT = "draft"
    ISSUED = "issued"
    WITHDRAWN = "withdrawn"


E, N, M, Q, C, L = (
    EvaluationStatus, NominationStatus, MinutesStatus, ObjectionStatus, ConsentStatus, ListStatus
)  # fmt: skip
TABLES: Mapping[type[StrEnum], Mapping[StrEnum, frozenset[StrEnum]]] = {
    EvaluationStatus: {
        E.NOMINATING: frozenset({E.VOTING}),
        E.VOTING: frozenset({E.RESOLVED}),
        E.RESOLVED: frozenset({E.ON_NOTICE}),
        E.ON_NOTICE: frozenset({E.AWARDED}),
        E.AWARDED: frozenset(),
    },
    NominationStatus: {
        N.PROPOSED: frozenset({N.WITHDRAWN, N.UNQUALIFIED, N.CHOSEN, N.NOT_CHOSEN}),
        N.CHOSEN: frozenset({N.AWARDED, N.REVOKED, N.WITHDRAWN}),
        N.WITHDRAWN: frozenset(),
        N.UNQUALIFIED: frozenset(),
        N.NOT_CHOSEN: frozenset(),
        N.AWARDED: frozenset(),
        N.REVOKED: frozenset(),
    },
    MinutesStatus: {
        M.ENTERED: frozenset({M.CONFIRMED, M.REPLACED}),
        M.CONFIRMED: frozenset(),
        M.REPLACED: frozenset(),
    },
    ObjectionStatus: {
        Q.OPEN: frozenset({Q.ESCALATED, Q.UPHELD, Q.DISMISSED}),
        Q.ESCALATED: frozenset({Q.UPHELD, Q.DISMISSED}),
        Q.UPHELD: frozenset(),
        Q.DISMISSED: frozenset(),
    },
    ConsentStatus: {C.GIVEN: frozenset({C.WITHDRAWN}), C.WITHDRAWN: frozenset()},
    ListStatus: {
        L.DRAFT: frozenset({L.ISSUED, L.WITHDRAWN}),
        L.ISSUED: frozenset({L.WITHDRAWN}),
        L.WITHDRAWN: frozenset(),
    },
}


def allowed(source: StrEnum, target: StrEnum) -> bool:
    """Whether the table of these states has the way."""
    return target in TABLES[type(source)][source]
