"""How the committee resolves a month: votes in the system, or the minutes of a meeting that a second
member confirms.

The first vote and the entry of minutes freeze the lines, so that everybody decides on the same figures.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.conduct import api as conduct
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.kit.upsert import insert_for
from server.people.api import COMMITTEE, Actor, Grant, Permission, holders
from server.settlement import ceilings, errors, tallies
from server.settlement.decisions import decided, step
from server.settlement.models import Resolution, Tally, TallyVote
from server.settlement.months import month_from
from server.settlement.rules import Minutes, check_minutes, majority
from server.settlement.states import ResolutionStatus, TallyStatus

FOR = "for"
VOTES = (FOR, "against", "abstain")


def members(session: Session, village: str, now: datetime) -> list[str]:
    """The committee of a village at `now`, as person ids."""
    return [holder.person for holder in holders(session, sorted(COMMITTEE), village, now)]


def cast_vote(session: Session, actor: Actor, tally_id: str, vote: str, now: datetime) -> Tally:
    """One member's vote in this round; with a majority of all members the tally is resolved.

    The same vote again changes nothing. Raises NotFound, Conflict `tally_not_open`, `already_voted`.
    """
    tally, grant = _open(session, actor, Permission.TALLY_VOTE, tally_id)
    tallies.freeze(session, tally, now)
    if ceilings.unsettled(tally):
        raise errors.ceiling_unsettled()
    row = {"tally_id": tally.id, "round": tally.round, "person_id": actor.person}
    first = session.execute(
        insert_for(session, TallyVote)
        .values(**row, grant_id=grant.id, vote=vote, at=now)
        .on_conflict_do_nothing()
    )
    if first.rowcount != 1:  # type: ignore[attr-defined]
        known = session.get(TallyVote, (tally.id, tally.round, actor.person))
        if known is None or known.vote != vote:
            raise errors.already_voted()
        return tally
    place = {"tally": tally.id, "round": tally.round}
    audit.record(
        session, actor, "tally.vote", "tally", tally.id, now, tally.village_code, None, place | {"vote": vote}
    )
    if majority(len(votes_for(session, tally, now)), len(members(session, tally.village_code, now))):
        reason = "委员表决过半数"
        tallies.move(session, tally, TallyStatus.RESOLVED, now, actor, grant, reason, resolved_at=now)
    return tally


def votes_for(session: Session, tally: Tally, now: datetime) -> list[str]:
    """The members who voted for the tally in its present round and still are members."""
    still = set(members(session, tally.village_code, now))
    rows = session.scalars(
        select(TallyVote.person_id).where(
            TallyVote.tally_id == tally.id, TallyVote.round == tally.round, TallyVote.vote == FOR
        )
    )
    return [person for person in rows if person in still]


def votes(session: Session, tally: Tally) -> list[TallyVote]:
    """The votes of the present round, oldest first."""
    query = select(TallyVote).where(TallyVote.tally_id == tally.id, TallyVote.round == tally.round)
    return list(session.scalars(query.order_by(TallyVote.at, TallyVote.person_id)))


def enter_minutes(
    session: Session,
    actor: Actor,
    tally_id: str,
    minutes: Minutes,
    now: datetime,
    ceiling: ceilings.Settling | None = None,
) -> Resolution:
    """Enter the minutes of the meeting that resolved the month; a second member confirms them.

    Minutes entered before and not confirmed are replaced; a breach of the ceiling is settled with them.
    Raises NotFound, Conflict `tally_not_open`, Invalid
    `resolution_invalid` with a fault per field.
    """
    tally, grant = _open(session, actor, Permission.TALLY_RESOLVE, tally_id)
    cutoff = local_date(tally.cutoff_at - timedelta(seconds=1))
    faults = check_minutes(minutes, members(session, tally.village_code, now), cutoff, local_date(now))
    if faults:
        raise errors.minutes_wrong(faults)
    tallies.freeze(session, tally, now)
    if ceiling is not None:
        ceilings.settle(session, actor, tally_id, ceiling, now)
    if ceilings.unsettled(tally):
        raise errors.ceiling_unsettled()
    waiting = waiting_minutes(session, tally)
    if waiting is not None:
        _move(session, waiting, ResolutionStatus.REPLACED, now, actor, grant, tally.village_code)
    row = Resolution(
        id=new_id(),
        tally_id=tally.id,
        round=tally.round,
        status=ResolutionStatus.ENTERED,
        minutes_number=minutes.number,
        held_on=minutes.held_on,
        attended=list(minutes.attended),
        votes_for=minutes.votes_for,
        votes_against=minutes.votes_against,
        abstained=minutes.abstained,
        entered_by=actor.person,
        entered_grant=grant.id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    decided(
        session,
        actor,
        "resolution",
        row.id,
        tally.village_code,
        None,
        ResolutionStatus.ENTERED,
        now,
        minutes.number,
        grant,
    )
    return row


def confirm_minutes(session: Session, actor: Actor, tally_id: str, now: datetime) -> Resolution:
    """A second member confirms the minutes: the tally is resolved.

    Raises NotFound, Conflict `tally_not_open`, `resolution_missing`, `same_person`.
    """
    tally, grant = _open(session, actor, Permission.TALLY_RESOLVE, tally_id)
    waiting = waiting_minutes(session, tally)
    if waiting is None:
        raise errors.nothing_to_confirm()
    if waiting.entered_by == actor.person:
        raise errors.same_person()
    by = {"confirmed_by": actor.person, "confirmed_grant": grant.id, "confirmed_at": now}
    _move(session, waiting, ResolutionStatus.CONFIRMED, now, actor, grant, tally.village_code, **by)
    reason = f"会议纪要 {waiting.minutes_number}"
    tallies.move(session, tally, TallyStatus.RESOLVED, now, actor, grant, reason, resolved_at=now)
    return waiting


def waiting_minutes(session: Session, tally: Tally) -> Resolution | None:
    """The minutes that wait for a second member."""
    return session.scalar(_of_round(tally).where(Resolution.status == ResolutionStatus.ENTERED))


def standing_minutes(session: Session, tally: Tally) -> Resolution | None:
    """The minutes of the present round: confirmed, or waiting."""
    standing = [ResolutionStatus.ENTERED, ResolutionStatus.CONFIRMED]
    return session.scalar(_of_round(tally).where(Resolution.status.in_(standing)))


def _of_round(tally: Tally) -> Select[Resolution]:
    return select(Resolution).where(Resolution.tally_id == tally.id, Resolution.round == tally.round)


def resolvers(session: Session, tally: Tally, now: datetime) -> list[str]:
    """The persons by whom the present round was resolved."""
    minutes = standing_minutes(session, tally)
    if minutes is not None and minutes.status == ResolutionStatus.CONFIRMED:
        return [minutes.entered_by, *([minutes.confirmed_by] if minutes.confirmed_by else [])]
    return votes_for(session, tally, now)


def send_back(
    session: Session, actor: Actor, tally_id: str, record_id: str, reason: str, now: datetime
) -> Tally:
    """Give one record back to the panel: the tally is open again, its votes and minutes are void.

    Raises NotFound (the record is not of this month), Conflict `tally_not_open` once it is on notice.
    """
    tally, grant = tallies.find(session, actor, Permission.TALLY_RESOLVE, tally_id)
    tally = tallies.lock(session, tally.id)
    if tally.status not in (TallyStatus.OPEN, TallyStatus.RESOLVED):
        raise errors.tally_not_open()
    behind = conduct.records_of_line(session, tally.village_code, month_from(tally.month))
    if record_id not in {record["id"] for record in behind}:
        raise NotFound()
    conduct.send_back(session, actor, record_id, reason, now, grant)
    tallies.open_again(session, tally, now, actor, grant, reason)
    return tally


def _open(session: Session, actor: Actor, permission: Permission, tally_id: str) -> tuple[Tally, Grant]:
    found, grant = tallies.find(session, actor, permission, tally_id)
    tally = tallies.lock(session, found.id)
    if tally.status != TallyStatus.OPEN:
        raise errors.tally_not_open()
    return tally, grant


def _move(
    session: Session,
    row: Resolution,
    target: ResolutionStatus,
    now: datetime,
    actor: Actor,
    grant: Grant,
    village: str,
    **values: object,
) -> None:
    step(session, Resolution, "resolution", row, target, now, actor, grant, village, "", **values)
