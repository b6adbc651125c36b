"""Prometheus metrics: requests counted in every worker process, the state of the instance read from the database.

Several workers share files in one folder (prometheus-client's multi-process mode), so that whichever is asked tells of
all. Nothing here names a person, a household or a village.
"""

from __future__ import annotations

import hmac
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from server.config import Settings
from server.kit.transaction import snapshot
from server.web.routes import page

blueprint = Blueprint("metrics", __name__)
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
KEPT_SECONDS = 60
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder in it is ours alone, or is not used
OWN = "jifen-metrics-"
Values = list[tuple[dict[str, str], float]]


@dataclass(frozen=True)
class Gauge:
    """One figure of the instance: `read(session, now)` gives its values by labels."""

    name: str
    help: str
    read: Callable[[Session, datetime], Values]


@dataclass(eq=False)
class Meters:
    """The counters of this process, and the gauges as they were read last. Made when the first request comes, since
    the mode is chosen by the environment of the process.
    """

    gauges: list[Gauge] = field(default_factory=list)
    read_at: float = float("-inf")
    values: list[tuple[Gauge, Values]] = field(default_factory=list)
    _requests: Any = None
    _seconds: Any = None
    registry: Any = None

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note one answered request."""
        self._make()
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def _make(self) -> None:
        if self._requests is not None:
            return
        from prometheus_client import CollectorRegistry, Counter, Histogram  # noqa: PLC0415

        self.registry = CollectorRegistry()
        labels = ("method", "route")
        self._seconds = Histogram(
            "jifen_request_seconds",
            "Answered requests by route",
            labels,
            buckets=SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "jifen_requests",
            "Answered requests by route and status",
            (*labels, "status"),
            registry=self.registry,
        )

    def collect(self) -> Iterator[Any]:
        """The gauges for the exposition; read at most once a minute."""
        from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415

        if time.monotonic() - self.read_at > KEPT_SECONDS:
            now = current_app.extensions["jifen_clock"].now()
            with snapshot() as session:
                self.values = [(gauge, gauge.read(session, now)) for gauge in self.gauges]
            self.read_at = time.monotonic()
        for gauge, values in self.values:
            labels = sorted(values[0][0]) if values else []
            family = GaugeMetricFamily(gauge.name, gauge.help, labels=labels)
            for named, value in values:
                family.add_metric([named[label] for label in labels], value)
            yield family

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        from prometheus_client import CollectorRegistry, generate_latest  # noqa: PLC0415
        from prometheus_client.multiprocess import MultiProcessCollector  # noqa: PLC0415

        self._make()
        counted = self.registry
        if os.environ.get(FOLDER):
            counted = CollectorRegistry()
            MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
        state = CollectorRegistry()
        state.register(self)
        return bytes(generate_latest(counted) + generate_latest(state))


def install(app: Flask, gauges: list[Gauge]) -> None:
    """Count every request by its rule, never by its address."""
    meters = Meters(gauges)
    app.extensions["jifen_meters"] = meters

    @app.after_request
    def _count(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "-"
        meters.count(rule, request.method, response.status_code, time.perf_counter() - g.began)
        return response


def share(data: Path) -> None:
    """Before workers are forked: an empty folder for what they count.

    In memory where there is such a place: the files are mapped, and on a full disk a mapped page that was never
    written kills the process.
    """
    for left in MEMORY.glob(f"{OWN}*"):
        if not _running(left.name.removeprefix(OWN)):
            shutil.rmtree(left, ignore_errors=True)
    folder = _emptied(MEMORY / f"{OWN}{os.getpid()}") or _emptied(data / "metrics")
    if folder is None:
        raise OSError(f"{data / 'metrics'} cannot be made")
    os.environ[FOLDER] = str(folder)


def put_away() -> None:
    """After the last worker: the folder goes."""
    shutil.rmtree(os.environ.pop(FOLDER), ignore_errors=True)


def _running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def _emptied(folder: Path) -> Path | None:
    """The folder, made anew and ours alone; None where that cannot be."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError:
        return None
    return folder


@page(blueprint, "/metrics")
def metrics() -> Response:
    """For the monitoring of this machine, or with the token of the settings; for others it is not there."""
    settings: Settings = current_app.extensions["jifen_settings"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = bool(settings.metrics_token) and hmac.compare_digest(
        given.encode(), settings.metrics_token.encode()
    )
    local = not settings.metrics_token and request.remote_addr in ("127.0.0.1", "::1")
    if not (known or local):
        raise NotFound()
    meters: Meters = current_app.extensions["jifen_meters"]
    return Response(meters.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
