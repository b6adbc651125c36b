"""A month over HTTP: tally, votes or minutes, notice, posting; every refusal on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.people.models import GrantRow, Person
from tests.cast import VILLAGE, Cast
from tests.settled import Months, ok, refused
from tests.watching import sent

AFTER_CUTOFF = datetime(2026, 10, 12, 17, 0, tzinfo=UTC)  # 13 October, 01:00 in Asia/Shanghai


def end_grants(cast: Cast, *names: str) -> None:
    """These people lose their role now."""
    with transaction() as session:
        for name in names:
            person = session.get_one(Person, cast.persons[name])
            person.grants_version += 1
            for row in session.scalars(select(GrantRow).where(GrantRow.person_id == person.id)):
                row.ends_at = cast.clock.now()


@pytest.fixture
def october(months: Months) -> Months:
    """Three households with records, cut off."""
    months.approved("zhao", "4.00")
    months.approved("zhao", "-1.50", "F1", "社会治安")
    months.approved("qian", "0.50")
    months.approved("li", "-2.00", "F2", "社会治安")
    months.go_to(AFTER_CUTOFF)
    return months


def test_base_points_open_the_year_at_adoption(months: Months) -> None:
    assert months.account("zhao") == ("100.00", "0.00")
    assert months.account("wu") == ("100.00", "0.00")


def test_a_whole_month_by_votes(october: Months) -> None:
    tally = october.tally()
    assert (tally["status"], tally["frozen"], tally["members"]) == ("open", False, 4)
    assert october.line("zhao") == {
        "household": october.cast.households["zhao"],
        "records": 2,
        "added": "4.00",
        "deducted": "-1.50",
        "score_change": "2.50",
        "balance_change": "2.50",
        "status": "pending",
        "entry": None,
        "cut": None,
    }
    assert october.line("li")["balance_change"] == "0.00"  # nothing there to take
    ok(october.vote("member_feng"))
    assert october.tally()["frozen"]
    assert ok(october.vote("member_chu"))["status"] == "open"  # two of four are no majority
    assert ok(october.vote("member_wei"))["status"] == "resolved"

    notice = october.published()
    assert october.tally()["status"] == "on_notice"
    assert october.tally()["notice"] == notice["id"]
    days = datetime.fromisoformat(notice["ends_at"]) - datetime.fromisoformat(notice["published_at"])
    assert days == timedelta(days=7)
    shown = october.public(notice)
    assert [(line["number"], line["score_change"], line["status"]) for line in shown["lines"]] == [
        ("0001", "2.50", "pending"),
        ("0002", "0.50", "pending"),
        ("0004", "-2.00", "pending"),
    ]
    assert shown["totals"] == {
        "households": 6, "with_records": 3, "records": 4,
        "added": "4.50", "deducted": "-3.50", "score_change": "1.00",
    }  # fmt: skip
    assert shown["covers"] == {"from": "2026-09-14", "to": "2026-10-12"}
    assert shown["resolved"] == {"by": "vote", "on": "2026-10-13", "members": 4, "for": 3}
    with transaction(writes=False) as session:
        assert shown["ledger_head"] == ledger.head(session, VILLAGE)

    assert october.go(days=6, hours=23) == [] or october.tally()["status"] == "on_notice"
    closed = october.go(hours=2)
    assert "settlement.notice_end" in [one.closer for one in closed]
    assert october.tally()["status"] == "posted"
    assert october.account("zhao") == ("102.50", "2.50")
    assert october.account("qian") == ("100.50", "0.50")
    assert october.account("li") == ("98.00", "0.00")  # the balance had nothing, the score takes it all
    assert october.account("wu") == ("100.00", "0.00")
    assert {line["status"] for line in october.tally()["lines"]} == {"posted"}
    assert october.line("li")["balance_change"] == "0.00"
    assert october.public(notice)["status"] == "ended"


def test_minutes_are_entered_by_one_and_confirmed_by_another(october: Months) -> None:
    people = october.cast.persons
    minutes = {
        "minutes_number": "2026-10-3",
        "held_on": "2026-10-13",
        "attended": [people[name] for name in ("head_chen", "member_feng", "member_chu")],
        "for": 3,
        "against": 0,
        "abstained": 0,
    }
    path = f"/tallies/{october.tally()['id']}/resolution"
    refused(october.cast.as_("member_feng").post(path + "/confirmation"), 409, "resolution_missing")
    entered = ok(october.cast.as_("head_chen").post(path, minutes))
    assert (entered["status"], entered["frozen"]) == ("open", True)
    assert entered["resolution"]["status"] == "entered"
    refused(october.cast.as_("head_chen").post(path + "/confirmation"), 409, "same_person")
    again = ok(october.cast.as_("member_feng").post(path, minutes | {"minutes_number": "2026-10-4"}))
    assert again["resolution"]["minutes_number"] == "2026-10-4"  # entered anew: the first is replaced
    refused(october.cast.as_("member_feng").post(path + "/confirmation"), 409, "same_person")
    confirmed = ok(october.cast.as_("head_chen").post(path + "/confirmation"))
    assert (confirmed["status"], confirmed["resolution"]["status"]) == ("resolved", "confirmed")
    assert confirmed["resolution"]["confirmed_by"] == people["head_chen"]
    notice = october.published(by="head_chen")  # one of two, so not alone
    assert october.public(notice)["resolved"] == {
        "by": "meeting", "on": "2026-10-13", "members": 4, "for": 3, "minutes_number": "2026-10-4",
    }  # fmt: skip
    refused(october.cast.as_("head_chen").post(path, minutes), 409, "tally_not_open")
    refused(october.vote("member_wei"), 409, "tally_not_open")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": "2026-10-14"}, "held_on"),
        ({"held_on": "2026-10-12"}, "held_on"),
        ({"attended": ["head_chen", "member_feng"], "for": 2}, "attended"),
        ({"attended": ["head_chen", "member_feng", "zhao_min"]}, "attended"),
        ({"attended": ["head_chen", "member_feng", "member_feng"]}, "attended"),
        ({"for": 2}, "for"),
        ({"for": 2, "against": 1}, "for"),
    ],
)
def test_minutes_that_cannot_be_are_refused_by_field(october: Months, change: dict, field: str) -> None:  # type: ignore[type-arg]
    body = {
        "minutes_number": "1",
        "held_on": "2026-10-13",
        "attended": ["head_chen", "member_feng", "member_chu"],
        "for": 3,
        "against": 0,
        "abstained": 0,
    } | change
    body["attended"] = [october.cast.persons[name] for name in body["attended"]]
    answer = october.cast.as_("head_chen").post(f"/tallies/{october.tally()['id']}/resolution", body)
    assert field in [one["field"] for one in refused(answer, 422, "resolution_invalid")["errors"]]
    assert october.tally()["frozen"] is False


def test_a_ceiling_cannot_be_settled_where_there_is_none(october: Months) -> None:
    people = [october.cast.persons[name] for name in ("head_chen", "member_feng", "member_chu")]
    body = {
        "minutes_number": "1", "held_on": "2026-10-13", "attended": people,
        "for": 3, "against": 0, "abstained": 0, "ceiling": {"cut": True},
    }  # fmt: skip
    path = f"/tallies/{october.tally()['id']}/resolution"
    refused(october.cast.as_("head_chen").post(path, body), 422, "no_ceiling")


def test_votes_count_once_and_do_not_change(october: Months) -> None:
    ok(october.vote("member_feng", "against"))
    assert len(ok(october.vote("member_feng", "against"))["votes"]) == 1
    refused(october.vote("member_feng", "for"), 409, "already_voted")
    ok(october.vote("member_chu", "abstain"))
    ok(october.vote("member_wei"))
    assert ok(october.vote("head_chen"))["status"] == "open"  # two of four


def test_only_members_in_force_count(october: Months, cast: Cast) -> None:
    ok(october.vote("member_feng"))
    ok(october.vote("member_chu"))
    end_grants(cast, "member_feng")
    october.go(minutes=1)
    assert ok(october.vote("member_wei"))["status"] == "resolved"  # two of the three that are left
    refused(october.vote("member_feng"), 403, "not_allowed")


def test_sending_a_record_back_opens_the_tally_again(months: Months) -> None:
    wrong = months.approved("zhao", "4.00")
    months.approved("zhao", "3.00")
    months.go_to(AFTER_CUTOFF)
    tally = months.resolved()
    path = f"/tallies/{tally['id']}/returns"
    foreign = months.approved("qian", "1.00")  # approved after the freeze: of the next month
    refused(months.cast.as_("head_chen").post(path, {"record": foreign, "reason": "x"}), 404, "not_found")
    back = ok(months.cast.as_("head_chen").post(path, {"record": wrong, "reason": "请再核实"}))
    assert (back["status"], back["frozen"], back["votes"]) == ("open", False, [])
    assert months.line("zhao")["score_change"] == "3.00"
    record = ok(months.cast.as_("head_chen").get(f"/records/{wrong}"))
    assert (record["status"], record["month"]) == ("submitted", None)
    ok(months.vote("member_feng", "against"))  # votes begin anew
    assert months.go(days=10) is not None
    assert months.tally()["frozen"]


def test_the_tally_freezes_when_the_panels_days_are_over(october: Months) -> None:
    closed = october.go_to(datetime(2026, 10, 15, 16, 0, tzinfo=UTC))
    here = [one.closer for one in closed if one.village == VILLAGE and one.closer.startswith("settlement")]
    assert here == ["settlement.tally_freeze"]
    assert october.tally()["frozen"]
    october.approved("wu", "9.00")
    assert october.cast.households["wu"] not in [line["household"] for line in october.tally()["lines"]]
    october.go_to(datetime(2026, 11, 12, 16, 0, tzinfo=UTC))
    assert [line["score_change"] for line in october.tally("2026-11")["lines"]] == ["9.00"]


def test_who_publishes_is_not_alone_in_resolving(october: Months, cast: Cast) -> None:
    end_grants(cast, "head_chen", "member_chu", "member_wei")
    october.go(minutes=1)
    tally = f"/tallies/{october.tally(by='member_feng')['id']}"
    assert ok(cast.as_("member_feng").post(f"{tally}/votes", {"vote": "for"}))["status"] == "resolved"
    path = f"{tally}/notice"
    refused(cast.as_("member_feng").post(path), 409, "publisher_alone")
    cast.grant("head_chen", "committee_head", VILLAGE)
    ok(cast.as_("head_chen").post(path), 201)


def test_a_notice_is_never_shorter_than_the_setting(october: Months) -> None:
    path = f"/tallies/{october.tally()['id']}/notice"
    refused(october.cast.as_("head_chen").post(path), 409, "tally_not_resolved")
    october.resolved()
    for days in (6, 61):
        refused(october.cast.as_("head_chen").post(path, {"days": days}), 422, "notice_days")
    assert october.published(days=10)["ends_at"] == "2026-10-23T01:00:00.000+08:00"
    refused(october.cast.as_("head_chen").post(path), 409, "tally_not_resolved")


def test_months_post_strictly_in_order(months: Months) -> None:
    months.approved("zhao", "1.00")
    months.go_to(AFTER_CUTOFF)
    months.approved("zhao", "2.00", "J6")  # October is not frozen yet, so it joins October
    months.go_to(datetime(2026, 11, 12, 17, 0, tzinfo=UTC))
    months.go(days=1)
    assert months.line("zhao")["score_change"] == "3.00"
    months.on_notice("2026-11")
    months.go(days=9)
    assert months.tally("2026-11")["status"] == "on_notice"  # over, but October has not posted
    months.on_notice("2026-10")
    closed = [one.period for one in months.go(days=8) if one.closer == "settlement.notice_end"]
    assert closed == ["2026-10", "2026-11"]
    assert months.account("zhao") == ("103.00", "3.00")


def test_withdrawing_opens_the_tally_and_voids_the_votes(october: Months) -> None:
    notice = october.on_notice()
    objection = ok(october.object(notice, "zhao_min", "zhao"), 201)
    path = f"/notices/{notice['id']}/withdrawal"
    refused(october.cast.as_("head_chen").post(path), 422, "invalid")
    withdrawn = ok(october.cast.as_("head_chen").post(path, {"reason": "漏了一户"}))["notice"]
    assert withdrawn["status"] == "withdrawn"
    tally = october.tally()
    assert (tally["status"], tally["frozen"], tally["votes"], tally["notice"]) == ("open", False, [], None)
    refused(october.cast.as_("head_chen").post(path, {"reason": "再来"}), 409, "notice_not_active")
    refused(october.answer(objection, "head_chen", upheld=False), 409, "objection_answered")
    listed = ok(october.cast.as_("head_chen").get("/objections", village=VILLAGE))["items"]
    assert [one["status"] for one in listed] == ["lapsed"]
    shown = october.public(notice)
    assert (shown["status"], shown["lines"]) == ("withdrawn", [])
    assert "漏了一户" not in str(shown)  # reasons are for the village, not for everybody
    anew = october.on_notice()
    assert anew["id"] != notice["id"]
    october.go(days=8)
    assert october.tally()["status"] == "posted"
    assert october.account("zhao") == ("102.50", "2.50")


def test_a_notice_is_taken_down_30_days_after_posting(october: Months) -> None:
    notice = october.on_notice()
    october.go(days=7)
    public = f"/public/notices/{notice['id']}"
    october.go(days=29)
    ok(october.cast.as_(None).get(public))
    closed = [one.closer for one in october.go(days=1)]
    assert "settlement.notice_takedown" in closed
    refused(october.cast.as_(None).get(public), 404, "not_found")
    refused(october.cast.as_("zhao_min").get(f"/notices/{notice['id']}"), 404, "not_found")
    assert ok(october.cast.as_("supervisor_shen").get(f"/notices/{notice['id']}"))["status"] == "taken_down"
    assert ok(october.cast.as_(None).get("/public/notices", village=VILLAGE))["items"] == []


@pytest.mark.parametrize("deducted", [("li",), ("li", "qian", "wu", "zhou")])
def test_a_posted_tally_reads_its_deductions_by_one_statement(
    months: Months, deducted: tuple[str, ...]
) -> None:
    """However many lines took points off, what they did to the balances is one question."""
    for household in deducted:
        months.approved(household, "-2.00", "F2", "社会治安")
    months.go_to(AFTER_CUTOFF)
    months.on_notice()
    months.go(days=8)
    months.tally()
    with sent() as statements:
        tally = months.tally()
    assert [line["balance_change"] for line in tally["lines"]] == ["0.00"] * len(deducted)
    assert len([sql for sql, _ in statements if "ledger_postings" in sql]) == 1
