"""Explanations of standing results: made on demand from the stored numbers and the subject's own entries.

Nothing is computed again: what the engine found is in the result's row, what it came from in the entries, so
that the cost of one explanation does not grow with the cycle.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.assessment.entries import Entry, Subject
from server.assessment.explain import Explainer, Node, below
from server.assessment.outcome import Assessed
from server.assessment.process.models import Cycle, EntryRow, ResultRow
from server.assessment.process.sheets import Loaded, StandingEntry, standing_entries
from server.assessment.scheme import Pack
from server.people.api import Person


def trees(session: Session, cycle: Cycle, pack: Pack, rows: Sequence[ResultRow]) -> dict[str, Node]:
    """Subject → tree, for a page of standing results; as many statements for one as for a thousand."""
    entries = standing_entries(session, cycle.id, [row.subject for row in rows])
    charged = {key for row in rows for _, key in row.numbers["charged"]}
    there = {entry.id: entry for entry in entries}
    there |= _by_id(session, charged - set(there))
    authors = author_names(session, (entry.entered_by for entry in there.values()))
    of_subject: dict[str, list[StandingEntry]] = {row.subject: [] for row in rows}
    for entry in entries:
        of_subject[entry.subject].append(entry)
    explainer = Explainer(pack)
    found = {}
    for row in rows:
        own = of_subject[row.subject]
        foreign = [there[key] for _, key in row.numbers["charged"] if key not in {one.id for one in own}]
        numbered = [*own, *foreign]
        tree = explainer.tree(_assessed(row, own, numbered))
        found[row.subject] = signed(tree, numbered, authors, first=0)
    return found


def _by_id(session: Session, keys: set[str]) -> dict[str, StandingEntry]:
    """Entries of other subjects that are charged to somebody of the page."""
    wanted = sorted(keys)
    columns = [getattr(EntryRow, name) for name in StandingEntry._fields]
    found: dict[str, StandingEntry] = {}
    for start in range(0, len(wanted), 500):
        query = select(*columns).where(EntryRow.id.in_(wanted[start : start + 500]))
        found |= {row[0]: StandingEntry(*row) for row in session.execute(query)}
    return found


def author_names(session: Session, persons: Iterator[str | None]) -> dict[str, str]:
    """Names by person's id."""
    wanted = sorted({one for one in persons if one})
    if not wanted:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(wanted))
    return {key: name for key, name in session.execute(query)}  # noqa: C416


def _assessed(row: ResultRow, own: Sequence[StandingEntry], numbered: Sequence[StandingEntry]) -> Assessed:
    """The engine's view of one subject, from what was stored."""
    numbers = row.numbers
    place = {entry.id: number for number, entry in enumerate(numbered)}
    subject = Subject(row.subject, row.name, row.category, row.unit, 0)
    for entry in own:
        subject.entries.setdefault(entry.indicator, []).append(_entry(place[entry.id], entry))
    by_id = {entry.id: entry for entry in numbered}
    return Assessed(
        subject,
        values=_numbers(numbers["values"]),
        by_period={period: _numbers(values) for period, values in numbers["by_period"].items()},
        places={name: (Fraction(rank), count) for name, (rank, count) in numbers["places"].items()},
        charged=[(unit, _entry(place[key], by_id[key])) for unit, key in numbers["charged"]],
        final=Fraction(numbers["final"]),
        rank=row.rank,
        ties=list(numbers["ties"]),
        flags=list(row.flags),
    )


def _entry(number: int, entry: StandingEntry) -> Entry:
    value = Fraction(entry.value)
    return Entry(number, entry.indicator, value, entry.rater, entry.kind, entry.note, entry.period, entry.day)


def _numbers(texts: dict[str, str]) -> dict[str, Fraction]:
    return {name: Fraction(text) for name, text in texts.items()}


def signed(node: Node, numbered: Sequence[StandingEntry], authors: dict[str, str], first: int) -> Node:
    """The tree with each entry's id and author in place of its row."""
    if "row" in node:
        entry = numbered[node.pop("row") - first]
        node["entry"] = entry.id
        node["author"] = authors.get(entry.entered_by or "", "匿名测评" if entry.entered_by is None else "")
    for child in below(node):
        signed(child, numbered, authors, first)
    return node


def provisional(session: Session, pack: Pack, page: Sequence[Assessed], loaded: Loaded) -> dict[str, Any]:
    """Subject → tree, for results that do not stand yet."""
    explainer = Explainer(pack)
    authors = author_names(session, (entry.entered_by for entry in loaded.entries))
    return {one.subject.id: signed(explainer.tree(one), loaded.entries, authors, first=2) for one in page}
