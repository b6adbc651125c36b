"""The state machines of a cycle: one StrEnum and one table of transitions each. Pure.

Services move by compare-and-set from a state to one of its successors here; a test holds them to the tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class CycleStatus(StrEnum):
    """A cycle: being prepared, its steps running, finished, given up before the end."""

    PREPARING = "preparing"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class StepStatus(StrEnum):
    """A step: not yet its turn, running, held back by faults in the sheet, done."""

    WAITING = "waiting"
    OPEN = "open"
    HELD = "held"
    DONE = "done"


class ObjectionStatus(StrEnum):
    """An objection to a result: with those who act, brought before the overseer, answered."""

    OPEN = "open"
    ESCALATED = "escalated"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ProposalStatus(StrEnum):
    """A proposed consequence: waiting for the body that decides, decided, overtaken by new results."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    LAPSED = "lapsed"


class RectificationStatus(StrEnum):
    """A notice of rectification: issued, past its deadline, reported as done, closed."""

    ISSUED = "issued"
    OVERDUE = "overdue"
    REPORTED = "reported"
    CLOSED = "closed"


class ReportStatus(StrEnum):
    """A report about a person: taken in, being checked, answered either way."""

    RECEIVED = "received"
    CHECKING = "checking"
    CONFIRMED = "confirmed"
    UNFOUNDED = "unfounded"


class TaskStatus(StrEnum):
    """A task of the list: running, done, missed, dropped."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    DROPPED = "dropped"


class PairingStatus(StrEnum):
    """A model takes somebody along: running, goal met, ended without."""

    ACTIVE = "active"
    MET = "met"
    ENDED = "ended"


class AppraisalStatus(StrEnum):
    """An anonymous appraisal: sheets come in, counted."""

    OPEN = "open"
    CLOSED = "closed"


C, S, Q, P = CycleStatus, StepStatus, ObjectionStatus, ProposalStatus
R, A, T, M = RectificationStatus, ReportStatus, TaskStatus, PairingStatus

CYCLE: Mapping[CycleStatus, frozenset[CycleStatus]] = {
    C.PREPARING: frozenset({C.RUNNING, C.CANCELLED}),
    C.RUNNING: frozenset({C.FINISHED, C.CANCELLED}),
    C.FINISHED: frozenset(),
    C.CANCELLED: frozenset(),
}
STEP: Mapping[StepStatus, frozenset[StepStatus]] = {
    S.WAITING: frozenset({S.OPEN}),
    S.OPEN: frozenset({S.DONE, S.HELD}),
    S.HELD: frozenset({S.OPEN}),
    S.DONE: frozenset(),
}
OBJECTION: Mapping[ObjectionStatus, frozenset[ObjectionStatus]] = {
    Q.OPEN: frozenset({Q.ESCALATED, Q.UPHELD, Q.DISMISSED}),
    Q.ESCALATED: frozenset({Q.UPHELD, Q.DISMISSED}),
    Q.UPHELD: frozenset(),
    Q.DISMISSED: frozenset(),
}
PROPOSAL: Mapping[ProposalStatus, frozenset[ProposalStatus]] = {
    P.PROPOSED: frozenset({P.APPROVED, P.DECLINED, P.LAPSED}),
    P.APPROVED: frozenset(),
    P.DECLINED: frozenset(),
    P.LAPSED: frozenset(),
}
RECTIFICATION: Mapping[RectificationStatus, frozenset[RectificationStatus]] = {
    R.ISSUED: frozenset({R.OVERDUE, R.REPORTED}),
    R.OVERDUE: frozenset({R.REPORTED}),
    R.REPORTED: frozenset({R.CLOSED, R.ISSUED}),
    R.CLOSED: frozenset(),
}
REPORT: Mapping[ReportStatus, frozenset[ReportStatus]] = {
    A.RECEIVED: frozenset({A.CHECKING}),
    A.CHECKING: frozenset({A.CONFIRMED, A.UNFOUNDED}),
    A.CONFIRMED: frozenset(),
    A.UNFOUNDED: frozenset(),
}
TASK: Mapping[TaskStatus, frozenset[TaskStatus]] = {
    T.OPEN: frozenset({T.DONE, T.MISSED, T.DROPPED}),
    T.DONE: frozenset(),
    T.MISSED: frozenset(),
    T.DROPPED: frozenset(),
}
PAIRING: Mapping[PairingStatus, frozenset[PairingStatus]] = {
    M.ACTIVE: frozenset({M.MET, M.ENDED}),
    M.MET: frozenset(),
    M.ENDED: frozenset(),
}
APPRAISAL: Mapping[AppraisalStatus, frozenset[AppraisalStatus]] = {
    AppraisalStatus.OPEN: frozenset({AppraisalStatus.CLOSED}),
    AppraisalStatus.CLOSED: frozenset(),
}
TABLES: Mapping[type[StrEnum], Mapping[StrEnum, frozenset[StrEnum]]] = {
    CycleStatus: CYCLE,  # type: ignore[dict-item]
    StepStatus: STEP,  # type: ignore[dict-item]
    ObjectionStatus: OBJECTION,  # type: ignore[dict-item]
    ProposalStatus: PROPOSAL,  # type: ignore[dict-item]
    RectificationStatus: RECTIFICATION,  # type: ignore[dict-item]
    ReportStatus: REPORT,  # type: ignore[dict-item]
    TaskStatus: TASK,  # type: ignore[dict-item]
    PairingStatus: PAIRING,  # type: ignore[dict-item]
    AppraisalStatus: APPRAISAL,  # type: ignore[dict-item]
}


def allowed(source: StrEnum, target: StrEnum) -> bool:
    """Whether the table of these states has the transition."""
    return target in TABLES[type(source)][source]
