"""Where somebody stands in a cycle: runs it, reads it, oversees it, has a duty in it, is assessed by it.

One place for all of it, since a cycle's people are known by the cycle and not by a role alone. What somebody
has no part in looks like what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from server.assessment.process import rules
from server.assessment.process.models import AssessedSubject, Cycle, Duty
from server.kit.errors import NotAllowed, NotFound
from server.people import api as people
from server.people.api import Actor, Grant, Permission


@dataclass(frozen=True)
class Standing:
    """One person in one cycle."""

    cycle: Cycle
    actor: Actor
    manages: Grant | None
    reads: Grant | None
    oversight: Grant | None
    duties: tuple[Duty, ...]
    subjects: tuple[AssessedSubject, ...]

    @cached_property
    def own_codes(self) -> frozenset[str]:
        """The codes of the subjects that are the person, or for which the person speaks."""
        return frozenset(one.code for one in self.subjects)

    @property
    def sees_process(self) -> bool:
        """Whether steps, entries and everybody's results are open to the person."""
        return self.reads is not None or self.oversees

    @property
    def oversees(self) -> bool:
        """Whether the person is the overseer: by role, or by duty in this cycle."""
        return self.oversight is not None or self.has_duty(rules.OVERSEER)

    def has_duty(self, role: str) -> bool:
        return any(duty.role == role for duty in self.duties)

    def acts(self, role: str) -> bool:
        """Whether the person acts in a step of this role; whoever runs the cycle stands in."""
        return self.manages is not None or self.has_duty(role)

    def under(self, role: str | None = None) -> str | None:
        """What the person acts under: the grant, or else the duty (of a role), by id."""
        if self.manages is not None:
            return self.manages.id
        fitting = (duty for duty in self.duties if role is None or duty.role == role)
        return next((duty.id for duty in fitting), None)

    def managing(self) -> Grant:
        """The grant under which the cycle is run; refused to those who have another part in it."""
        if self.manages is None:
            raise NotAllowed()
        return self.manages

    def reading_process(self) -> None:
        """Refused to those who only have a part in it."""
        if not self.sees_process:
            raise NotAllowed()


def standing(session: Session, actor: Actor, cycle_id: str) -> Standing:
    """Where `actor` stands in a cycle; raises NotFound where nothing connects them."""
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound()
    found = standing_in(session, actor, cycle)
    if found.reads is None and found.oversight is None and not found.duties and not found.subjects:
        raise NotFound()
    return found


def standing_in(session: Session, actor: Actor, cycle: Cycle) -> Standing:
    """As `standing`, for a cycle already read, and for strangers to it as well."""
    return standings(session, actor, [cycle])[cycle.id]


def standings(session: Session, actor: Actor, cycles: Sequence[Cycle]) -> dict[str, Standing]:
    """Where `actor` stands in each of these cycles, by two statements for all of them."""
    keys = [cycle.id for cycle in cycles]
    duties: dict[str, list[Duty]] = {key: [] for key in keys}
    subjects: dict[str, list[AssessedSubject]] = {key: [] for key in keys}
    own_duties = select(Duty).where(
        Duty.person_id == actor.person, Duty.ended_at.is_(None), Duty.cycle_id.in_(keys)
    )
    for duty in session.scalars(own_duties.order_by(Duty.id)):
        duties[duty.cycle_id].append(duty)
    own = select(AssessedSubject).where(
        AssessedSubject.person_id == actor.person, AssessedSubject.cycle_id.in_(keys)
    )
    for subject in session.scalars(own.order_by(AssessedSubject.code)):
        subjects[subject.cycle_id].append(subject)
    return {cycle.id: _standing(actor, cycle, duties[cycle.id], subjects[cycle.id]) for cycle in cycles}


def _standing(
    actor: Actor, cycle: Cycle, duties: Iterable[Duty], subjects: Iterable[AssessedSubject]
) -> Standing:
    place = people.Place(cycle.division)
    return Standing(
        cycle,
        actor,
        actor.grant_at(Permission.ASSESSMENT_MANAGE, place),
        actor.grant_at(Permission.ASSESSMENT_READ, place),
        actor.grant_at(Permission.ASSESSMENT_OVERSEE, place),
        tuple(duties),
        tuple(subjects),
    )


def managed(session: Session, actor: Actor, cycle_id: str) -> Standing:
    """The standing of somebody who runs the cycle; NotFound outside the scope."""
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound()
    actor.at(Permission.ASSESSMENT_MANAGE, people.Place(cycle.division))
    return standing_in(session, actor, cycle)


def known_cycles(actor: Actor) -> ColumnElement[bool]:
    """A condition on cycles: those that the person runs, reads, oversees, has a duty in or is assessed by."""
    duties = select(Duty.cycle_id).where(Duty.person_id == actor.person, Duty.ended_at.is_(None))
    subjects = select(AssessedSubject.cycle_id).where(AssessedSubject.person_id == actor.person)
    found: list[ColumnElement[bool]] = [Cycle.id.in_(duties.union(subjects))]
    for permission in (Permission.ASSESSMENT_READ, Permission.ASSESSMENT_OVERSEE):
        if actor.grants_for(permission):
            found.append(people.visible(actor, permission, village=Cycle.division))
    return or_(*found)


def may_enter(held: Standing, subject: AssessedSubject, indicator: str, rater: str) -> Duty | None:
    """The duty under which a score may be entered; None where nothing is assigned."""
    return next((duty for duty in held.duties if _fits(duty, subject, indicator, rater)), None)


def _fits(duty: Duty, subject: AssessedSubject, indicator: str, rater: str) -> bool:
    if duty.role == rules.OVERSEER:
        return False
    if duty.category and duty.category != subject.category:
        return False
    if duty.unit and duty.unit not in (subject.unit, subject.code):
        return False
    if duty.rater and rater != duty.rater:
        return False
    return rules.covers(duty.indicators, indicator)


def assigned(duties: Iterable[Duty], subject: AssessedSubject) -> bool:
    """Whether a subject is assigned to one of the duties, whatever the indicator."""
    return any(
        duty.role != rules.OVERSEER
        and duty.category in ("", subject.category)
        and duty.unit in ("", subject.unit, subject.code)
        for duty in duties
    )
