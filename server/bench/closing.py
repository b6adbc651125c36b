"""The month close as it is measured: its floor, then the closers alone, then some villages while people read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from server.bench import month, month_floor
from server.bench.crew import BenchFailed
from server.bench.measures import Sample, sample
from server.bench.plan import village_code
from server.bench.rounds import CONNECTIONS, Stand
from server.bench.works import WORKS
from server.settlement.months import month_number

READ = "account"
LONGEST = 600
SHARE = 3
"""Every third village is closed once more while accounts are read."""


@dataclass(frozen=True)
class Closed:
    """Seconds by closer and of the floor; the reads without and with a month close beside them."""

    seconds: dict[str, float]
    floor: float
    alone: Sample
    beside: Sample

    @property
    def whole(self) -> float:
        return sum(self.seconds.values())

    @property
    def of_floor(self) -> float:
        return self.whole / self.floor

    @property
    def slower(self) -> float:
        """By what the 99th percentile of reads grew."""
        return self.beside.p99 / self.alone.p99


def measure(stand: Stand, seconds: float, report: Callable[[str], None]) -> Closed:
    """Close the whole county once, a part of it once more under load."""
    villages = [village_code(number) for number in range(stand.plan.villages)]
    report("月结：准备")
    name = month.prepare(villages)
    report("月结：纯 SQL 的下限")
    floor = month_floor.close(stand.url, month_number(name))
    report("月结：截止、冻结、公示期满入账")
    spent = month.close(villages, name)
    some = villages[::SHARE]
    report("月结：准备边读边结")
    again = month.prepare(some)
    report("看账户，没有月结")
    alone = stand.hammer(WORKS[READ], seconds)
    report("看账户，同时月结")
    task = stand.task("hammer", WORKS[READ], LONGEST, CONNECTIONS) | {"port": stand.port}
    enough = stand.crews[0].begin_open(task)
    try:
        month.close(some, again)
    finally:
        enough()
    answer = stand.crews[0].result()
    if not answer["latencies"]:
        raise BenchFailed("月结太快，来不及读一次。")
    return Closed(spent, floor, alone, sample(answer["latencies"], answer["seconds"]))
