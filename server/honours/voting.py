"""The vote: conditions are kept, each member votes on each nomination, the result is counted.

Who is of the nominee's household or a relative steps aside. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.honours import errors, queries
from server.honours.evaluations import find, findings, honours_of, locked, standing
from server.honours.models import Evaluation, Nomination, NominationVote
from server.honours.places import recused
from server.honours.rules import VOTES, Count, chosen, majority, qualifies, quorum
from server.honours.states import EvaluationStatus, NominationStatus
from server.honours.steps import step
from server.kit.errors import NotFound
from server.kit.exact import ZERO
from server.kit.upsert import insert_for
from server.messages.api import Note, notify_households, notify_persons
from server.people.api import Actor, Grant, Holder, Permission, Place


def start_voting(session: Session, actor: Actor, key: str, now: datetime) -> Evaluation:
    """Nominations end: conditions are looked at on the whole year and kept, and the committee votes.

    Raises NotFound, Conflict `not_nominating`, `year_not_over`, `nothing_nominated`.
    """
    row, grant = find(session, actor, Permission.HONOUR_MANAGE, key, lock=True)
    if row.status != EvaluationStatus.NOMINATING:
        raise errors.not_nominating()
    if row.year_posted_at is None:
        raise errors.year_not_over()
    nominated = standing(session, row)
    if not nominated:
        raise errors.nothing_nominated()
    for one_id, (facts, looked) in findings(session, row, nominated, now).items():
        one = session.get_one(Nomination, one_id)
        one.checks = [{"asks": f.asks, "met": f.met, "found": f.found} for f in looked]
        one.score = facts.score
        session.flush()
        if not qualifies(looked):
            why = "；".join(f"{f.asks}（{f.found}）" for f in looked if not f.met)
            step(session, one, NominationStatus.UNQUALIFIED, now, actor, grant, why, why=why)
            _tell_unqualified(session, row, one, why, now)
    step(session, row, EvaluationStatus.VOTING, now, actor, grant, "提名截止", voting_at=now)
    _ask_committee(session, row, now)
    return row


def _tell_unqualified(session: Session, row: Evaluation, one: Nomination, why: str, now: datetime) -> None:
    name = honours_of(row)[one.honour_code].name
    text = f"{row.year} 年度“{name}”的提名这次没有符合条件：{why}。对分数有意见可以申诉。"
    notify_households(
        session, [Note(one.household_code, "honour_unqualified", text, {"evaluation": row.id})], now
    )


def _ask_committee(session: Session, row: Evaluation, now: datetime) -> None:
    text = f"{row.year} 年度评比提名截止，请对每项提名投票；涉及自家和亲属的请回避。"
    people = queries.committee(session, row.village_code, now)
    notify_persons(
        session, [Note(one.person, "honour_vote", text, {"evaluation": row.id}) for one in people], now
    )


def voters(session: Session, members: Sequence[Holder], one: Nomination) -> list[str]:
    """The members of the committee who may vote on a nomination: all but those whom it concerns."""
    return [m.person for m in members if not recused(session, m.household, one.household_code)]


def counts(session: Session, row: Evaluation, now: datetime) -> list[Count]:
    """The votes on each standing nomination so far, of those who may still vote on it."""
    members = queries.committee(session, row.village_code, now)
    cast: dict[str, list[tuple[str, str]]] = {}
    mine = select(Nomination.id).where(Nomination.evaluation_id == row.id)
    for vote in session.scalars(select(NominationVote).where(NominationVote.nomination_id.in_(mine))):
        cast.setdefault(vote.nomination_id, []).append((vote.person_id, vote.vote))
    found = []
    for one in standing(session, row):
        may = set(voters(session, members, one))
        votes = [vote for person, vote in cast.get(one.id, ()) if person in may]
        agree, against, abstain = (votes.count(kind) for kind in VOTES)
        found.append(Count(one.id, agree, against, abstain, len(may), one.score or ZERO))
    return found


def resolve(session: Session, actor: Actor, key: str, now: datetime) -> Evaluation:
    """Count the votes: every standing nomination is chosen or not.

    Raises NotFound, Conflict `not_voting`, `quorum_missing`, `honour_tie`.
    """
    row, grant = find(session, actor, Permission.HONOUR_MANAGE, key, lock=True)
    if row.status != EvaluationStatus.VOTING:
        raise errors.not_voting()
    counted = counts(session, row, now)
    short = [one.nomination for one in counted if not quorum(one)]
    if short:
        raise errors.quorum_missing(_called(session, row, short))
    decide(session, row, counted, now, actor, grant, "委员表决")
    return row


def _called(session: Session, row: Evaluation, keys: Sequence[str]) -> list[str]:
    names = honours_of(row)
    rows = [session.get_one(Nomination, key) for key in keys]
    return [f"{names[one.honour_code].name} {one.household_code[-4:]} 号" for one in rows]


def decide(
    session: Session,
    row: Evaluation,
    counted: Sequence[Count],
    now: datetime,
    actor: Actor,
    grant: Grant,
    how: str,
) -> None:
    """Every standing nomination is chosen or not, by these counts; raises Conflict `honour_tie`."""
    by_id = {one.nomination: one for one in counted}
    nominated = {one.id: one for one in standing(session, row)}
    honours, picked, tied = honours_of(row), set[str](), []
    for code, honour in honours.items():
        mine = [by_id[key] for key, one in nominated.items() if one.honour_code == code]
        best, equal = chosen(mine, honour.most)
        picked |= best
        tied += [honour.name] if equal else []
    if tied:
        raise errors.tied(tied)
    for key, one in nominated.items():
        count = by_id[key]
        target = NominationStatus.CHOSEN if key in picked else NominationStatus.NOT_CHOSEN
        why = "" if key in picked else ("名额已满" if majority(count) else "同意的没有过半")
        step(
            session, one, target, now, actor, grant, how, why=why, votes_for=count.votes_for,
            votes_against=count.against, abstained=count.abstained, voters=count.voters,
        )  # fmt: skip
    step(session, row, EvaluationStatus.RESOLVED, now, actor, grant, how, resolved_at=now)


def cast(session: Session, actor: Actor, key: str, vote: str, now: datetime) -> Nomination:
    """One member's vote on one nomination; the same vote again changes nothing.

    Raises NotFound, Conflict `not_voting`, `own_matter`, `already_voted`.
    """
    one = session.get(Nomination, key)
    if one is None:
        raise NotFound()
    grant = actor.at(Permission.HONOUR_VOTE, Place(one.village_code))
    row = locked(session, one.evaluation_id)
    session.refresh(one)
    if row.status != EvaluationStatus.VOTING or one.status != NominationStatus.PROPOSED:
        raise errors.not_voting()
    if recused(session, actor.household, one.household_code):
        raise errors.own_matter()
    mine = {"nomination_id": one.id, "person_id": actor.person}
    first = session.execute(
        insert_for(session, NominationVote)
        .values(**mine, grant_id=grant.id, vote=vote, at=now)
        .on_conflict_do_nothing()
    )
    if first.rowcount != 1:  # type: ignore[attr-defined]
        known = session.get(NominationVote, (one.id, actor.person))
        if known is None or known.vote != vote:
            raise errors.already_voted()
        return one
    after = {"vote": vote}
    audit.record(session, actor, "nomination.vote", "nomination", one.id, now, one.village_code, None, after)
    return one
