"""What other slices may import of people and places."""

from server.people.access import (
    COMMITTEE,
    TABLE,
    Actor,
    Grant,
    Permission,
    Place,
    Role,
    division_prefix,
)
from server.people.authentication import authenticate
from server.people.models import Household, Member, Person, Relation, Village

__all__ = [
    "COMMITTEE",
    "TABLE",
    "Actor",
    "Grant",
    "Household",
    "Member",
    "Permission",
    "Person",
    "Place",
    "Relation",
    "Role",
    "Village",
    "authenticate",
    "division_prefix",
]
