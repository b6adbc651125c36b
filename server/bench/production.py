"""The production server as users run it: `jifen serve --workers 2` in a process of its own on 127.0.0.1.

It is always stopped, and its scheduler is off: the month is closed when the measurement says so.
"""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.bench.crew import HOST, BenchFailed

ROOT = Path(__file__).resolve().parents[2]
"""Where the package lies: a process started there finds it, installed or not."""
WORKERS = 2
PATIENCE = 60


@contextmanager
def production(url: str, data: Path) -> Iterator[int]:
    """Start it on a free port, give the port once it is ready, stop it."""
    port = _free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith("JIFEN_")}
    own |= {"JIFEN_DATABASE_URL": url, "JIFEN_SCHEDULER": "false", "JIFEN_LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "server", "serve", "--data", str(data.resolve()), "--host", HOST]
    command += ["--port", str(port), "--workers", str(WORKERS)]
    with (data / "server.log").open("ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=log, stderr=log)  # noqa: S603 - our own command
        try:
            _wait(process, port, data)
            yield port
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int, data: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if _ready(port):
            return
        time.sleep(0.2)
    raise BenchFailed(f"服务器没有起来，原因见 {data / 'server.log'}。")


def _ready(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
