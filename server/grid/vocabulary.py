"""The words of grid work that are data: duty tags, kinds of facts, types and urgencies of events.

Owns reading `data/`. What the words mean for a visit, a fact or an event is those slices' to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from ruamel.yaml import YAML


class About(StrEnum):
    """Whom a fact is about."""

    HOUSEHOLD = "household"
    MEMBER = "member"


class Keeps(StrEnum):
    """A state holds until it ends; an event happened on a day."""

    STATE = "state"
    EVENT = "event"


class Value(StrEnum):
    """What a fact says beside its kind."""

    NONE = "none"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True)
class DutyTag:
    """One of the sixteen teams that are one net now."""

    code: str
    name: str


@dataclass(frozen=True)
class FactKind:
    """A kind of fact, why it is kept and for how long; `ends`: the state that an event of this kind ends."""

    code: str
    name: str
    about: About
    keeps: Keeps
    value: Value
    choices: tuple[str, ...]
    purpose: str
    retention: timedelta
    ends: str | None = None


@dataclass(frozen=True)
class EventType:
    """What an event is about."""

    code: str
    name: str


@dataclass(frozen=True)
class Urgency:
    """How urgent an event is: the time that each tier has."""

    code: str
    name: str
    hours: int

    @property
    def limit(self) -> timedelta:
        """The same as a timedelta."""
        return timedelta(hours=self.hours)


def _read(name: str) -> Any:
    data = resources.files("server.grid").joinpath("data", f"{name}.yaml").read_bytes()
    return YAML(typ="safe", pure=True).load(data)


@cache
def duty_tags() -> dict[str, DutyTag]:
    """The duty tags by code, in the order of the file."""
    return {row["code"]: DutyTag(row["code"], row["name"]) for row in _read("duty_tags")["tags"]}


@cache
def fact_kinds() -> dict[str, FactKind]:
    """The kinds of facts by code, in the order of the file."""
    return {row["code"]: _kind(row) for row in _read("fact_kinds")["kinds"]}


def _kind(row: dict[str, Any]) -> FactKind:
    return FactKind(
        row["code"],
        row["name"],
        About(row["about"]),
        Keeps(row["keeps"]),
        Value(row["value"]),
        tuple(row.get("choices", ())),
        row["purpose"],
        timedelta(days=row["retention_days"]),
        row.get("ends"),
    )


@cache
def event_types() -> dict[str, EventType]:
    """The types of events by code, in the order of the file."""
    return {row["code"]: EventType(row["code"], row["name"]) for row in _read("event_types")["types"]}


@cache
def urgencies() -> dict[str, Urgency]:
    """The urgencies by code, the most urgent first."""
    rows = _read("event_types")["urgencies"]
    return {r["code"]: Urgency(r["code"], r["name"], r["hours"]) for r in rows}
