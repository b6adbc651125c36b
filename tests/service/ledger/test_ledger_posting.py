"""Posting lines: months, base points, opening balances, reversals; repeats and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.kit.errors import Conflict, NotFound
from server.kit.transaction import transaction
from server.ledger import api
from server.ledger.api import Cause, MonthLine, OpeningLine
from tests.service.ledger.books import (
    NOW,
    OTHER,
    VILLAGE,
    Amounts,
    amounts,
    code,
    found_villages,
    month,
    rows,
)
from tests.watching import sent

ONE, TWO = code(1), code(2)
D = Decimal


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    with transaction() as session:
        found_villages(session)
        yield session


@pytest.mark.parametrize(
    ("first", "second", "negative", "expected", "issued"),
    [
        ("4.50", "2.25", False, Amounts("6.75", "0.00", "6.75"), "-6.75"),
        ("4.50", "-2.25", False, Amounts("2.25", "0.00", "2.25"), "-2.25"),
        ("4.50", "-7.00", False, Amounts("0.00", "0.00", "-2.50"), "0.00"),
        ("4.50", "-7.00", True, Amounts("-2.50", "0.00", "-2.50"), "2.50"),
        ("0.00", "0.00", False, Amounts("0.00", "0.00", "0.00"), "0"),
        ("99999999.99", "0.01", False, Amounts("100000000.00", "0.00", "100000000.00"), "-100000000.00"),
    ],
)
def test_a_line_posts_to_score_and_balance(
    session: Session, first: str, second: str, negative: bool, expected: Amounts, issued: str
) -> None:
    month(session, {ONE: first})
    month(session, {ONE: second}, "2026-10", negative=negative)
    assert amounts(session, ONE) == expected
    assert api.village_sums(session, VILLAGE).get("issued", D(0)) == D(issued)
    assert api.account(session, ONE).version == 2


def test_reserved_points_are_not_touched(session: Session) -> None:
    month(session, {ONE: "10.00"})
    api.reserve(session, ONE, D(6), "r", {}, NOW)
    month(session, {ONE: "-9.00"}, "2026-10")
    assert amounts(session, ONE) == Amounts("0.00", "6.00", "1.00")


def test_a_repeat_gives_the_first_entries_and_posts_only_what_is_new(session: Session) -> None:
    first = month(session, {ONE: "4.50"})
    both = month(session, {ONE: "4.50", TWO: "1.00"})
    assert both[ONE] == first[ONE] and both[TWO] != first[ONE]
    before = rows(session)
    assert month(session, {TWO: "1.00", ONE: "4.50"}) == both
    assert rows(session) == before


@pytest.mark.parametrize(
    "other", [{"net": "4.51"}, {"year": 2025}, {"cause": Cause.HELD_LINE}, {"negative": True}, {"refs": True}]
)
def test_the_same_reference_with_other_content_is_refused(session: Session, other: dict[str, object]) -> None:
    def post(net: str = "4.50", year: int = 2026, cause: Cause = Cause.MONTH, negative: bool = False,
             refs: bool = False) -> None:  # fmt: skip
        line = MonthLine(ONE, D(net), "same", {"a": 1} if refs else {})
        fresh = MonthLine(TWO, D(1), "fresh", {})
        api.post_month(session, VILLAGE, year, [fresh, line], cause, NOW, negative_balance=negative)

    month(session, {ONE: "1.00"})
    api.post_month(session, VILLAGE, 2026, [MonthLine(ONE, D("4.50"), "same", {})], Cause.MONTH, NOW)
    before = rows(session)
    with pytest.raises(Conflict) as refused:
        post(**other)  # type: ignore[arg-type]
    assert refused.value.code == "ledger_reference_reused"
    assert rows(session) == before


@pytest.mark.parametrize(
    ("village", "household"), [(VILLAGE, code(77)), (VILLAGE, code(1, OTHER)), (OTHER, ONE)]
)
def test_only_accounts_of_the_village(session: Session, village: str, household: str) -> None:
    before = rows(session)
    line, good = MonthLine(household, D(1), "x", {}), MonthLine(code(2, village), D(1), "y", {})
    with pytest.raises(NotFound) as refused:
        api.post_month(session, village, 2026, [good, line], Cause.MONTH, NOW)
    assert refused.value.code == "account_missing" and rows(session) == before


def test_several_lines_of_one_household_follow_each_other(session: Session) -> None:
    lines = [MonthLine(ONE, D(net), f"l{i}", {}) for i, net in enumerate(("5.00", "-7.00", "1.00"))]
    api.post_month(session, VILLAGE, 2026, lines, Cause.MONTH, NOW)
    assert amounts(session, ONE) == Amounts("1.00", "0.00", "-1.00")
    assert [row.balance_after for row in api.statement(session, ONE, None, 9)] == [100, 0, 500]
    assert api.verify(session) == []


def test_base_points_once_a_year_turn_the_score(session: Session) -> None:
    first = api.post_base(session, VILLAGE, 2026, D(100), False, [ONE, TWO], NOW)
    assert api.post_base(session, VILLAGE, 2026, D(100), False, [ONE, TWO], NOW) == first
    assert api.unposted_base(session, VILLAGE, 2026) == [code(3), code(4)]
    month(session, {ONE: "4.50"})
    api.post_base(session, VILLAGE, 2027, D(100), True, [ONE], NOW)
    assert amounts(session, ONE) == Amounts("104.50", "0.00", "100.00")
    assert api.account(session, ONE).score_year == 2027
    month(session, {ONE: "-2.00"}, "2026-12", year=2026)  # a late line of the year before
    assert amounts(session, ONE) == Amounts("102.50", "0.00", "100.00")
    assert api.unposted_base(session, VILLAGE, 2027) == [TWO, code(3), code(4)]
    assert api.verify(session) == []


def test_opening_balances(session: Session) -> None:
    lines = [
        OpeningLine(ONE, D("33.30"), D(0), "open-1", {"row": 2}),
        OpeningLine(TWO, D(1), D(2), "open-2", {}),
    ]
    api.post_opening_balances(session, VILLAGE, 2026, lines, NOW)
    assert amounts(session, ONE) == Amounts("33.30", "0.00", "0.00")
    assert amounts(session, TWO) == Amounts("1.00", "0.00", "2.00")


@pytest.mark.parametrize(
    ("net", "spent", "after"),
    [
        ("10.00", "0.00", Amounts("0.00", "0.00", "0.00")),
        ("10.00", "7.50", Amounts("0.00", "0.00", "0.00")),
        ("-2.00", "0.00", Amounts("0.00", "0.00", "0.00")),
    ],
)
def test_a_reversal_mirrors_but_does_not_claw_back(
    session: Session, net: str, spent: str, after: Amounts
) -> None:
    entry = month(session, {ONE: net})[ONE]
    if D(spent):
        api.redeem(session, ONE, D(spent), "shop", {}, NOW)
    reversal = api.reverse(session, entry, "appeal", {"appeal": "a"}, NOW)
    assert (reversal.reverses, reversal.cause) == (entry, "reversal")
    assert reversal.amount("score") == -D(net)
    assert reversal.amount("balance") == -max(D(net) - D(spent), D(0))
    assert amounts(session, ONE) == after
    assert api.reverse(session, entry, "appeal", {"appeal": "a"}, NOW) == reversal


def test_an_entry_is_reversed_once_and_its_successor_points_at_it(session: Session) -> None:
    entry = month(session, {ONE: "10.00"})[ONE]
    api.reverse(session, entry, "appeal", {}, NOW)
    new = api.correct(
        session, VILLAGE, ONE, D(6), 2026, "appeal-new", Cause.CORRECTION, {}, NOW, reverses=entry
    )
    assert new.reverses == entry and amounts(session, ONE) == Amounts("6.00", "0.00", "6.00")
    before = rows(session)
    for reference, code_ in (
        ("appeal-2", "ledger_already_reversed"),
        ("appeal-new", "ledger_reference_reused"),
    ):
        with pytest.raises(Conflict) as refused:
            api.reverse(session, entry, reference, {}, NOW)
        assert refused.value.code == code_
    assert rows(session) == before


def test_moves_and_reversals_are_not_reversed(session: Session) -> None:
    entry = month(session, {ONE: "10.00"})[ONE]
    redeemed = api.redeem(session, ONE, D(1), "shop", {}, NOW).entry
    reversal = api.reverse(session, entry, "appeal", {}, NOW).id
    for id_ in (redeemed, reversal):
        with pytest.raises(Conflict) as refused:
            api.reverse(session, id_, f"again-{id_}", {}, NOW)
        assert refused.value.code == "ledger_not_reversible"
    with pytest.raises(NotFound):
        api.reverse(session, "0" * 36, "nothing", {}, NOW)


def test_floats_do_not_come_near(session: Session) -> None:
    with pytest.raises(ValueError, match="floats"):
        api.post_month(session, VILLAGE, 2026, [MonthLine(ONE, D(1), "x", {"a": 0.5})], Cause.MONTH, NOW)
    with pytest.raises(ValueError, match="exact"):
        api.post_month(session, VILLAGE, 2026, [MonthLine(ONE, D("0.005"), "x", {})], Cause.MONTH, NOW)


def test_a_month_takes_the_same_few_statements_for_any_number_of_households(session: Session) -> None:
    with sent() as alone:
        month(session, {ONE: "1.00"})
    with sent() as together:
        month(session, {code(n): "1.00" for n in range(1, 5)}, "2026-10")
    assert len(alone) == len(together) <= 6


def test_a_household_opened_twice_keeps_its_account(session: Session) -> None:
    month(session, {ONE: "4.00"})
    api.open_accounts(session, VILLAGE, [ONE, TWO])
    assert amounts(session, ONE) == Amounts("4.00", "0.00", "4.00")


def test_an_entry_reads_back_whole(session: Session) -> None:
    id_ = month(session, {ONE: "4.50"})[ONE]
    entry = api.entry(session, id_)
    assert (entry.village, entry.household, entry.cause, entry.score_year) == (VILLAGE, ONE, "month", 2026)
    assert entry.refs == {"month": "2026-09"} and entry.posted_at == NOW and entry.seal is None
    assert [(p.account, p.household, p.amount, p.balance_after) for p in entry.postings] == [
        ("balance", ONE, D("4.50"), D("4.50")),
        ("score", ONE, D("4.50"), D("4.50")),
        ("issued", None, D("-4.50"), None),
        ("assessed", None, D("-4.50"), None),
    ]
    head = api.seal_village(session, VILLAGE, NOW)
    assert (api.entry(session, id_).seal, api.entry(session, id_).seal_hash) == (1, head)


def test_a_statement_goes_on_where_the_page_ended(session: Session) -> None:
    for number in range(1, 8):
        month(session, {ONE: f"{number}.00", TWO: "1.00"}, f"2026-{number:02d}")
    page = api.statement(session, ONE, None, 3)
    month(session, {ONE: "50.00"}, "2026-08")  # posted meanwhile: does not shift the pages
    rest = api.statement(session, ONE, page[-1].seq, 9)
    assert [row.amount for row in page + rest] == [700, 600, 500, 400, 300, 200, 100]
    assert [row.balance_after for row in page + rest] == [2800, 2100, 1500, 1000, 600, 300, 100]


@pytest.mark.parametrize(
    "text", ['say "yes"', "back\\slash", "{a,b}", "NULL", "村里的 {NULL}", "a'b;--", "", "%s :x"]
)
def test_any_text_goes_in_and_comes_out(session: Session, text: str) -> None:
    refs = {"text": text, text: [1, None, True]}
    line = MonthLine(ONE, D(1), f"ref {text}", refs)
    id_ = api.post_month(session, VILLAGE, 2026, [line], Cause.MONTH, NOW)[ONE]
    moved = api.redeem(session, ONE, D(1), f"move {text}", refs, NOW).entry
    for entry, reference in ((id_, f"ref {text}"), (moved, f"move {text}")):
        assert (api.entry(session, entry).refs, api.entry(session, entry).reference) == (refs, reference)
    assert api.post_month(session, VILLAGE, 2026, [line], Cause.MONTH, NOW) == {ONE: id_}
    assert api.verify(session) == []
