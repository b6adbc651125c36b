"""An evaluation by the names of the API: for the village with desensitised names, for everybody with numbers only."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.honours import queries
from server.honours.evaluations import findings, honours_of
from server.honours.minutes import minutes
from server.honours.models import Evaluation, HonourObjection, Nomination, NominationVote
from server.honours.places import recused
from server.honours.rules import Honour, as_document, words
from server.honours.states import EvaluationStatus, MinutesStatus, NominationStatus
from server.honours.voting import voters
from server.kit.clock import iso, local_date
from server.kit.errors import NotFound
from server.people.api import Actor, Permission, Place, Village

PUBLIC_STATES = (EvaluationStatus.ON_NOTICE, EvaluationStatus.AWARDED)
_PUBLIC = (NominationStatus.CHOSEN, NominationStatus.AWARDED)


def summary(row: Evaluation) -> dict[str, Any]:
    """What a list shows of an evaluation."""
    return {
        "id": row.id,
        "village": row.village_code,
        "year": row.year,
        "status": row.status,
        "opened_at": _instant(row.opened_at),
        "year_posted": row.year_posted_at is not None,
        "published_at": _instant(row.published_at),
        "ends_at": _instant(row.ends_at),
        "awarded_at": _instant(row.awarded_at),
        "page": f"/honours/{row.id}" if row.status in PUBLIC_STATES else None,
    }


def _instant(at: datetime | None) -> str | None:
    return iso(at) if at else None


def honour_json(honour: Honour, names: dict[str, str]) -> dict[str, Any]:
    """An honour with its conditions in words."""
    return as_document(honour) | {"asks": [words(one, names) for one in honour.conditions]}


def as_village(session: Session, actor: Actor, row: Evaluation, now: datetime) -> dict[str, Any]:
    """The evaluation with every nomination, each condition with its reason, and the votes.

    Villagers see what became of a nomination, not the votes on it before they are counted.
    """
    nominated = queries.nominations(session, row)
    names = queries.item_names(session, row.village_code, now)
    shown = queries.shown_names(session, nominated, local_date(now))
    running = [one for one in nominated if one.checks is None and one.status == NominationStatus.PROPOSED]
    provisional = findings(session, row, running, now) if running else {}
    votes, members = _votes(session, row), queries.committee(session, row.village_code, now)
    votes_shown = actor.grant_at(Permission.TALLY_READ, Place(row.village_code)) is not None
    open_ones = _open_objections(session, row)
    items = []
    for one in nominated:
        looked = one.checks
        if looked is None:
            looked = [vars_of(finding) for finding in provisional[one.id][1]] if one.id in provisional else []
        mine = votes.get(one.id, [])
        may = set(voters(session, members, one))
        items.append(
            {
                **_nomination(one, shown[one.id]),
                "reason": one.reason if actor.household == one.household_code or votes_shown else "",
                "checks": looked,
                "final": one.checks is not None,
                "votes": [v for v in mine if v["person"] in may] if votes_shown else [],
                "may_vote": len(may),
                "mine": next((v["vote"] for v in mine if v["person"] == actor.person), None),
                "recused": recused(session, actor.household, one.household_code),
                "objections_open": open_ones.get(one.id, 0),
            }
        )
    held = minutes(session, row, MinutesStatus.CONFIRMED) or minutes(session, row, MinutesStatus.ENTERED)
    return {
        **summary(row),
        "ledger_head": row.ledger_head,
        "members": len(members),
        "honours": [honour_json(one, names) for one in honours_of(row).values()],
        "nominations": items,
        "minutes": _minutes(held) if held is not None and votes_shown else None,
    }


def vars_of(finding: Any) -> dict[str, Any]:
    """A finding by the names of the API."""
    return {"asks": finding.asks, "met": finding.met, "found": finding.found}


def _nomination(one: Nomination, names: tuple[str, str]) -> dict[str, Any]:
    head, member = names
    return {
        "id": one.id,
        "evaluation": one.evaluation_id,
        "honour": one.honour_code,
        "household": one.household_code,
        "number": one.household_code[-4:],
        "head": head,
        "member": one.member_id,
        "member_name": member,
        "status": one.status,
        "why": one.why,
        "for": one.votes_for,
        "against": one.votes_against,
        "abstained": one.abstained,
        "voters": one.voters,
        "certificate": one.certificate_number,
    }


def nomination_json(session: Session, one: Nomination, now: datetime) -> dict[str, Any]:
    """One nomination, desensitised."""
    return _nomination(one, queries.shown_names(session, [one], local_date(now))[one.id])


def _votes(session: Session, row: Evaluation) -> dict[str, list[dict[str, Any]]]:
    mine = select(Nomination.id).where(Nomination.evaluation_id == row.id)
    query = select(NominationVote).where(NominationVote.nomination_id.in_(mine))
    found: dict[str, list[dict[str, Any]]] = {}
    for vote in session.scalars(query.order_by(NominationVote.at, NominationVote.person_id)):
        cast = {"person": vote.person_id, "vote": vote.vote, "at": iso(vote.at)}
        found.setdefault(vote.nomination_id, []).append(cast)
    return found


def _open_objections(session: Session, row: Evaluation) -> dict[str, int]:
    found: dict[str, int] = {}
    mine = (HonourObjection.evaluation_id == row.id, HonourObjection.status.in_(("open", "escalated")))
    for key in session.scalars(select(HonourObjection.nomination_id).where(*mine)):
        found[key] = found.get(key, 0) + 1
    return found


def _minutes(held: Any) -> dict[str, Any]:
    return {
        "status": held.status,
        "minutes_number": held.minutes_number,
        "held_on": held.held_on,
        "kind": held.kind,
        "attended": held.attended,
        "entered_by": held.entered_by,
        "confirmed_by": held.confirmed_by,
    }


def as_public(session: Session, key: str) -> dict[str, Any]:
    """What everybody may read of an evaluation on notice or awarded: conditions, household numbers, votes.

    An honour that was taken back is shown no more. Raises NotFound.
    """
    row = session.get(Evaluation, key)
    if row is None or row.status not in PUBLIC_STATES or row.published_at is None or row.ends_at is None:
        raise NotFound()
    names = queries.item_names(session, row.village_code, row.published_at)
    nominated = [one for one in queries.nominations(session, row) if one.status in _PUBLIC]
    waiting = _open_objections(session, row)
    shared = ("id", "year", "status", "published_at", "ends_at", "awarded_at", "page")
    return {
        **{name: value for name, value in summary(row).items() if name in shared},
        "village": {"code": row.village_code, "name": session.get_one(Village, row.village_code).name},
        "days": row.days,
        "ledger_head": row.ledger_head,
        "honours": [
            {
                "code": honour.code,
                "name": honour.name,
                "subject": honour.subject.value,
                "most": honour.most,
                "asks": [words(one, names) for one in honour.conditions],
                "items": [_public(one, waiting) for one in nominated if one.honour_code == honour.code],
            }
            for honour in honours_of(row).values()
        ],
    }


def _public(one: Nomination, waiting: dict[str, int]) -> dict[str, Any]:
    return {
        "number": one.household_code[-4:],
        "household": one.household_code,
        "status": "held" if one.id in waiting else one.status,
        "for": one.votes_for,
        "against": one.votes_against,
        "abstained": one.abstained,
    }
