"""The annual evaluation over HTTP: from nomination to certificate, and everything that is refused on the way."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import select

from server.audit.models import AuditRow, Decision
from server.kit.transaction import transaction
from server.people.models import Household, Member, Person
from tests.cast import OTHER_VILLAGE, VILLAGE, Cast
from tests.honoured import VOTERS, Year
from tests.settled import Months, ok, refused

STATES = ("nominating", "voting", "resolved", "on_notice", "awarded")


def test_the_whole_way_to_a_certificate(year: Year) -> None:
    key = year.bring_to("awarded")
    one = year.nomination(key)
    assert one["status"] == "awarded"
    assert (one["for"], one["against"], one["abstained"], one["voters"]) == (3, 0, 0, 4)
    assert one["certificate"] == f"DHSC-{VILLAGE}-2026-XJ-001"
    told = ok(year.months.cast.as_("zhao_min").get("/inbox"))["items"]
    kinds = [message["kind"] for message in told]
    assert {"evaluation_opened", "honour_nominated", "honours_published", "honour_awarded"} <= set(kinds)
    with transaction(writes=False) as session:
        steps = session.execute(
            select(Decision.source, Decision.target, Decision.person_id)
            .where(Decision.entity_id.in_([key, year.id]))
            .order_by(Decision.id)
        ).all()
    assert [(a, b) for a, b, _ in steps] == [
        ("", "nominating"), ("", "proposed"), ("nominating", "voting"), ("proposed", "chosen"),
        ("voting", "resolved"), ("resolved", "on_notice"), ("on_notice", "awarded"), ("chosen", "awarded"),
    ]  # fmt: skip
    assert steps[0][2] is None and steps[-1][2] is None  # the calendar began it and gave it


def test_nominations_open_with_the_posted_year_and_once(year: Year) -> None:
    year.months.go(days=30)
    assert year.find()["year_posted"] is True
    refused(
        year.post("head_chen", "/evaluations", {"village": VILLAGE, "year": 2026}), 409, "evaluation_exists"
    )


def test_an_evaluation_may_begin_early_but_nobody_votes_before_the_year_is_whole(months: Months) -> None:
    months.go(days=30)  # the first month is cut off
    early = Year(months)
    early.begin()
    ok(early.nominate("zhao"), 201)
    refused(early.act("voting"), 409, "year_not_over")
    assert early.read()["year_posted"] is False
    for wrong in (2025, 2031):
        body = {"village": VILLAGE, "year": wrong}
        refused(early.post("head_chen", "/evaluations", body), 422, "year_wrong")


def test_conditions_are_told_with_their_reasons(year: Year) -> None:
    good = year.bring_to("nominating", "zhao")
    wu = ok(year.nominate("wu"), 201)["id"]
    sun = ok(year.nominate("sun"), 201)["id"]
    checks = {one["asks"]: one for one in year.nomination(wu)["checks"]}
    assert checks["本年没有一票否决"] == {"asks": "本年没有一票否决", "met": False, "found": "有"}
    assert all(one["met"] for one in year.nomination(good)["checks"])
    ok(year.act("voting"))
    short = year.nomination(sun)
    assert short["status"] == "unqualified" and short["final"] is True
    assert short["why"] == "全年考核分不少于 105.00（100.00）"
    assert year.nomination(wu)["why"].startswith("本年没有一票否决（有）")
    assert year.nomination(good)["status"] == "proposed"
    refused(year.vote(wu, "member_feng"), 409, "not_voting")


def test_who_qualifies_is_listed_by_household_with_why_not(year: Year) -> None:
    year.find()
    path = f"/evaluations/{year.id}/candidates"
    items = ok(year.months.cast.as_("head_chen").get(path, honour="XJ", limit=4))
    rest = ok(year.months.cast.as_("head_chen").get(path, honour="XJ", limit=4, cursor=items["next_cursor"]))
    found = items["items"] + rest["items"]
    assert [one["household"] for one in found] == sorted(one["household"] for one in found)
    assert [one["household"][-4:] for one in found if one["qualifies"]] == ["0001", "0002", "0004"]
    refused(year.months.cast.as_("head_chen").get(path, honour="NIX"), 422, "honour_unknown")


def test_conditions_do_not_move_once_the_evaluation_began(year: Year) -> None:
    key = year.bring_to("nominating")
    body = {
        "village": VILLAGE, "code": "XJ", "name": "星级文明户", "subject": "household", "most": 1,
        "citation": "好", "conditions": [{"kind": "score_at_least", "points": "999.00"}],
    }  # fmt: skip
    refused(year.post("head_chen", "/honours", body), 422, "invalid")
    ok(year.post("head_chen", "/honours", body | {"citation": "您家很好"}))
    assert all(one["met"] for one in year.nomination(key)["checks"])
    own = ok(year.months.cast.as_("qian_yun").get("/honours", village=VILLAGE))["items"]
    assert [one["asks"] for one in own if one["code"] == "XJ"] == [["全年考核分不少于 999.00"]]
    ok(year.post("head_chen", "/honours", body | {"citation": "您家很好", "active": False}))
    own = ok(year.months.cast.as_("qian_yun").get("/honours", village=VILLAGE))["items"]
    assert "XJ" not in [one["code"] for one in own]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"honour": "NIX"}, "honour_unknown"),
        ({"household": f"{OTHER_VILLAGE}0007"}, "household_unknown"),
        ({"household": f"{VILLAGE}9999"}, "household_unknown"),
        ({"honour": "DDMF"}, "member_needed"),
        ({"member": "@zhao"}, "member_not_wanted"),
        ({"honour": "DDMF", "member": "@qian"}, "member_unknown"),
        ({"honour": "DDMF", "member": "@minor"}, "minor_not_named"),
    ],
)
def test_nominations_that_are_refused(year: Year, wrong: dict[str, str], code: str) -> None:
    year.find()
    cast = year.months.cast
    members = {"@zhao": cast.members["zhao"], "@qian": cast.members["qian"], "@minor": _minor(cast)}
    body = {"honour": "XJ", "household": cast.households["zhao"], "reason": "常帮邻居"} | wrong
    if "member" in wrong:
        body["member"] = members[wrong["member"]]
    refused(year.post("qian_yun", f"/evaluations/{year.id}/nominations", body), 422, code)


def _minor(cast: Cast) -> str:
    with transaction() as session:
        row = Member(
            id="01900000-0000-7000-8000-00000000abcd", household_code=cast.households["zhao"], name="小赵",
            birth_date=date(2015, 3, 9), flags=[],
        )  # fmt: skip
        session.add(row)
    return row.id


def test_who_does_not_take_part_is_not_nominated(year: Year) -> None:
    year.find()
    with transaction() as session:
        session.get_one(Household, year.months.cast.households["zhao"]).status = "declined"
    refused(year.nominate("zhao"), 422, "household_not_taking_part")


def test_one_nominee_is_nominated_once_and_anew_after_a_withdrawal(year: Year) -> None:
    key = year.bring_to("nominating")
    refused(year.nominate("zhao"), 409, "already_nominated")
    path = f"/nominations/{key}/withdrawal"
    refused(year.post("li_mei", path, {"reason": "不是我家"}), 404, "not_found")
    withdrawn = ok(year.post("zhao_min", path, {"reason": "我们不参评"}))
    assert withdrawn["status"] == "withdrawn"
    refused(year.post("zhao_min", path, {"reason": "我们不参评"}), 409, "withdrawal_late")
    ok(year.nominate("zhao"), 201)


def test_a_household_may_still_decline_what_it_was_chosen_for(year: Year) -> None:
    key = year.bring_to("on_notice")
    path = f"/nominations/{key}/withdrawal"
    refused(year.post("head_chen", path, {"reason": "弄错了"}), 409, "withdrawal_late")
    ok(year.post("zhao_min", path, {"reason": "不想要"}))
    year.months.go(days=8)
    assert year.nomination(key)["status"] == "withdrawn"


# act → what each state of the evaluation answers: the state afterwards, or the refusal's code
ACTS = {
    #              nominating          voting             resolved           on_notice       awarded
    "nominate": ("nominating", "not_nominating", "not_nominating", "not_nominating", "not_nominating"),
    "voting": ("voting", "not_nominating", "not_nominating", "not_nominating", "not_nominating"),
    "vote": ("not_voting", "voting", "not_voting", "not_voting", "not_voting"),
    "result": ("not_voting", "quorum_missing", "not_voting", "not_voting", "not_voting"),
    "minutes": ("not_voting", "voting", "not_voting", "not_voting", "not_voting"),
    "confirm": ("not_voting", "minutes_missing", "not_voting", "not_voting", "not_voting"),
    "notice": ("not_resolved", "not_resolved", "on_notice", "not_resolved", "not_resolved"),
    "object": ("not_on_notice", "not_on_notice", "not_on_notice", "on_notice", "not_on_notice"),
    "certificate": ("not_awarded", "not_awarded", "not_awarded", "not_awarded", "awarded"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_act_in_every_state(year: Year, state: str) -> None:
    key = year.bring_to(state)
    certificate = f"/nominations/{key}/certificate"
    tries = {
        "object": lambda: year.object(key),
        "certificate": lambda: year.months.cast.as_("head_chen").get(certificate),
        "confirm": lambda: year.act("minutes/confirmation", "member_feng"),
        "minutes": lambda: year.act("minutes", body=year.minutes({key: (3, 0, 0)})),
        "result": lambda: year.act("result"),
        "vote": lambda: year.vote(key, "head_chen"),
        "nominate": lambda: year.nominate("qian"),
        "notice": lambda: year.act("notice"),
        "voting": lambda: year.act("voting"),
    }
    for name, attempt in tries.items():
        expected = ACTS[name][STATES.index(state)]
        answer = attempt()
        if answer.status_code >= 400:
            assert answer.get_json()["code"] == expected, name
            assert year.read()["status"] == state
        else:
            assert year.read()["status"] == expected, name
        if year.read()["status"] != state:
            break  # the last act of each state moves on; the others were asked before it


def test_members_of_the_nominees_family_step_aside(year: Year) -> None:
    key = year.bring_to("voting")
    cast = year.months.cast
    cast.related("zhao", "zhou")
    with transaction() as session:
        session.get_one(Person, cast.persons["member_wei"]).household_code = cast.households["zhou"]
        session.get_one(Person, cast.persons["head_chen"]).household_code = cast.households["zhao"]
    refused(year.vote(key, "member_wei"), 409, "own_matter")
    refused(year.vote(key, "head_chen"), 409, "own_matter")
    assert year.nomination(key)["may_vote"] == 2
    ok(year.vote(key, "member_feng"))
    refused(year.act("result"), 409, "quorum_missing")
    ok(year.vote(key, "member_chu"))
    ok(year.act("result"))
    one = year.nomination(key)
    assert (one["status"], one["for"], one["voters"]) == ("chosen", 2, 2)


def test_where_too_few_may_vote_a_meeting_decides(year: Year) -> None:
    key = year.bring_to("voting")
    cast = year.months.cast
    with transaction() as session:
        for name in ("head_chen", "member_feng", "member_chu"):
            session.get_one(Person, cast.persons[name]).household_code = cast.households["zhao"]
    ok(year.vote(key, "member_wei"))
    refused(year.act("result"), 409, "quorum_missing")
    ok(year.act("minutes", body=year.minutes({key: (18, 7, 5)})))
    refused(year.act("minutes/confirmation"), 409, "same_person")
    ok(year.act("minutes/confirmation", "member_chu"))
    one = year.nomination(key)
    assert (one["status"], one["for"], one["voters"]) == ("chosen", 18, 30)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"attended": 1}, "attended"),
        ({"held_on": "2026-01-01"}, "held_on"),
        ({"held_on": "2027-12-31"}, "held_on"),
        ({"attended": 10}, "results.0"),
        (
            {"results": [{"nomination": "01900000-0000-7000-8000-000000000000", "for": 1, "against": 0}]},
            "results",
        ),
    ],
)
def test_minutes_that_are_wrong(year: Year, change: dict[str, object], field: str) -> None:
    key = year.bring_to("voting")
    body = year.minutes({key: (12, 0, 0)}) | change
    problem = refused(year.act("minutes", body=body), 422, "minutes_invalid")
    assert field in [fault["field"] for fault in problem["errors"]]


def test_minutes_entered_anew_replace_those_before(year: Year) -> None:
    key = year.bring_to("voting")
    ok(year.act("minutes", body=year.minutes({key: (2, 20, 0)})))
    ok(year.act("minutes", "member_feng", year.minutes({key: (20, 2, 0)})))
    refused(year.act("minutes/confirmation", "member_feng"), 409, "same_person")
    ok(year.act("minutes/confirmation"))
    assert year.nomination(key)["for"] == 20


def test_votes_are_not_changed_and_the_same_again_is_nothing(year: Year) -> None:
    key = year.bring_to("voting")
    ok(year.vote(key, "member_feng"))
    ok(year.vote(key, "member_feng"))
    refused(year.vote(key, "member_feng", "against"), 409, "already_voted")
    assert len(year.nomination(key)["votes"]) == 1
    assert year.nomination(key, "zhao_min")["votes"] == []  # villagers see the counted result only


def test_more_votes_win_and_equal_ones_need_a_meeting(year: Year) -> None:
    keys = [year.bring_to("nominating", "zhao")]
    keys += [ok(year.nominate(name), 201)["id"] for name in ("qian", "li")]
    ok(year.act("voting"))
    for key in keys:
        for member in VOTERS:
            ok(year.vote(key, member))
    problem = refused(year.act("result"), 409, "honour_tie")
    assert "星级文明户" in problem["detail"]
    ok(
        year.act(
            "minutes", body=year.minutes({keys[0]: (20, 1, 0), keys[1]: (19, 1, 0), keys[2]: (18, 1, 0)})
        )
    )
    ok(year.act("minutes/confirmation", "member_chu"))
    assert [year.nomination(key)["status"] for key in keys] == ["chosen", "chosen", "not_chosen"]
    assert year.nomination(keys[2])["why"] == "名额已满"


def test_nobody_publishes_what_only_that_person_decided(year: Year) -> None:
    key = year.bring_to("nominating")
    ok(year.act("voting"))
    for member in ("head_chen", *VOTERS):
        ok(year.vote(key, member, "against"))
    ok(year.act("result"))
    assert year.nomination(key)["status"] == "not_chosen"
    refused(year.act("notice", body={"days": 3}), 422, "notice_days")
    ok(year.act("notice", body={"days": 10}))


def test_an_upheld_objection_takes_the_honour_away(year: Year) -> None:
    key = year.bring_to("on_notice")
    made = ok(year.object(key), 201)
    refused(year.object(key), 409, "already_objected")
    assert ok(year.months.cast.as_("zhao_min").get("/honour-objections"))["items"][0]["person"] is None
    refused(year.answer(made["id"], "township_han", upheld=True), 409, "objection_with_village")
    ok(year.answer(made["id"], "member_feng", upheld=True))
    refused(year.answer(made["id"], "member_chu", upheld=False), 409, "already_answered")
    assert year.nomination(key)["status"] == "revoked"
    year.months.go(days=8)
    assert year.nomination(key)["status"] == "revoked"
    public = ok(year.months.cast.as_(None).get(f"/public/evaluations/{year.id}"))
    assert all(not honour["items"] for honour in public["honours"])


def test_an_open_objection_holds_the_honour_until_the_township_answers(year: Year) -> None:
    key = year.bring_to("on_notice")
    year.months.go(days=3)
    made = ok(year.object(key), 201)
    year.months.go(days=5)  # the notice is over, the objection is not answered
    assert (year.read()["status"], year.nomination(key)["status"]) == ("awarded", "chosen")
    year.months.go(days=3)
    refused(year.answer(made["id"], "member_feng", upheld=False), 409, "objection_with_township")
    ok(year.answer(made["id"], "township_han", upheld=False))
    assert year.nomination(key)["status"] == "awarded"


def test_objections_on_behalf_need_the_slip(year: Year) -> None:
    key = year.bring_to("on_notice")
    refused(year.object(key, "head_chen"), 422, "on_behalf_needed")
    refused(year.object(key, "head_chen", on_behalf=True), 422, "slip_missing")
    refused(year.object(key, "li_mei", on_behalf=True), 422, "on_behalf_only_by_committee")
    photo = year.months.cast.as_("head_chen").photo()
    ok(year.object(key, "head_chen", on_behalf=True, photos=[photo]), 201)
    refused(year.object(key, "other_villager"), 404, "not_found")


def test_strangers_see_numbers_and_conditions_and_no_name(year: Year) -> None:
    year.bring_to("on_notice")
    cast = year.months.cast
    public = cast.as_(None).get(f"/public/evaluations/{year.id}")
    said = public.get_data(as_text=True)
    (honour,) = [one for one in ok(public)["honours"] if one["items"]]
    assert (honour["name"], honour["asks"]) == ("星级文明户", ["全年考核分不少于 105.00"])
    assert honour["items"][0]["number"] == "0001"
    page = cast.app.test_client().get(f"/honours/{year.id}")
    html = page.get_data(as_text=True)
    assert page.status_code == 200 and page.headers["X-Robots-Tag"].startswith("noindex")
    for words in ("2026 年度", "星级文明户", "0001 号", "同意 3", "我有异议"):
        assert words in html
    assert "户主" not in said + html and "常帮邻居" not in said + html


@pytest.mark.parametrize("state", ["nominating", "voting", "resolved"])
def test_what_is_not_on_notice_is_not_public(year: Year, state: str) -> None:
    year.bring_to(state)
    refused(year.months.cast.as_(None).get(f"/public/evaluations/{year.id}"), 404, "not_found")
    assert year.months.cast.app.test_client().get(f"/honours/{year.id}").status_code == 404


def test_neighbours_see_desensitised_names(year: Year) -> None:
    key = year.bring_to("on_notice")
    one = year.nomination(key, "li_mei")
    assert one["head"] == "户**"
    assert one["reason"] == ""
    assert year.nomination(key, "zhao_min")["reason"] == "常帮邻居"
    refused(year.months.cast.as_("other_head").get(f"/evaluations/{year.id}"), 404, "not_found")
    assert year.nomination(key, "wang_fang")["id"] == key  # a grid worker of the village


def test_the_certificate_as_data_and_on_paper(year: Year) -> None:
    key = year.bring_to("awarded")
    head = year.months.cast.as_("head_chen")
    found = ok(head.get(f"/nominations/{key}/certificate"))
    assert (found["name"], found["whole"], found["how"]) == ("户主1", True, "村委会")
    assert found["page"].endswith(f"/honours/{year.id}")
    for path in (f"/nominations/{key}/certificate.pdf", f"/evaluations/{year.id}/certificates.pdf"):
        answer = head.get(path)
        assert answer.status_code == 200
        with pypdfium2.PdfDocument(io.BytesIO(answer.data)) as pdf:
            (page,) = list(pdf)
            assert page.get_width() > page.get_height()
            said = page.get_textpage().get_text_range()
            picture = page.render(scale=200 / 72, grayscale=True).to_numpy().squeeze()
            page.close()
        for words in ("荣誉证书", "户主1", "家庭", "星级文明户", "盖章处", "大槐树村村民委员会"):
            assert words in said
        assert [code.text for code in zxingcpp.read_barcodes(picture.copy())] == [found["page"]]
    with transaction(writes=False) as session:
        printed = select(AuditRow.action).where(AuditRow.action == "certificate.print")
        assert len(session.scalars(printed).all()) == 3
    refused(year.months.cast.as_("zhao_min").get(f"/nominations/{key}/certificate"), 403, "not_allowed")
