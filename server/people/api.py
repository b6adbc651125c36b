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
from server.people.acting import acting_name, stood_in_for
from server.people.authentication import authenticate
from server.people.holders import Holder, holders
from server.people.models import (
    Division,
    GrantRow,
    Household,
    Member,
    Person,
    Relation,
    Village,
    WechatAccount,
)
from server.people.relations import related_households
from server.people.scopes import of_villages, visible
from server.people.sealing import Seal
from server.people.sweeping import sweep

__all__ = [
    "COMMITTEE",
    "TABLE",
    "Actor",
    "Division",
    "Grant",
    "GrantRow",
    "Holder",
    "Household",
    "Member",
    "Permission",
    "Person",
    "Place",
    "Relation",
    "Role",
    "Seal",
    "Village",
    "WechatAccount",
    "acting_name",
    "authenticate",
    "division_prefix",
    "holders",
    "of_villages",
    "related_households",
    "stood_in_for",
    "sweep",
    "visible",
]
