"""Rings the bell: APScheduler looks every half minute whether something is due. State decides, not the alarm.

Embedded as a thread of the server, or alone by `jifen cycles serve`. A late or missed ring loses nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from server.cycles import registry
from server.cycles.engine import Closed, parked_until, run_due, skip_of
from server.cycles.jumps import JumpGuard
from server.cycles.lease import one_at_a_time
from server.kit.clock import Clock, SystemClock
from server.kit.transaction import transaction

EVERY_SECONDS = 30
log = structlog.get_logger()


def ring(app: Flask) -> list[Closed]:
    """Close what is due, unless another scheduler is at it; gives what this call closed."""
    with app.app_context():
        clock: Clock = app.extensions["jifen_clock"]
        now = clock.now()
        guard = app.extensions.setdefault("jifen_jumps", JumpGuard())
        if isinstance(clock, SystemClock) and not guard.steady(now):  # other clocks are moved on purpose
            log.warning("clock_jumped")
            return []
        if not anything_due(now):
            return []
        with one_at_a_time() as renew:
            return [] if renew is None else run_due(now, lambda _closed: renew())


def anything_due(now: datetime) -> bool:
    """Whether some closer has work: a look that takes no lock."""
    with transaction(writes=False) as session:
        parked = parked_until(session, now)
        return any(closer.next_due(session, now, skip_of(closer, parked)) for closer in registry.closers())


def start_embedded(app: Flask, every_seconds: int = EVERY_SECONDS) -> BackgroundScheduler:
    """A scheduler in a thread of this process; end it with `shutdown()`."""
    scheduler = BackgroundScheduler(executors=_one_thread(), timezone=UTC)
    _schedule(scheduler, app, every_seconds)
    scheduler.start()
    return scheduler


def serve(app: Flask, every_seconds: int = EVERY_SECONDS) -> None:
    """A scheduler as this process; returns when it is stopped by a signal."""
    scheduler = BlockingScheduler(executors=_one_thread(), timezone=UTC)
    _schedule(scheduler, app, every_seconds)
    log.info("scheduler_started", every_seconds=every_seconds)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        log.info("scheduler_stopped")


def _one_thread() -> dict[str, ThreadPoolExecutor]:
    return {"default": ThreadPoolExecutor(1)}


def _schedule(scheduler: BaseScheduler, app: Flask, every_seconds: int) -> None:
    scheduler.add_job(
        ring_and_go_on,
        "interval",
        seconds=every_seconds,
        args=[app],
        id="cycles",
        misfire_grace_time=None,  # a late ring still rings
        coalesce=True,
        max_instances=1,
        next_run_time=datetime.now(UTC),
    )


def ring_and_go_on(app: Flask) -> None:
    """As `ring`; what goes wrong (a database that is away) is logged, and the next ring tries again."""
    for bell in (ring, *registry.bells()):
        try:
            bell(app)
        except Exception as error:
            log.error("cycles_failed", exc_info=error)
