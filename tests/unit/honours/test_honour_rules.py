"""The sentences of the annual evaluation, as tables: who fulfils which condition and why not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.honours.catalogue import shipped
from server.honours.rules import (
    NEEDS,
    Condition,
    Count,
    Facts,
    Honour,
    Kind,
    MemberFacts,
    Subject,
    alone,
    as_document,
    barred_by_veto,
    check,
    chosen,
    from_document,
    honour_faults,
    majority,
    qualifies,
    quorum,
    words,
)

K, D = Kind, Decimal
FACTS = Facts(
    "01", True, D("112.50"), D("20.00"), D("-2.50"), 3,
    {"公益美德": D("6.00")}, {"J1": 2, "J2": 1, "N1": 1},
)  # fmt: skip
MEMBER = MemberFacts("m", grown_up=True, present=True, party_member=True)
NAMES = {"J1": "门前三包", "J2": "庭院整洁"}


def honour(*conditions: Condition, subject: Subject = Subject.HOUSEHOLD, most: int = 2) -> Honour:
    return Honour("X", "某荣誉", subject, most, "好", conditions)


@pytest.mark.parametrize(
    ("condition", "met", "found"),
    [
        (Condition(K.SCORE_AT_LEAST, D("112.50")), True, "112.50"),
        (Condition(K.SCORE_AT_LEAST, D("112.51")), False, "112.50"),
        (Condition(K.ADDED_AT_LEAST, D("20.00")), True, "20.00"),
        (Condition(K.ADDED_AT_LEAST, D("20.01")), False, "20.00"),
        (Condition(K.DEDUCTED_AT_MOST, D("2.50")), True, "2.50"),
        (Condition(K.DEDUCTED_AT_MOST, D("2.49")), False, "2.50"),
        (Condition(K.HEADING_AT_LEAST, D("6.00"), heading="公益美德"), True, "6.00"),
        (Condition(K.HEADING_AT_LEAST, D("0.01"), heading="社会治安"), False, "0.00"),
        (Condition(K.ITEMS_AT_LEAST, items=("J1", "J2"), times=3), True, "3 次"),
        (Condition(K.ITEMS_AT_LEAST, items=("J1", "J3"), times=3), False, "2 次"),
        (Condition(K.NONE_OF, items=("N2",)), True, "0 次"),
        (Condition(K.NONE_OF, items=("N1", "N2")), False, "1 次"),
        (Condition(K.MONTHS_AT_LEAST, times=3), True, "3 个月"),
        (Condition(K.MONTHS_AT_LEAST, times=4), False, "3 个月"),
    ],
)
def test_a_condition_and_its_near_miss(condition: Condition, met: bool, found: str) -> None:
    finding = check(honour(condition), FACTS, None, NAMES)[-1]
    assert (finding.met, finding.found) == (met, found)


def test_party_members() -> None:
    asked = honour(Condition(K.PARTY_MEMBER), subject=Subject.MEMBER)
    assert qualifies(check(asked, FACTS, MEMBER, NAMES))
    other = MemberFacts("m", grown_up=True, present=True, party_member=False)
    assert check(asked, FACTS, other, NAMES)[-1].found == "名册上不是"


@pytest.mark.parametrize(
    ("subject", "vetoes", "member", "barred"),
    [
        (Subject.HOUSEHOLD, (), None, False),
        (Subject.HOUSEHOLD, ("m",), None, True),
        (Subject.HOUSEHOLD, (None,), None, True),
        (Subject.MEMBER, ("m",), "m", True),
        (Subject.MEMBER, ("other",), "m", False),  # never a relative from a personal one
        (Subject.MEMBER, (None,), "m", False),
    ],
)
def test_whom_a_veto_bars(
    subject: Subject, vetoes: tuple[str | None, ...], member: str | None, barred: bool
) -> None:
    assert barred_by_veto(subject, Facts("01", vetoes=vetoes), member) is barred


@pytest.mark.parametrize(
    ("facts", "member", "reason"),
    [
        (Facts("01", taking_part=False), None, "没有参加"),
        (Facts("01", vetoes=(None,)), None, "有"),
        (Facts("01"), MemberFacts("m", False, True, False), "未成年人不公示姓名"),
        (Facts("01"), MemberFacts("m", True, False, False), "已不在册"),
    ],
)
def test_what_no_village_can_change(facts: Facts, member: MemberFacts | None, reason: str) -> None:
    subject = Subject.MEMBER if member else Subject.HOUSEHOLD
    looked = check(honour(subject=subject), facts, member, {})
    assert [one.found for one in looked if not one.met] == [reason]


def test_conditions_in_words() -> None:
    assert (
        words(Condition(K.ITEMS_AT_LEAST, items=("J1", "J9"), times=2), NAMES)
        == "门前三包、J9合计不少于 2 次"
    )
    assert words(Condition(K.DEDUCTED_AT_MOST, D("0.00")), {}) == "全年扣分不超过 0.00"


@pytest.mark.parametrize(
    ("counts", "votes_for", "quorate", "wins"),
    [
        ((3, 0, 0, 4), 3, True, True),
        ((2, 1, 0, 4), 2, True, False),  # half of all is no majority
        ((2, 0, 0, 4), 2, False, False),  # half have voted: no quorum
        ((2, 0, 0, 3), 2, True, True),
        ((1, 0, 0, 1), 1, False, True),  # one alone never decides
        ((0, 0, 0, 0), 0, False, False),
    ],
)
def test_quorum_and_majority(
    counts: tuple[int, int, int, int], votes_for: int, quorate: bool, wins: bool
) -> None:
    one = Count("n", *counts)
    assert (one.votes_for, quorum(one), majority(one)) == (votes_for, quorate, wins)


@pytest.mark.parametrize(
    ("counts", "most", "picked", "tied"),
    [
        ((("a", 3, 0, "1"), ("b", 4, 0, "1"), ("c", 1, 3, "9")), 2, "ab", ""),
        ((("a", 3, 0, "1"), ("b", 4, 0, "1")), 1, "b", ""),
        ((("a", 3, 0, "1"), ("b", 3, 1, "1")), 1, "a", ""),  # fewer against
        ((("a", 3, 0, "1"), ("b", 3, 0, "2")), 1, "b", ""),  # the higher score
        ((("a", 3, 0, "1"), ("b", 3, 0, "1")), 1, "", "ab"),
        ((("a", 4, 0, "1"), ("b", 3, 0, "1"), ("c", 3, 0, "1")), 2, "a", "bc"),
        ((("a", 3, 0, "1"), ("b", 3, 0, "1")), 2, "ab", ""),
        ((), 3, "", ""),
    ],
)
def test_who_is_chosen(counts: tuple[Any, ...], most: int, picked: str, tied: str) -> None:
    given_ = [Count(name, votes, against, 0, 4, D(score)) for name, votes, against, score in counts]
    assert chosen(given_, most) == (frozenset(picked), frozenset(tied))


_COUNT = st.builds(
    Count,
    st.uuids().map(str),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 4),
    st.just(4),
    st.integers(0, 3).map(D),
)


@given(st.lists(_COUNT, max_size=12), st.integers(1, 5))
def test_never_too_many_and_never_without_a_majority(counts: list[Count], most: int) -> None:
    picked, tied = chosen(counts, most)
    by_id = {one.nomination: one for one in counts}
    assert len(picked) <= most
    assert all(majority(by_id[key]) for key in picked | tied)
    assert not picked & tied
    if not tied:
        assert len(picked) == min(most, sum(majority(one) for one in counts))


def test_who_publishes_is_not_alone() -> None:
    assert alone("a", []) and alone("a", ["a"])
    assert not alone("a", ["a", "b"])


def test_the_shipped_honours_are_those_of_the_source() -> None:
    names = [one.name for one in shipped()]
    assert names == [
        "最美家庭", "好媳妇好婆婆", "星级文明户", "美丽庭院", "道德模范", "劳动模范", "优秀党员"
    ]  # fmt: skip
    assert all(from_document(as_document(one)) == one for one in shipped())


@pytest.mark.parametrize("kind", list(Kind))
def test_a_condition_has_what_its_kind_needs_and_nothing_else(kind: Kind) -> None:
    full = {"points": "1.00", "heading": "公益美德", "items": ["J1"], "times": 1}
    right = {"kind": kind.value, **{name: full[name] for name in NEEDS[kind]}}
    document = {"subject": "member", "conditions": [right]}
    assert honour_faults(document) == []
    for name, value in full.items():
        wrong = {key: own for key, own in right.items() if key != name}
        if name not in right:
            wrong = right | {name: value}
        faults = honour_faults({"subject": "member", "conditions": [wrong]})
        assert [fault.field for fault in faults] == [f"conditions.0.{name}"]


def test_a_household_is_no_party_member() -> None:
    faults = honour_faults({"subject": "household", "conditions": [{"kind": "party_member"}]})
    assert [fault.field for fault in faults] == ["conditions.0.kind"]
