"""How each method of a pack is applied to one subject: from a step and the subject's entries to a number.

Methods over several subjects (rank, coefficient, charge) are in `engine`. A step that has nothing to
compute from (no entries for a mean) yields None and is then absent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction

from . import methods
from .entries import Entry
from .exact import ONE, ZERO
from .scheme import Pack, Step, Term


class View:
    """One subject's entries (of one period, or all) and the values of the steps so far."""

    __slots__ = ("entries", "period", "values")

    def __init__(
        self, entries: Mapping[str, Sequence[Entry]], values: dict[str, Fraction], period: str | None = None
    ) -> None:
        self.entries = entries
        self.values = values
        self.period = period

    def of(self, code: str) -> Sequence[Entry]:
        """The entries of one indicator, in the order of the sheet."""
        found = self.entries.get(code, ())
        if self.period is None or not found:
            return found
        return [entry for entry in found if entry.period == self.period]

    def entries_of(self, term: Term) -> Iterator[Entry]:
        """The entries behind a term that names indicators."""
        if not term.codes:
            yield from self.of(term.of)
        elif len(term.codes) > 2 * len(self.entries):
            chosen = set(term.codes)
            for code in self.entries:
                if code in chosen:
                    yield from self.of(code)
        else:
            for code in term.codes:
                yield from self.of(code)

    def amount(self, term: Term) -> Fraction | None:
        """A step's value, or the sum of an indicator's entries; None when there is neither. Unweighted."""
        if term.is_step:
            return self.values.get(term.of)
        amounts = [entry.value for entry in self.entries_of(term)]
        return methods.total(amounts) if amounts else None


def _sum(step: Step, view: View, pack: Pack) -> Fraction:
    numbers = step.numbers
    return methods.sum_with_base_and_caps(
        _weighted(step.terms, view),
        _weighted(step.minus, view),
        numbers.get("base", ZERO),
        numbers.get("min"),
        numbers.get("max"),
    )


def _weighted(terms: Sequence[Term], view: View) -> Iterator[Fraction]:
    for term in terms:
        value = view.amount(term)
        if value is not None:
            yield value if term.weight is None else value * term.weight


def _highest(step: Step, view: View, pack: Pack) -> Fraction:
    pairs = [(entry.kind, entry.value) for term in step.terms for entry in view.entries_of(term)]
    best = methods.total(methods.highest_of_each_kind(pairs).values())
    return methods.clamp(best, step.numbers.get("min"), step.numbers.get("max"))


def _capped(step: Step, view: View, pack: Pack) -> Fraction:
    caps = kind_caps(step, pack)
    pairs = [(entry.kind, entry.value) for term in step.terms for entry in view.entries_of(term)]
    return methods.total(methods.capped_by_kind(pairs, caps).values())


def kind_caps(step: Step, pack: Pack) -> dict[str, Fraction]:
    """The caps of the kinds of the step's indicators."""
    kinds = [kind for term in step.terms for kind in pack.indicators[term.of].kinds.values()]
    return {kind.code: kind.cap for kind in kinds if kind.cap is not None}


def _mean(step: Step, view: View, pack: Pack) -> Fraction | None:
    values: list[Fraction] = []
    for term in step.terms:
        if term.is_step:
            found = view.values.get(term.of)
            values += [] if found is None else [found]
        else:
            values += [entry.value for entry in view.entries_of(term)]
    return methods.mean(values) if values else None


def _rater_mean(step: Step, view: View, pack: Pack) -> Fraction | None:
    weights = {code: rater.weight for code, rater in pack.raters.items()}
    scores = [
        (entry.rater.partition(":")[0], entry.value) for term in step.terms for entry in view.entries_of(term)
    ]
    return methods.rater_mean(scores, weights) if scores else None


def _weighted_mean(step: Step, view: View, pack: Pack) -> Fraction | None:
    parts = weighted_parts(step, view)
    return methods.weighted_mean(parts) if parts else None


def weighted_parts(step: Step, view: View) -> list[tuple[Fraction, Fraction]]:
    """(value, weight) of the parts; absent ones are left out where the pack says `absent: skip`, else count
    as 0."""
    parts = []
    for term in step.terms:
        value = view.amount(term)
        if value is None and step.words.get("absent") == "skip":
            continue
        parts.append((ZERO if value is None else value, ONE if term.weight is None else term.weight))
    return parts


def _product(step: Step, view: View, pack: Pack) -> Fraction:
    result = ONE
    for term in step.terms:
        value = view.amount(term)
        result *= ZERO if value is None else value
    return result


def licence_events(step: Step, view: View) -> list[tuple[Entry, methods.LicenceEvent]]:
    """The subject's dated entries in the order in which they count, with what each does."""
    effects = {step.terms[0].of: "merit", step.minus[0].of: "deduct", step.words["restore"]: "restore"}
    entries = sorted((e for code in effects for e in view.of(code)), key=lambda entry: entry.row)
    order = methods.date_order([(entry.day, entry.row) for entry in entries])
    events = []
    for entry in (entries[place] for place in order):
        effect = effects[entry.indicator]
        points = step.numbers["restore_points"] if effect == "restore" else entry.value
        year = str(entry.day.year) if entry.day else ""
        events.append((entry, methods.LicenceEvent(effect, points, year)))
    return events


def _licence(step: Step, view: View, pack: Pack) -> Fraction:
    events = [event for _, event in licence_events(step, view)]
    start = step.numbers["start"]
    moves = methods.licence_moves(events, start, int(step.numbers["restores_a_year"]))
    view.values[step.words["surplus"]] = methods.total(move.surplus for move in moves)
    return moves[-1].balance if moves else start


PER_SUBJECT: Mapping[str, Callable[[Step, View, Pack], Fraction | None]] = {
    "sum": _sum,
    "highest_of_kind": _highest,
    "capped_by_kind": _capped,
    "mean": _mean,
    "rater_mean": _rater_mean,
    "weighted_mean": _weighted_mean,
    "product": _product,
    "licence_balance": _licence,
}
