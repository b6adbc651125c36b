"""The plain values a roster is read into: households, members, what was understood, what is wrong, what would
change.

Owns the shapes that the importer, the API and the terminal share; holds no rule and no database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from server.transfer.faults import Fault, Severity, Skip


class Sex(StrEnum):
    """As in GB/T 2261.1: 1 男, 2 女."""

    MALE = "male"
    FEMALE = "female"


class Precision(StrEnum):
    """How much of a birth date the roster states; what is not stated is the first month or day."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class MemberFlag(StrEnum):
    """What a roster says about one person beyond the columns."""

    AWAY_FOR_WORK = "away_for_work"
    STUDYING_AWAY = "studying_away"
    IN_SERVICE = "in_service"
    REGISTERED_ONLY = "registered_only"
    LOW_INCOME = "low_income"
    DESTITUTE = "destitute"
    DISABLED = "disabled"
    LIVING_ALONE = "living_alone"
    LEFT_BEHIND_CHILD = "left_behind_child"


class Departure(StrEnum):
    """Why somebody on the roster is not a living member of the household."""

    DECEASED = "deceased"
    MOVED_OUT = "moved_out"


class HouseholdKind(StrEnum):
    """Kinds of household that are compared with their like (01, exemption classes)."""

    GENERAL = "general"
    ELDERS_ONLY = "elders_only"
    LEFT_BEHIND = "left_behind"
    DISABLED = "disabled"
    AWAY_FOR_WORK = "away_for_work"
    MANY_MEMBERS = "many_members"
    LOW_INCOME = "low_income"
    DESTITUTE = "destitute"


class HouseholdFlag(StrEnum):
    """What a roster says about the household as a whole, beyond its kind."""

    REGISTERED_ONLY = "registered_only"
    NOBODY_LEFT = "nobody_left"
    HEAD_DEPARTED = "head_departed"


@dataclass(frozen=True, slots=True)
class RosterMember:
    """One person of one row. `phone` is 11 digits (or a land line with its area code), `id_number` 18
    characters."""

    row: int
    name: str
    kinship: str | None = None
    sex: Sex | None = None
    birth_date: date | None = field(default=None, repr=False)
    birth_precision: Precision = Precision.DAY
    phone: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    political: str | None = None
    party_member: bool | None = None
    flags: frozenset[MemberFlag] = frozenset()
    departure: Departure | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class RosterHousehold:
    """One household of the roster.

    `members` live (as far as the roster knows); `departed` are the dead and those who moved out: shown, not
    imported.
    `head_name` is the head as the roster writes it, even when departed (then the flag HEAD_DEPARTED is set).
    `code` has 16 digits or is None: then the caller matches by door and head or assigns one (`assign_codes`).
    """

    sheet: str
    row: int
    code: str | None
    door: str | None
    head_name: str
    members: tuple[RosterMember, ...]
    departed: tuple[RosterMember, ...] = ()
    group: str | None = None
    address: str | None = None
    grid: str | None = None
    kind: HouseholdKind | None = None
    flags: frozenset[HouseholdFlag] = frozenset()

    @property
    def label(self) -> str:
        """What a neighbour calls it: `三组 12号`, or the head's name where the roster knows no door."""
        return " ".join(part for part in (self.group, self.door) if part) or f"{self.head_name}家"


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column that was recognised (or not: `field` is None), by the text over it."""

    sheet: str
    letter: str
    title: str
    field: str | None
    meaning: str


@dataclass(frozen=True, slots=True)
class Observation:
    """Something understood that a person may want to see; `rows` are those concerned, of one sheet."""

    code: str
    text: str
    sheet: str = ""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RemarkUse:
    """A remark of the roster, how often it stands there, and what the reader took it for ("" when it did not
    know)."""

    text: str
    meaning: str
    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals that the roster itself states, to compare with what was read; None where it is silent."""

    sheet: str
    row: int
    households: int | None
    people: int | None


@dataclass(frozen=True, slots=True)
class Understood:
    """How the file was read: shown to the person before anything is imported."""

    sheets: tuple[str, ...] = ()
    header_rows: tuple[int, ...] = ()
    title: str | None = None
    village_name: str | None = None
    columns: tuple[ReadColumn, ...] = ()
    ignored: tuple[ReadColumn, ...] = ()
    blank_rows: tuple[int, ...] = ()
    other_rows: tuple[int, ...] = ()
    example_rows: tuple[int, ...] = ()
    totals: tuple[Totals, ...] = ()
    merged_households: int = 0
    remarks: tuple[RemarkUse, ...] = ()
    observations: tuple[Observation, ...] = ()
    rows: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A household that would not be imported because of a fault; a plan must not call it missing."""

    code: str | None
    group: str | None
    door: str | None
    head_name: str | None


@dataclass(frozen=True, slots=True)
class RosterReading:
    """A roster, read: `households` is what would be imported if every skippable fault were skipped."""

    village_code: str
    understood: Understood
    households: tuple[RosterHousehold, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def must_fix(self) -> tuple[Fault, ...]:
        return tuple(fault for fault in self.faults if fault.severity is Severity.MUST_FIX)

    @property
    def people(self) -> int:
        """Living members."""
        return sum(len(household.members) for household in self.households)

    @property
    def departed(self) -> int:
        return sum(len(household.departed) for household in self.households)

    @property
    def rows_skipped(self) -> tuple[int, ...]:
        """Rows that would be left out when the faults are skipped (a household counts with its first row)."""
        gone = {fault.row for fault in self.faults if fault.skip in (Skip.ROW, Skip.HOUSEHOLD)}
        return tuple(sorted(gone))

    def may_import(self, skip_faulty: bool) -> bool:
        """Whether an import may go on: no fault, or only skippable ones and the person said to skip them."""
        return not self.faults or (skip_faulty and not self.must_fix)


@dataclass(frozen=True, slots=True)
class ExistingMember:
    """A member as the instance knows it; `key` is the caller's own and is handed back untouched."""

    key: str
    name: str
    kinship: str | None = None
    sex: Sex | None = None
    birth_date: date | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    political: str | None = None
    party_member: bool | None = None
    flags: frozenset[MemberFlag] = frozenset()


@dataclass(frozen=True, slots=True)
class ExistingHousehold:
    """A household as the instance knows it; ended households are not given to a plan."""

    code: str
    door: str | None
    head_name: str | None
    members: tuple[ExistingMember, ...] = ()
    group: str | None = None
    address: str | None = None
    grid: str | None = None
    kind: HouseholdKind | None = None
    flags: frozenset[HouseholdFlag] = frozenset()


class MatchedBy(StrEnum):
    """How a roster household was found among the existing ones."""

    CODE = "code"
    DOOR_AND_HEAD = "door_and_head"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, old → new, as plain values; `title` is Chinese."""

    field: str
    title: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class MemberChange:
    """An existing member whose fields differ."""

    existing: ExistingMember
    roster: RosterMember
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class MatchedHousehold:
    """A roster household and the existing one it belongs to, with every difference (none: unchanged)."""

    existing: ExistingHousehold
    roster: RosterHousehold
    by: MatchedBy
    changes: tuple[FieldChange, ...] = ()
    members_added: tuple[RosterMember, ...] = ()
    members_changed: tuple[MemberChange, ...] = ()
    members_departed: tuple[tuple[ExistingMember, RosterMember], ...] = ()
    members_missing: tuple[ExistingMember, ...] = ()

    @property
    def unchanged(self) -> bool:
        return not (
            self.changes
            or self.members_added
            or self.members_changed
            or self.members_departed
            or self.members_missing
        )


@dataclass(frozen=True, slots=True)
class AmbiguousHousehold:
    """A roster household without a code that fits none or several exactly: a person decides, or it is not
    imported."""

    roster: RosterHousehold
    candidates: tuple[ExistingHousehold, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What an import would do, before it does anything. Missing households are shown and left as they are."""

    additions: tuple[RosterHousehold, ...] = ()
    changed: tuple[MatchedHousehold, ...] = ()
    unchanged: tuple[MatchedHousehold, ...] = ()
    missing: tuple[ExistingHousehold, ...] = ()
    ambiguous: tuple[AmbiguousHousehold, ...] = ()

    @property
    def to_confirm(self) -> tuple[MatchedHousehold, ...]:
        """Households found by door and head, not by code: right only after a person has looked at them
        (03)."""
        return tuple(m for m in (*self.changed, *self.unchanged) if m.by is MatchedBy.DOOR_AND_HEAD)

    @property
    def nothing_to_do(self) -> bool:
        return not (self.additions or self.changed or self.ambiguous)
