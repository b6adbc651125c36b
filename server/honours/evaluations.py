"""A village's annual evaluation: begun, looked up, its conditions read. Nothing here commits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.honours import catalogue, errors, queries
from server.honours.models import Evaluation, Nomination
from server.honours.places import of_village
from server.honours.rules import OF_HOUSEHOLD, Facts, Finding, Honour, as_document, check, from_document
from server.honours.states import EvaluationStatus, NominationStatus
from server.honours.steps import decided
from server.kit.clock import local_date
from server.kit.errors import NotFound
from server.kit.ids import new_id
from server.kit.paging import decode_cursor, page
from server.messages.api import Note, notify_households
from server.people.api import Actor, Grant, Household, Permission, Place, Village
from server.settlement.api import Tally


def find(
    session: Session, actor: Actor, permission: Permission, key: str, lock: bool = False
) -> tuple[Evaluation, Grant]:
    """The evaluation and the grant under which `actor` may act on it; raises NotFound."""
    row = session.get(Evaluation, key)
    if row is None:
        raise NotFound()
    grant = actor.at(permission, Place(row.village_code))
    return (locked(session, key) if lock else row), grant


def readable(session: Session, actor: Actor, key: str) -> Evaluation:
    """The evaluation for the village's own people and those who oversee it; raises NotFound."""
    row = session.get(Evaluation, key)
    if row is None:
        raise NotFound()
    of_village(session, actor, Permission.HONOUR_READ, row.village_code)
    return row


def locked(session: Session, key: str) -> Evaluation:
    """The evaluation as it is now, held until the transaction ends: whatever changes it or its nominations waits."""
    query = select(Evaluation).where(Evaluation.id == key).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def honours_of(row: Evaluation) -> dict[str, Honour]:
    """The honours of an evaluation as they were when it began, by code."""
    return {one["code"]: from_document(one) for one in row.honours}


def open_year(session: Session, actor: Actor, village: str, year: int, now: datetime) -> Evaluation:
    """Begin nominations early, while the year still runs. Raises NotFound, Conflict, Invalid `year_wrong`."""
    grant = actor.at(Permission.HONOUR_MANAGE, Place(village))
    if session.get(Village, village) is None:
        raise NotFound()
    months = select(Tally.id).where(
        Tally.village_code == village, Tally.month.between(year * 100, year * 100 + 12)
    )
    if session.scalar(months.limit(1)) is None or year > local_date(now).year + 1:
        raise errors.year_wrong()
    known = select(Evaluation.id).where(Evaluation.village_code == village, Evaluation.year == year)
    if session.scalar(known) is not None:
        raise errors.evaluation_exists()
    return begin(session, actor, grant, village, year, now, None)


def begin(
    session: Session,
    actor: Actor | None,
    grant: Grant | None,
    village: str,
    year: int,
    now: datetime,
    posted_at: datetime | None,
) -> Evaluation:
    """Nominations are open: the village is told. `actor` None is the closer of the year."""
    row = Evaluation(
        id=new_id(),
        village_code=village,
        year=year,
        status=EvaluationStatus.NOMINATING,
        honours=[as_document(one) for one in catalogue.of_village(session, village)],
        opened_at=now,
        year_posted_at=posted_at,
    )
    session.add(row)
    session.flush()
    decided(session, actor, row, None, EvaluationStatus.NOMINATING, now, "", grant)
    tell_village(
        session, row, "evaluation_opened", f"{year} 年度评比开始提名，可以提自己家，也可以提别人家。", now
    )
    return row


def tell_village(session: Session, row: Evaluation, kind: str, text: str, now: datetime) -> None:
    """One message to each household that takes part."""
    active = select(Household.code).where(
        Household.village_code == row.village_code, Household.status == "active"
    )
    refs = {"evaluation": row.id}
    notify_households(session, [Note(code, kind, text, refs) for code in session.scalars(active)], now)


def findings(
    session: Session, row: Evaluation, nominated: Sequence[Nomination], now: datetime
) -> dict[str, tuple[Facts, list[Finding]]]:
    """Nomination → the household's year, and each condition with its reason, as things stand."""
    facts = queries.facts_of_year(session, row.village_code, row.year)
    names = queries.item_names(session, row.village_code, now)
    members = queries.members_of(
        session, [one.member_id for one in nominated if one.member_id], local_date(now)
    )
    honours = honours_of(row)
    found = {}
    for one in nominated:
        own = facts.get(one.household_code, Facts(one.household_code, taking_part=False))
        member = members[one.member_id][1] if one.member_id else None
        found[one.id] = (own, check(honours[one.honour_code], own, member, names))
    return found


def candidates(
    session: Session, actor: Actor, key: str, honour: str, now: datetime
) -> list[tuple[Facts, list[Finding]]]:
    """Every household by code with each condition of an honour: who fulfils them, and why not. No order of merit.

    Of a personal honour only what the household's year says is looked at. Raises NotFound, Invalid.
    """
    row, _ = find(session, actor, Permission.HONOUR_MANAGE, key)
    wanted = honours_of(row).get(honour)
    if wanted is None:
        raise errors.honour_unknown()
    names = queries.item_names(session, row.village_code, now)
    of_household = replace(
        wanted, conditions=tuple(one for one in wanted.conditions if one.kind in OF_HOUSEHOLD)
    )
    facts = queries.facts_of_year(session, row.village_code, row.year)
    return [(one, check(of_household, one, None, names)) for one in facts.values()]


def standing(session: Session, row: Evaluation) -> list[Nomination]:
    """The nominations that are still to be decided."""
    return [one for one in queries.nominations(session, row) if one.status == NominationStatus.PROPOSED]


def listed(
    session: Session, actor: Actor, village: str, cursor: str | None, limit: int
) -> tuple[list[Evaluation], str | None]:
    """The evaluations of a village, the latest year first; raises NotFound outside it."""
    of_village(session, actor, Permission.HONOUR_READ, village)
    query = select(Evaluation).where(Evaluation.village_code == village)
    if cursor:
        query = query.where(Evaluation.year < decode_cursor(cursor, int)[0])
    rows = session.scalars(query.order_by(Evaluation.year.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (row.year,))
