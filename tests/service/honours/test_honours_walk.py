"""A long walk through evaluations: whatever is tried in whatever order, states move along their tables only, honours
stay within their number, and nobody votes in a matter of the own family.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from server.audit.models import Decision
from server.cycles.api import run_due
from server.honours import awarding, evaluations, minutes, nominations, objections, voting
from server.honours.models import Evaluation, HonourObjection, Nomination, NominationVote
from server.honours.nominations import Nominee
from server.honours.objections import Challenge
from server.honours.states import TABLES, NominationStatus, ObjectionStatus
from server.kit.clock import SetClock, local_date
from server.kit.errors import DomainError
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.people.models import Person
from tests.cast import HOUSEHOLDS, VILLAGE, Cast, build
from tests.settled import Months

COMMITTEE = ("head_chen", "member_feng", "member_chu", "member_wei")
SPEAKERS = ("zhao_min", "qian_yun", "li_mei", *COMMITTEE, "township_han", "panel_zhou", "other_head")
HONOURS = ("XJ", "ZMJT", "NIX")


@pytest.fixture
def cast(app: Flask, clock: SetClock) -> Cast:
    """One member of the committee is of zhao's household, another of a related one."""
    found = build(app, clock)
    months = Months(found)
    months.go(minutes=1)
    for household in ("zhao", "qian", "li"):
        months.approved(household, "16.00")
    found.related("zhao", "qian")
    with transaction() as session:
        session.get_one(Person, found.persons["member_wei"]).household_code = found.households["zhao"]
        session.get_one(Person, found.persons["member_chu"]).household_code = found.households["qian"]
    return found


class Walk:
    """One evaluation, tried at random."""

    def __init__(self, cast: Cast, seed: int, year: int) -> None:
        self.cast, self.rng, self.done = cast, random.Random(seed), Counter[str]()
        with transaction() as session:
            row = evaluations.begin(session, None, None, VILLAGE, year, cast.clock.now(), None)
            if self.rng.random() < 0.9:
                row.year_posted_at = cast.clock.now()
            row.honours = [honour | {"conditions": [], "most": 1} for honour in row.honours]
            self.id = row.id

    def step(self) -> None:
        """One act by somebody; a refusal changes nothing."""
        names = ["nominate"] * 3 + ["withdraw", "voting"] + ["vote"] * 8
        names += ["resolve", "minutes", "confirm", "publish", "object", "answer", "answer", "time"]
        name = self.rng.choice(names)
        if name == "time":
            self.cast.clock.advance(days=self.rng.choice((1, 4, 8)))
            run_due(self.cast.clock.now())
            return
        try:
            with transaction() as session:
                self.act(session, name)
        except DomainError:
            self.done["refused"] += 1
        else:
            self.done[name] += 1

    def act(self, session, name: str) -> None:  # type: ignore[no-untyped-def]
        now, rng = self.cast.clock.now(), self.rng
        actor = self.cast.actor(session, rng.choice(SPEAKERS))
        mine = select(Nomination.id).where(Nomination.evaluation_id == self.id).order_by(Nomination.id)
        keys = list(session.scalars(mine)) or [new_id()]
        key = rng.choice(keys)
        if name == "nominate":
            who = Nominee(
                rng.choice(HONOURS), self.cast.households[rng.choice(list(HOUSEHOLDS))], None, "常帮邻居"
            )
            nominations.nominate(session, actor, self.id, who, now)
        elif name == "withdraw":
            nominations.withdraw(session, actor, key, "不参评", now)
        elif name == "voting":
            voting.start_voting(session, actor, self.id, now)
        elif name == "vote":
            voting.cast(session, actor, key, rng.choice(("for", "for", "against", "abstain")), now)
        elif name == "resolve":
            voting.resolve(session, actor, self.id, now)
        elif name == "minutes":
            standing = evaluations.standing(session, session.get_one(Evaluation, self.id))
            results = {one.id: (rng.randint(0, 20), rng.randint(0, 9), 0) for one in standing}
            meeting = minutes.Meeting("1", local_date(now), "representatives", 30, results)
            minutes.enter_minutes(session, actor, self.id, meeting, now)
        elif name == "confirm":
            minutes.confirm_minutes(session, actor, self.id, now)
        elif name == "publish":
            awarding.publish(session, actor, self.id, None, now)
        elif name == "object":
            objections.make(session, actor, key, Challenge("不属实"), now)
        else:
            made = session.scalar(
                select(HonourObjection.id)
                .where(HonourObjection.status.in_(("open", "escalated")))
                .order_by(HonourObjection.id.desc())
            )
            objections.answer(session, actor, made or new_id(), rng.random() < 0.5, "核实过了", now)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_tried_the_rules_hold(cast: Cast, seed: int) -> None:
    walks = [Walk(cast, 100 * seed + number, 2100 + number) for number in range(4)]
    for _ in range(110):
        for walk in walks:
            walk.step()
    done = sum((walk.done for walk in walks), Counter[str]())
    assert min(done[name] for name in ("nominate", "voting", "vote", "refused")) > 0
    with transaction(writes=False) as session:
        _steps_are_in_the_tables(session)
        _honours_stay_within_their_number(session)
        _nobody_voted_on_the_own_family(session, cast)


def _steps_are_in_the_tables(session) -> None:  # type: ignore[no-untyped-def]
    """Every decision is a way of its table, and the last one of each row is the state that it has."""
    kinds = {"evaluation": Evaluation, "nomination": Nomination, "honour_objection": HonourObjection}
    last: dict[tuple[str, str], str] = {}
    for row in session.scalars(select(Decision).where(Decision.entity.in_(kinds)).order_by(Decision.id)):
        before = last.get((row.entity, row.entity_id), "")
        assert row.source == before
        table = next(
            table for kind, table in TABLES.items() if row.target in set(kind) and _owns(kind, row.entity)
        )
        assert not before or row.target in {str(state) for state in table[before]}  # type: ignore[index]
        last[row.entity, row.entity_id] = row.target
    for entity, model in kinds.items():
        for row in session.scalars(select(model)):
            assert last[entity, row.id] == row.status


def _owns(kind: type, entity: str) -> bool:
    return kind.__name__ == {
        "evaluation": "EvaluationStatus", "nomination": "NominationStatus", "honour_objection": "ObjectionStatus"
    }[entity]  # fmt: skip


def _honours_stay_within_their_number(session) -> None:  # type: ignore[no-untyped-def]
    given = Counter[tuple[str, str]]()
    for one in session.scalars(select(Nomination)):
        if one.status in (NominationStatus.CHOSEN, NominationStatus.AWARDED):
            given[one.evaluation_id, one.honour_code] += 1
        if one.status == NominationStatus.AWARDED:
            upheld = select(HonourObjection.id).where(
                HonourObjection.nomination_id == one.id,
                HonourObjection.status.not_in([ObjectionStatus.DISMISSED]),
            )
            assert session.scalar(upheld) is None and one.certificate_number
    assert all(count <= 1 for count in given.values())


def _nobody_voted_on_the_own_family(session, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    families = {cast.households["zhao"], cast.households["qian"]}
    kept_out = {cast.persons["member_wei"], cast.persons["member_chu"]}
    rows = session.execute(
        select(NominationVote.person_id, Nomination.household_code).join(
            Nomination, Nomination.id == NominationVote.nomination_id
        )
    )
    assert not [row for row in rows if row[0] in kept_out and row[1] in families]


def test_the_notice_ends_at_its_hour_and_not_before(cast: Cast) -> None:
    now = cast.clock.now()
    with transaction() as session:
        row = evaluations.begin(session, None, None, VILLAGE, 2100, now, now)
        row.status, row.published_at, row.days, row.ends_at = "on_notice", now, 7, now + timedelta(days=7)
        row.published_by = cast.persons["head_chen"]
        key = row.id
    cast.clock.advance(days=6, hours=23)
    run_due(cast.clock.now())
    with transaction(writes=False) as session:
        assert session.get_one(Evaluation, key).status == "on_notice"
    cast.clock.advance(hours=1)
    run_due(cast.clock.now())
    with transaction(writes=False) as session:
        assert session.get_one(Evaluation, key).status == "awarded"
