"""Reading exchange days and their slots."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mall.exchange_days.models import ExchangeDay, ExchangeSlot
from server.kit.errors import NotFound
from server.kit.ids import is_id
from server.people.api import Actor, Permission, Place


def day_of(session: Session, key: str) -> ExchangeDay:
    """The day as it stands; NotFound."""
    day = session.get(ExchangeDay, key, populate_existing=True) if is_id(key) else None
    if day is None:
        raise NotFound()
    return day


def day_for(session: Session, actor: Actor, permission: Permission, key: str) -> ExchangeDay:
    """The day, for somebody who holds `permission` in its village; NotFound otherwise: both look alike."""
    day = day_of(session, key)
    actor.at(permission, Place(day.village_code))
    return day


def days_of(session: Session, village: str, since: date, until: date, limit: int = 400) -> list[ExchangeDay]:
    """The days of a village between two dates, both included, in order; cancelled ones too."""
    query = select(ExchangeDay).where(
        ExchangeDay.village_code == village, ExchangeDay.day >= since, ExchangeDay.day <= until
    )
    return list(session.scalars(query.order_by(ExchangeDay.day, ExchangeDay.id).limit(limit)))


def slots_of(session: Session, days: Sequence[str]) -> dict[str, list[ExchangeSlot]]:
    """The slots of each of these days, in order."""
    found: dict[str, list[ExchangeSlot]] = {day: [] for day in days}
    query = select(ExchangeSlot).where(ExchangeSlot.exchange_day_id.in_(days))
    for slot in session.scalars(query.order_by(ExchangeSlot.starts_at)):
        found[slot.exchange_day_id].append(slot)
    return found


def shown(session: Session, days: Sequence[ExchangeDay]) -> list[dict[str, Any]]:
    """Days as the API shows them, with the places left in each slot."""
    slots = slots_of(session, [day.id for day in days])
    return [
        {
            "id": day.id,
            "village": day.village_code,
            "day": day.day,
            "planned_on": day.planned_on,
            "status": day.status,
            "opens_at": day.opens_at,
            "closes_at": day.closes_at,
            "place": day.place,
            "reason": day.reason,
            "slots": [
                {
                    "id": slot.id,
                    "starts_at": slot.starts_at,
                    "ends_at": slot.ends_at,
                    "places": slot.places,
                    "free": slot.places - slot.taken,
                }
                for slot in slots[day.id]
            ],
        }
        for day in days
    ]
