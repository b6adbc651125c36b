"""Serves the application: gunicorn's threads where it runs (Linux, macOS), waitress elsewhere (Windows).

The cycles run in exactly one thread: of several worker processes the one that holds a locked file starts
it, and when that process dies the operating system frees the lock for the worker that takes its place.
"""

from __future__ import annotations

import errno
import importlib.util
import socket
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

import portalocker
import structlog
from flask import Flask

from server.app import create_app
from server.config import Settings
from server.cycles.scheduler import start_embedded
from server.kit.clock import Clock
from server.web import metrics

log = structlog.get_logger()
_RETRY_SECONDS = 15


def taken(host: str, port: int) -> bool:
    """Whether another program listens there: asked before anything is promised to whoever starts us."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def run(settings: Settings, clock: Clock | None = None) -> None:
    """Serve until stopped by a signal."""
    if importlib.util.find_spec("fcntl") is None:
        _run_waitress(settings, clock)
    else:
        _run_gunicorn(settings, clock)


def _run_waitress(settings: Settings, clock: Clock | None) -> None:
    from waitress import serve  # noqa: PLC0415 - only where gunicorn does not run

    app = create_app(settings, clock)
    _start_cycles(app, settings)
    serve(app, host=settings.host, port=settings.port, threads=settings.threads * settings.workers)


def _run_gunicorn(settings: Settings, clock: Clock | None) -> None:
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - needs fork, not there on Windows

    class Server(BaseApplication):  # type: ignore[misc]
        """gunicorn, configured by our settings; each worker makes its own application after the fork."""

        def load_config(self) -> None:
            for name, value in _gunicorn_options(settings).items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            app = create_app(settings, clock)
            _start_cycles(app, settings)
            return app

    metrics.share(settings.data)
    Server().run()


def _worker_gone(_server: Any, worker: Any) -> None:
    from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415 - not before the folder is set

    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def _all_gone(_server: Any) -> None:
    metrics.put_away()


def _gunicorn_options(settings: Settings) -> dict[str, Any]:
    return {
        "bind": f"{settings.host}:{settings.port}",
        "workers": settings.workers,
        "threads": settings.threads,
        "worker_class": "gthread",
        "timeout": 120,
        "graceful_timeout": 20,
        "keepalive": 5,
        "accesslog": None,  # our own log has no addresses and no query values
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": "jifen",
        "child_exit": _worker_gone,
        "on_exit": _all_gone,
    }


def _start_cycles(app: Flask, settings: Settings) -> None:
    if settings.scheduler:
        threading.Thread(target=_wait_for_turn, args=(app, settings), name="cycles-turn", daemon=True).start()


def _wait_for_turn(app: Flask, settings: Settings) -> None:
    """Start the scheduler when no other process of this instance on this machine runs it."""
    held = None
    while held is None:
        held = _try_hold(settings.data / "scheduler.lock")
        if held is None:
            time.sleep(_RETRY_SECONDS)
    app.extensions["jifen_scheduler_lock"] = held  # open as long as the process lives
    app.extensions["jifen_scheduler"] = start_embedded(app)
    log.info("scheduler_started")


def _try_hold(path: Path) -> BinaryIO | None:
    file = path.open("ab")
    try:
        portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.exceptions.LockException:
        file.close()
        return None
    return file
