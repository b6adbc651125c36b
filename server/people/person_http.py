"""Routes of persons, invitations and grants."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.kit.transaction import transaction
from server.people import grants, invitations, persons
from server.people.access import Permission, Role
from server.people.http import settings
from server.people.invitation_qr import png_data_uri
from server.people.models import GrantRow, Person
from server.people.person_schemas import (
    GrantBody,
    GrantSchema,
    InvitationBody,
    InvitationSchema,
    PeoplePage,
    PeopleQuery,
    PersonBody,
    PersonFullSchema,
)
from server.web.routes import Call, endpoint

blueprint = Blueprint("persons", __name__, description="人员、邀请、角色")


def grant_answer(row: GrantRow) -> dict[str, Any]:
    """A grant as the API shows it."""
    shown = {"id": row.id, "person": row.person_id, "role": row.role, "scope": row.scope}
    return shown | {"starts_at": row.starts_at, "ends_at": row.ends_at}


def _person_answer(person: Person, roles: list[GrantRow]) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "home": person.home,
        "household": person.household_code,
        "member": person.member_id,
        "username": person.username,
        "has_account": person.password_hash is not None,
        "roles": [grant_answer(row) for row in roles],
    }


@endpoint(
    blueprint,
    "POST",
    "/people",
    needs=Permission.PEOPLE_MANAGE,
    body=PersonBody,
    answer=PersonFullSchema,
    status=201,
)
def create_person(call: Call, body: dict[str, Any]) -> Any:
    """A new person, to be invited; with a household its villager."""
    new = persons.NewPerson(
        name=body["name"],
        home=body.get("village") or body["home"],
        household=body.get("household"),
        member=body.get("member"),
        username=body.get("username"),
    )
    person = persons.create_person(call.session, call.actor, new, call.now)
    return _person_answer(person, persons.roles_of(call.session, [person.id], call.now)[person.id])


@endpoint(blueprint, "GET", "/people", needs=Permission.PEOPLE_READ, query=PeopleQuery, answer=PeoplePage)
def list_people(call: Call, query: dict[str, Any]) -> Any:
    """The people of the villages that one manages, with their roles."""
    rows, following = persons.list_persons(
        call.session,
        call.actor,
        query.get("village"),
        query.get("query"),
        query.get("cursor"),
        query["limit"],
    )
    roles = persons.roles_of(call.session, [row.id for row in rows], call.now)
    return {"items": [_person_answer(row, roles[row.id]) for row in rows], "next_cursor": following}


@endpoint(
    blueprint,
    "POST",
    "/invitations",
    needs=Permission.PEOPLE_MANAGE,
    body=InvitationBody,
    answer=InvitationSchema,
    status=201,
    own_transaction=True,  # no Idempotency-Key: the answer holds a secret that must not be kept
)
def invite(call: Call, body: dict[str, Any]) -> Any:
    """A one-time text and its QR. Repeating the request makes a new one and ends the first."""
    chosen = settings()
    seconds, lost = chosen.invitation_seconds, body["lost_phone"]
    with transaction() as session:
        issued = invitations.invite(session, call.actor, body["person"], seconds, lost, call.now)
    url = f"{chosen.public_url}/i/{issued.text}"
    return {
        "id": issued.id,
        "person": body["person"],
        "invitation": issued.text,
        "url": url,
        "qr": png_data_uri(url),
        "expires_at": issued.expires_at,
    }


@endpoint(
    blueprint,
    "POST",
    "/grants",
    needs=Permission.ROLES_GRANT,
    body=GrantBody,
    answer=GrantSchema,
    status=201,
)
def give_role(call: Call, body: dict[str, Any]) -> Any:
    """Give somebody a role for a scope and a time; the same again is the grant that is there."""
    new = grants.NewGrant(
        body["person"], Role(body["role"]), body["scope"], body.get("starts_at"), body.get("ends_at")
    )
    return grant_answer(grants.give(call.session, call.actor, new, call.now))


@endpoint(blueprint, "DELETE", "/grants/<grant>", needs=Permission.ROLES_GRANT, status=204)
def end_role(call: Call, grant: str) -> tuple[None, int]:
    """End a role from now on; it stays in the history."""
    grants.end(call.session, call.actor, grant, call.now)
    return None, 204
