"""A small cast with names, for tests of the whole loop.

Two villages side by side. In the first (大槐树村) two grids of three households each, the people who run the
programme there, and an adopted rulebook of a few items; in the second (小柳庄) one household and its people.
Everybody can be signed in without a password: `cast.as_("wang_fang").post("/records", {...})`.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.grid.models import Grid, Plate
from server.kit.clock import SetClock
from server.kit.ids import new_id, new_token, token_hash
from server.kit.transaction import transaction
from server.people.access import Actor
from server.people.authentication import authenticate
from server.people.models import (
    Division,
    GrantRow,
    Household,
    Member,
    Person,
    Relation,
    SignInSession,
    Village,
)
from server.rulebook.items import Rulebook
from server.rulebook.service import Meeting, MeetingKind, adopt, create_draft
from tests.rulebooks import small_rulebook

COUNTY = "990101000000"
TOWNSHIP = "990101101000"
VILLAGE = "990101101201"
OTHER_VILLAGE = "990101101202"

# name → (grid, kind of household); codes are numbered in this order
HOUSEHOLDS = {
    "zhao": ("east", "general"),
    "qian": ("east", "general"),
    "sun": ("east", "elders_only"),
    "li": ("west", "general"),
    "zhou": ("west", "general"),
    "wu": ("west", "general"),
}

# name → (Chinese name, role, scope, household)
PEOPLE: dict[str, tuple[str, str, str, str | None]] = {
    "zhao_min": ("赵敏", "villager", "zhao", "zhao"),
    "qian_yun": ("钱芸", "villager", "qian", "qian"),
    "li_mei": ("李梅", "villager", "li", "li"),
    "wang_fang": ("王芳", "grid_worker", "east", None),
    "wang_jun": ("王军", "grid_worker", "west", None),
    "ma_ling": ("马玲", "grid_leader", "east", None),
    "ma_dong": ("马东", "grid_leader", "west", None),
    "he_ping": ("何平", "chief_grid_leader", VILLAGE, None),
    "panel_zhou": ("周兰", "panel_member", VILLAGE, "zhou"),
    "panel_wu": ("吴刚", "panel_member", VILLAGE, "wu"),
    "panel_zheng": ("郑云", "panel_member", VILLAGE, None),
    "head_chen": ("陈立", "committee_head", VILLAGE, None),
    "member_feng": ("冯静", "committee_member", VILLAGE, None),
    "member_chu": ("褚亮", "committee_member", VILLAGE, None),
    "member_wei": ("卫红", "committee_member", VILLAGE, None),
    "keeper_jiang": ("蒋涛", "keeper", VILLAGE, None),
    "supervisor_shen": ("沈洁", "supervisor", VILLAGE, None),
    "township_han": ("韩雪", "township_officer", TOWNSHIP, None),
    "auditor_yang": ("杨林", "auditor", COUNTY, None),
    "admin_zhu": ("朱宁", "admin", COUNTY, None),
    "other_villager": ("秦霞", "villager", "other", "other"),
    "other_worker": ("尤强", "grid_worker", "other_grid", None),
    "other_panel": ("许燕", "panel_member", OTHER_VILLAGE, None),
    "other_head": ("何勇", "committee_head", OTHER_VILLAGE, None),
}

ADOPTED = Meeting(
    held_on=datetime(2026, 9, 1).date(),  # noqa: DTZ001 - a calendar day
    kind=MeetingKind.REPRESENTATIVES,
    attended=30,
    votes_for=28,
    votes_against=1,
    votes_abstained=1,
)


@dataclass
class Caller:
    """One person's phone: the API with a session."""

    app: Flask
    token: str | None

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.app.test_client().get(f"/api/v1{path}", query_string=query, headers=self.headers)

    def post(self, path: str, body: Any = None, key: str | None = None) -> TestResponse:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.app.test_client().post(
            f"/api/v1{path}", json={} if body is None else body, headers=headers
        )

    def upload(self, content: bytes, key: str | None = None, name: str = "photo.jpg") -> TestResponse:
        """Send a photo; `key` is its client-made id."""
        data = {"id": key or new_id(), "file": (io.BytesIO(content), name)}
        return self.app.test_client().post(
            "/api/v1/photos", data=data, headers=self.headers, content_type="multipart/form-data"
        )

    def photo(self, colour: str = "green") -> str:
        """Upload a small picture; gives its id."""
        answer = self.upload(picture(colour))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return str(answer.get_json()["id"])


@dataclass
class Cast:
    """The two villages, by name."""

    app: Flask
    clock: SetClock
    persons: dict[str, str] = field(default_factory=dict)
    grids: dict[str, str] = field(default_factory=dict)
    households: dict[str, str] = field(default_factory=dict)
    plates: dict[str, str] = field(default_factory=dict)
    members: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    rulebook: Rulebook = field(default_factory=small_rulebook)

    def as_(self, name: str | None) -> Caller:
        """The API as this person sees it; None is a stranger."""
        return Caller(self.app, self.tokens[name] if name else None)

    def actor(self, session: Session, name: str) -> Actor:
        """The person as services take it, with the grants in force now."""
        return authenticate(session, self.tokens[name], self.clock.now())

    def record(self, household: str, item: str = "J1", points: str = "2.00", **more: Any) -> dict[str, Any]:
        """A body for POST /records."""
        today = (self.clock.now() + timedelta(hours=8)).date().isoformat()
        own = {"id": new_id(), "household": self.households[household], "item": item, "points": points}
        return own | {"occurred_on": today} | more

    def log(
        self, by: str, household: str, item: str = "J1", points: str = "2.00", **more: Any
    ) -> dict[str, Any]:
        """Log a record that must be accepted; gives its answer."""
        answer = self.as_(by).post("/records", self.record(household, item, points, **more))
        assert answer.status_code == 201, answer.get_data(as_text=True)
        return dict(answer.get_json())

    def grant(self, name: str, role: str, scope: str, until: datetime | None = None) -> str:
        """One more role for somebody, from now on; gives the grant's id."""
        with transaction() as session:
            row = self._grant(session, self.persons[name], role, scope)
            row.ends_at = until
            person = session.get_one(Person, self.persons[name])
            person.grants_version += 1
            return row.id

    def related(self, first: str, second: str) -> None:
        """Put two households on file as relatives."""
        a, b = sorted((self.households[first], self.households[second]))
        with transaction() as session:
            session.add(Relation(household_a=a, household_b=b, kind="亲属"))

    def _grant(self, session: Session, person: str, role: str, scope: str) -> GrantRow:
        row = GrantRow(
            id=new_id(), person_id=person, role=role, scope=scope, starts_at=self.clock.now(), granted_by=None
        )
        session.add(row)
        return row


def build(app: Flask, clock: SetClock, adopted: bool = True) -> Cast:
    """Both villages in an empty database; with `adopted` their rulebook is in force from today."""
    cast = Cast(app, clock)
    with transaction() as session:
        _places(session)
        _grids(session, cast)
        _households(session, cast)
        session.flush()
        for name, (chinese, role, scope, household) in PEOPLE.items():
            _person(session, cast, name, chinese, role, scope, household)
        session.flush()
    if adopted:
        adopt_rulebook(cast, VILLAGE, "head_chen")
        adopt_rulebook(cast, OTHER_VILLAGE, "other_head")
    return cast


def adopt_rulebook(cast: Cast, village: str, by: str, rulebook: Rulebook | None = None) -> str:
    """Draft and adopt a rulebook, in force from today; gives its id."""
    with transaction() as session:
        actor = cast.actor(session, by)
        row, _ = create_draft(session, actor, village, rulebook or cast.rulebook, cast.clock.now())
        adopt(session, actor, row.id, ADOPTED, None, cast.clock.now())
        return row.id


def picture(colour: str = "green", size: tuple[int, int] = (64, 48), kind: str = "JPEG") -> bytes:
    """A small image file in one colour."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def _places(session: Session) -> None:
    rows = (
        (COUNTY, None, "county", "槐荫县"),
        (TOWNSHIP, COUNTY, "township", "槐树镇"),
        (VILLAGE, TOWNSHIP, "village", "大槐树村"),
        (OTHER_VILLAGE, TOWNSHIP, "village", "小柳庄"),
    )
    for code, parent, level, name in rows:
        session.add(Division(code=code, parent=parent, level=level, name=name))
        session.flush()
        if level == "village":
            session.add(Village(code=code, name=name))
    session.flush()


def _grids(session: Session, cast: Cast) -> None:
    for name, village in (("east", VILLAGE), ("west", VILLAGE), ("other_grid", OTHER_VILLAGE)):
        cast.grids[name] = new_id()
        session.add(Grid(id=cast.grids[name], village_code=village, name=name))
    session.flush()


def _households(session: Session, cast: Cast) -> None:
    wanted = [(name, VILLAGE, grid, kind) for name, (grid, kind) in HOUSEHOLDS.items()]
    wanted.append(("other", OTHER_VILLAGE, "other_grid", "general"))
    for number, (name, village, grid, kind) in enumerate(wanted, 1):
        code = f"{village}{number:04d}"
        cast.households[name] = code
        session.add(
            Household(
                code=code,
                village_code=village,
                grid_id=cast.grids[grid],
                head=f"户主{number}",
                kind=kind,
                created_at=cast.clock.now(),
            )
        )
        session.flush()
        cast.plates[name] = new_token()
        cast.members[name] = new_id()
        session.add(Plate(token=cast.plates[name], household_code=code, issued_at=cast.clock.now()))
        session.add(Member(id=cast.members[name], household_code=code, name=f"户主{number}"))


def _person(
    session: Session, cast: Cast, name: str, chinese: str, role: str, scope: str, household: str | None
) -> None:
    code = cast.households.get(household or "")
    village = OTHER_VILLAGE if name.startswith("other") else VILLAGE
    cast.persons[name] = new_id()
    session.add(
        Person(
            id=cast.persons[name],
            name=chinese,
            home=village,
            household_code=code,
            username=name,
            created_at=cast.clock.now(),
        )
    )
    session.flush()
    cast._grant(
        session, cast.persons[name], role, cast.grids.get(scope) or cast.households.get(scope) or scope
    )
    cast.tokens[name] = sign_in(session, cast.persons[name], cast.clock.now())


def sign_in(session: Session, person: str, now: datetime) -> str:
    """A session without a password, good for two years; gives its access token."""
    token = new_token()
    session.add(
        SignInSession(
            id=new_id(),
            person_id=person,
            access_hash=token_hash(token),
            access_until=now + timedelta(days=730),
            refresh_hash=token_hash(new_token()),
            refresh_until=now + timedelta(days=730),
            created_at=now,
        )
    )
    return token
