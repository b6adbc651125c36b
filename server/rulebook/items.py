"""Items and rulebooks as plain values.

Owns what one line of a rulebook is and how it is written as a JSON document. Checks nothing beyond types:
ranges, caps and rights are judged in `rules` and `guard`, files are read in `document`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from server.kit import exact


class ItemKind(StrEnum):
    """正面, 负面, 一票否决."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    VETO = "veto"


class Unit(StrEnum):
    """What the points are for. All but `time` also mean: once per that unit and household."""

    TIME = "time"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class CapPeriod(StrEnum):
    """Calendar periods in which a cap counts (by the date of conduct)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class NoticeDetail(StrEnum):
    """How a record shows on the notice: by the item's own wording, or summed under its heading."""

    DETAIL = "detail"
    HEADING = "heading"


# Kinds of household that are compared with their like, with the names that screens show.
HOUSEHOLD_CLASSES: Mapping[str, str] = {
    "elders_only": "纯老年户",
    "left_behind": "留守户",
    "disabled": "残疾人户",
    "away_for_work": "在外务工户",
    "many_members": "多口之家",
    "low_income": "低保户",
    "destitute": "特困户",
}

# Who may be named as a logger of an item. A villager logs only by declaring, which `declarable` says.
LOGGER_ROLES: Mapping[str, str] = {
    "grid_worker": "网格员",
    "grid_leader": "网格长",
    "chief_grid_leader": "总网格长",
    "panel_member": "评议小组成员",
    "committee_member": "村委会委员",
    "committee_head": "村委会主任",
}

DEFAULT_LOGGERS = frozenset(
    {"grid_worker", "grid_leader", "chief_grid_leader", "committee_member", "committee_head"}
)


@dataclass(frozen=True, order=True)
class Cap:
    """At most `times` records per household, item code and period."""

    times: int
    per: CapPeriod


@dataclass(frozen=True)
class Item:
    """One line of a rulebook.

    Points are signed and exact to 0.01: a positive item carries positive numbers, a negative one negative
    numbers (`points_min` -5.00, `points_max` -1.00), a veto 0 or less. So a record's points are what is
    added, whatever the kind. `points_min <= points_max`; allowed values are `points_min + n × step`.
    `loggers` are role names; `notice_detail` says how the item shows in public; `consequences` are sentences
    the guard reads.
    """

    code: str
    name: str
    heading: str
    kind: ItemKind
    points_min: Decimal
    points_max: Decimal
    step: Decimal = Decimal("0.50")
    unit: Unit = Unit.TIME
    cap: Cap | None = None
    photo_required: bool = False
    place_required: bool = False
    declarable: bool = False
    loggers: frozenset[str] = DEFAULT_LOGGERS
    notice_detail: NoticeDetail = NoticeDetail.HEADING
    evidence: str = ""
    explanation: str = ""
    consequences: tuple[str, ...] = ()

    def to_document(self) -> dict[str, Any]:
        """JSON-able, with the names of the contract (`GET /rulebooks/current`); decimals are strings."""
        return {
            "code": self.code,
            "name": self.name,
            "heading": self.heading,
            "kind": self.kind.value,
            "points_min": exact.text(self.points_min),
            "points_max": exact.text(self.points_max),
            "step": exact.text(self.step),
            "unit": self.unit.value,
            "cap": {"times": self.cap.times, "per": self.cap.per.value} if self.cap else None,
            "photo_required": self.photo_required,
            "place_required": self.place_required,
            "declarable": self.declarable,
            "loggers": sorted(self.loggers),
            "notice_detail": self.notice_detail.value,
            "evidence": self.evidence,
            "explanation": self.explanation,
            "consequences": list(self.consequences),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Item:
        """From `to_document`'s mapping; raises KeyError or ValueError when it is not one."""
        cap = document["cap"]
        return cls(
            code=document["code"],
            name=document["name"],
            heading=document["heading"],
            kind=ItemKind(document["kind"]),
            points_min=exact.points(document["points_min"]),
            points_max=exact.points(document["points_max"]),
            step=exact.points(document["step"]),
            unit=Unit(document["unit"]),
            cap=Cap(cap["times"], CapPeriod(cap["per"])) if cap else None,
            photo_required=document["photo_required"],
            place_required=document["place_required"],
            declarable=document["declarable"],
            loggers=frozenset(document["loggers"]),
            notice_detail=NoticeDetail(document["notice_detail"]),
            evidence=document["evidence"],
            explanation=document["explanation"],
            consequences=tuple(document["consequences"]),
        )


@dataclass(frozen=True)
class Rulebook:
    """A whole rulebook, without version or village.

    `base_points` are given once per household and score year. `exemption_classes` maps a household class to
    the codes of the items that do not apply to it. `consequences` are sentences on what points lead to; the
    guard reads them. `illustrative` marks invented wording and figures.
    """

    title: str
    source: str
    illustrative: bool
    items: tuple[Item, ...]
    base_points: Decimal = Decimal("100.00")
    base_counts_for_balance: bool = False
    negative_balance: bool = False
    exemption_classes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    consequences: tuple[str, ...] = ()

    def item(self, code: str) -> Item | None:
        """The item with this code, or None."""
        return next((item for item in self.items if item.code == code), None)

    def to_document(self) -> dict[str, Any]:
        """JSON-able; `from_document` gives an equal rulebook back."""
        return {
            "title": self.title,
            "source": self.source,
            "illustrative": self.illustrative,
            "base_points": exact.text(self.base_points),
            "base_counts_for_balance": self.base_counts_for_balance,
            "negative_balance": self.negative_balance,
            "exemption_classes": {
                name: sorted(codes) for name, codes in sorted(self.exemption_classes.items())
            },
            "consequences": list(self.consequences),
            "items": [item.to_document() for item in self.items],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Rulebook:
        """From a complete document, such as the database keeps.

        Raises KeyError or ValueError when it is not one.

        What people write goes through `reading.read` instead, which fills in defaults and says what is
        wrong.
        """
        return cls(
            title=document["title"],
            source=document["source"],
            illustrative=document["illustrative"],
            items=tuple(Item.from_document(item) for item in document["items"]),
            base_points=exact.points(document["base_points"]),
            base_counts_for_balance=document["base_counts_for_balance"],
            negative_balance=document["negative_balance"],
            exemption_classes={
                name: frozenset(codes) for name, codes in document["exemption_classes"].items()
            },
            consequences=tuple(document["consequences"]),
        )
