"""The engine: a pack and a checked sheet → every subject's numbers, rank, grades, flags and proposals.

Pure: no file, clock or database. It knows methods, not schemes: what a scheme does is the order of its steps.
Cost grows linearly with the entries (and n log n with the subjects of a category, for ranking).
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from . import methods
from .conditions import Judge
from .entries import Sheet
from .exact import ONE, ZERO
from .grading import apply_grading
from .outcome import Assessed, Outcome, UnitResult
from .scheme import Pack, Step
from .steps import PER_SUBJECT, View


def assess(pack: Pack, sheet: Sheet) -> Outcome:
    """Computes the sheet under the pack; the sheet has been checked against the same pack's tree."""
    all_assessed, groups = _computed(pack, sheet)
    judge = Judge(pack, groups)
    for grading in pack.gradings:
        if grading.name != "grade":
            apply_grading(pack, grading, all_assessed, judge)
    for assessed in all_assessed:
        assessed.flags = [flag.code for flag in pack.flags if judge.holds(flag.condition, assessed)]
    for grading in pack.gradings:
        if grading.name == "grade":
            apply_grading(pack, grading, all_assessed, judge)
    for assessed in all_assessed:
        assessed.consequences = [
            one
            for one in pack.consequences
            if assessed.subject.category in one.categories and judge.holds(one.condition, assessed)
        ]
    ordered = sorted(
        all_assessed, key=lambda a: (pack.category_order[a.subject.category], a.rank, a.subject.id)
    )
    return Outcome(pack, sheet, tuple(ordered), _units(pack, ordered))


def finals(pack: Pack, sheet: Sheet) -> dict[str, dict[str, Fraction]]:
    """Category → subject id → final, without grades and proposals: what a sensitivity analysis repeats."""
    _, groups = _computed(pack, sheet)
    return {code: {a.subject.id: a.final for a in members} for code, members in groups.items()}


def _computed(pack: Pack, sheet: Sheet) -> tuple[list[Assessed], dict[str, list[Assessed]]]:
    all_assessed = [Assessed(subject) for subject in sheet.subjects.values()]
    groups = _by_category(pack, all_assessed)
    for step in pack.steps:
        _apply(pack, step, all_assessed, groups)
    for members in groups.values():
        _rank(pack, members)
    return all_assessed, groups


def _by_category(pack: Pack, all_assessed: list[Assessed]) -> dict[str, list[Assessed]]:
    groups: dict[str, list[Assessed]] = {code: [] for code in pack.categories}
    for assessed in all_assessed:
        groups[assessed.subject.category].append(assessed)
    return groups


def _apply(pack: Pack, step: Step, everyone: list[Assessed], groups: dict[str, list[Assessed]]) -> None:
    if step.method in ("rank", "rank_coefficient"):
        for code, members in groups.items():
            if code in step.categories:
                _apply_rank(step, members)
        return
    if step.method == "charge":
        _apply_charge(step, everyone)
        return
    for assessed in everyone:
        if assessed.subject.category not in step.categories:
            continue
        if step.method == "mean_of_periods":
            found = [values[step.terms[0].of] for values in assessed.by_period.values()]
            assessed.values[step.name] = methods.mean(found)
        elif step.each_period:
            _apply_by_period(pack, step, assessed)
        else:
            value = PER_SUBJECT[step.method](step, View(assessed.subject.entries, assessed.values), pack)
            if value is not None:
                assessed.values[step.name] = value


def _apply_by_period(pack: Pack, step: Step, assessed: Assessed) -> None:
    """The step for each period by itself; the component shown is the mean over the periods."""
    entries = assessed.subject.entries
    if not assessed.by_period:
        periods = sorted({entry.period for listed in entries.values() for entry in listed})
        assessed.by_period = {period: {} for period in periods or [""]}
    found = []
    for period, values in assessed.by_period.items():
        only = None if len(assessed.by_period) == 1 else period
        value = PER_SUBJECT[step.method](step, View(entries, values, only), pack)
        if value is not None:
            values[step.name] = value
            found.append(value)
    if found:
        assessed.values[step.name] = methods.mean(found)


def _apply_rank(step: Step, members: list[Assessed]) -> None:
    source = step.terms[0].of
    scores = {a.subject.id: a.values[source] for a in members if source in a.values}
    mean_ranks = methods.mean_ranks(scores)
    better = methods.ranks(scores)
    for assessed in members:
        key = assessed.subject.id
        if key not in scores:
            continue
        assessed.places[step.name] = (mean_ranks[key], len(scores))
        if step.method == "rank":
            assessed.values[step.name] = ONE * better[key]
        else:
            coefficient = methods.rank_coefficient(mean_ranks[key], len(scores), step.numbers["step"])
            assessed.values[step.name] = coefficient


def _apply_charge(step: Step, everyone: list[Assessed]) -> None:
    """A loss stands on the unit in full, and on the person whom the entry's kind names, by the share."""
    code = step.terms[0].of
    by_id = {assessed.subject.id: assessed for assessed in everyone}
    for assessed in everyone:
        own = assessed.subject.entries.get(code, ())
        assessed.values[step.name] = methods.total(entry.value for entry in own)
        for entry in own:
            by_id[entry.kind].charged.append((assessed.subject.id, entry))
    for assessed in everyone:
        if assessed.charged:
            losses = methods.total(entry.value for _, entry in assessed.charged)
            assessed.values[step.name] += losses * step.numbers.get("share", ONE)


def _rank(pack: Pack, members: list[Assessed]) -> None:
    for assessed in members:
        assessed.final = assessed.values.get(pack.result, ZERO)
    ranks = methods.ranks({assessed.subject.id: assessed.final for assessed in members})
    for assessed in members:
        assessed.rank = ranks[assessed.subject.id]


def _units(pack: Pack, results: Iterable[Assessed]) -> tuple[UnitResult, ...]:
    """Units by the mean of their members, where the pack says something about units."""
    if not pack.units:
        return ()
    finals: dict[str, list[Assessed]] = {}
    for assessed in results:
        if assessed.subject.unit:
            finals.setdefault(assessed.subject.unit, []).append(assessed)
    means = {unit: methods.mean([a.final for a in members]) for unit, members in finals.items()}
    ranks = methods.ranks(means)
    found = []
    for unit in sorted(means, key=lambda u: (ranks[u], u)):
        hit = [
            rule
            for rule in pack.units
            if (rule.below is None or means[unit] < rule.below)
            and (rule.at_least is None or means[unit] >= rule.at_least)
        ]
        found.append(UnitResult(unit, len(finals[unit]), means[unit], ranks[unit], tuple(hit)))
    return tuple(found)
