"""Route × role × relation: every cell answers as the permission table says.

Generated from the routes themselves: a route without a sample fails, and so does one whose sample nobody may
carry out. What is outside the scope answers byte for byte like what does not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy.session import Session

from server.kit.clock import SetClock
from tests.guards.permissions import (
    samples_assessment,
    samples_grid,
    samples_honours,
    samples_loop,
    samples_people,
    samples_shop,
)
from tests.guards.permissions.matrix import Answer, Asker, Expected, Matrix, expected, fill, routes
from tests.guards.permissions.samples import Sample
from tests.guards.permissions.world import build_world

_PARTS = (samples_people, samples_loop, samples_shop, samples_grid, samples_assessment, samples_honours)
SAMPLES = {sample.route: sample for part in _PARTS for sample in part.SAMPLES}


# what draws paper: slow, and behind the permission
_DRAWN = (
    "server.settlement.poster.poster_pdf",
    "mall.redemptions.http.receipt_pdf",
    "mall.cards.paper.card_pdf",
    "server.grid.http.plate_sheet_pdf",
    "mall.reservations.http.pick_list_pdf",
    "mall.redemptions.settlement_http.settlement_pdf",
    "server.grid.facts.http.file_pdf",
    "server.assessment.process.appraisal_http.slips_pdf",
    "server.assessment.process.printing.ranking_pdf",
    "server.assessment.process.printing.filing_pdf",
    "server.assessment.process.printing.registration_pdf",
    "server.assessment.process.printing.task_sheet_pdf",
    "server.insight.quarters.http.report_pdf",
    "server.insight.quarters.http.report_docx",
    "server.honours.certificate_http.certificates_pdf",
    "server.honours.recommendation_http.report_pdf",
    "server.honours.recommendation_http.report_docx",
)


def _drawn_once(place: str) -> Callable[..., bytes]:
    """The function of this name, which draws for the first who asks; the others get the same sheet."""
    module, _, name = place.rpartition(".")
    draw = getattr(import_module(module), name)
    sheets: list[bytes] = []

    def drawn(*given: Any, **named: Any) -> bytes:
        if not sheets:
            sheets.append(draw(*given, **named))
        return sheets[0]

    return drawn


@pytest.fixture
def matrix(app: Flask, clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Matrix]:
    """The world; from now on nothing is kept, so that each cell is asked in the same world."""
    filled_matrix = fill(build_world(app, clock))

    def undone(session: Session) -> None:
        session.flush()
        session.expunge_all()
        session.rollback()

    monkeypatch.setattr(Session, "commit", undone)
    for place in _DRAWN:
        monkeypatch.setattr(place, _drawn_once(place))
    yield filled_matrix


def test_every_route_has_a_sample(app: Flask) -> None:
    """A new route needs one in tests/guards/permissions/samples_*.py."""
    assert set(routes(app)) == set(SAMPLES)


def test_every_cell_is_as_the_table_says(matrix: Matrix) -> None:
    wrong: list[str] = []
    cells = 0
    for route, needs in sorted(routes(matrix.world.app).items()):
        if route not in SAMPLES:
            continue  # the test above names it
        sample = SAMPLES[route]
        succeeded = False
        for asker in matrix.those_who_ask(sample, needs):
            cells += 1
            answer = matrix.ask(sample, asker, matrix.world.things)
            fault = _fault(matrix, sample, asker, expected(sample, needs, asker), answer)
            succeeded = succeeded or answer.status < 400 or answer.code in sample.settled
            if fault:
                wrong.append(f"{route} by {asker.name}: {fault}")
        if not succeeded and expected(sample, needs, matrix.askers[-1]) is not Expected.HIDDEN:
            wrong.append(f"{route}: nobody could do it, so the sample shows nothing")
    print(f"{cells} cells")
    assert not wrong, f"{len(wrong)} of {cells} cells:\n" + "\n".join(wrong)


def _fault(matrix: Matrix, sample: Sample, asker: Asker, wanted: Expected, answer: Answer) -> str | None:
    said = f"{answer.status} {answer.code or answer.body[:120]!r}"
    if answer.status >= 500:
        return said
    if wanted is Expected.STRANGER:
        return None if answer.status == 401 else f"{said} for a stranger"
    if wanted is Expected.NOT_ALLOWED:
        return None if (answer.status, answer.code) == (403, "not_allowed") else f"{said}, not 403"
    if wanted is Expected.ALLOWED:
        refused = answer.status in (401, 404) or (answer.status == 403 and answer.code not in sample.refusals)
        return f"{said}, but the table allows it" if refused else None
    return _fault_of_hidden(matrix, sample, asker, answer, said)


def _fault_of_hidden(matrix: Matrix, sample: Sample, asker: Asker, answer: Answer, said: str) -> str | None:
    ghosts = matrix.world.ghosts()
    missing = matrix.ask(sample, asker, ghosts)
    if (answer.status, answer.kind, answer.body) != (missing.status, missing.kind, missing.body):
        return f"{said}, but {missing.status} {missing.body[:120]!r} for what does not exist"
    empty = answer.status == 200 and b'"items":[]' in answer.body.replace(b" ", b"")
    if answer.status != 404 and not (sample.filtered and empty):
        return f"{said}, not 404"
    return None
