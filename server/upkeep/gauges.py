"""The figures of the instance for `/metrics`: closers, ledger, queues. Counts only, nobody's name."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.cycles.api import list_due
from server.web.metrics import Gauge, Values

LATE = timedelta(minutes=10)
"""A closer that has been due for so long is late: the scheduler rings every half minute."""


def gauges() -> list[Gauge]:
    """What this slice knows of the instance."""
    return [
        Gauge("jifen_closers", "Periods of closers: due, late (due for ten minutes), failed", _closers),
        Gauge("jifen_ledger_sum_points", "Sum of all postings in points: must be 0", _ledger_sum),
        Gauge("jifen_queue", "Waiting: ledger and audit entries without a seal, messages going out", _queues),
        Gauge("jifen_audit_seals", "Number of the last seal of the audit log", _seals),
    ]


def _closers(session: Session, now: datetime) -> Values:
    found = list_due(session, now)
    due = Counter(closer for closer, _ in found)
    late = Counter(closer for closer, period in found if period.at <= now - LATE)
    failed = Counter(session.scalars(text("SELECT closer FROM parked_periods")))
    return [
        ({"closer": closer, "state": state}, float(counts[closer]))
        for closer in sorted({*due, *failed, "-"})
        for state, counts in (("due", due), ("late", late), ("failed", failed))
    ]


def _ledger_sum(session: Session, now: datetime) -> Values:
    total = session.scalar(text("SELECT COALESCE(SUM(amount), 0) FROM ledger_postings")) or 0
    return [({}, int(total) / 100)]


def _queues(session: Session, now: datetime) -> Values:
    queues = {
        "ledger_unsealed": "SELECT COUNT(*) FROM ledger_unsealed",
        "audit_unsealed": "SELECT COUNT(*) FROM audit_unsealed",
        "outbox": "SELECT COUNT(*) FROM outbox WHERE status = 'waiting'",
        "outbox_unknown": "SELECT COUNT(*) FROM outbox WHERE status = 'unknown'",
    }
    return [({"queue": name}, float(session.scalar(text(sql)) or 0)) for name, sql in queues.items()]


def _seals(session: Session, now: datetime) -> Values:
    return [({}, float(session.scalar(text("SELECT COALESCE(MAX(number), 0) FROM audit_head")) or 0))]
