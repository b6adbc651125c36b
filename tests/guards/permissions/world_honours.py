"""An evaluation in every state, an objection, a consent and lists: rows as the program makes them, put in directly,
since no village has five years behind it.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from server.honours.catalogue import shipped
from server.honours.models import (
    Consent,
    Evaluation,
    HonourObjection,
    Nomination,
    RecommendationEntry,
    RecommendationList,
)
from server.honours.rules import as_document
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import GrantRow
from tests.cast import VILLAGE

if TYPE_CHECKING:
    from tests.guards.permissions.world import World

STATES = {"nominating": 2026, "voting": 2025, "resolved": 2024, "on_notice": 2023, "awarded": 2022}
OF_NOMINATION = {
    "nominating": "proposed", "voting": "proposed", "resolved": "chosen", "on_notice": "chosen", "awarded": "awarded"
}  # fmt: skip


def build_honours(world: World) -> None:
    """Everything belongs to the household `zhao`."""
    cast, things, now = world.cast, world.things, world.cast.clock.now()
    home, head = things["household"], cast.persons["head_chen"]
    with transaction() as session:
        grant = session.scalar(select(GrantRow.id).where(GrantRow.person_id == head).limit(1))
        for state, year in STATES.items():
            row = Evaluation(
                id=new_id(), village_code=VILLAGE, year=year, status=state, opened_at=now, year_posted_at=now,
                voting_at=now, honours=[as_document(one) for one in shipped()],
            )  # fmt: skip
            if state in ("on_notice", "awarded"):
                row.published_by, row.published_at, row.days = head, now, 7
                row.ends_at, row.ledger_head = now + timedelta(days=7), "0" * 64
            session.add(row)
            session.flush()
            one = Nomination(
                id=new_id(), evaluation_id=row.id, village_code=VILLAGE, honour_code="XJ", household_code=home,
                nominee=home, reason="常帮邻居", nominated_by=cast.persons["qian_yun"], grant_id=grant,
                nominated_at=now, status=OF_NOMINATION[state],
                checks=None if state == "nominating" else [], votes_for=3, votes_against=0, abstained=0, voters=4,
                certificate_number="DHS-1" if state == "awarded" else None, awarded_at=now,
            )  # fmt: skip
            session.add(one)
            session.flush()
            things[f"evaluation_{state}"], things[f"nomination_{state}"] = row.id, one.id
        things["nomination"] = things["nomination_nominating"]
        things["honour_objection"] = _objection(session, world, grant)
        _recommendations(session, world, grant)


def _objection(session: Any, world: World, grant: str | None) -> str:
    things, now = world.things, world.cast.clock.now()
    row = HonourObjection(
        id=new_id(), nomination_id=things["nomination_on_notice"], evaluation_id=things["evaluation_on_notice"],
        village_code=VILLAGE, household_code=things["household"], text="标点不属实", grant_id=grant,
        person_id=world.cast.persons["li_mei"], made_at=now, due_at=now + timedelta(days=7), status="open",
    )  # fmt: skip
    session.add(row)
    return row.id


def _recommendations(session: Any, world: World, grant: str | None) -> None:
    things, now, persons = world.things, world.cast.clock.now(), world.cast.persons
    consent = Consent(
        id=new_id(), village_code=VILLAGE, household_code=things["household"], member_id=things["member"],
        purpose="party", status="given", given_by=persons["zhao_min"], grant_id=grant, given_at=now,
    )  # fmt: skip
    session.add(consent)
    for status, year in (("issued", 2025), ("draft", 2026)):
        row = RecommendationList(
            id=new_id(), village_code=VILLAGE, year=year, purpose="party", least_score=Decimal("1.00"),
            status=status, made_by=persons["panel_zhou"], made_at=now, issued_at=now,
            issued_by=persons["head_chen"] if status == "issued" else None,
        )  # fmt: skip
        session.add(row)
        session.flush()
        session.add(RecommendationEntry(list_id=row.id, consent_id=consent.id, score=Decimal("10.00")))
        things[f"list_{status}"] = row.id
    things["consent"] = consent.id
