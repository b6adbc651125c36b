"""The panel at work: verdicts of single members, and what they amount to. The agreement itself is in `panel`.

One verdict on many records is one transaction with a handful of statements. The records are locked in the
order of their ids first, so that two members at once are counted one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct import panel, verdicts
from server.conduct.errors import not_under_review
from server.conduct.models import Record, Review
from server.conduct.panel import Agreement, RecordParties, Recusal, Reviewer, Verdict, Vote
from server.conduct.rules import RecordStatus
from server.conduct.verdicts import Ruling
from server.kit.errors import Conflict, DomainError, FieldFault, Invalid, NotAllowed, NotFound
from server.people.api import Actor, Grant, Holder, Permission, Place, Relation, Role, Village, holders
from server.rulebook.api import Item, ItemKind, adopted_book, check_points


@dataclass(frozen=True)
class Opinion:
    """What one member says: a verdict, the new points with amend, the reason with amend and reject."""

    verdict: Verdict
    points: Decimal | None = None
    reason: str = ""

    def check(self) -> None:
        """Raises Invalid when points or reason are missing or too much."""
        faults = []
        if (self.verdict is Verdict.AMEND) != (self.points is not None):
            said = "改分要写新的分数。" if self.points is None else "只有改分才写分数。"
            faults.append(FieldFault("points", said))
        if self.verdict is not Verdict.APPROVE and not self.reason:
            faults.append(FieldFault("reason", "改分和不通过都要写明理由，这一户会看到。"))
        if faults:
            raise Invalid("opinion_incomplete", faults[0].message, faults)


def review(session: Session, actor: Actor, key: str, opinion: Opinion, now: datetime) -> None:
    """One member's verdict on one record; raises what stands against it."""
    error = review_many(session, actor, [key], opinion, now)[key]
    if error is not None:
        raise error


def review_many(
    session: Session, actor: Actor, keys: Sequence[str], opinion: Opinion, now: datetime
) -> dict[str, DomainError | None]:
    """One member's verdict on many records: for each id None, or why it does not count.

    A member says the same again without effect. Where the panel agrees, the record is decided at once and the
    household told.
    """
    opinion.check()
    rows = session.scalars(
        select(Record)
        .where(Record.id.in_(keys))
        .order_by(Record.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    by_id = {row.id: row for row in rows}
    bench = Bench(session, actor, now)
    votes = _votes(session, rows)
    answers: dict[str, DomainError | None] = {}
    given: list[tuple[Record, Grant]] = []
    for key in keys:
        try:
            grant = _check(bench, by_id.get(key), votes[key], opinion)
            answers[key] = None
            if grant is not None:
                given.append((by_id[key], grant))
        except DomainError as error:
            answers[key] = error
    _store(session, actor, given, opinion, now)
    _conclude(session, actor, bench, given, votes, opinion, now)
    return answers


class Bench:
    """The panels of the villages concerned, each looked up once: members, their households and relatives."""

    def __init__(self, session: Session, actor: Actor | None, now: datetime) -> None:
        self.session = session
        self.actor = actor
        self.now = now
        self._panels: dict[str, tuple[Village, list[Reviewer]]] = {}
        self._me: Reviewer | None = None

    def grant(self, record: Record) -> Grant:
        """The grant under which the actor reviews this record; NotFound outside the scope."""
        if self.actor is None:
            raise NotFound()
        place = Place(record.village_code, record.grid_id, record.household_code)
        return self.actor.at(Permission.RECORD_REVIEW, place)

    def recusal(self, record: Record) -> Recusal | None:
        """Why the actor steps aside."""
        if self.actor is None:
            return None
        if self._me is None:
            holder = Holder(self.actor.person, self.actor.name, self.actor.household, grant="")
            self._me = reviewers_of(self.session, [holder])[0]
        return panel.must_recuse(_parties(record), self._me)

    def eligible(self, record: Record) -> int:
        """How many members need not step aside from this record."""
        _, reviewers = self._panel(record.village_code)
        return sum(panel.must_recuse(_parties(record), reviewer) is None for reviewer in reviewers)

    def quorum_setting(self, record: Record) -> int:
        """The village's setting."""
        return self._panel(record.village_code)[0].review_quorum

    def _panel(self, village: str) -> tuple[Village, list[Reviewer]]:
        if village not in self._panels:
            members = holders(self.session, [Role.PANEL_MEMBER], village, self.now)
            found = self.session.get_one(Village, village)
            self._panels[village] = (found, reviewers_of(self.session, members))
        return self._panels[village]


def reviewers_of(session: Session, members: Sequence[Holder]) -> list[Reviewer]:
    """People with the households that are theirs or their relatives'."""
    households = frozenset(member.household for member in members if member.household)
    related = _related(session, households)
    return [
        Reviewer(
            member.person,
            frozenset({member.household}) if member.household else frozenset(),
            related_households=frozenset(related.get(member.household or "", ())),
        )
        for member in members
    ]


def _related(session: Session, households: frozenset[Any]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    if not households:
        return found
    rows = session.execute(
        select(Relation.household_a, Relation.household_b).where(
            or_(Relation.household_a.in_(households), Relation.household_b.in_(households))
        )
    )
    for first, second in rows:
        found[first].add(second)
        found[second].add(first)
    return found


def _parties(record: Record) -> RecordParties:
    return RecordParties(record.household_code, frozenset(), frozenset({record.logged_by}))


def item_of(session: Session, record: Record) -> Item:
    """The item as it was in force on the date of conduct."""
    return adopted_book(session, record.rulebook_id).by_code[record.item_code]


def _check(bench: Bench, record: Record | None, cast: list[Vote], opinion: Opinion) -> Grant | None:
    """The grant for a verdict that counts; None when the member said the same before."""
    if record is None:
        raise NotFound()
    grant = bench.grant(record)
    aside = bench.recusal(record)
    if aside is not None:
        raise NotAllowed("must_recuse", aside.value)
    mine = next((vote for vote in cast if bench.actor and vote.member == bench.actor.person), None)
    if mine is not None and (mine.verdict, mine.points) == (opinion.verdict, opinion.points):
        return None
    if record.status != RecordStatus.SUBMITTED.value:
        raise not_under_review()
    if mine is not None:
        raise Conflict("already_reviewed", "这一轮您已经评过这条了，结果出来前不能改。")
    _check_panels_turn(record, bench.now)
    if opinion.points is not None:
        check_amendment(item_of(bench.session, record), record.points, opinion.points)
    return grant


def _check_panels_turn(record: Record, now: datetime) -> None:
    if record.to_meeting or record.kind == ItemKind.VETO.value:
        raise Conflict("needs_meeting", "这条要由村委会开会决定，请把会议结果录进来。")
    if panel.waits_for_reply(ItemKind(record.kind), record.reply_until, record.replied_at is not None, now):
        raise Conflict("reply_pending", "这一户还在说明期内，等他们说明或期满后再评。")


def check_amendment(item: Item, before: Decimal, points: Decimal) -> None:
    """Raises Invalid unless `points` is another value that the item allows."""
    said = None
    if points == before:
        said = "分数没有变，请选“通过”。"
    elif check_points(item, points) is not None:
        low, high, step = item.points_min, item.points_max, item.step
        said = f"“{item.name}”是 {low} 到 {high} 分，每格 {step} 分，请按细则改。"
    if said is not None:
        raise Invalid("points_not_allowed", said, [FieldFault("points", said)])


def _votes(session: Session, rows: Sequence[Record]) -> defaultdict[str, list[Vote]]:
    """The votes of each record's present round."""
    rounds = {row.id: row.round for row in rows}
    found: defaultdict[str, list[Vote]] = defaultdict(list)
    query = select(Review.record_id, Review.round, Review.reviewer, Review.verdict, Review.points)
    for key, number, member, verdict, points in session.execute(query.where(Review.record_id.in_(rounds))):
        if rounds[key] == number:
            found[key].append(Vote(member, Verdict(verdict), points))
    return found


def _store(
    session: Session, actor: Actor, given: Sequence[tuple[Record, Grant]], opinion: Opinion, now: datetime
) -> None:
    rows = [
        {
            "record_id": record.id,
            "round": record.round,
            "reviewer": actor.person,
            "grant_id": grant.id,
            "verdict": opinion.verdict.value,
            "points": opinion.points,
            "reason": opinion.reason,
            "at": now,
        }
        for record, grant in given
    ]
    if rows:
        session.execute(insert(Review), rows)
        places = {record.id: record.village_code for record, _ in given}
        audit.record_many(
            session, actor, "record.review", "record", places, now, {"verdict": opinion.verdict}
        )


def _conclude(
    session: Session,
    actor: Actor,
    bench: Bench,
    given: Sequence[tuple[Record, Grant]],
    votes: Mapping[str, list[Vote]],
    opinion: Opinion,
    now: datetime,
) -> None:
    """Count each record's round; decide where the panel agrees, open the next round or call the committee."""
    rulings: list[Ruling] = []
    next_round: list[str] = []
    to_meeting: list[str] = []
    for record, grant in given:
        cast = [*votes[record.id], Vote(actor.person, opinion.verdict, opinion.points)]
        # a vote stays when its member leaves the panel
        eligible = max(bench.eligible(record), len(cast))
        quorum = panel.quorum(bench.quorum_setting(record), eligible)
        outcome = panel.decide(cast, quorum, eligible, record.round - record.first_round + 1)
        if outcome.agreement is Agreement.AGREED and outcome.verdict is not None:
            reason = opinion.reason if outcome.verdict is opinion.verdict else ""
            rulings.append(Ruling(record, outcome.verdict, outcome.points, reason, grant))
        elif outcome.agreement is Agreement.ROUND_OVER:
            next_round.append(record.id)
        elif outcome.agreement is Agreement.COMMITTEE:
            to_meeting.append(record.id)
    verdicts.open_next_round(session, next_round)
    verdicts.call_meeting(session, to_meeting)
    verdicts.apply(session, actor, rulings, now)
