"""What other slices may import of making and reading households. Apart from `api`, since a household is made
with its plate, and plates need people.
"""

from server.people.household_file import summary
from server.people.household_moves import (
    NewHousehold,
    add_household,
    end_household,
    move_members,
    move_person,
    persons_of,
    present_members,
    relate,
    set_status,
)
from server.people.household_schemas import HouseholdSchema
from server.people.households import create_household, household_for, making_for, place_of
from server.people.past_file import file_as_known
from server.people.pasts import keep_replaced, replaced
from server.people.persons import add_grant
from server.people.rules import is_minor
from server.people.sealing import masked_name
from server.people.villages import lock_village

__all__ = [
    "HouseholdSchema",
    "NewHousehold",
    "add_grant",
    "add_household",
    "create_household",
    "end_household",
    "file_as_known",
    "household_for",
    "is_minor",
    "keep_replaced",
    "lock_village",
    "making_for",
    "masked_name",
    "move_members",
    "move_person",
    "persons_of",
    "place_of",
    "present_members",
    "relate",
    "replaced",
    "set_status",
    "summary",
]
