"""Results, explanations and files as people read them: standing ones from their rows, earlier ones computed
from the entries as they are now.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from server.assessment.faults import Faulty
from server.assessment.outcome import Outcome
from server.assessment.output import result_dict, unit_dicts, write_csv
from server.assessment.process import errors, explanations, packs, results, rules, sheets, subjects
from server.assessment.process.models import ResultRow
from server.assessment.process.sheets import Loaded
from server.assessment.process.standing import Standing, assigned
from server.assessment.xlsx_output import write_xlsx
from server.kit import exact
from server.kit.errors import NotFound
from server.kit.paging import decode_cursor, page

_STANDING, _PROVISIONAL, _PENDING = "standing", "provisional", "pending"


def results_page(
    session: Session, held: Standing, cursor: str | None, limit: int, explained: bool
) -> dict[str, Any]:
    """A page of results; raises Conflict `results_incomplete` with every fault where they cannot be computed."""
    if held.cycle.round:
        return _standing_page(session, held, cursor, limit, explained)
    if not held.sees_process:
        return _head(session, held, _PENDING) | {"results": [], "next_cursor": None}
    return _provisional_page(session, held, cursor, limit, explained)


def _head(session: Session, held: Standing, status: str) -> dict[str, Any]:
    cycle = held.cycle
    levels = sorted(rules.seeing(packs.pack_of(session, cycle)))
    told = {"pack": cycle.pack, "cycle": cycle.id, "status": status, "round": cycle.round}
    return told | {"computed_at": None, "visibility": levels, "units": []}


def _standing_page(
    session: Session, held: Standing, cursor: str | None, limit: int, explained: bool
) -> dict[str, Any]:
    rows, following = results.listed(session, held, cursor, limit)
    pack = packs.pack_of(session, held.cycle)
    whole = [row for row in rows if _knows(held, row)]
    trees = explanations.trees(session, held.cycle, pack, whole) if explained and whole else {}
    known = {row.subject for row in whole}
    items = [_told(row, row.subject in known, trees.get(row.subject), explained) for row in rows]
    standing = results.round_of(session, held.cycle)
    units = standing.units if standing and (held.sees_process or held.subjects) else []
    told = {"computed_at": standing.computed_at if standing else None, "units": units}
    return _head(session, held, _STANDING) | told | {"results": items, "next_cursor": following}


def _knows(held: Standing, row: ResultRow) -> bool:
    """Whether everything about a result is for the reader, and not its place in the ranking alone."""
    return held.sees_process or row.subject in held.own_codes


def _told(row: ResultRow, whole: bool, tree: dict[str, Any] | None, explained: bool) -> dict[str, Any]:
    names = ("subject", "name", "category", "unit", "rank", "grade", "grades")
    told = {name: getattr(row, name) for name in names} | {"final": exact.text(row.final)}
    inside = {"components": row.components, "flags": row.flags, "consequences": row.consequences}
    told |= inside if whole else {"components": {}, "flags": [], "consequences": []}
    return told | ({"explanation": tree} if explained else {})


def _provisional_page(
    session: Session, held: Standing, cursor: str | None, limit: int, explained: bool
) -> dict[str, Any]:
    outcome, loaded = _computed(session, held)
    first = decode_cursor(cursor, int)[0] if cursor else 0
    numbered = list(enumerate(outcome.results, 1))[first : first + limit + 1]
    some, following = page(numbered, limit, lambda pair: (pair[0],))
    shown = [one for _, one in some]
    pack = outcome.pack
    trees = explanations.provisional(session, pack, shown, loaded) if explained else {}
    items = [
        result_dict(pack, one) | ({"explanation": trees[one.subject.id]} if explained else {})
        for one in shown
    ]
    told = {"units": unit_dicts(outcome), "results": items, "next_cursor": following}
    return _head(session, held, _PROVISIONAL) | told


def _computed(session: Session, held: Standing) -> tuple[Outcome, Loaded]:
    try:
        return sheets.computed(session, held.cycle)
    except Faulty as found:
        raise errors.incomplete(found) from None


def explanation(session: Session, held: Standing, code: str) -> dict[str, Any]:
    """One result with its tree: for those who read the process, the person, and once results stand also for
    those to whom the person is assigned. Raises NotFound.
    """
    subject = subjects.one(session, held.cycle.id, code)
    own = code in held.own_codes
    if held.cycle.round and (held.sees_process or own or assigned(held.duties, subject)):
        row = results.of_subject(session, held.cycle, code)
        if row is None:
            raise NotFound()
        pack = packs.pack_of(session, held.cycle)
        tree = explanations.trees(session, held.cycle, pack, [row])[code]
        told = {"final": exact.text(row.final), "rank": row.rank, "grade": row.grade}
        return told | {"subject": code, "name": row.name, "status": _STANDING, "explanation": tree}
    if not held.sees_process:
        raise NotFound()
    outcome, loaded = _computed(session, held)
    one = next(one for one in outcome.results if one.subject.id == code)
    tree = explanations.provisional(session, outcome.pack, [one], loaded)[code]
    found = result_dict(outcome.pack, one)
    told = {name: found[name] for name in ("subject", "name", "final", "rank", "grade")}
    return told | {"status": _PROVISIONAL, "explanation": tree}


def results_file(session: Session, held: Standing, form: str) -> bytes:
    """All results as XLSX or CSV, for those who read the process; raises NotAllowed, Conflict."""
    held.reading_process()
    outcome, _ = _computed(session, held)
    if form == "csv":
        text = io.StringIO(newline="")
        write_csv(outcome, text)
        return text.getvalue().encode("utf-8-sig")
    with tempfile.TemporaryDirectory(prefix="jifen-results-") as folder:
        path = Path(folder) / "results.xlsx"
        write_xlsx(outcome, path)
        return path.read_bytes()
