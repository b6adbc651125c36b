"""How the panel agrees, waits and recuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.conduct.panel import (
    Agreement,
    Decision,
    RecordParties,
    Recusal,
    Reviewer,
    Verdict,
    Vote,
    decide,
    must_recuse,
    quorum,
    waits_for_reply,
)
from server.rulebook.api import ItemKind

D = Decimal
NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("setting", "eligible", "needed"),
    [(3, 5, 3), (3, 3, 3), (3, 2, 2), (5, 3, 3), (1, 5, 2), (3, 1, 2), (3, 0, 2), (0, 4, 2)],
)
def test_quorum(setting: int, eligible: int, needed: int) -> None:
    assert quorum(setting, eligible) == needed


def votes(said: str) -> list[Vote]:
    """`a` approves, `r` rejects, a number amends to it."""
    kinds = {"a": Verdict.APPROVE, "r": Verdict.REJECT}
    return [
        Vote(f"m{n}", kinds.get(word, Verdict.AMEND), None if word in kinds else D(word))
        for n, word in enumerate(said.split())
    ]


@pytest.mark.parametrize(
    ("said", "needed", "eligible", "round_number", "agreement", "verdict", "points"),
    [
        ("", 3, 5, 1, "open", None, None),
        ("a a", 3, 5, 1, "open", None, None),
        ("a a a", 3, 5, 1, "agreed", "approve", None),
        ("a a r", 3, 5, 1, "agreed", "approve", None),
        ("r r a", 3, 5, 1, "agreed", "reject", None),
        ("a r 2", 3, 5, 1, "open", None, None),
        ("a r 2 a", 3, 5, 1, "open", None, None),  # half is not more than half
        ("a r 2 a a", 3, 5, 1, "agreed", "approve", None),
        ("2 2 a", 3, 5, 1, "agreed", "amend", "2"),
        ("2 2.00 a", 3, 5, 1, "agreed", "amend", "2"),
        ("2 3 2 3", 3, 4, 1, "round_over", None, None),
        ("2 3 4", 3, 3, 1, "round_over", None, None),
        ("2 3 4", 3, 3, 2, "committee", None, None),
        ("a r", 2, 2, 1, "round_over", None, None),
        ("a r", 2, 2, 2, "committee", None, None),
        ("a a", 2, 2, 2, "agreed", "approve", None),
        ("a a r r", 3, 5, 2, "open", None, None),
        ("", 2, 1, 1, "committee", None, None),
        ("a", 2, 1, 1, "committee", None, None),
        ("", 2, 0, 1, "committee", None, None),
    ],
)
def test_decisions(
    said: str,
    needed: int,
    eligible: int,
    round_number: int,
    agreement: str,
    verdict: str | None,
    points: str | None,
) -> None:
    decision = decide(votes(said), needed, eligible, round_number)
    assert (decision.agreement, decision.verdict) == (agreement, verdict)
    assert decision.points == (D(points) if points else None)


def test_an_open_round_says_how_many_votes_the_quorum_lacks() -> None:
    assert decide(votes("a"), 3, 5) == Decision(Agreement.OPEN, missing=2)
    assert decide(votes("a r 2"), 3, 5).missing == 0


@pytest.mark.parametrize("twice", [[Vote("m", Verdict.APPROVE)] * 2, votes("a a a")])
def test_more_votes_than_members_is_a_fault_of_the_caller(twice: list[Vote]) -> None:
    with pytest.raises(ValueError, match="one vote"):
        decide(twice, 2, 2)


@given(st.lists(st.sampled_from(["a", "r", "1", "2"]), max_size=7), st.integers(0, 7), st.integers(0, 7))
def test_the_order_of_votes_does_not_matter_and_a_majority_is_one(
    said: list[str], setting: int, more: int
) -> None:
    eligible = len(said) + more
    needed = quorum(setting, eligible)
    decision = decide(votes(" ".join(said)), needed, eligible)
    assert decision == decide(votes(" ".join(reversed(said))), needed, eligible)
    most = max((said.count(word) for word in said), default=0)
    agreed = eligible >= 2 and len(said) >= needed and most * 2 > len(said)
    assert (decision.agreement is Agreement.AGREED) is agreed
    assert (decision.agreement is Agreement.ROUND_OVER) is (
        eligible >= 2 and not agreed and len(said) == eligible
    )


PARTIES = RecordParties("H1", frozenset({"father", "son"}), frozenset({"worker"}))


@pytest.mark.parametrize(
    ("reviewer", "reason"),
    [
        (Reviewer("stranger", frozenset({"H9"})), None),
        (Reviewer("worker", frozenset({"H9"})), Recusal.LOGGED_IT),
        (Reviewer("father", frozenset({"H1"})), Recusal.OWN_HOUSEHOLD),
        (Reviewer("son", frozenset()), Recusal.OWN_HOUSEHOLD),
        (Reviewer("lodger", frozenset({"H1", "H9"})), Recusal.OWN_HOUSEHOLD),
        (Reviewer("uncle", frozenset({"H9"}), relatives=frozenset({"son"})), Recusal.RELATIVE),
        (Reviewer("aunt", frozenset({"H9"}), related_households=frozenset({"H1"})), Recusal.RELATIVE),
        (Reviewer("cousin", frozenset({"H9"}), frozenset({"other"}), frozenset({"H8"})), None),
    ],
)
def test_who_steps_aside(reviewer: Reviewer, reason: Recusal | None) -> None:
    assert must_recuse(PARTIES, reviewer) is reason


def test_who_logged_and_lives_there_is_told_that_the_record_is_the_own() -> None:
    both = RecordParties("H1", frozenset({"worker"}), frozenset({"worker"}))
    assert must_recuse(both, Reviewer("worker", frozenset({"H1"}))) is Recusal.LOGGED_IT


@pytest.mark.parametrize(
    ("kind", "until", "replied", "waits"),
    [
        ("positive", NOW + timedelta(days=1), False, False),
        ("negative", NOW + timedelta(seconds=1), False, True),
        ("veto", NOW + timedelta(days=3), False, True),
        ("negative", NOW, False, False),
        ("negative", NOW + timedelta(days=2), True, False),
    ],
)
def test_what_counts_against_a_household_waits_for_its_reply(
    kind: str, until: datetime, replied: bool, waits: bool
) -> None:
    assert waits_for_reply(ItemKind(kind), until, replied, NOW) is waits
