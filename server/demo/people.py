"""Who works in a demo village: drawn from its own households, so that recusal is real."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.grid.models import Grid
from server.people.access import Role
from server.people.models import Household, Member, Person
from server.people.persons import NewPerson, add_grant, create_person

VILLAGERS_WITH_PHONES = 16
PANEL = 5
COMMITTEE = 4


@dataclass
class Staff:
    """Person ids by duty; `worker` and `leader` by grid id, `keepers` and `villagers` by household.

    `phones`: everybody with a phone, villagers first, by household; the keepers left out.
    """

    village: str
    worker: dict[str, str] = field(default_factory=dict)
    leader: dict[str, str] = field(default_factory=dict)
    panel: list[str] = field(default_factory=list)
    committee: list[str] = field(default_factory=list)
    keepers: dict[str, str] = field(default_factory=dict)
    villagers: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)


@dataclass
class Appointing:
    """Appoints people of one village, each from a household that has no duty yet."""

    session: Session
    village: str
    now: datetime
    personas: dict[str, str]
    rng: random.Random
    persons: list[Person] = field(default_factory=list)
    _free: list[tuple[Household, Member]] = field(default_factory=list)

    def __post_init__(self) -> None:
        rows = self.session.execute(
            select(Household, Member)
            .join(Member, Member.household_code == Household.code)
            .where(
                Household.village_code == self.village, Member.birth_date.between(_year(1958), _year(2001))
            )
            .order_by(Household.code, Member.kinship, Member.name)
        ).all()
        families: dict[str, list[tuple[Household, Member]]] = {}
        for household, member in rows:
            families.setdefault(household.code, []).append((household, member))
        self._free = [self.rng.choice(adults) for adults in families.values()]
        self.rng.shuffle(self._free)

    def appoint(
        self, role: Role | None, scope: str = "", persona: str = "", grid: str | None = None
    ) -> Person:
        """A person with `role` at `scope` (a villager already through the household), from `grid` if
        given.
        """
        names = {person.name for person in self.persons}  # two of one name would look like one person
        household, member = next(
            pair
            for pair in self._free
            if pair[1].name not in names and (grid is None or pair[0].grid_id == grid)
        )
        self._free.remove((household, member))
        new = NewPerson(member.name, self.village, household.code, member.id)
        person = create_person(self.session, None, new, self.now)
        if role is not None:
            add_grant(self.session, person, role, scope or self.village, (self.now, None), None)
        if persona in self.personas:
            person.persona = self.personas[persona]
            self.session.flush()
        self.persons.append(person)
        return person


def _year(year: int) -> date:
    return date(year, 1, 1)


def appoint_village(appointing: Appointing, grids: Sequence[Grid]) -> Staff:
    """Everybody a village needs; personas are named as the contract does."""
    staff = Staff(appointing.village)
    for number, grid in enumerate(grids, 1):
        worker = appointing.appoint(Role.GRID_WORKER, grid.id, f"grid_worker_{number}", grid.id)
        leader = appointing.appoint(Role.GRID_LEADER, grid.id, f"grid_leader_{number}", grid.id)
        staff.worker[grid.id], staff.leader[grid.id] = worker.id, leader.id
    appointing.appoint(Role.CHIEF_GRID_LEADER, persona="chief_grid_leader")
    for number in range(1, PANEL + 1):
        staff.panel.append(appointing.appoint(Role.PANEL_MEMBER, persona=f"panel_member_{number}").id)
    staff.committee.append(appointing.appoint(Role.COMMITTEE_HEAD, persona="committee_head").id)
    for number in range(1, COMMITTEE + 1):
        staff.committee.append(
            appointing.appoint(Role.COMMITTEE_MEMBER, persona=f"committee_member_{number}").id
        )
    for number in (1, 2):
        keeper = appointing.appoint(Role.KEEPER, persona=f"keeper_{number}")
        staff.keepers[str(keeper.household_code)] = keeper.id
    appointing.appoint(Role.SUPERVISOR, persona="supervisor")
    for number in range(1, VILLAGERS_WITH_PHONES + 1):
        # villager_1 lives in the grid of grid_worker_1 and so on: one month can be walked through with them
        home = grids[number - 1].id if number <= len(grids) else None
        villager = appointing.appoint(None, persona=f"villager_{number}", grid=home)
        staff.villagers[str(villager.household_code)] = villager.id
    everybody = {str(person.household_code): person.id for person in appointing.persons}
    others = {household: key for household, key in everybody.items() if household not in staff.keepers}
    staff.phones = staff.villagers | others
    return staff
