"""The sentences of the annual evaluation: conditions with their reasons, who is barred, who is chosen.

No database, no clock, no request. Points are Decimals. Source: 004 (年评比) and spec 01 (Quarter and year).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from server.kit.errors import FieldFault
from server.kit.exact import ZERO, points, text

OBJECTION_DAYS = 7
LONGEST_NOTICE = 60
FEWEST_VOTERS = 2
VOTES = ("for", "against", "abstain")


class Subject(StrEnum):
    """Who is honoured: a household as a whole, or one member."""

    HOUSEHOLD = "household"
    MEMBER = "member"


class Kind(StrEnum):
    """What a condition asks for; the vocabulary is closed, so that no condition can ask for what law protects."""

    SCORE_AT_LEAST = "score_at_least"
    ADDED_AT_LEAST = "added_at_least"
    DEDUCTED_AT_MOST = "deducted_at_most"
    HEADING_AT_LEAST = "heading_at_least"
    ITEMS_AT_LEAST = "items_at_least"
    NONE_OF = "none_of"
    MONTHS_AT_LEAST = "months_at_least"
    PARTY_MEMBER = "party_member"


K = Kind
NEEDS: Mapping[Kind, frozenset[str]] = {
    K.SCORE_AT_LEAST: frozenset({"points"}),
    K.ADDED_AT_LEAST: frozenset({"points"}),
    K.DEDUCTED_AT_MOST: frozenset({"points"}),
    K.HEADING_AT_LEAST: frozenset({"heading", "points"}),
    K.ITEMS_AT_LEAST: frozenset({"items", "times"}),
    K.NONE_OF: frozenset({"items"}),
    K.MONTHS_AT_LEAST: frozenset({"times"}),
    K.PARTY_MEMBER: frozenset(),
}
OF_HOUSEHOLD = frozenset(Kind) - {K.PARTY_MEMBER}
"""What the household's year alone can answer."""


@dataclass(frozen=True)
class Condition:
    """One condition; which of the fields it has is said by `NEEDS`."""

    kind: Kind
    points: Decimal = ZERO
    heading: str = ""
    items: tuple[str, ...] = ()
    times: int = 0


@dataclass(frozen=True)
class Honour:
    """One honour of a village: at most `most` a year, `citation` as it stands on the certificate."""

    code: str
    name: str
    subject: Subject
    most: int
    citation: str
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Facts:
    """A household's score year. `items`: code → how often; `vetoes`: the member of each veto, None: the household."""

    household: str
    taking_part: bool = True
    score: Decimal = ZERO
    added: Decimal = ZERO
    deducted: Decimal = ZERO
    months: int = 0
    headings: Mapping[str, Decimal] = field(default_factory=dict)
    items: Mapping[str, int] = field(default_factory=dict)
    vetoes: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class MemberFacts:
    """What counts of a member: of age, living here, a party member as the roster has it."""

    id: str
    grown_up: bool
    present: bool
    party_member: bool


@dataclass(frozen=True)
class Finding:
    """One condition looked at: what it asks, whether it is met, what was found."""

    asks: str
    met: bool
    found: str


def from_document(given: Mapping[str, Any]) -> Honour:
    """An honour as the data file and the database keep it. Raises ValueError naming what is wrong."""
    faults = honour_faults(given)
    if faults:
        raise ValueError("; ".join(f"{fault.field}: {fault.message}" for fault in faults))
    return Honour(
        given["code"],
        given["name"],
        Subject(given["subject"]),
        given["most"],
        given["citation"],
        tuple(_condition(one) for one in given["conditions"]),
    )


def as_document(honour: Honour) -> dict[str, Any]:
    """The inverse of `from_document`."""
    return {
        "code": honour.code,
        "name": honour.name,
        "subject": honour.subject.value,
        "most": honour.most,
        "citation": honour.citation,
        "conditions": [_document(one) for one in honour.conditions],
    }


def _condition(given: Mapping[str, Any]) -> Condition:
    more: dict[str, Any] = {name: given[name] for name in NEEDS[Kind(given["kind"])]}
    if "points" in more:
        more["points"] = points(more["points"])
    if "items" in more:
        more["items"] = tuple(more["items"])
    return Condition(Kind(given["kind"]), **more)


def _document(one: Condition) -> dict[str, Any]:
    written: dict[str, Any] = {"points": text(one.points), "heading": one.heading}
    written |= {"items": list(one.items), "times": one.times}
    return {"kind": one.kind.value, **{name: written[name] for name in sorted(NEEDS[one.kind])}}


def honour_faults(given: Mapping[str, Any]) -> list[FieldFault]:
    """What is wrong with a village's own honour, field by field."""
    faults = []
    personal = given["subject"] == Subject.MEMBER
    for number, one in enumerate(given["conditions"]):
        place = f"conditions.{number}"
        needed = NEEDS[Kind(one["kind"])]
        has = {name for name, value in one.items() if name != "kind" and value not in (None, [], "")}
        for name in sorted(needed - has):
            faults.append(FieldFault(f"{place}.{name}", "这个条件少了这一项。"))
        for name in sorted(has - needed):
            faults.append(FieldFault(f"{place}.{name}", "这个条件用不着这一项，请去掉。"))
        if one["kind"] == Kind.PARTY_MEMBER and not personal:
            faults.append(FieldFault(f"{place}.kind", "评户的荣誉不能要求是党员。"))
    return faults


def words(one: Condition, names: Mapping[str, str]) -> str:
    """A condition as everybody may read it; `names`: item code → its name."""
    listed = "、".join(names.get(code, code) for code in one.items)
    return {
        K.SCORE_AT_LEAST: f"全年考核分不少于 {text(one.points)}",
        K.ADDED_AT_LEAST: f"全年加分不少于 {text(one.points)}",
        K.DEDUCTED_AT_MOST: f"全年扣分不超过 {text(one.points)}",
        K.HEADING_AT_LEAST: f"{one.heading}加分不少于 {text(one.points)}",
        K.ITEMS_AT_LEAST: f"{listed}合计不少于 {one.times} 次",
        K.NONE_OF: f"全年没有：{listed}",
        K.MONTHS_AT_LEAST: f"至少 {one.times} 个月有记录",
        K.PARTY_MEMBER: "本人是党员",
    }[one.kind]


def check(
    honour: Honour, facts: Facts, member: MemberFacts | None, names: Mapping[str, str]
) -> list[Finding]:
    """Every condition with its reason, the rules that no village can change first."""
    return [*_always(honour, facts, member), *(_look(one, facts, member, names) for one in honour.conditions)]


def qualifies(findings: Iterable[Finding]) -> bool:
    """Whether all conditions are met."""
    return all(one.met for one in findings)


def _always(honour: Honour, facts: Facts, member: MemberFacts | None) -> list[Finding]:
    """Takes part; not barred by a veto; a person of age who lives here (minors are never named)."""
    found = [Finding("参加积分制", facts.taking_part, "参加" if facts.taking_part else "没有参加")]
    barred = barred_by_veto(honour.subject, facts, member.id if member else None)
    found.append(Finding("本年没有一票否决", not barred, "有" if barred else "没有"))
    if honour.subject is Subject.MEMBER and member is not None:
        found.append(
            Finding("本人已成年", member.grown_up, "是" if member.grown_up else "未成年人不公示姓名")
        )
        found.append(Finding("本人在册", member.present, "在册" if member.present else "已不在册"))
    return found


def barred_by_veto(subject: Subject, facts: Facts, member: str | None) -> bool:
    """A member's veto bars the household from household honours of the year, never a relative from a personal
    one.
    """
    if subject is Subject.HOUSEHOLD:
        return bool(facts.vetoes)
    return member in [one for one in facts.vetoes if one is not None]


def _look(one: Condition, facts: Facts, member: MemberFacts | None, names: Mapping[str, str]) -> Finding:
    asks = words(one, names)
    if one.kind is K.PARTY_MEMBER:
        met = member is not None and member.party_member
        return Finding(asks, met, "是" if met else "名册上不是")
    if one.kind in (K.ITEMS_AT_LEAST, K.NONE_OF):
        times = sum(facts.items.get(code, 0) for code in one.items)
        met = times == 0 if one.kind is K.NONE_OF else times >= one.times
        return Finding(asks, met, f"{times} 次")
    if one.kind is K.MONTHS_AT_LEAST:
        return Finding(asks, facts.months >= one.times, f"{facts.months} 个月")
    if one.kind is K.DEDUCTED_AT_MOST:
        return Finding(asks, -facts.deducted <= one.points, text(-facts.deducted))
    amount = {
        K.SCORE_AT_LEAST: facts.score,
        K.ADDED_AT_LEAST: facts.added,
        K.HEADING_AT_LEAST: facts.headings.get(one.heading, ZERO),
    }[one.kind]
    return Finding(asks, amount >= one.points, text(amount))


@dataclass(frozen=True)
class Count:
    """The votes on one nomination. `voters`: who may vote on it (recusals taken off), or who was at the meeting."""

    nomination: str
    votes_for: int
    against: int
    abstained: int
    voters: int
    score: Decimal = ZERO

    @property
    def cast(self) -> int:
        return self.votes_for + self.against + self.abstained


def quorum(count: Count) -> bool:
    """More than half of those who may vote did, and they are at least two."""
    return count.voters >= FEWEST_VOTERS and count.cast * 2 > count.voters


def majority(count: Count) -> bool:
    """More than half of all who may vote are for it, not only of those who voted."""
    return count.votes_for * 2 > count.voters


def chosen(counts: Sequence[Count], most: int) -> tuple[frozenset[str], frozenset[str]]:
    """(chosen, tied): those with a majority, the most votes first, at most `most`; fewer against and then the
    higher score go before. Nominations that stand equal at the edge are chosen by nobody but a meeting.
    """
    order = sorted((one for one in counts if majority(one)), key=_strength)
    inside, outside = order[:most], order[most:]
    if not inside or not outside or _strength(inside[-1]) != _strength(outside[0]):
        return frozenset(one.nomination for one in inside), frozenset()
    edge = _strength(outside[0])
    tied = frozenset(one.nomination for one in order if _strength(one) == edge)
    return frozenset(one.nomination for one in inside) - tied, tied


def _strength(one: Count) -> tuple[int, int, Decimal]:
    return (-one.votes_for, one.against, -one.score)


def alone(person: str, resolvers: Iterable[str]) -> bool:
    """Whether nobody but `person` decided: who publishes is not alone in deciding."""
    return not set(resolvers) - {person}
