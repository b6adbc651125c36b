"""The rules of a record: when it is refused, which states follow which, when two are the same.

Pure. What an item allows comes from `server/rulebook`; weeks and settlement months are the calendar's;
nothing here reads a clock, a database or a request.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from server.kit import exact
from server.rulebook.api import (
    LOGGER_ROLES,
    Cap,
    Item,
    caps_of,
    check_points,
    describe_cap,
)

OLDEST_DAYS = 14
MOST_PHOTOS = 9
UNDO_SECONDS = 30
VILLAGER = "villager"


# --- the states of a record -----------------------------------------------------------------------


class RecordStatus(StrEnum):
    """Where a record stands (names of the contract)."""

    RECORDED = "recorded"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    TALLIED = "tallied"
    ON_NOTICE = "on_notice"
    POSTED = "posted"
    WITHDRAWN = "withdrawn"
    REVERSED = "reversed"


S = RecordStatus


@dataclass(frozen=True)
class Transition:
    """One allowed change of state and the act that makes it.

    Corrections within a state are not transitions.
    """

    source: RecordStatus
    target: RecordStatus
    act: str


# Everything that is not in here is impossible. Withdrawn, rejected and reversed are ends: nothing is
# deleted, and what is judged anew after posting is a new record.
TRANSITIONS: tuple[Transition, ...] = (
    Transition(S.RECORDED, S.WITHDRAWN, "withdraw"),  # by who logged it, until the week is submitted
    Transition(S.RECORDED, S.SUBMITTED, "submit_week"),
    Transition(S.SUBMITTED, S.APPROVED, "approve"),  # as logged or amended, by the panel or a resolution
    Transition(S.SUBMITTED, S.REJECTED, "reject"),
    Transition(S.APPROVED, S.TALLIED, "tally"),
    Transition(S.TALLIED, S.SUBMITTED, "send_back"),  # the committee's vote returns it to the panel
    Transition(S.TALLIED, S.ON_NOTICE, "publish"),
    Transition(S.ON_NOTICE, S.TALLIED, "withdraw_notice"),
    Transition(S.ON_NOTICE, S.REJECTED, "uphold_objection"),
    Transition(S.ON_NOTICE, S.POSTED, "post"),
    Transition(S.POSTED, S.REVERSED, "uphold_appeal"),
)

# States in which a record takes a place under its item's cap.
COUNTING = frozenset(RecordStatus) - {S.WITHDRAWN, S.REJECTED, S.REVERSED}


def may_become(source: RecordStatus, target: RecordStatus) -> bool:
    """Whether the table knows this transition."""
    return any(step.source is source and step.target is target for step in TRANSITIONS)


# --- whether a record is accepted -----------------------------------------------------------------


class PlateState(StrEnum):
    """What the scanned token turned out to be; `NOT_SCANNED` where the household was named by its code."""

    NOT_SCANNED = "not_scanned"
    IN_FORCE = "in_force"
    UNKNOWN = "unknown"
    REVOKED = "revoked"


class HouseholdStanding(StrEnum):
    """Whether the household takes part: it may have declined the programme, or have ended."""

    TAKING_PART = "taking_part"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True)
class RecordFacts:
    """All that decides on one new record; gathered by the service, judged here.

    `item` is the item in force in the village on `occurred_on` (None: there is none), `item_applies` whether
    it applies to the household's class. `today` is the server's date in Asia/Shanghai. `counted` holds, for
    each of `caps_of(item)`, how many records of the same household and item code stand in that cap's window
    around `occurred_on` (states `COUNTING`). `roles` are the roles that the logger holds for the household's
    place; `declaration` means that a villager declares for the own household; `photos` counts all photos,
    `on_behalf` needs one of the signed slip.
    """

    item_code: str
    item: Item | None
    points: Decimal
    occurred_on: date
    today: date
    roles: frozenset[str]
    plate: PlateState = PlateState.NOT_SCANNED
    in_own_grids: bool = True
    standing: HouseholdStanding = HouseholdStanding.TAKING_PART
    item_applies: bool = True
    counted: Mapping[Cap, int] = field(default_factory=dict)
    photos: int = 0
    has_place: bool = False
    declaration: bool = False
    on_behalf: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a record is not accepted.

    A stable code, the field of the request, and a sentence for a villager.
    """

    code: str
    field: str
    message: str


def plate_state(
    known: bool, revoked_at: datetime | None, device_time: datetime | None, now: datetime
) -> PlateState:
    """What a scanned token was worth at the moment of the scan.

    A phone that was offline scanned at `device_time`; a clock that runs ahead, or a time before the 14 days
    that a record may lie back, is not believed and `now` counts instead.
    """
    if not known:
        return PlateState.UNKNOWN
    credible = device_time is not None and now - timedelta(days=OLDEST_DAYS) <= device_time <= now
    scanned_at = device_time if device_time is not None and credible else now
    return PlateState.REVOKED if revoked_at is not None and revoked_at <= scanned_at else PlateState.IN_FORCE


def check_record(facts: RecordFacts) -> list[Refusal]:
    """Every reason to refuse this record, most basic first; empty when it is accepted."""
    refusals = [*_check_plate(facts), *_check_household(facts)]
    if facts.item is None:
        said = f"{_day(facts.occurred_on)}本村细则里没有 {facts.item_code} 这一条。请换一条，或核对日期。"
        refusals.append(Refusal("item_not_in_force", "item", said))
        return [*refusals, *_check_date(facts), *_too_many_photos(facts)]
    for check in (_check_points, _check_caps):
        refusals += check(facts, facts.item)
    refusals += _check_date(facts)
    refusals += _check_photos(facts, facts.item)
    refusals += _check_place(facts, facts.item)
    refusals += _check_logger(facts, facts.item)
    return refusals


def _check_plate(facts: RecordFacts) -> Iterator[Refusal]:
    if facts.plate is PlateState.UNKNOWN:
        yield Refusal("unknown_plate", "plate", "这块门牌不是本系统发的，请核对门牌，或按户号找这一户。")
    if facts.plate is PlateState.REVOKED:
        yield Refusal("plate_revoked", "plate", "这块门牌已经换过，旧牌不能用了。请扫新门牌。")


def _check_household(facts: RecordFacts) -> Iterator[Refusal]:
    if facts.plate is PlateState.UNKNOWN:
        return  # no household is known, so nothing can be said about it
    if not facts.in_own_grids:
        yield Refusal("household_outside_grids", "household", "这一户不在您的网格里，请交给那边的网格员。")
    if facts.standing is HouseholdStanding.DECLINED:
        said = "这一户选择不参加积分，不用记；这一户的各项权利不受影响。"
        yield Refusal("household_out_of_programme", "household", said)
    if facts.standing is HouseholdStanding.ENDED:
        yield Refusal("household_out_of_programme", "household", "这一户已经销户或并户，请核对户号。")
    if facts.item is not None and not facts.item_applies:
        said = f"“{facts.item.name}”不适用于这一类户，这一户不用记这一条。"
        yield Refusal("household_exempt", "item", said)


def _check_points(facts: RecordFacts, item: Item) -> Iterator[Refusal]:
    fault = check_points(item, facts.points)
    given = _plain(facts.points)
    if fault == "points_out_of_range":
        yield Refusal(fault, "points", f"“{item.name}”{_range(item)}，填的是 {given} 分。请按细则填。")
    if fault == "points_off_step":
        said = f"“{item.name}”从 {_plain(item.points_min)} 分起一格 {_plain(item.step)} 分，没有 {given} 分。"
        yield Refusal(fault, "points", said)


def _check_caps(facts: RecordFacts, item: Item) -> Iterator[Refusal]:
    for cap in caps_of(item):
        counted = facts.counted.get(cap, 0)
        if counted >= cap.times:
            said = f"“{item.name}”{describe_cap(cap)}封顶，这一户已记 {counted} 次，不能再记。"
            yield Refusal("cap_exceeded", "item", said)


def _check_date(facts: RecordFacts) -> Iterator[Refusal]:
    if facts.occurred_on > facts.today:
        said = f"{_day(facts.occurred_on)}还没到，请填事情发生的那一天。"
        yield Refusal("date_in_future", "occurred_on", said)
    if facts.occurred_on < facts.today - timedelta(days=OLDEST_DAYS):
        said = f"{_day(facts.occurred_on)}的事已经超过 {OLDEST_DAYS} 天，不能再记。"
        yield Refusal("date_too_old", "occurred_on", said)


def _check_photos(facts: RecordFacts, item: Item) -> Iterator[Refusal]:
    if facts.on_behalf and not facts.photos:
        yield Refusal("photo_missing", "photos", "替别人填报要附一张本人签字单的照片。")
    elif item.photo_required and not facts.photos:
        yield Refusal("photo_missing", "photos", f"“{item.name}”要一张照片，请拍东西，不拍人。")
    yield from _too_many_photos(facts)


def _too_many_photos(facts: RecordFacts) -> Iterator[Refusal]:
    if facts.photos > MOST_PHOTOS:
        said = f"照片最多 {MOST_PHOTOS} 张，现在有 {facts.photos} 张，请去掉几张。"
        yield Refusal("too_many_photos", "photos", said)


def _check_place(facts: RecordFacts, item: Item) -> Iterator[Refusal]:
    if item.place_required and not facts.has_place:
        yield Refusal("place_missing", "location", f"“{item.name}”要写明地点，请打开定位，或在地图上点一下。")


def _check_logger(facts: RecordFacts, item: Item) -> Iterator[Refusal]:
    """A declaration needs a declarable item, whoever enters it.

    Everybody else needs a role that the item names.
    """
    if facts.declaration or facts.on_behalf:
        if not item.declarable:
            said = f"“{item.name}”不能自己申报，请告诉网格员来看。"
            yield Refusal("not_declarable", "item", said)
        enters = facts.roles & LOGGER_ROLES.keys() if facts.on_behalf else facts.roles & {VILLAGER}
        if not enters:
            said = "替别人填报要由网格员或村干部来做。" if facts.on_behalf else "只能申报自己家的事。"
            yield Refusal("may_not_log", "item", said)
    elif not facts.roles & item.loggers:
        who = "、".join(name for role, name in LOGGER_ROLES.items() if role in item.loggers)
        said = f"“{item.name}”由{who}记录，您的身份不能记这一条。" if who else f"“{item.name}”只由本户申报。"
        yield Refusal("may_not_log", "item", said)


def _range(item: Item) -> str:
    """Such as `可加 2 到 5 分`, `扣 1 分`."""
    low, high = sorted((abs(item.points_min), abs(item.points_max)))
    verb = "可加" if item.points_max > 0 else "扣"
    return f"{verb} {_plain(low)} 分" if low == high else f"{verb} {_plain(low)} 到 {_plain(high)} 分"


def _plain(points: Decimal) -> str:
    """Points as a person writes them: `2`, `1.5`, `-0.25`."""
    return f"{points.normalize():f}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


# --- undo and idempotency -------------------------------------------------------------------------


def undo_open(logged_at: datetime, now: datetime) -> bool:
    """Whether the one-tap undo is still offered (30 s).

    A withdrawal with a reason stays possible until submission.
    """
    return now - logged_at <= timedelta(seconds=UNDO_SECONDS)


@dataclass(frozen=True)
class RecordContent:
    """What a client said about a conduct, as far as it decides whether a repeat is the same record.

    Device time and effort are left out: a phone may state them anew when it sends again. `location` is
    latitude and longitude.
    """

    household: str
    item: str
    points: Decimal
    occurred_on: date
    note: str = ""
    member: str | None = None
    photos: tuple[str, ...] = ()
    location: tuple[Decimal, Decimal] | None = None
    on_behalf: bool = False
    group: str | None = None


def content_hash(content: RecordContent) -> str:
    """SHA-256 in hex over canonical JSON; equal for the same content however its numbers were written."""
    plain = {
        "household": content.household,
        "item": content.item,
        "points": exact.text(content.points),
        "occurred_on": content.occurred_on.isoformat(),
        "note": content.note,
        "member": content.member,
        "photos": list(content.photos),
        "location": [_plain(part) for part in content.location] if content.location else None,
        "on_behalf": content.on_behalf,
    }
    if (
        content.group is not None
    ):  # absent where there is none: a hash that is kept must not change with the program
        plain["group"] = content.group
    canonical = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()
