"""Checks over all rows of a subject or sheet: doubles, missing indicators, either-or nodes, periods, people
in charge."""

from __future__ import annotations

from collections.abc import Iterator

from .cell_faults import Wrong
from .entries import Entry, Subject
from .scheme import Indicator, Pack

Placed = tuple[int | None, str, str, Wrong]


def check_sheet(pack: Pack, subjects: dict[str, Subject]) -> Iterator[Placed]:
    """Everything that single rows do not show, as (row, column, value, fault)."""
    charged = [one.code for one in pack.indicators.values() if one.kind_is_subject]
    children = _children(pack)
    for subject in subjects.values():
        yield from _doubles(pack, subject)
        yield from _missing(pack, subject, children)
        yield from _in_charge(pack, subject, subjects, charged)
        if subject.unit and subject.unit in subjects and subjects[subject.unit].unit:
            reason = f"所属单位 {subject.unit} 在表里是个人"
            yield subject.first_row, "unit", subject.unit, Wrong("unit_is_person", reason, "请填写单位的编号")
    yield from _periods(pack, subjects)


def _children(pack: Pack) -> dict[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for indicator in pack.indicators.values():
        if indicator.parent is not None and indicator.entry:
            found.setdefault(indicator.parent, []).append(indicator)
    return found


def _doubles(pack: Pack, subject: Subject) -> Iterator[Placed]:
    for code, entries in subject.entries.items():
        if len(entries) == 1:
            continue
        indicator = pack.indicators[code]
        seen: dict[tuple[object, ...], int] = {}
        for entry in entries:
            key = tuple(entry[1:]) if indicator.repeatable else _once(pack, entry)
            first = seen.setdefault(key, entry.row)
            if first != entry.row:
                yield entry.row, "indicator", code, _double(indicator, subject, first)


def _once(pack: Pack, entry: Entry) -> tuple[object, ...]:
    """What makes an entry unique; where a scheme takes one period at a time, the period is only a label."""
    return (entry.rater,) if pack.periods == "single" else (entry.rater, entry.period)


def _double(indicator: Indicator, subject: Subject, first: int) -> Wrong:
    if indicator.repeatable:
        remedy = "如确是两次，请在说明列写清区别；否则删去一行"
        return Wrong("duplicate_row", f"与第 {first} 行完全相同", remedy)
    reason = f"{subject.id} 的“{indicator.title}”在第 {first} 行已有"
    return Wrong("duplicate_entry", reason, "同一对象、指标、评分人、周期只能有一行，请删去一行")


def _missing(pack: Pack, subject: Subject, children: dict[str, list[Indicator]]) -> Iterator[Placed]:
    for indicator in pack.indicators.values():
        if not indicator.entry or subject.category not in indicator.categories:
            continue
        present = indicator.code in subject.entries
        if indicator.instead:
            yield from _either(subject, indicator, children.get(indicator.code, []))
        elif indicator.required and not present:
            yield subject.first_row, "indicator", indicator.code, _lacks(subject, indicator)
        if present and indicator.rater_codes:
            yield from _raters_missing(pack, subject, indicator)


def _lacks(subject: Subject, indicator: Indicator) -> Wrong:
    reason = f"{subject.id}（{subject.name}）缺必填指标“{indicator.title}”"
    return Wrong("indicator_missing", reason, f"请补一行 indicator={indicator.code}")


def _either(subject: Subject, indicator: Indicator, parts: list[Indicator]) -> Iterator[Placed]:
    filled = [part for part in parts if part.code in subject.entries]
    whole = subject.entries.get(indicator.code)
    if whole and filled:
        reason = f"“{indicator.title}”既填了总分又填了二级指标"
        yield whole[0].row, "indicator", indicator.code, Wrong("both_levels", reason, "请只保留其中一种填法")
    elif filled:
        for part in parts:
            if part not in filled:
                yield subject.first_row, "indicator", part.code, _lacks(subject, part)
    elif not whole and indicator.required:
        yield subject.first_row, "indicator", indicator.code, _lacks(subject, indicator)


def _raters_missing(pack: Pack, subject: Subject, indicator: Indicator) -> Iterator[Placed]:
    entries = subject.entries[indicator.code]
    there = {entry.rater.partition(":")[0] for entry in entries}
    for code in indicator.rater_codes:
        if code not in there:
            reason = f"{subject.id}（{subject.name}）的“{indicator.title}”缺“{pack.raters[code].title}”评分"
            yield entries[0].row, "rater", code, Wrong("rater_missing", reason, f"请补一行 rater={code}")


def _in_charge(
    pack: Pack, subject: Subject, subjects: dict[str, Subject], charged: list[str]
) -> Iterator[Placed]:
    for code in charged:
        for entry in subject.entries.get(code, ()):
            person = subjects.get(entry.kind)
            if person is None:
                reason = "责任人不在这张表里"
                yield entry.row, "kind", entry.kind, Wrong("person_unknown", reason, "请填写表中某个人的编号")
            elif (
                pack.categories.get(person.category) and pack.categories[person.category].subject != "person"
            ):
                reason = f"{entry.kind} 是单位，不是个人"
                yield entry.row, "kind", entry.kind, Wrong("person_is_unit", reason, "请填写责任人的编号")


def _periods(pack: Pack, subjects: dict[str, Subject]) -> Iterator[Placed]:
    if pack.periods == "pool":
        return
    first = ""
    first_row = 0
    blank: int | None = None
    for subject in subjects.values():
        for entries in subject.entries.values():
            for entry in entries:
                if not entry.period:
                    blank = entry.row if blank is None else min(blank, entry.row)
                elif not first:
                    first, first_row = entry.period, entry.row
                elif entry.period != first and pack.periods == "single":
                    reason = f"本方案一次只算一个周期，第 {first_row} 行是 {first}"
                    remedy = "请按周期分成几个文件"
                    yield entry.row, "period", entry.period, Wrong("period_mixed", reason, remedy)
    if pack.periods == "mean" and first and blank is not None:
        reason = f"周期是空的，而第 {first_row} 行是 {first}"
        yield blank, "period", "", Wrong("period_empty", reason, "要么每行都写周期，要么都不写")
