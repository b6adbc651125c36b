"""Visits come in: one by one or a phone's whole queue, each id once. Never commits.

A queue is one transaction with a handful of statements; what is wrong with one visit stops none of the others.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.audit import api as audit
from server.cycles.api import Due, begun, schedule
from server.grid.facts import api as facts
from server.grid.facts.rules import NewFact
from server.grid.visits import errors, queries, rules
from server.grid.visits.closing import MONTH_CLOSER, WARNING_CLOSER, month_due, warning_due
from server.grid.visits.queries import Door
from server.grid.vocabulary import duty_tags
from server.kit.clock import local_date
from server.kit.errors import DomainError
from server.kit.overtaken import Overtaken, looking_again
from server.people.api import Actor, Grant, Permission, Place


@dataclass(frozen=True)
class NewVisit:
    """A visit as a phone sends it: by its plate's token or by the household's code."""

    id: str
    plate: str | None = None
    household: str | None = None
    way: str = "door"
    duties: tuple[str, ...] = ()
    note: str = ""
    facts: tuple[NewFact, ...] = ()
    device_time: datetime | None = None

    def digest(self, household: str) -> str:
        """What makes two visits with one id the same; the phone's own time does not."""
        told = [[fact.id, facts.content_hash(household, fact)] for fact in self.facts]
        content = [household, self.way, list(self.duties), self.note, told]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Taken:
    """What became of one visit: its answer and whether it is new, or why it was refused."""

    id: str
    answer: dict[str, Any] | None = None
    first: bool = False
    error: DomainError | None = None


def log_visit(session: Session, actor: Actor, new: NewVisit, now: datetime) -> tuple[dict[str, Any], bool]:
    """Log one visit: its answer, and whether this was the first time; raises what stands against it."""
    (taken,) = log_visits(session, actor, [new], now)
    if taken.error is not None or taken.answer is None:
        raise taken.error or errors.household_unknown()
    return taken.answer, taken.first


def log_visits(session: Session, actor: Actor, news: Sequence[NewVisit], now: datetime) -> list[Taken]:
    """Log a phone's queue: for each visit its answer or its refusal.

    Raises Conflict `state_changed` when others send the same ids time and again: nothing is written then, and the
    same queue may be sent again.
    """
    return looking_again(session, lambda: _log(session, actor, news, now))


def _log(session: Session, actor: Actor, news: Sequence[NewVisit], now: datetime) -> list[Taken]:
    codes = [new.household for new in news if new.household]
    doors = queries.doors(session, codes, [new.plate for new in news if new.plate])
    book = _Book(actor, now, doors, queries.known(session, [new.id for new in news]))
    told = [(new, door) for new in news if (door := doors.get(new.plate or new.household or ""))]
    keys = [fact.id for new, _ in told for fact in new.facts]
    desk = facts.Desk.of(session, [door.code for _, door in told], keys, now)
    taken = [book.take(new, desk) for new in news]
    _write(session, book, desk)
    return taken


class _Book:
    """One queue on its way into the table of visits."""

    def __init__(
        self, actor: Actor, now: datetime, doors: dict[str, Door], known: dict[str, tuple[str, str]]
    ) -> None:
        self.actor, self.now, self.doors, self.known = actor, now, doors, known
        self.rows: list[dict[str, Any]] = []
        self.writings: list[facts.Writing] = []

    def take(self, new: NewVisit, desk: facts.Desk) -> Taken:
        """One visit of the queue."""
        try:
            return self._take(new, desk)
        except DomainError as error:
            return Taken(new.id, error=error)

    def _take(self, new: NewVisit, desk: facts.Desk) -> Taken:
        door = self.doors.get(new.plate or new.household or "")
        if door is None:
            raise errors.household_unknown()
        place = Place(door.village, door.grid, door.code)
        grant = self.actor.grant_at(Permission.VISIT_LOG, place)
        if grant is None:
            raise errors.household_unknown()
        mine = (self.actor.person, new.digest(door.code))
        first = new.id not in self.known
        if self.known.setdefault(new.id, mine) != mine:
            raise errors.id_reused()
        at = rules.day_of(new.device_time, self.now)
        if first:
            try:
                self._check(new, door, at, desk)
            except DomainError:
                del self.known[new.id]
                raise
            self._keep(new, door, grant, at, mine[1])
        return Taken(new.id, _answer(new, door, local_date(at)), first)

    def _check(self, new: NewVisit, door: Door, at: datetime, desk: facts.Desk) -> None:
        if door.revoked_at is not None and door.revoked_at <= at:
            raise errors.plate_revoked()
        if door.status == "ended":
            raise errors.household_ended()
        if self.now - at > rules.LATEST:
            raise errors.too_old()
        strange = [n for n, duty in enumerate(new.duties) if duty not in duty_tags()]
        if strange:
            raise errors.duty_unknown(strange[0])
        if desk.reused(self.actor, door.code, new.facts):
            raise facts.id_reused()
        faults = desk.faults(door.code, new.facts)
        if faults:
            raise facts.fact_invalid(faults)

    def _keep(self, new: NewVisit, door: Door, grant: Grant, at: datetime, digest: str) -> None:
        on = local_date(at)
        self.rows.append(
            {
                "id": new.id,
                "village_code": door.village,
                "household_code": door.code,
                "grid_id": door.grid,
                "visited_on": on,
                "month": rules.number_of(rules.month_of_visit(on)),
                "way": new.way,
                "scanned": new.plate is not None,
                "duties": list(new.duties),
                "note": new.note,
                "visited_by": self.actor.person,
                "grant_id": grant.id,
                "received_at": self.now,
                "content_hash": digest,
            }
        )
        if new.facts:
            self.writings.append(facts.Writing(door.code, self.actor, grant, new.facts, new.id, on))


def _answer(new: NewVisit, door: Door, on: date) -> dict[str, Any]:
    return {
        "id": new.id,
        "household": door.code,
        "grid": door.grid,
        "visited_on": on.isoformat(),
        "way": new.way,
        "duties": list(new.duties),
        "facts": [fact.id for fact in new.facts],
    }


def _write(session: Session, book: _Book, desk: facts.Desk) -> None:
    if not book.rows:
        return
    if not queries.insert_visits(session, book.rows):
        raise Overtaken
    facts.write(session, desk, book.writings)
    running = rules.number_of(rules.month_of_visit(local_date(book.now)))
    for row in book.rows:
        if row["month"] != running:
            queries.settle_missed(session, row["household_code"], row["month"], row["id"])
    for village in sorted({row["village_code"] for row in book.rows}):
        _begin(session, village, book.rows, book.now)
    counted = {"visits": len(book.rows), "facts": sum(len(w.facts) for w in book.writings)}
    first = book.rows[0]
    audit.record(
        session, book.actor, "visit.log", "visit", first["id"], book.now, first["village_code"], after=counted
    )


def _begin(session: Session, village: str, rows: Sequence[dict[str, Any]], now: datetime) -> None:
    """A village's months of visits begin with the first one: until then nobody is reminded of anything."""
    if begun(session, MONTH_CLOSER, village):
        return
    first = min(row["visited_on"] for row in rows if row["village_code"] == village)
    month = rules.month_of_visit(first)
    for closer, due in ((WARNING_CLOSER, warning_due), (MONTH_CLOSER, month_due)):
        schedule(session, closer, Due(village, str(month), due(month)))
