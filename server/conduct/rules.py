"""The rules of a record: when it is refused, how the panel agrees, who steps aside, which states follow which.

Pure. What an item allows comes from `server/rulebook`; weeks and settlement months are the calendar's; nothing here
reads a clock, a database or a request.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from server.kit import exact
from server.rulebook.api import Cap, Item, caps_of, check_points, describe_cap

OLDEST_DAYS = 14
MOST_PHOTOS = 9
UNDO_SECONDS = 30
REPLY_DAYS = 3
MOST_ROUNDS = 2
SMALLEST_QUORUM = 2
VILLAGER = "villager"


# --- the states of a record -----------------------------------------------------------------------------------------


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
    """One allowed change of state and the act that makes it. Corrections within a state are not transitions."""

    source: RecordStatus
    target: RecordStatus
    act: str


# Everything that is not in here is impossible. Withdrawn, rejected and reversed are ends: nothing is deleted, and what
# is judged anew after posting is a new record.
TRANSITIONS: tuple[Transition, ...] = (
    Transition(S.RECORDED, S.WITHDRAWN, "withdraw"),  # by who logged it, until the week is submitted
    Transition(S.RECORDED, S.SUBMITTED, "submit_week"),
    Transition(S.SUBMITTED, S.APPROVED, "approve"),  # by the panel, or by resolution; amended ones are approved too
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


# --- whether a record is accepted -----------------------------------------------------------------------------------


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

    `item` is the item in force in the village on `occurred_on` (None: there is none), `item_applies` whether it
    applies to the household's class. `today` is the server's date in Asia/Shanghai. `counted` holds, for each of
    `caps_of(item)`, how many records of the same household and item code stand in that cap's window around
    `occurred_on` (states `COUNTING`). `roles` are the roles that the logger holds for the household's place;
    `declaration` means that a villager declares for the own household; `photos` counts all photos, `on_behalf` needs
    one of the signed slip.
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
    """Why a record is not accepted: a stable code, the field of the request, and a sentence for a villager."""

    code: str
    field: str
    message: str
