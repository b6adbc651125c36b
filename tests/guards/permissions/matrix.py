"""Who asks, what the table says, what came: the cells of route × role × relation.

The expectation is worked out from `TABLE` and from where the role is held, with nothing of the program's own scope
checks in between.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.access import TABLE, Permission, Role
from server.people.models import GrantRow, Person
from server.web.routes import PUBLIC
from tests.cast import COUNTY, OTHER_VILLAGE, VILLAGE, picture, sign_in
from tests.guards.permissions.samples import At, Sample, filled
from tests.guards.permissions.world import World


class Relation(StrEnum):
    """Where a role is held, seen from the sample's thing."""

    OWN_HOUSEHOLD = "own household"
    NEIGHBOUR = "another household of the village"
    OWN_GRID = "own grid"
    NEXT_GRID = "another grid of the village"
    OWN_VILLAGE = "own village"
    OTHER_VILLAGE = "other village"
    COUNTY = "the county"


R = Relation
# small files that are sent in, by name
TABLES = {
    "register": "编号,姓名,类别\nX1,某镇,town\n",
    "entries": "subject,name,category,unit,indicator,rater,value,kind,note\nS1,,,,qual.2,,60,,\n",
}
# for who holds the permission nowhere the place makes no difference: three are enough
FEW = (R.OWN_HOUSEHOLD, R.OWN_VILLAGE, R.OTHER_VILLAGE)
REACH: dict[At, frozenset[Relation]] = {
    At.HOUSEHOLD: frozenset({R.OWN_HOUSEHOLD, R.OWN_GRID, R.OWN_VILLAGE, R.COUNTY}),
    At.ACCOUNT: frozenset({R.OWN_HOUSEHOLD, R.OWN_VILLAGE, R.COUNTY}),
    At.GRID: frozenset({R.OWN_GRID, R.OWN_VILLAGE, R.COUNTY}),
    At.GRIDS: frozenset({R.OWN_GRID, R.NEXT_GRID, R.OWN_VILLAGE, R.COUNTY}),
    At.VILLAGE: frozenset({R.OWN_VILLAGE, R.COUNTY}),
    At.BELONGING: frozenset(R) - {R.OTHER_VILLAGE},
    At.VILLAGERS: frozenset({R.OWN_HOUSEHOLD, R.NEIGHBOUR, R.OWN_VILLAGE, R.COUNTY}),
    At.COUNTY: frozenset({R.COUNTY}),
    At.ANYWHERE: frozenset(R),
    At.OWN_HOUSEHOLD: frozenset({R.OWN_HOUSEHOLD}),
    At.NOWHERE: frozenset(),
}


class Expected(StrEnum):
    """What a cell must answer."""

    ALLOWED = "allowed"
    STRANGER = "401"
    NOT_ALLOWED = "403"
    HIDDEN = "404 like what does not exist"


@dataclass(frozen=True)
class Asker:
    """A stranger (no token), a person without roles (no role), or one role held in one relation."""

    name: str
    token: str | None
    role: Role | None = None
    relation: Relation | None = None


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: bytes
    kind: str

    @property
    def code(self) -> str:
        return str(json.loads(self.body).get("code", "")) if "problem" in self.kind else ""


@dataclass
class Matrix:
    """The world with somebody of every kind in it."""

    world: World
    askers: list[Asker] = field(default_factory=list)
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def ask(self, sample: Sample, asker: Asker, things: dict[str, str]) -> Answer:
        """Make the sample's request as somebody."""
        method, _, rule = sample.route.partition(" ")
        url = rule
        for part, value in sample.path.items():
            for kind in ("", "path:"):
                url = url.replace(f"<{kind}{part}>", filled(value, things))
        given: dict[str, Any] = {"query_string": filled(sample.query, things)}
        if sample.body is not None:
            given["json"] = filled(sample.body, things | {"document": _document(self.world)})  # type: ignore[dict-item]
        if sample.files:
            given["data"] = {name: _part(filled(v, things)) for name, v in sample.files.items()}
        headers = {"Authorization": f"Bearer {asker.token}"} if asker.token else {}
        answer: TestResponse = self._client().open(url, method=method, headers=headers, **given)
        status, kind, body = answer.status_code, answer.content_type or "", answer.get_data()
        if sample.batch and status == 200:
            (result,) = json.loads(body)["results"]
            status, problem = result["status"], result.get("problem", result)
            kind, body = ("problem" if status >= 400 else kind), json.dumps(problem).encode()
        return Answer(status, body, kind)

    def _client(self) -> FlaskClient:
        return self.clients.setdefault("any", self.world.app.test_client(use_cookies=False))

    def those_who_ask(self, sample: Sample, needs: Permission | str) -> Iterator[Asker]:
        """The people whose cells make a difference."""
        roles = allowed_roles(sample, needs)
        for asker in self.askers:
            plain = asker.role is None
            if sample.once and not plain:
                continue
            if plain or asker.role in roles or asker.relation in FEW:
                yield asker


def _document(world: World) -> Any:
    return world.extra["document"]


def _part(value: str) -> Any:
    if value == "photo":
        return (io.BytesIO(picture()), "photo.jpg")
    if value == "roster":
        return (io.BytesIO(b"not a workbook"), "roster.xlsx")
    if value in TABLES:
        return (io.BytesIO(TABLES[value].encode()), f"{value}.csv")
    return value


def allowed_roles(sample: Sample, needs: Permission | str) -> frozenset[Role]:
    """The roles that the table names for the route, or for the finer permission behind it."""
    if sample.acts:
        return frozenset().union(*(TABLE[act] for act in sample.acts))
    return frozenset(Role) if needs == PUBLIC else TABLE[Permission(needs)]


def expected(sample: Sample, needs: Permission | str, asker: Asker) -> Expected:
    """What the permission table says about a cell."""
    if sample.at is At.NOWHERE:
        return Expected.HIDDEN if asker.token or needs == PUBLIC else Expected.STRANGER
    if needs == PUBLIC:
        return Expected.ALLOWED
    if asker.token is None:
        return Expected.STRANGER
    if needs is Permission.OWN:
        return _own(sample, asker)
    if asker.role not in TABLE[Permission(needs)]:
        return Expected.NOT_ALLOWED
    assert asker.relation is not None
    inside = asker.relation in REACH[sample.at] and asker.role in allowed_roles(sample, needs)
    return Expected.ALLOWED if inside else Expected.HIDDEN


def _own(sample: Sample, asker: Asker) -> Expected:
    """Routes for everybody signed in: about oneself, about the own household, or decided by a finer permission."""
    if sample.at is At.ANYWHERE:
        return Expected.ALLOWED
    inside = asker.relation in REACH[sample.at]
    if sample.at is At.OWN_HOUSEHOLD:
        inside = inside and asker.role is Role.VILLAGER
    elif asker.role not in allowed_roles(sample, Permission.OWN):
        inside = False
    return Expected.ALLOWED if inside else Expected.HIDDEN


def fill(world: World) -> Matrix:
    """Put one person for each role and relation into the world."""
    matrix = Matrix(world)
    now = world.cast.clock.now()
    with transaction() as session:
        matrix.askers = [Asker("a stranger", None)]
        matrix.askers.append(Asker("somebody without roles", _person(session, world, "无职", None, now)))
        for role in Role:
            for relation in Relation:
                token = _person(session, world, role.value, (role, relation), now)
                matrix.askers.append(Asker(f"{role.value} of {relation.value}", token, role, relation))
        # those of the matrix count as members too: minutes need more than half of all
        fifth = (
            select(GrantRow.person_id)
            .where(GrantRow.role == Role.COMMITTEE_MEMBER.value, GrantRow.scope == VILLAGE)
            .order_by(GrantRow.id.desc())
        )
        world.things["member_4"] = str(session.scalar(fifth.limit(1)))
    return matrix


def _person(
    session: Session, world: World, name: str, held: tuple[Role, Relation] | None, now: datetime
) -> str:
    cast = world.cast
    scopes = {
        R.OWN_HOUSEHOLD: cast.households["zhao"],
        R.NEIGHBOUR: cast.households["qian"],
        R.OWN_GRID: cast.grids["east"],
        R.NEXT_GRID: cast.grids["west"],
        R.OWN_VILLAGE: VILLAGE,
        R.OTHER_VILLAGE: OTHER_VILLAGE,
        R.COUNTY: COUNTY,
    }
    homes = {R.OTHER_VILLAGE: OTHER_VILLAGE, R.COUNTY: COUNTY}
    home = homes.get(held[1], VILLAGE) if held else OTHER_VILLAGE
    scope = scopes[held[1]] if held else None
    lives = scope if held and held[0] is Role.VILLAGER and scope and len(scope) == 16 else None
    key = new_id()
    session.add(Person(id=key, name=name, home=home, household_code=lives, created_at=now))
    session.flush()
    if held and scope:
        row = GrantRow(id=new_id(), person_id=key, role=held[0].value, scope=scope, starts_at=now)
        session.add(row)
    return sign_in(session, key, now)


def routes(app: Flask) -> dict[str, Any]:
    """Every method and rule of the program with the permission it needs."""
    found = {}
    for rule in app.url_map.iter_rules():
        needs = getattr(app.view_functions[rule.endpoint], "needs", PUBLIC)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            found[f"{method} {rule.rule}"] = needs
    return found
