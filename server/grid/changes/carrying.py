"""Carrying an agreement out, in one transaction (a move: in two, the second in the other village). Never commits.

Points go over the village's `transit` account, so that each leg stands in the statement of its household.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.grid.changes import errors
from server.grid.changes.leaving import let_go
from server.grid.changes.models import HouseholdChange
from server.grid.changes.rules import ChangeKind, ChangeStatus, Terms
from server.grid.facts.carrying import carry_facts
from server.grid.plates import reissue
from server.kit.claim import claim
from server.kit.exact import ZERO
from server.ledger import api as ledger
from server.messages.api import Note, notify_households
from server.people.api import Actor, Grant, Household
from server.people.household_api import (
    NewHousehold,
    add_household,
    end_household,
    move_members,
    move_person,
    persons_of,
    present_members,
    relate,
)
from server.settlement.api import unsettled

K, S = ChangeKind, ChangeStatus


def open_matters(session: Session, row: HouseholdChange, now: datetime) -> list[str]:
    """What has to be settled first; what is recorded after the agreement does not count."""
    return unsettled(session, row.household_code, row.agreed_at)


def carry_out(
    session: Session, row: HouseholdChange, terms: Terms, actor: Actor | None, now: datetime
) -> None:
    """Nothing is open: do what was agreed."""
    target = S.LEFT if row.kind == K.MOVE else S.DONE
    done_at = now if target is S.DONE else None
    release_hold(session, row, now)
    if not claim(session, HouseholdChange, row.id, S.AGREED, target, held=ZERO, done_at=done_at):
        raise errors.changed()
    let_go(session, row.household_code, now)
    _ACTS[K(row.kind)](session, row, terms, now)
    audit.decide(session, actor, "household_change", row.id, S.AGREED, target, now, row.paper)


def release_hold(session: Session, row: HouseholdChange, now: datetime) -> None:
    """What was set aside is free again."""
    if row.held > 0:
        reference = f"change:{row.id}:release"
        ledger.release(session, row.household_code, row.held, reference, {"change": row.id}, now)


def _give(session: Session, row: HouseholdChange, to: str, points: Decimal, now: datetime) -> None:
    """Points of the household to another one of the village."""
    if points > 0:
        refs = {"change": row.id, "from": row.household_code, "to": to}
        ledger.transfer_out(session, row.household_code, points, f"change:{row.id}:out:{to}", refs, now)
        ledger.transfer_in(session, to, points, f"change:{row.id}:in:{to}", refs, now)


def _balance(session: Session, household: str) -> Decimal:
    return ledger.account(session, household).balance


def _split(session: Session, row: HouseholdChange, terms: Terms, now: datetime) -> None:
    house = session.get_one(Household, row.household_code, populate_existing=True)
    new = NewHousehold(
        house.village_code,
        terms.head,
        terms.team or house.team,
        terms.door,
        terms.address,
        grid=terms.grid or house.grid_id,
    )
    code = add_household(session, new, now, row.agreed_by)
    moved = move_members(session, terms.members, code, now)
    carry_facts(session, row.household_code, code, moved, now)
    _give(session, row, code, terms.points, now)
    reissue(session, None, house, now)
    relate(session, row.household_code, code)
    _set(session, row, other_code=code)
    number = code[12:]
    _tell(
        session, row.household_code, f"分户已经办好，新户是 {number} 号；旧门牌和积分卡作废，请换新的。", now
    )
    _tell(session, code, "您家已经分立，有了自己的户号、门牌和积分账户。", now)


def _merge(session: Session, row: HouseholdChange, terms: Terms, now: datetime) -> None:
    into = str(row.other_code)
    _all_go(session, row.household_code, into, now)
    balance = _balance(session, row.household_code)
    _give(session, row, into, balance, now)
    end_household(session, row.household_code, now)
    _tell(session, into, f"{row.household_code[12:]} 号户已并入您家，积分一并转入。", now)


def _all_go(session: Session, household: str, target: str, now: datetime) -> None:
    moved = move_members(session, present_members(session, household), target, now)
    for person in persons_of(session, household):
        move_person(session, person, target, None, now)
    carry_facts(session, household, target, moved, now)


def _move(session: Session, row: HouseholdChange, terms: Terms, now: datetime) -> None:
    """The first of two transactions: the points wait in transit, the household is no more here."""
    balance = max(_balance(session, row.household_code), ZERO)
    if balance > 0:
        refs = {"change": row.id, "to_village": str(row.to_village)}
        ledger.transfer_out(session, row.household_code, balance, f"change:{row.id}:out", refs, now)
    _set(session, row, moved=balance)
    text = "迁出已经办好，请到新的村委会报到；积分跟着走。"
    _tell(session, row.household_code, text, now)
    _leave_village(session, row.household_code, now)


def _leave_village(session: Session, household: str, now: datetime) -> None:
    """Its accounts stay with it until the other village takes them in."""
    persons = persons_of(session, household)
    end_household(session, household, now)
    for person in persons:
        person.household_code = household
    session.flush()


def take_in(
    session: Session, row: HouseholdChange, where: Terms, actor: Actor, grant: Grant, now: datetime
) -> None:
    """The second transaction: a new household in the other village, and the points out of transit."""
    old = session.get_one(Household, row.household_code)
    head = where.head or old.head
    new = NewHousehold(str(row.to_village), head, where.team, where.door, where.address, old.kind, where.grid)
    code = add_household(session, new, now, actor.person)
    if not claim(session, HouseholdChange, row.id, S.LEFT, S.DONE, other_code=code, done_at=now):
        raise errors.changed()
    _all_go(session, row.household_code, code, now)
    if row.moved > 0:
        refs = {"change": row.id, "from": row.household_code}
        ledger.transfer_in(session, code, row.moved, f"change:{row.id}:in", refs, now)
    audit.decide(session, actor, "household_change", row.id, S.LEFT, S.DONE, now, "", grant)
    _tell(session, code, "您家已经迁入，新的户号、门牌和积分账户都办好了。", now)


def _end(session: Session, row: HouseholdChange, terms: Terms, now: datetime) -> None:
    for share in sorted(terms.shares, key=lambda share: share.household):
        _give(session, row, share.household, share.points, now)
        _tell(session, share.household, f"按协议，{row.household_code[12:]} 号户的积分转给您家一部分。", now)
    left = _balance(session, row.household_code)
    if left > 0:
        refs = {"change": row.id}
        ledger.forfeit(session, row.household_code, left, f"change:{row.id}:forfeit", refs, now)
    end_household(session, row.household_code, now)


_ACTS: dict[ChangeKind, Callable[[Session, HouseholdChange, Terms, datetime], None]] = {
    K.SPLIT: _split,
    K.MERGE: _merge,
    K.MOVE: _move,
    K.END: _end,
}


def _set(session: Session, row: HouseholdChange, **values: Any) -> None:
    session.refresh(row)
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def _tell(session: Session, household: str, text: str, now: datetime) -> None:
    notify_households(session, [Note(household, "household_change", text, {})], now)
