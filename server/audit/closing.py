"""The closers of the audit log: it is sealed an hour after an act, and cut when its retention is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from server.audit import chain
from server.audit.service import record
from server.cycles.api import INSTANCE, Closer, Due, NotDue, Skip
from server.kit.clock import local_date

SEAL = "audit.seal"
CUT = "audit.cut"
SLACK = timedelta(days=30)
"""How much longer than it must be the log may be kept, so that it is not cut every day."""


def closers() -> list[Closer]:
    """Sealing, then cutting."""
    return [Closer(SEAL, _next_seal, _seal), Closer(CUT, _next_cut, _cut)]


def _next_seal(session: Session, now: datetime, skip: Skip) -> Due | None:
    oldest = chain.oldest_unsealed(session)
    if oldest is None or oldest + chain.WAIT > now:
        return None
    period = f"from-{chain.last_number(session) + 1}"
    return None if (INSTANCE, period) in skip else Due(INSTANCE, period, oldest + chain.WAIT)


def _seal(session: Session, due: Due, now: datetime) -> None:
    if due.period != f"from-{chain.last_number(session) + 1}" or chain.seal(session, now) == 0:
        raise NotDue


def _kept() -> timedelta:
    return timedelta(days=current_app.extensions["jifen_settings"].audit_days)


def _next_cut(session: Session, now: datetime, skip: Skip) -> Due | None:
    oldest = chain.oldest_sealed(session)
    if oldest is None or oldest + _kept() + SLACK > now:
        return None
    at = oldest + _kept() + SLACK
    period = f"{local_date(at)}"
    return None if (INSTANCE, period) in skip else Due(INSTANCE, period, at)


def _cut(session: Session, due: Due, now: datetime) -> None:
    before = now - _kept()
    acts = chain.cut(session, before, now, current_app.extensions["jifen_seal"])
    if acts == 0:
        raise NotDue
    after = {"acts": acts, "cut_before": before.isoformat()}
    record(session, None, "audit.cut", "audit_log", str(local_date(before)), now, None, None, after)
