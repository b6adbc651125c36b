"""Donors and the fund: who gave, what came in, what was spent. What is left is the sum of the entries.

A purchase may take the fund below zero: the village has then advanced the money, and the overview says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CursorResult, String, func, select, tuple_, update
from sqlalchemy.orm import Session

from mall.funds import errors
from mall.funds.models import Donor, FundEntry
from mall.funds.rules import DonorKind, FundKind
from mall.idempotency import content_hash
from server.audit import api as audit
from server.kit.database import Instant, from_micros, micros
from server.kit.errors import NotFound
from server.kit.exact import ZERO, text
from server.kit.ids import is_id, new_id
from server.kit.paging import decode_cursor, page
from server.kit.upsert import insert_for
from server.people.api import Actor, Permission, Place, Village


@dataclass(frozen=True)
class NewEntry:
    """One movement of the fund. `amount` in yuan, positive but for a correction; `donor`: an id or a name."""

    id: str
    kind: FundKind
    amount: Decimal
    donor: str | None = None
    note: str = ""


def enter(
    session: Session, actor: Actor, village: str, new: NewEntry, now: datetime
) -> tuple[FundEntry, bool]:
    """Money in, or a correction: the entry, and whether this request made it.

    Raises NotFound, Conflict `fund_id_reused`, Invalid `donor_missing`, `amount_invalid`, `note_missing`.
    """
    grant = actor.at(Permission.SHOP_MANAGE, Place(village))
    if session.get(Village, village) is None:
        raise NotFound()
    digest = content_hash({"village": village, **vars(new)})
    first = session.get(FundEntry, new.id)
    if first is not None:
        return _repeat(first, digest), False
    _check(new)
    donor = donor_of(session, actor, village, new.donor, now) if new.donor else None
    row = {
        "id": new.id, "village_code": village, "kind": new.kind.value, "amount": new.amount,
        "donor_id": donor, "note": new.note, "reference": f"entry:{new.id}", "recorded_by": actor.person,
        "grant_id": grant.id, "content_hash": digest, "at": now,
    }  # fmt: skip
    entry, made = _insert(session, row)
    if made:
        after = {"kind": new.kind.value, "amount": text(new.amount), "donor": donor}
        audit.record(session, actor, "fund.enter", "fund_entry", new.id, now, village, after=after)
    return entry, made


def _check(new: NewEntry) -> None:
    if new.kind is FundKind.CORRECTION:
        if new.amount == ZERO or not new.note:
            raise errors.correction_incomplete()
    elif new.amount <= ZERO:
        raise errors.amount_invalid()
    if new.kind is FundKind.DONATION and not new.donor:
        raise errors.donor_missing()


def spend(
    session: Session, actor: Actor, grant: str, village: str, amount: Decimal, purchase: str, now: datetime
) -> FundEntry:
    """Pay a purchase, `amount` in yuan, from the fund; once per `purchase` (a movement's id)."""
    row = {
        "id": new_id(), "village_code": village, "kind": FundKind.PURCHASE.value, "amount": -amount,
        "donor_id": None, "note": "", "reference": f"movement:{purchase}", "recorded_by": actor.person,
        "grant_id": grant, "content_hash": content_hash({"purchase": purchase, "amount": amount}), "at": now,
    }  # fmt: skip
    return _insert(session, row)[0]


def _insert(session: Session, row: Mapping[str, Any]) -> tuple[FundEntry, bool]:
    made: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        insert_for(session, FundEntry).values(**row).on_conflict_do_nothing()
    )
    entry = session.scalar(select(FundEntry).where(FundEntry.reference == row["reference"]))
    if entry is None:
        raise errors.id_reused()
    return _repeat(entry, row["content_hash"]), made.rowcount == 1


def _repeat(entry: FundEntry, digest: str) -> FundEntry:
    if entry.content_hash != digest:
        raise errors.id_reused()
    return entry


def donor_of(session: Session, actor: Actor | None, village: str, wanted: str, now: datetime) -> str:
    """The donor with this id or name; a name that is new makes a donor (a person). Raises Invalid."""
    if is_id(wanted):
        known = session.scalar(select(Donor.id).where(Donor.id == wanted, Donor.village_code == village))
        if known is None:
            raise errors.donor_unknown()
        return known
    name = wanted.strip()
    if not name:
        raise errors.donor_unknown()
    return ensure_donor(session, actor, village, name, DonorKind.PERSON, named=True, now=now).id


def ensure_donor(
    session: Session,
    actor: Actor | None,
    village: str,
    name: str,
    kind: DonorKind,
    *,
    named: bool,
    now: datetime,
) -> Donor:
    """The donor of this name; made when the name is new, left as it is otherwise."""
    row = {
        "id": new_id(), "village_code": village, "name": name, "kind": kind.value, "named": named,
        "created_at": now,
    }  # fmt: skip
    made: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        insert_for(session, Donor).values(row).on_conflict_do_nothing()
    )
    donor = session.scalars(select(Donor).where(Donor.village_code == village, Donor.name == name)).one()
    if made.rowcount == 1:
        audit.record(
            session, actor, "donor.create", "donor", donor.id, now, village,
            after={"kind": kind.value, "named": named},
        )  # fmt: skip
    return donor


def create_donor(
    session: Session, actor: Actor, village: str, name: str, kind: DonorKind, named: bool, now: datetime
) -> Donor:
    """Put a donor on file. Raises NotFound, Conflict `donor_exists` for a name that was there otherwise."""
    actor.at(Permission.SHOP_MANAGE, Place(village))
    if session.get(Village, village) is None:
        raise NotFound()
    donor = ensure_donor(session, actor, village, name, kind, named=named, now=now)
    if (donor.kind, donor.named) != (kind.value, named):
        raise errors.donor_exists()
    return donor


def change_donor(
    session: Session, actor: Actor, key: str, changes: Mapping[str, Any], now: datetime
) -> Donor:
    """Whether a donor is named in public, or is an organisation. Raises NotFound."""
    donor = session.get(Donor, key)
    if donor is None or actor.grant_at(Permission.SHOP_MANAGE, Place(donor.village_code)) is None:
        actor.anywhere(Permission.SHOP_MANAGE)
        raise NotFound()
    before = {name: getattr(donor, name) for name in changes}
    session.execute(update(Donor).where(Donor.id == key).values(**changes))
    session.refresh(donor)
    audit.record(session, actor, "donor.change", "donor", key, now, donor.village_code, before, dict(changes))
    return donor


def fund_left(session: Session, village: str) -> Decimal:
    """What is left of the fund, in yuan; negative where the village has advanced money."""
    return session.scalar(select(func.sum(FundEntry.amount)).where(FundEntry.village_code == village)) or ZERO


def entries(
    session: Session, village: str, cursor: str | None, limit: int
) -> tuple[list[FundEntry], str | None]:
    """The fund's movements, the newest first."""
    query = select(FundEntry).where(FundEntry.village_code == village)
    if cursor:
        at, key = decode_cursor(cursor, int, str)
        query = query.where(
            tuple_(FundEntry.at, FundEntry.id) < tuple_(from_micros(at), key, types=[Instant(), String()])
        )
    rows = session.scalars(query.order_by(FundEntry.at.desc(), FundEntry.id.desc()).limit(limit + 1)).all()
    return page(rows, limit, lambda row: (micros(row.at), row.id))


def donors(session: Session, village: str) -> list[Donor]:
    """Everybody who gave, by name."""
    return list(session.scalars(select(Donor).where(Donor.village_code == village).order_by(Donor.name)))
