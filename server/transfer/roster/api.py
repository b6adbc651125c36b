"""What other folders may use of the roster reader. Pure: no database, so that any slice may import it."""

from server.transfer.roster.codes import assign_codes
from server.transfer.roster.model import (
    AmbiguousHousehold,
    Departure,
    ExistingHousehold,
    ExistingMember,
    FieldChange,
    HouseholdFlag,
    HouseholdKind,
    MatchedBy,
    MatchedHousehold,
    MemberChange,
    MemberFlag,
    Precision,
    ReadColumn,
    RosterHousehold,
    RosterMember,
    RosterPlan,
    RosterReading,
    Sex,
    Understood,
)
from server.transfer.roster.plan import pair_members, plan_changes
from server.transfer.roster.reader import read_roster
from server.transfer.roster.report import describe_changes, print_plan, print_reading
from server.transfer.roster.template import write_template
from server.transfer.roster.words import KIND_TITLES

__all__ = [
    "KIND_TITLES",
    "AmbiguousHousehold",
    "Departure",
    "ExistingHousehold",
    "ExistingMember",
    "FieldChange",
    "HouseholdFlag",
    "HouseholdKind",
    "MatchedBy",
    "MatchedHousehold",
    "MemberChange",
    "MemberFlag",
    "Precision",
    "ReadColumn",
    "RosterHousehold",
    "RosterMember",
    "RosterPlan",
    "RosterReading",
    "Sex",
    "Understood",
    "assign_codes",
    "describe_changes",
    "pair_members",
    "plan_changes",
    "print_plan",
    "print_reading",
    "read_roster",
    "write_template",
]
