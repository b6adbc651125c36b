"""Planted personal data: markers appear only where the permission table lets them, in no log, on no public page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.app import create_app
from server.config import load
from server.kit.clock import SetClock
from server.kit.database import db
from server.people.access import TABLE, Permission, Role
from server.people.models import Household
from server.web.routes import PUBLIC
from tests.acceptance.test_permissions import SAMPLES
from tests.guards.permissions import markers as m
from tests.guards.permissions.matrix import REACH, Asker, Matrix, Relation, fill, routes
from tests.guards.permissions.samples import At, Sample
from tests.guards.permissions.world import build_world

P = Permission
NEVER = (*m.PHONES, *m.ID_NUMBERS)
# marker → the permission under which it may be seen, at the household
GUARDED = {
    m.MASKED: P.HOUSEHOLD_FILE,
    m.BIRTH_DATES[0]: P.HOUSEHOLD_FILE,
    m.BIRTH_DATES[1]: P.HOUSEHOLD_FILE,
    m.MINOR: P.HOUSEHOLD_FILE,
    m.ADDRESS: P.HOUSEHOLD_FILE,
    m.WELFARE: P.HOUSEHOLD_FILE,
    m.GROWN_UP: P.HOUSEHOLD_READ,
    m.HEAD: P.HOUSEHOLD_READ,
    m.NOTE: P.RECORD_READ,
    m.REMARK: P.REPORT_READ,
    m.OBJECTION: P.OBJECTION_READ,
    m.USERNAME: P.PEOPLE_READ,
}
# a minor who heads a household is not named where a village's people are told of points
NOTICES = {
    "GET /notices",
    "GET /notices/<notice_id>",
    "GET /api/v1/notices/<notice_id>",
    "GET /api/v1/notices/<notice_id>/poster",
    "GET /api/v1/public/notices",
    "GET /api/v1/public/notices/<notice_id>",
    "GET /api/v1/ranking",
}
# drawing takes most of the time: one from the families, the shop and the committee are enough
DRAWN = {route for route in SAMPLES if route.endswith(("/poster", ".pdf", ".docx", "/receipt", ".png"))}
READERS = {
    (Role.VILLAGER, Relation.NEIGHBOUR),
    (Role.KEEPER, Relation.OWN_VILLAGE),
    (Role.COMMITTEE_HEAD, Relation.OWN_VILLAGE),
}
RELATIONS = (Relation.OWN_HOUSEHOLD, Relation.NEIGHBOUR, Relation.OWN_VILLAGE, Relation.OTHER_VILLAGE)


@pytest.fixture
def loud(tmp_path: Path, clock: SetClock, database_url: str) -> Iterator[Flask]:
    """An application that logs everything."""
    given = {"database_url": database_url, "scheduler": "false", "log_level": "DEBUG"}
    app = create_app(load({}, data=str(tmp_path), mode="test", **given), clock)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def marked(loud: Flask, clock: SetClock) -> Matrix:
    """The world of the permission matrix with markers in every personal column."""
    world = build_world(loud, clock)
    m.plant(world, loud.extensions["jifen_seal"])
    return fill(world)


def test_markers_appear_only_where_the_table_lets_them(
    marked: Matrix, capfd: pytest.CaptureFixture[str]
) -> None:
    seen: set[str] = set()
    wrong = []
    for route, needs in sorted(routes(marked.world.app).items()):
        if not route.startswith("GET ") or route not in SAMPLES:
            continue
        for asker in _askers(marked, SAMPLES[route], route):
            answer = marked.ask(SAMPLES[route], asker, marked.world.things)
            text = m.text_of(answer.body, answer.kind) if answer.status < 400 else answer.body.decode()
            found = {marker for marker in (*NEVER, *GUARDED) if marker in text}
            seen |= found
            wrong += [
                f"{route}: {marker} to {asker.name}" for marker in found if not _may(marker, asker, needs)
            ]
            if route in NOTICES and m.NEIGHBOUR_MINOR in text:
                wrong.append(f"{route}: a minor's name to {asker.name}")
    logged = "".join(capfd.readouterr())
    assert '"event": "request"' in logged
    wrong += [f"log: {marker}" for marker in (*NEVER, *GUARDED, m.NEIGHBOUR_MINOR) if marker in logged]
    assert not wrong, "\n".join(wrong)
    assert seen == set(GUARDED), "each marker is seen by somebody, or the crawl shows nothing"


def _askers(marked: Matrix, sample: Sample, route: str) -> Iterator[Asker]:
    for asker in marked.askers:
        if sample.once and asker.role is not None:
            continue
        if route in DRAWN and asker.role is not None and (asker.role, asker.relation) not in READERS:
            continue
        if asker.relation is not None and asker.relation not in RELATIONS:
            continue
        yield asker


def _may(marker: str, asker: Asker, needs: object) -> bool:
    """Whether the asker holds the marker's permission where the household is."""
    if marker in NEVER or needs == PUBLIC or asker.role not in TABLE[GUARDED[marker]]:
        return False
    place = {m.REMARK: At.GRID, m.USERNAME: At.VILLAGE}.get(marker, At.HOUSEHOLD)
    return asker.relation in REACH[place]


def test_a_refused_row_leaves_no_personal_data_in_the_log(
    marked: Matrix, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database error names the row it refused; the log names its kind and place."""

    def refuse(session: Session, *_: object) -> None:
        village, code = marked.world.things["village"], marked.world.things["household"]
        now = marked.world.cast.clock.now()
        row = {"code": code, "village_code": village, "head": m.HEAD, "flags": [], "created_at": now}
        session.execute(insert(Household).values(row))

    monkeypatch.setattr("server.people.households.add_households", refuse)
    capfd.readouterr()
    body = {"village": marked.world.things["village"], "head": m.HEAD}
    answer = marked.world.cast.as_("head_chen").post("/households", body)
    logged = "".join(capfd.readouterr())
    assert answer.status_code == 500
    assert "IntegrityError" in logged and "test_markers.py" in logged
    assert m.HEAD not in logged + answer.get_data(as_text=True)
