"""From latencies to figures: requests a second, percentiles, medians over rounds. Pure; floats, since these are
measurements, not points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sample:
    """One work in one round: how many a second, and latencies in milliseconds."""

    rps: float
    p50: float
    p99: float
    count: int


def sample(latencies: Sequence[int], seconds: float) -> Sample:
    """A round from its latencies in microseconds; raises ValueError when there are none."""
    if not latencies or seconds <= 0:
        raise ValueError("nothing was measured")
    ordered = sorted(latencies)
    return Sample(
        len(ordered) / seconds, percentile(ordered, 50) / 1000, percentile(ordered, 99) / 1000, len(ordered)
    )


def percentile(ordered: Sequence[int], share: int) -> int:
    """The smallest value that at least `share` per cent do not exceed (nearest rank)."""
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


@dataclass(frozen=True)
class Spread:
    """A figure over all rounds."""

    median: float
    worst: float


def spread(values: Sequence[float], worst: Callable[[Sequence[float]], float] = min) -> Spread:
    """Median and worst round; for latencies the worst is the largest: pass `max`."""
    return Spread(median(values), worst(values))


def ratios(ours: Sequence[Sample], others: Sequence[Sample]) -> Spread:
    """How much of the others' rate we reach, round by round."""
    return spread([mine.rps / other.rps for mine, other in zip(ours, others, strict=True)])
