"""The methods that packs compose: small pure functions of exact numbers. They know no pack, subject or file.

Each has its worked example from the source documents in `tests/unit/assessment/test_methods.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from .exact import ONE, ZERO


def clamp(value: Fraction, minimum: Fraction | None = None, maximum: Fraction | None = None) -> Fraction:
    """The value, not below the minimum and not above the maximum."""
    if maximum is not None and value > maximum:
        return maximum
    if minimum is not None and value < minimum:
        return minimum
    return value


def total(values: Iterable[Fraction]) -> Fraction:
    """The exact sum; numbers of one denominator are added as integers, which is what entry sheets mostly
    hold."""
    whole = 0
    rest = ZERO
    for value in values:
        if value.denominator == 1:
            whole += value.numerator
        else:
            rest += value
    return rest + whole


def sum_with_base_and_caps(
    add: Iterable[Fraction],
    subtract: Iterable[Fraction] = (),
    base: Fraction = ZERO,
    minimum: Fraction | None = None,
    maximum: Fraction | None = None,
) -> Fraction:
    """base + Σ add − Σ subtract, held between minimum and maximum."""
    return clamp(base + total(add) - total(subtract), minimum, maximum)


def highest_of_each_kind(entries: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    """Of every kind only its highest value (003: 同类荣誉取最高级别积分); their sum is open-ended
    (上不封顶)."""
    best: dict[str, Fraction] = {}
    for kind, value in entries:
        if kind not in best or value > best[kind]:
            best[kind] = value
    return best


def capped_by_kind(
    entries: Iterable[tuple[str, Fraction]], caps: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """The sum of every kind, held at the kind's cap where it has one."""
    sums: dict[str, Fraction] = {}
    for kind, value in entries:
        sums[kind] = sums.get(kind, ZERO) + value
    return {kind: clamp(value, None, caps.get(kind)) for kind, value in sums.items()}


def mean(values: Sequence[Fraction]) -> Fraction:
    """The plain mean; raises ValueError for no values."""
    if not values:
        raise ValueError("mean of nothing")
    return total(values) / len(values)


def weighted_mean(parts: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Σ weight × value ÷ Σ weight over (value, weight); raises ValueError when the weights sum to 0."""
    weights = total(weight for _, weight in parts)
    if weights == 0:
        raise ValueError("weights sum to 0")
    return total(value * weight for value, weight in parts) / weights


def rater_mean(scores: Iterable[tuple[str, Fraction]], weights: Mapping[str, Fraction]) -> Fraction:
    """Scores by rater group: several of one group are averaged first, then the groups are weighted."""
    groups: dict[str, list[Fraction]] = {}
    for group, value in scores:
        groups.setdefault(group, []).append(value)
    return weighted_mean([(mean(values), weights[group]) for group, values in groups.items()])


def ranks(scores: Mapping[str, Fraction]) -> dict[str, int]:
    """Higher is better; equal scores share the better rank and the next are skipped (1, 2, 2, 4)."""
    found: dict[str, int] = {}
    previous: Fraction | None = None
    rank = 0
    for place, key in enumerate(sorted(scores, key=lambda k: scores[k], reverse=True), start=1):
        if previous is None or scores[key] != previous:
            rank, previous = place, scores[key]
        found[key] = rank
    return found


def mean_ranks(scores: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Equal scores share the mean of the places that they occupy (1, 2½, 2½, 4)."""
    better = ranks(scores)
    sizes: dict[int, int] = {}
    for rank in better.values():
        sizes[rank] = sizes.get(rank, 0) + 1
    return {key: Fraction(2 * rank + sizes[rank] - 1, 2) for key, rank in better.items()}


def rank_coefficient(rank: Fraction, count: int, step: Fraction) -> Fraction:
    """1 + step × (m − rank) with m the middle rank: 11 towns at 0.005 get 1.025 … 1 … 0.975 (001)."""
    return ONE + step * (Fraction(count + 1, 2) - rank)


@dataclass(frozen=True)
class LicenceEvent:
    """One dated event of a licence: `effect` is deduct, merit or restore; `points` positive; `year` of a
    restore."""

    effect: str
    points: Fraction
    year: str = ""


@dataclass(frozen=True)
class LicenceMove:
    """What one event did: the balance after it, and what went beyond the start value."""

    balance: Fraction
    surplus: Fraction
    counted: bool = True


def licence_moves(events: Iterable[LicenceEvent], start: Fraction, restores_a_year: int) -> list[LicenceMove]:
    """The balance after each event, in the given order: never above start, never below 0; extra restores
    count not."""
    balance = start
    restored: dict[str, int] = {}
    moves = []
    for event in events:
        if event.effect == "deduct":
            balance = max(ZERO, balance - event.points)
            moves.append(LicenceMove(balance, ZERO))
            continue
        if event.effect == "restore":
            restored[event.year] = restored.get(event.year, 0) + 1
            if restored[event.year] > restores_a_year:
                moves.append(LicenceMove(balance, ZERO, counted=False))
                continue
        raised = balance + event.points
        balance = min(start, raised)
        moves.append(LicenceMove(balance, raised - balance))
    return moves


def date_order(rows: Sequence[tuple[date | None, int]]) -> list[int]:
    """Places of the rows by date, then by row; a row without a date stays behind the row before it in the
    sheet."""
    keys = []
    latest = date.min
    for place, (day, row) in enumerate(rows):
        latest = day if day is not None else latest
        keys.append((latest, row, place))
    return [place for _, _, place in sorted(keys)]


def by_threshold(value: Fraction, bands: Sequence[tuple[Fraction, str]]) -> str | None:
    """The first band, from the top, whose lower end the value reaches."""
    for lowest, code in bands:
        if value >= lowest:
            return code
    return None


def within_quota(
    scores: Mapping[str, Fraction], share: Fraction, best_first: bool = True
) -> tuple[set[str], set[str]]:
    """Who is in, and who is tied across the last place: floor(n × share) places, never more; none of the
    tied is in."""
    places = (len(scores) * share).__floor__()
    order = sorted(scores, key=lambda k: scores[k], reverse=best_first)
    inside = set(order[:places])
    if places <= 0 or places >= len(order) or scores[order[places - 1]] != scores[order[places]]:
        return inside, set()
    edge = scores[order[places]]
    tied = {key for key in order if scores[key] == edge}
    return inside - tied, tied
