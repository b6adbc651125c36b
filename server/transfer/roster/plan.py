"""What importing a roster would change, before it changes anything.

Owns the matching and the comparison. A roster household is found by its code; without one by door and head,
and then
only as a proposal (03: "after the person has confirmed what was matched"). An empty cell never erases what is
known,
a roster adds flags and never takes one away: facts that ended are dated entries of the household's file.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from server.transfer.roster.model import (
    AmbiguousHousehold,
    ExistingHousehold,
    ExistingMember,
    FieldChange,
    HouseholdFlag,
    LeftOut,
    MatchedBy,
    MatchedHousehold,
    MemberChange,
    Precision,
    RosterHousehold,
    RosterMember,
    RosterPlan,
    RosterReading,
)
from server.transfer.roster.values import door_key

HOUSEHOLD_TITLES = {
    "door": "门牌",
    "group": "村民小组",
    "head_name": "户主",
    "address": "住址",
    "grid": "网格",
    "kind": "户类型",
}
MEMBER_TITLES = {
    "kinship": "与户主关系",
    "sex": "性别",
    "birth_date": "出生日期",
    "phone": "手机号",
    "political": "政治面貌",
    "party_member": "党员",
}


def plan_changes(existing: Iterable[ExistingHousehold], reading: RosterReading) -> RosterPlan:
    """Compare the roster with what exists: additions, changes field by field, unchanged, missing, ambiguous.

    A household left out of the reading because of a fault is not missing.
    """
    known = tuple(existing)
    found = _Matches(known)
    additions: list[RosterHousehold] = []
    matched: list[MatchedHousehold] = []
    for household in reading.households:
        if household.code is None:
            continue
        by_code = found.by_code.get(household.code)
        if by_code is None:
            additions.append(household)
        else:
            matched.append(compare(by_code, household, MatchedBy.CODE))
    free = _Matches(
        [house for house in known if house.code not in {match.existing.code for match in matched}]
    )
    ambiguous = _match_without_code(reading.households, free, additions, matched)
    order = {id(household): index for index, household in enumerate(reading.households)}
    additions.sort(key=lambda household: order[id(household)])
    matched.sort(key=lambda match: order[id(match.roster)])
    spoken_for = {match.existing.code for match in matched} | _left_out_codes(known, reading.left_out)
    spoken_for |= {candidate.code for doubt in ambiguous for candidate in doubt.candidates}
    return RosterPlan(
        additions=tuple(additions),
        changed=tuple(match for match in matched if not match.unchanged),
        unchanged=tuple(match for match in matched if match.unchanged),
        missing=tuple(house for house in known if house.code not in spoken_for),
        ambiguous=ambiguous,
    )


class _Matches:
    """Existing households by everything they may be found by."""

    def __init__(self, known: Sequence[ExistingHousehold]) -> None:
        self.by_code = {house.code: house for house in known}
        self.by_both: dict[tuple[str, str], list[ExistingHousehold]] = defaultdict(list)
        self.by_door: dict[str, list[ExistingHousehold]] = defaultdict(list)
        self.by_head: dict[str, list[ExistingHousehold]] = defaultdict(list)
        for house in known:
            door, head = _door(house), _name_key(house.head_name)
            self.by_both[door, head].append(house)
            self.by_head[head].append(house)
            if door:
                self.by_door[door].append(house)


def _match_without_code(
    households: Sequence[RosterHousehold],
    free: _Matches,
    additions: list[RosterHousehold],
    matched: list[MatchedHousehold],
) -> tuple[AmbiguousHousehold, ...]:
    """Place every household that has no code: found by door and head, new, or for a person to decide."""
    bare = [household for household in households if household.code is None]
    keys = [(_door(household), _name_key(household.head_name)) for household in bare]
    twins = {key for key, count in Counter(keys).items() if count > 1}
    claimed = {house.code for key in keys if key not in twins for house in _sole(free.by_both.get(key))}
    ambiguous = []
    for household, key in zip(bare, keys, strict=True):
        both = free.by_both.get(key, [])
        if len(both) == 1 and key not in twins:
            matched.append(compare(both[0], household, MatchedBy.DOOR_AND_HEAD))
            continue
        candidates, reason = _near(key, both, free, claimed)
        if candidates:
            ambiguous.append(AmbiguousHousehold(household, candidates, reason))
        else:
            additions.append(household)
    return tuple(ambiguous)


def _near(
    key: tuple[str, str], both: Sequence[ExistingHousehold], free: _Matches, claimed: set[str]
) -> tuple[tuple[ExistingHousehold, ...], str]:
    """The existing households that it might be, and why a person must say; nothing when it is surely new."""
    door, head = key
    if both:
        return tuple(both), "门牌和户主都相同的不止一户"
    same_door = tuple(house for house in free.by_door.get(door, ()) if house.code not in claimed)
    if same_door:
        return same_door, "门牌相同，户主不同：换了户主，还是另一户"
    same_head = tuple(house for house in free.by_head.get(head, ()) if house.code not in claimed)
    if same_head:
        return same_head, "户主同名，门牌不同：搬了家，还是重名"
    return (), ""


def _sole(houses: Sequence[ExistingHousehold] | None) -> Sequence[ExistingHousehold]:
    return houses if houses is not None and len(houses) == 1 else ()


def _door(household: RosterHousehold | ExistingHousehold) -> str:
    """Group and door as one key; "" without a door. A group counts only where both sides are asked with
    one."""
    return f"{household.group or ''}|{door_key(household.door)}" if household.door else ""


def _name_key(name: str | None) -> str:
    return re.sub(r"[\s·.]", "", name or "")


def _left_out_codes(known: Sequence[ExistingHousehold], left_out: Iterable[LeftOut]) -> set[str]:
    """The codes of households that stand in the roster, but with a fault that leaves them out."""
    codes: set[str] = set()
    doors: set[str] = set()
    heads: set[str] = set()
    for gone in left_out:
        if gone.code:
            codes.add(gone.code)
        if gone.door:
            doors.add(f"{gone.group or ''}|{door_key(gone.door)}")
        elif gone.head_name:
            heads.add(_name_key(gone.head_name))
    return {
        house.code
        for house in known
        if house.code in codes or _door(house) in doors or _name_key(house.head_name) in heads
    }


def compare(existing: ExistingHousehold, roster: RosterHousehold, by: MatchedBy) -> MatchedHousehold:
    """Every difference between a household and its rows in the roster.

    A roster that still names a dead head does not put him back in place of the one the village has named
    since.
    """
    changes = tuple(
        FieldChange(name, title, getattr(existing, name), getattr(roster, name))
        for name, title in HOUSEHOLD_TITLES.items()
        if _differs(name, getattr(existing, name), getattr(roster, name))
        and not (name == "head_name" and HouseholdFlag.HEAD_DEPARTED in roster.flags)
    )
    new_flags = (roster.flags & {HouseholdFlag.REGISTERED_ONLY}) - existing.flags
    if new_flags:
        changes += (FieldChange("flags", "标记", existing.flags, existing.flags | new_flags),)
    pairs = pair_members(existing.members, (*roster.members, *roster.departed))
    paired = {old.key for old, _ in pairs}
    seen = {id(new) for _, new in pairs}
    return MatchedHousehold(
        existing=existing,
        roster=roster,
        by=by,
        changes=changes,
        members_added=tuple(person for person in roster.members if id(person) not in seen),
        members_changed=tuple(
            change
            for old, new in pairs
            if new.departure is None and (change := compare_member(old, new)).changes
        ),
        members_departed=tuple((old, new) for old, new in pairs if new.departure is not None),
        members_missing=tuple(old for old in existing.members if old.key not in paired),
    )


def compare_member(existing: ExistingMember, roster: RosterMember) -> MemberChange:
    """The fields of a member that the roster states differently, and the flags it adds."""
    changes = [
        FieldChange(name, title, getattr(existing, name), getattr(roster, name))
        for name, title in MEMBER_TITLES.items()
        if _differs(name, getattr(existing, name), getattr(roster, name))
        and not (name == "birth_date" and _same_as_stated(existing, roster))
    ]
    new_flags = roster.flags - existing.flags
    if new_flags:
        changes.append(FieldChange("flags", "标记", existing.flags, existing.flags | new_flags))
    return MemberChange(existing, roster, tuple(changes))


def _differs(name: str, old: object, new: object) -> bool:
    """Whether a stated value differs; spellings of one door do not, and an empty cell says nothing."""
    if new is None or old == new:
        return False
    if name == "door" and isinstance(new, str) and isinstance(old, str):
        return door_key(old) != door_key(new)
    return True


def _same_as_stated(existing: ExistingMember, roster: RosterMember) -> bool:
    """Whether a roster that states only year or month agrees with a birth date known to the day."""
    old, new = existing.birth_date, roster.birth_date
    if old is None or new is None or roster.birth_precision is Precision.DAY:
        return False
    return old.year == new.year and (roster.birth_precision is Precision.YEAR or old.month == new.month)


def pair_members(
    existing: Sequence[ExistingMember], roster: Sequence[RosterMember]
) -> list[tuple[ExistingMember, RosterMember]]:
    """Who is who: first by name and birth date, then by name and kinship, then by a name that occurs once on
    each side."""
    pairs: list[tuple[ExistingMember, RosterMember]] = []
    old_left, new_left = list(existing), list(roster)
    rules: tuple[Callable[[ExistingMember, RosterMember], bool], ...] = (
        lambda old, new: old.birth_date is not None and old.birth_date == new.birth_date,
        lambda old, new: old.kinship is not None and old.kinship == new.kinship,
        lambda old, new: _once(old.name, old_left) and _once(new.name, new_left),
    )
    for rule in rules:
        for new in tuple(new_left):
            old = next(
                (o for o in old_left if _name_key(o.name) == _name_key(new.name) and rule(o, new)), None
            )
            if old is not None:
                pairs.append((old, new))
                old_left.remove(old)
                new_left.remove(new)
    return pairs


def _once(name: str, people: Sequence[ExistingMember | RosterMember]) -> bool:
    return sum(_name_key(person.name) == _name_key(name) for person in people) == 1
