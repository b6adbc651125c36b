"""Writing facts: with a visit or alone, corrected, carried over to another household. Never commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.facts import errors, queries, rules
from server.grid.facts.models import Fact
from server.grid.facts.rules import Known, NewFact
from server.grid.vocabulary import FactKind, Keeps, fact_kinds
from server.kit.clock import local_date, local_midnight
from server.kit.errors import FieldFault, NotFound
from server.kit.ids import is_id, new_id
from server.kit.overtaken import looking_again
from server.people.api import Actor, Grant, Household, Permission, Place


@dataclass(frozen=True)
class Writing:
    """Facts about one household on their way in: who writes, under which grant, after which visit."""

    household: str
    actor: Actor
    grant: Grant
    facts: Sequence[NewFact]
    visit: str | None = None
    on: date | None = None  # what a fact without a date is dated


@dataclass
class Desk:
    """What the database knows about the households that facts come in for; loaded once for many."""

    session: Session
    now: datetime
    members: dict[str, list[str]] = field(default_factory=dict)
    entries: dict[str, list[Known]] = field(default_factory=dict)
    known: dict[str, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, households: Sequence[str], keys: Sequence[str], now: datetime) -> Desk:
        """Load in three statements; none when no fact comes in."""
        if not keys:
            return cls(session, now)
        there = sorted(set(households))
        return cls(
            session,
            now,
            queries.members(session, there),
            queries.entries(session, there),
            queries.hashes(session, keys),
        )

    def faults(self, household: str, facts: Sequence[NewFact]) -> list[FieldFault]:
        """What is wrong with the facts, each named by its place."""
        today = local_date(self.now)
        members = self.members.get(household, [])
        return [
            FieldFault(f"facts.{number}.{fault.field}", fault.message)
            for number, fact in enumerate(facts)
            for fault in rules.faults_of(fact, fact_kinds(), members, today)
        ]

    def reused(self, actor: Actor, household: str, facts: Sequence[NewFact]) -> bool:
        """Whether some id belongs to another fact."""
        mine = {fact.id: (actor.person, rules.content_hash(household, fact)) for fact in facts}
        return any(self.known.get(key, own) != own for key, own in mine.items())


def write(session: Session, desk: Desk, writings: Sequence[Writing]) -> None:
    """Insert the facts that are new, after `Desk.faults` found nothing; states that end begin to age."""
    rows, ended = [], []
    today = local_date(desk.now)
    for writing in writings:
        for fact in writing.facts:
            if fact.id in desk.known:
                continue
            since = fact.since or writing.on or today
            entries = desk.entries.get(writing.household, [])
            over = rules.over(entries, fact, since, fact_kinds())
            ended += [(key, keep_until(fact_kinds()[fact.kind], fact, since)) for key in over]
            rows.append(row_of(writing, fact, since, desk.now))
    if rows:
        session.execute(insert(Fact), rows)
    _age(session, ended)


def keep_until(kind: FactKind, fact: NewFact, since: date) -> datetime:
    """Until when an event is kept, or a state that was over on `since`."""
    target = fact_kinds()[kind.ends] if kind.ends else kind
    return local_midnight(since + target.retention)


def _age(session: Session, ended: Sequence[tuple[str, datetime]]) -> None:
    for key, until in ended:
        session.execute(
            update(Fact)
            .where(Fact.id == key, Fact.keep_until.is_(None))
            .values(keep_until=until)
            .execution_options(synchronize_session=False)
        )


def row_of(writing: Writing, fact: NewFact, since: date, now: datetime) -> dict[str, Any]:
    """A fact as a row."""
    kind = fact_kinds()[fact.kind]
    passing = kind.keeps is Keeps.EVENT or fact.ended
    return {
        "id": fact.id,
        "village_code": writing.household[:12],
        "household_code": writing.household,
        "member_id": fact.member,
        "kind": fact.kind,
        "value": "" if fact.ended else fact.value.strip(),
        "since": since,
        "ended": fact.ended,
        "corrects": None,
        "void": False,
        "reason": "",
        "visit_id": writing.visit,
        "carried_from": None,
        "recorded_at": now,
        "recorded_by": writing.actor.person,
        "grant_id": writing.grant.id,
        "content_hash": rules.content_hash(writing.household, fact),
        "keep_until": local_midnight(since + kind.retention) if passing else None,
    }


def add(session: Session, actor: Actor, household: str, facts: Sequence[NewFact], now: datetime) -> bool:
    """Write facts without a visit; False when all of them were there already.

    Raises NotFound outside the scope, Invalid `fact_invalid`, Conflict `id_reused`, `household_ended`.
    """
    return looking_again(session, lambda: _add(session, actor, household, facts, now))


def _add(session: Session, actor: Actor, household: str, facts: Sequence[NewFact], now: datetime) -> bool:
    grant, house = place(session, actor, household)
    desk = Desk.of(session, [household], [fact.id for fact in facts], now)
    if desk.reused(actor, household, facts):
        raise errors.id_reused()
    if all(fact.id in desk.known for fact in facts):
        return False
    if house.status == "ended":
        raise errors.household_ended()
    faults = desk.faults(household, facts)
    if faults:
        raise errors.fact_invalid(faults)
    write(session, desk, [Writing(household, actor, grant, facts)])
    after = {"facts": [fact.id for fact in facts]}
    audit.record(session, actor, "file.fact", "household", household, now, house.village_code, after=after)
    return True


def place(session: Session, actor: Actor, household: str) -> tuple[Grant, Household]:
    """The grant under which the actor writes in a household's file; NotFound outside the scope."""
    house = session.get(Household, household)
    if house is None:
        raise NotFound()
    where = Place(house.village_code, house.grid_id, house.code)
    return actor.at(Permission.FACT_WRITE, where), house


@dataclass(frozen=True)
class Correction:
    """What is right instead; without `fact` the entry was simply wrong."""

    reason: str
    fact: NewFact | None = None


def correct(session: Session, actor: Actor, key: str, what: Correction, now: datetime) -> str:
    """Put another entry in the place of one, or none; the wrong one stays readable. Gives the new id.

    Raises NotFound, Invalid `fact_invalid`, Conflict `state_changed` when it was corrected before.
    """
    row = session.get(Fact, key) if is_id(key) else None
    if row is None:
        raise NotFound()
    grant, house = place(session, actor, row.household_code)
    void = what.fact is None
    fact = what.fact or NewFact(new_id(), row.kind, row.member_id, "", row.since, row.ended)
    desk = Desk.of(session, [row.household_code], [fact.id], now)
    if desk.known:
        raise errors.id_reused()
    faults = [] if void else desk.faults(row.household_code, [fact])
    if faults:
        raise errors.fact_invalid(faults)
    made = row_of(Writing(row.household_code, actor, grant, [fact]), fact, fact.since or row.since, now)
    kept = local_midnight(local_date(now) + fact_kinds()[row.kind].retention)
    made |= {"corrects": key, "void": void, "reason": what.reason}
    if void:
        made["keep_until"] = kept
    try:
        with session.begin_nested():
            session.execute(insert(Fact), [made])
    except IntegrityError:
        raise errors.corrected_before() from None
    _age(session, [(key, kept)])
    after = {"fact": key, "void": void}
    audit.record(
        session, actor, "file.correct", "household", row.household_code, now, house.village_code, after=after
    )
    return fact.id
