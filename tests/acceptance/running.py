"""A real server process on a free loopback port, to be killed and started again.

Nothing is repaired between a kill and the next start: what the start does by itself must be enough.
"""

from __future__ import annotations

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

ROOT = Path(__file__).parents[2]
PRODUCTION = ["-m", "server", "serve", "--workers", "2"]
# what `jifen demo` does once its county is built: the same server with the demo's clock, on either database
DEMO = [
    "-c",
    "from server.app import create_app; from server.config import load; from server.web.serving import run; "
    "settings = load(mode='demo', workers=2); create_app(settings); run(settings)",
]
START_SECONDS = 180


class Blow(StrEnum):
    """What a kill -9 hits: one worker, the master (a little later its orphans), or everything."""

    WORKER = "worker"
    MASTER = "master"
    ALL = "all"


def environment(data: Path, url: str, **more: str) -> dict[str, str]:
    """An instance as a command of it finds it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JIFEN_")}
    own = {"JIFEN_DATA": str(data), "JIFEN_DATABASE_URL": url, "JIFEN_SCHEDULER": "false"}
    return kept | own | {"JIFEN_LOG_LEVEL": "WARNING", "PYTHONPATH": str(ROOT)} | more


def command(data: Path, url: str, *arguments: str, seconds: int = 120) -> subprocess.CompletedProcess[str]:
    """One `jifen` command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "server", *arguments],
        env=environment(data, url, COLUMNS="200"), cwd=ROOT, timeout=seconds, check=False,
        capture_output=True, text=True,
    )  # fmt: skip


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """The program, serving one database with two workers."""

    data: Path
    url: str
    how: list[str] = field(default_factory=lambda: PRODUCTION)
    port: int = field(default_factory=free_port)
    starts: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill_all()

    def start(self) -> None:
        """Start the master and wait until it answers; raises RuntimeError with its log when it does not."""
        self.starts += 1
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self.how], env=environment(self.data, self.url, JIFEN_PORT=str(self.port)),
                cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self.ready():
                return
            time.sleep(0.05)
        raise RuntimeError(f"does not start:\n{self.log.read_text('utf-8')[-4000:]}")

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    def ready(self) -> bool:
        """Whether it answers that it can work."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The process ids of the master's children."""
        assert self._process is not None
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(word) for word in children.read_text().split()]

    def blow(self, what: Blow, pick: random.Random) -> None:
        """kill -9, and start again what does not come back by itself."""
        assert self._process is not None
        if what is Blow.WORKER and (workers := self.workers()):
            _kill(pick.choice(workers))
            return
        if what is Blow.MASTER:
            _kill(self._process.pid)
            time.sleep(pick.uniform(0, 2))  # its workers go on for a while, as orphans
        self.kill_all()
        self.start()

    def kill_all(self) -> None:
        """kill -9 of the master and all its workers."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):  # everything may be gone already
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):  # it may have ended by itself in between
        os.kill(process, signal.SIGKILL)
