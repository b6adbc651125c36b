"""What a scheme's `process` section means: steps, when they end, when results stand, who sees which. Pure.

Sources: the methods 000 to 004 (spec 04, "Workflow"): self-assessment, review, vote on each, notice,
objection, bulletin, filing, check, rectification, each with a time limit and the role that acts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from server.assessment.scheme import Indicator, Pack
from server.kit.clock import local_date, local_midnight

SHOWN_FROM = 5
SELF, EVERYONE, OVERSEER, RATER = "self", "everyone", "overseer", "rater"
# the first of these that a cycle comes to is where results stand: from here on people see them
STANDING_FROM = frozenset({"notice", "objection", "bulletin", "filing", "rectification"})
# steps in which something is said on each subject, and what may be said
VERDICTS: Mapping[str, tuple[str, ...]] = {
    "self_assessment": ("stated",),
    "review": ("agreed", "returned"),
    "meeting_vote": ("agreed", "returned"),
    "notice": ("confirmed",),
    "check": ("agreed", "returned"),
    "rectification": ("agreed", "returned"),
}
STEPS = (
    *("target_sheet", "progress_sheet", "result_sheet", "self_assessment", "scoring", "review"),
    *("meeting_vote", "notice", "objection", "bulletin", "filing", "check", "rectification"),
)
Limit = Callable[[datetime, int], datetime]
OBJECTION_DAYS = 5
CHECK_DAYS = 15


class Seeing(StrEnum):
    """Who sees a result beside the person concerned and those who run or oversee the cycle."""

    SELF = "self"
    UNIT = "unit"
    CATEGORY = "category"
    EVERYONE = "everyone"


@dataclass(frozen=True)
class PlannedStep:
    """One step of a workflow: kind, title, acting role and how many days it has."""

    step: str
    title: str
    role: str
    days: int


@dataclass(frozen=True)
class Place:
    """Where a subject stands, as far as seeing goes."""

    code: str
    category: str
    unit: str


def workflow(pack: Pack) -> tuple[PlannedStep, ...]:
    """The steps that the scheme names, in its order; a scheme without any has scoring, notice, objection."""
    told = pack.process.get("workflow") or ()
    steps = tuple(PlannedStep(one["step"], one["title"], one["role"], int(one["days"])) for one in told)
    return steps or (
        PlannedStep("scoring", "评分", "assessment_office", 15),
        PlannedStep("notice", "公示", "assessment_office", 5),
        PlannedStep("objection", "异议", EVERYONE, 5),
    )


def seeing(pack: Pack) -> frozenset[Seeing]:
    """The pack's `visibility`; the person always sees the own result."""
    return frozenset({Seeing.SELF}) | {Seeing(word) for word in pack.process.get("visibility", ())}


def standing_position(steps: Sequence[str]) -> int:
    """The position (from 1) of the step at which results stand; one beyond the last where none does."""
    return next((place for place, step in enumerate(steps, 1) if step in STANDING_FROM), len(steps) + 1)


def due_at(opened_at: datetime, days: int) -> datetime:
    """A step that opened on some day ends at the midnight after `days` whole days."""
    return local_midnight(local_date(opened_at) + timedelta(days=days + 1))


def due_from_midnight(opened_at: datetime, days: int) -> datetime:
    """A step that opened at a midnight, by the one before it, has `days` days from there."""
    return local_midnight(local_date(opened_at) + timedelta(days=days))


def may_see(levels: Iterable[Seeing], own: Iterable[Place], other: Place) -> bool:
    """Whether somebody who stands at `own` may see `other`'s place in the ranking."""
    allowed = frozenset(levels)
    for place in own:
        if place.code == other.code or Seeing.EVERYONE in allowed:
            return True
        if Seeing.CATEGORY in allowed and place.category == other.category:
            return True
        same_unit = other.unit in (place.unit, place.code) or other.code == place.unit
        if Seeing.UNIT in allowed and (place.unit or other.unit) and same_unit:
            return True
        if Seeing.UNIT in allowed and not place.unit and not other.unit and place.category == other.category:
            return True  # a branch without units in its sheet is one unit
    return False


def covers(patterns: Iterable[str], indicator: str) -> bool:
    """Whether assigned indicators (codes, or `code.*`; none: all) cover one."""
    given = list(patterns)
    return not given or any(
        indicator.startswith(one[:-1]) if one.endswith(".*") else indicator == one for one in given
    )


def own_raters(indicator: Indicator) -> bool:
    """Whether the person assessed scores the own work on this indicator."""
    return SELF in indicator.rater_codes


def period_of(day: date, cycle: str) -> str:
    """The last whole period of a kind before `day`: what is assessed is over."""
    if cycle == "year":
        return str(day.year - 1)
    if cycle == "half_year":
        return f"{day.year}H1" if day.month > 6 else f"{day.year - 1}H2"
    if cycle == "quarter":
        quarter = (day.month - 1) // 3
        return f"{day.year}Q{quarter}" if quarter else f"{day.year - 1}Q4"
    return f"{day.year}-{day.month - 1:02d}" if day.month > 1 else f"{day.year - 1}-12"


def appraisal_rules(pack: Pack) -> tuple[bool, int]:
    """(whether the scheme has anonymous appraisal, from how many answers on results are shown)."""
    told: Mapping[str, Any] = pack.process.get("appraisal") or {}
    return bool(told.get("anonymous")), max(SHOWN_FROM, int(told.get("shown_from", SHOWN_FROM)))


def appraisal_mean(scores: Sequence[Fraction], shown_from: int) -> Fraction | None:
    """The mean to 4 places, half up (it is put on record as a decimal); None below `shown_from` answers."""
    if len(scores) < shown_from:
        return None
    scaled = sum(scores, Fraction(0)) / len(scores) * 10_000
    return Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), 10_000)


def pairing_limit(pack: Pack) -> int | None:
    """How many others one model may take along; None: the scheme says nothing."""
    told = pack.process.get("pairing") or {}
    return int(told["most"]) if "most" in told else None


def inspection_share(pack: Pack) -> Fraction:
    """The share of each category that an inspection draws (one in ten where the scheme is silent)."""
    told = pack.process.get("inspection") or {}
    return Fraction(str(told.get("share", "0.1")))


def task_levels(pack: Pack) -> tuple[str, ...]:
    """The names of the levels of the task lists, top first."""
    told = pack.process.get("task_lists") or {}
    return tuple(told.get("levels", ("县", "单位", "责任人")))
