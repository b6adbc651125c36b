"""Those who make the load, in processes of their own so that they share no interpreter with who measures them.

`python -m server.bench.crew` takes one task a line on standard input (JSON) and answers one line. Load goes to
127.0.0.1 only; every task ends by itself after its seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from server.bench.plan import Plan

HOST = "127.0.0.1"
LONGEST = 3600


class BenchFailed(Exception):
    """Something answered otherwise than it should: figures would mean nothing."""


class Crew:
    """One process that makes load when told to."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server.bench.crew"],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, task: dict[str, Any]) -> None:
        """Hand over a task."""
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()

    def result(self) -> dict[str, Any]:
        """Wait for the task's result: `latencies` in microseconds and `seconds`; raises BenchFailed."""
        assert self._process.stdout is not None  # noqa: S101
        line = self._process.stdout.readline()
        if not line:
            raise BenchFailed("压测进程中途退出了。")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise BenchFailed(answer["error"])
        return answer

    def begin_open(self, task: dict[str, Any]) -> Callable[[], None]:
        """Hand over a task whose end is not known yet: the function that is given back ends it."""
        with tempfile.NamedTemporaryFile(prefix="jifen-bench-", delete=False) as made:
            flag = Path(made.name)
        self.begin(task | {"flag": str(flag)})
        return lambda: flag.unlink(missing_ok=True)

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()


@contextmanager
def crews(number: int) -> Iterator[list[Crew]]:
    """So many processes, ended when the block is left."""
    made = [Crew() for _ in range(number)]
    try:
        yield made
    finally:
        for crew in made:
            crew.stop()


def hammer(task: dict[str, Any]) -> dict[str, Any]:
    """`connections` keep-alive connections to 127.0.0.1, each sending its next request when it has the answer."""
    import gevent  # noqa: PLC0415 - a development dependency

    from server.bench.works import WORKS  # noqa: PLC0415

    plan, work = Plan(*task["plan"]), WORKS[task["work"]]
    latencies: list[int] = []
    began = time.perf_counter()
    until = began + min(task["seconds"], LONGEST)
    flag = Path(task["flag"]) if "flag" in task else None
    lines = [
        gevent.spawn(_send, task["port"], requests, latencies, lambda at: _over(at, until, flag))
        for requests in _each(plan, work, task)
    ]
    gevent.joinall(lines, raise_error=True)
    return {"latencies": latencies, "seconds": time.perf_counter() - began}


def _each(plan: Plan, work: Any, task: dict[str, Any]) -> Iterator[Iterator[Any]]:
    """The requests of each connection, drawn from a seed of its own."""
    for number in range(task["connections"]):
        yield work.requests(plan, Random(task["seed"] + number))  # noqa: S311


def _over(at: float, until: float, flag: Path | None) -> bool:
    return at >= until or (flag is not None and not flag.exists())


def _send(port: int, requests: Iterator[Any], latencies: list[int], over: Callable[[float], bool]) -> None:
    from geventhttpclient import HTTPClient  # noqa: PLC0415 - a development dependency

    client = HTTPClient(HOST, port, concurrency=1, connection_timeout=30, network_timeout=60)
    try:
        for request in requests:
            headers = {"Content-Type": "application/json"} if request.body else {}
            if request.token:
                headers["Authorization"] = f"Bearer {request.token}"
            sent = time.perf_counter()
            if over(sent):
                return
            answer = client.request(request.method, request.path, request.body.encode(), headers)
            content = answer.read()
            latencies.append(int((time.perf_counter() - sent) * 1e6))
            if answer.status_code != request.expects:
                said = bytes(content).decode(errors="replace")[:300]
                raise BenchFailed(f"{request.method} {request.path} 回答了 {answer.status_code}：{said}")
    finally:
        client.close()


def floor(task: dict[str, Any]) -> dict[str, Any]:
    """`connections` threads, each with a bare connection, doing the work's floor again and again."""
    from server.bench.floors import Connection  # noqa: PLC0415
    from server.bench.works import WORKS  # noqa: PLC0415

    plan, work = Plan(*task["plan"]), WORKS[task["work"]]
    if work.floor is None:
        raise BenchFailed(f"{work.name} 没有下限。")
    latencies: list[int] = []
    faults: list[BaseException] = []
    began = time.perf_counter()
    until = began + min(task["seconds"], LONGEST)

    def line(number: int) -> None:
        connection = Connection(task["url"])
        try:
            for sent in _paced(work.floor(plan, connection, Random(task["seed"] + number)), until):  # type: ignore[misc]  # noqa: S311
                latencies.append(sent)
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=line, args=(number,)) for number in range(task["connections"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return {"latencies": latencies, "seconds": time.perf_counter() - began}


def _paced(units: Iterator[None], until: float) -> Iterator[int]:
    """Microseconds of each unit, until the time is over."""
    while (sent := time.perf_counter()) < until:
        next(units)
        yield int((time.perf_counter() - sent) * 1e6)


TASKS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {"hammer": hammer, "floor": floor}


def main() -> None:
    """Do the tasks of standard input until it ends."""
    for line in sys.stdin:
        task = json.loads(line)
        try:
            answer = TASKS[task["do"]](task)
        except Exception as error:
            answer = {"error": f"{task['work']}：{type(error).__name__} {error}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
