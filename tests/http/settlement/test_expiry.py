"""Expiry: never unless chosen; then told 60 days before, oldest points first, reserved ones untouched."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from server.kit.transaction import transaction
from server.ledger import api as ledger
from tests.cast import VILLAGE
from tests.settled import Months, ok


def earn(months: Months, year: int, points: str, reference: str) -> None:
    with transaction() as session:
        line = ledger.MonthLine(months.cast.households["zhao"], Decimal(points), reference, {})
        ledger.post_month(session, VILLAGE, year, [line], ledger.Cause.MONTH, months.now)


def spend(months: Months, points: str, reference: str) -> None:
    with transaction() as session:
        ledger.redeem(session, months.cast.households["zhao"], Decimal(points), reference, {}, months.now)


def chosen(months: Months) -> None:
    path = f"/api/v1/villages/{VILLAGE}/settings"
    headers = months.cast.as_("head_chen").headers
    ok(months.cast.app.test_client().patch(path, json={"expiry": "end_of_next_year"}, headers=headers))


def texts(months: Months, kind: str) -> list[str]:
    return [
        one["text"]
        for one in ok(months.cast.as_("zhao_min").get("/inbox", limit=200))["items"]
        if one["kind"] == kind
    ]


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 2, 0, tzinfo=UTC)


def test_by_default_nothing_lapses(months: Months) -> None:
    earn(months, 2026, "20.00", "a")
    months.go_to(at(2028, 3, 1))
    assert months.account("zhao")[1] == "20.00"
    assert texts(months, "expiry_announced") == []


def test_announced_sixty_days_before_and_oldest_first(months: Months) -> None:
    chosen(months)
    earn(months, 2026, "20.00", "a")
    spend(months, "5.00", "s1")
    earn(months, 2027, "30.00", "b")
    spend(months, "6.00", "s2")  # of 2026's points: 20 − 5 − 6 = 9 are left
    months.go_to(at(2027, 11, 1))
    assert texts(months, "expiry_announced") == []
    months.go_to(at(2027, 11, 4))
    (told,) = texts(months, "expiry_announced")
    assert "9.00 分" in told and "2028年1月1日" in told
    spend(months, "2.00", "s3")
    with transaction() as session:
        code = months.cast.households["zhao"]
        ledger.reserve(session, code, Decimal("3.00"), "r", {}, months.now)  # out of the oldest as well
    months.go_to(at(2028, 1, 2))
    with transaction(writes=False) as session:
        state = ledger.account(session, months.cast.households["zhao"])
        assert (state.balance, state.reserved) == (Decimal("30.00"), Decimal("3.00"))
        assert ledger.verify(session) == []
    assert texts(months, "points_expired") == ["2026 年度及以前没有用的 4.00 分已经过期。"]
    months.go_to(at(2028, 3, 1))
    assert months.account("zhao")[1] == "30.00"


def test_a_choice_made_late_still_leaves_sixty_days(months: Months) -> None:
    earn(months, 2026, "20.00", "a")
    months.go_to(at(2027, 12, 20))
    chosen(months)
    months.go(hours=1)
    months.go_to(at(2028, 1, 20))
    assert months.account("zhao")[1] == "20.00"
    months.go_to(at(2028, 2, 20))
    assert months.account("zhao")[1] == "0.00"


def test_a_choice_taken_back_in_time_keeps_the_points(months: Months) -> None:
    chosen(months)
    earn(months, 2026, "20.00", "a")
    months.go_to(at(2027, 12, 1))
    path = f"/api/v1/villages/{VILLAGE}/settings"
    headers = months.cast.as_("head_chen").headers
    ok(months.cast.app.test_client().patch(path, json={"expiry": "never"}, headers=headers))
    months.go_to(at(2028, 3, 1))
    assert months.account("zhao")[1] == "20.00"


def test_a_reversed_gain_is_no_gain(months: Months) -> None:
    earn(months, 2026, "20.00", "a")
    earn(months, 2027, "10.00", "b")
    with transaction() as session:
        code = months.cast.households["zhao"]
        entry = ledger.statement(session, code, None, 1)[0].id
        ledger.reverse(session, entry, "r", {}, months.now)
        assert ledger.older_points(session, VILLAGE, 2026) == {code: Decimal("20.00")}
