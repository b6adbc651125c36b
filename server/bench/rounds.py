"""The measurement itself: every work and every floor once a round, in turn, with everything up at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.bench.crew import Crew
from server.bench.measures import Sample, sample
from server.bench.plan import Plan
from server.bench.works import WORKS, Work

CONNECTIONS = 8
FLOOR_PROCESSES = 2
"""As many processes as the server has, so that the floor is not held down by one interpreter's lock."""


@dataclass
class Stand:
    """What stands ready: the plan, the database, the server's port, the processes that make load."""

    plan: Plan
    url: str
    port: int
    crews: Sequence[Crew]
    seed: int = 0

    def hammer(self, work: Work, seconds: float) -> Sample:
        """The work over HTTP for so many seconds."""
        self.crews[0].begin(self.task("hammer", work, seconds, CONNECTIONS) | {"port": self.port})
        return _sample([self.crews[0].result()])

    def floor(self, work: Work, seconds: float) -> Sample:
        """The work's floor for so many seconds, from all processes at once."""
        each = CONNECTIONS // FLOOR_PROCESSES
        for crew in self.crews[:FLOOR_PROCESSES]:
            crew.begin(self.task("floor", work, seconds, each) | {"url": self.url})
        return _sample([crew.result() for crew in self.crews[:FLOOR_PROCESSES]])

    def task(self, do: str, work: Work, seconds: float, connections: int) -> dict[str, Any]:
        """A task for a crew; every task has another seed."""
        self.seed += 1000
        plan = [self.plan.households, self.plan.records]
        return {
            "do": do, "work": work.name, "plan": plan, "seconds": seconds, "connections": connections,
            "seed": self.seed,
        }  # fmt: skip


def _sample(answers: Sequence[dict[str, Any]]) -> Sample:
    latencies = [latency for answer in answers for latency in answer["latencies"]]
    return sample(latencies, max(answer["seconds"] for answer in answers))


@dataclass
class Measured:
    """All rounds of the works that were chosen; by work the program's and the floor's."""

    ours: dict[str, list[Sample]] = field(default_factory=dict)
    floors: dict[str, list[Sample]] = field(default_factory=dict)


def measure(
    stand: Stand,
    works: Sequence[Work],
    rounds: int,
    seconds: float,
    warmup: float,
    report: Callable[[str], None],
) -> Measured:
    """Warm everything up, then `rounds` rounds of `seconds` for each work, its floor right behind it."""
    turns: list[tuple[str, Work, Callable[[Work, float], Sample]]] = []
    for work in works:
        turns.append(("ours", work, stand.hammer))
        if work.floor is not None:
            turns.append(("floors", work, stand.floor))
    for _, work, run in turns if warmup else ():
        report(f"预热：{work.title}")
        run(work, warmup / len(turns))
    found = Measured()
    for number in range(rounds):
        for kind, work, run in turns:
            report(f"第 {number + 1}/{rounds} 轮：{work.title}{'' if kind == 'ours' else '（下限）'}")
            getattr(found, kind).setdefault(work.name, []).append(run(work, seconds))
    return found


def chosen(names: Sequence[str]) -> list[Work]:
    """The works to measure: always hello, since the others are held against it."""
    return [work for work in WORKS.values() if work.name == "hello" or not names or work.name in names]
