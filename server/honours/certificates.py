"""The certificate: what stands on it, read once. The name is the roster's, for the committee that prints it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.honours import errors, queries
from server.honours.evaluations import find, honours_of
from server.honours.minutes import minutes
from server.honours.models import Evaluation, Nomination
from server.honours.rules import Honour
from server.honours.states import MinutesStatus, NominationStatus
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.people.api import Actor, Permission, Place, Village

_MEETINGS = {"villagers": "村民会议", "representatives": "村民代表会议", "committee": "村委会会议"}


@dataclass(frozen=True)
class Certificate:
    """One certificate; `whole` says whether the household is honoured, `how` by whom it was voted."""

    number: str
    village: str
    year: int
    honour: str
    citation: str
    name: str
    whole: bool
    how: str
    notice: tuple[date, date]
    awarded_on: date
    ledger_head: str
    page: str


def one(session: Session, actor: Actor, key: str, public_url: str, now: datetime) -> Certificate:
    """The certificate of an honour that was given; who printed it is on record. Raises NotFound, Conflict."""
    nomination = session.get(Nomination, key)
    if nomination is None:
        raise NotFound()
    actor.at(Permission.HONOUR_MANAGE, Place(nomination.village_code))
    row = session.get_one(Evaluation, nomination.evaluation_id)
    if nomination.status != NominationStatus.AWARDED:
        raise errors.no_certificate()
    _looked(session, actor, row, now)
    return _made(session, row, nomination, honours_of(row)[nomination.honour_code], public_url)


def every(session: Session, actor: Actor, key: str, public_url: str, now: datetime) -> list[Certificate]:
    """All certificates of an evaluation, by honour and number. Raises NotFound, Conflict `not_awarded`."""
    row, _ = find(session, actor, Permission.HONOUR_MANAGE, key)
    given = session.scalars(
        select(Nomination)
        .where(Nomination.evaluation_id == row.id, Nomination.status == NominationStatus.AWARDED)
        .order_by(Nomination.honour_code, Nomination.certificate_number)
    ).all()
    if not given:
        raise errors.no_certificate()
    _looked(session, actor, row, now)
    honours = honours_of(row)
    return [
        _made(session, row, nomination, honours[nomination.honour_code], public_url) for nomination in given
    ]


def _looked(session: Session, actor: Actor, row: Evaluation, now: datetime) -> None:
    """Full names went out: kept, though reading changes nothing else."""
    audit.record(session, actor, "certificate.print", "evaluation", row.id, now, row.village_code)


def _made(
    session: Session, row: Evaluation, given: Nomination, honour: Honour, public_url: str
) -> Certificate:
    head, member = queries.full_names(session, given)
    held = minutes(session, row, MinutesStatus.CONFIRMED)
    if row.published_at is None or row.ends_at is None or given.awarded_at is None:
        raise errors.no_certificate()
    return Certificate(
        number=given.certificate_number or "",
        village=session.get_one(Village, row.village_code).name,
        year=row.year,
        honour=honour.name,
        citation=honour.citation,
        name=member or head,
        whole=not member,
        how=_MEETINGS[held.kind] if held else "村委会",
        notice=(local_date(row.published_at), local_date(row.ends_at)),
        awarded_on=local_date(given.awarded_at),
        ledger_head=row.ledger_head or "",
        page=f"{public_url}/honours/{row.id}",
    )
