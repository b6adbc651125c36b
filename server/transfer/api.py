"""What other slices may use of files in and out. Pure: no database behind any of it."""

from server.transfer.columns import Column, ColumnReading, Record, read_columns, read_text
from server.transfer.divisions import DivisionReading, DivisionRow, check_parents, read_divisions
from server.transfer.fault_table import print_faults
from server.transfer.faults import BadValue, Fault, Severity, Skip
from server.transfer.grids import GridReading, GridRow, read_grids
from server.transfer.people import ROLE_TITLES, PeopleReading, PersonRow, read_people
from server.transfer.roster.api import (
    Departure,
    ExistingHousehold,
    ExistingMember,
    HouseholdFlag,
    HouseholdKind,
    MatchedHousehold,
    MemberFlag,
    ReadColumn,
    RosterHousehold,
    RosterMember,
    RosterPlan,
    RosterReading,
    Sex,
    Understood,
    assign_codes,
    describe_changes,
    pair_members,
    plan_changes,
    print_reading,
    read_roster,
)
from server.transfer.row_faults import at_field
from server.transfer.table import CellValue, Table
from server.transfer.workbook import open_table

__all__ = [
    "ROLE_TITLES",
    "BadValue",
    "CellValue",
    "Column",
    "ColumnReading",
    "Departure",
    "DivisionReading",
    "DivisionRow",
    "ExistingHousehold",
    "ExistingMember",
    "Fault",
    "GridReading",
    "GridRow",
    "HouseholdFlag",
    "HouseholdKind",
    "MatchedHousehold",
    "MemberFlag",
    "PeopleReading",
    "PersonRow",
    "ReadColumn",
    "Record",
    "RosterHousehold",
    "RosterMember",
    "RosterPlan",
    "RosterReading",
    "Severity",
    "Sex",
    "Skip",
    "Table",
    "Understood",
    "assign_codes",
    "at_field",
    "check_parents",
    "describe_changes",
    "open_table",
    "pair_members",
    "plan_changes",
    "print_faults",
    "print_reading",
    "read_columns",
    "read_divisions",
    "read_grids",
    "read_people",
    "read_roster",
    "read_text",
]
