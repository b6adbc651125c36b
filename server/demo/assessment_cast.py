"""Who is assessed in the demo county: its committees, the party members of one branch, invented towns and staff."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.demo.county import adult_name
from server.demo.people import Staff
from server.people.models import Member, Person, Village

PERSONAS = (
    *("county_officer", "township_officer", "supervisor", "committee_head"),
    *("committee_member_1", "committee_member_2", "committee_member_3"),
)
TOWNS = (
    *("麦岭镇", "柳溪镇", "青石镇", "白杨镇", "河湾镇", "东关镇"),
    *("南坪乡", "云台乡", "双桥镇", "高庄镇", "红旗街道"),
)
BRANCH_MEMBERS, STAFF = 24, 26


@dataclass
class Cast:
    """People and units by scheme, as bodies of the API; `accounts`: code → who speaks for it."""

    persons: dict[str, str]
    branch: str
    branch_name: str
    teams: list[dict[str, Any]]
    members: list[dict[str, Any]]
    towns: list[dict[str, Any]]
    party: list[dict[str, Any]]
    staff: list[dict[str, Any]]
    code_of: dict[str, str]
    accounts: dict[str, str]


def cast_of(session: Session, staffs: list[Staff], rng: random.Random) -> Cast:
    """Everybody; the committees with their accounts, the rest by name."""
    rows = session.execute(select(Person.persona, Person.id).where(Person.persona.in_(PERSONAS)))
    persons = {str(persona): key for persona, key in rows}
    names = _names(session, [key for staff in staffs for key in staff.committee])
    villages = {code: name for code, name in session.execute(select(Village.code, Village.name))}  # noqa: C416
    teams, members, accounts = [], [], {}
    code_of: dict[str, str] = {}
    for number, staff in enumerate(staffs, 1):
        team = f"CW{number:02d}"
        head = staff.committee[0]
        teams.append(
            {"code": team, "name": f"{villages[staff.village]}“两委”", "category": "team", "person": head}
        )
        accounts[team] = head
        for place, person in enumerate(staff.committee, 1):
            code = f"{team}-{place}"
            members.append(
                {"code": code, "name": names[person], "category": "member", "unit": team, "person": person}
            )
            accounts[code] = person
            code_of |= {persona: code for persona, key in persons.items() if key == person}
    towns = [{"code": f"ZJ{n:02d}", "name": name, "category": "town"} for n, name in enumerate(TOWNS, 1)]
    branch = staffs[0]
    party = _party(session, branch, names, rng)
    staffed, name = _staff(persons, rng), villages[branch.village]
    return Cast(persons, branch.village, name, teams, members, towns, party, staffed, code_of, accounts)


def _names(session: Session, persons: list[str]) -> dict[str, str]:
    query = select(Person.id, Person.name).where(Person.id.in_(persons))
    return {key: name for key, name in session.execute(query)}  # noqa: C416


def _party(
    session: Session, branch: Staff, names: dict[str, str], rng: random.Random
) -> list[dict[str, Any]]:
    """The branch: the committee (A the head, B the others) and the party members of the roster."""
    found: list[dict[str, Any]] = []
    for place, person in enumerate(branch.committee):
        category = "A" if place == 0 else "B"
        found.append({"name": names[person], "category": category, "person": person})
    roster = session.scalars(
        select(Member.name)
        .where(Member.household_code.startswith(branch.village), Member.political == "中共党员")
        .order_by(Member.household_code, Member.name)
        .limit(BRANCH_MEMBERS)
    )
    there = set(names.values())
    found += [
        {"name": name, "category": rng.choice("CCCCDDEF"), "person": None}
        for name in roster
        if name not in there
    ]
    return [one | {"code": f"DY{number:03d}"} for number, one in enumerate(found, 1)]


def _staff(persons: dict[str, str], rng: random.Random) -> list[dict[str, Any]]:
    """Party members of invented departments and field offices; one of the demo's officers among them."""
    officer = {"code": "JG001", "name": "周海燕", "category": "field_office", "unit": "ZB04"}
    found: list[dict[str, Any]] = [officer | {"person": persons["township_officer"]}]
    for number in range(2, STAFF + 1):
        category = "department" if number % 2 else "field_office"
        unit = f"ZB{number % 3 + (1 if number % 2 else 4):02d}"
        found.append({"code": f"JG{number:03d}", "name": adult_name(rng), "category": category, "unit": unit})
    return found
