"""What other slices may use of the rulebook: its values and its rules."""

from server.rulebook.findings import Finding, Level, has_errors
from server.rulebook.items import (
    DEFAULT_LOGGERS,
    HOUSEHOLD_CLASSES,
    LOGGER_ROLES,
    Cap,
    CapPeriod,
    Item,
    ItemKind,
    NoticeDetail,
    Rulebook,
    Unit,
)
from server.rulebook.queries import IN_FORCE_SQL, Adopted, adopted_book, first_adoption, rulebook_on
from server.rulebook.rules import (
    applies_to,
    cap_window,
    caps_of,
    check_points,
    describe_cap,
    needs_resolution,
)
from server.rulebook.spelling import initials

__all__ = [
    "DEFAULT_LOGGERS",
    "HOUSEHOLD_CLASSES",
    "IN_FORCE_SQL",
    "LOGGER_ROLES",
    "Adopted",
    "Cap",
    "CapPeriod",
    "Finding",
    "Item",
    "ItemKind",
    "Level",
    "NoticeDetail",
    "Rulebook",
    "Unit",
    "adopted_book",
    "applies_to",
    "cap_window",
    "caps_of",
    "check_points",
    "describe_cap",
    "first_adoption",
    "has_errors",
    "initials",
    "needs_resolution",
    "rulebook_on",
]
