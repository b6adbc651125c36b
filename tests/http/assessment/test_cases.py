"""Task lists, draws, pairings, reports about a person."""

from __future__ import annotations

from server.assessment.exact import parse_decimal
from server.assessment.inspection import draw
from tests.assessed import OFFICER, Assessments, row
from tests.settled import ok, refused


def test_tasks_cascade_and_a_loss_is_the_units_and_the_persons(assess: Assessments) -> None:
    assess.pack = "hangjin"
    key = assess.cycle()
    people = [
        {"code": "U1", "name": "麦岭镇", "category": "town", "person": assess.cast.persons["member_feng"]},
        {
            "code": "P1",
            "name": "陈立",
            "category": "head",
            "unit": "U1",
            "person": assess.cast.persons["head_chen"],
        },
    ]
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": people}), 201)
    rows = [
        row(code, one, "80", rater="一季度")
        for code in ("U1", "P1")
        for one in ("routine", "special", "periodic")
    ]
    ok(assess.enter(OFFICER, key, rows), 201)
    top = ok(
        assess.post(OFFICER, f"/cycles/{key}/tasks", {"title": "全面小康", "area": "全面建成小康社会"}), 201
    )
    refused(
        assess.post(OFFICER, f"/cycles/{key}/tasks", {"title": "x", "parent": top["id"]}), 422, "task_wrong"
    )
    unit = ok(
        assess.post(OFFICER, f"/cycles/{key}/tasks", {"title": "通水", "parent": top["id"], "subject": "U1"}),
        201,
    )
    own = {"title": "三个村通水", "parent": unit["id"], "subject": "P1", "due_on": "2026-10-01"}
    task = ok(assess.post(OFFICER, f"/cycles/{key}/tasks", own), 201)
    deeper = {"title": "再往下", "parent": task["id"], "subject": "P1"}
    refused(assess.post(OFFICER, f"/cycles/{key}/tasks", deeper), 422, "task_wrong")
    listed = ok(assess.get("head_chen", f"/cycles/{key}/tasks"))
    assert [one["level"] for one in listed["items"]] == [0, 2], "the top is everybody's, the unit's is not"
    report = {"period": "2026-09", "percent": 40, "text": "一个村通了"}
    ok(assess.post("head_chen", f"/tasks/{task['id']}/progress", report), 201)
    refused(assess.post("head_chen", f"/tasks/{task['id']}/progress", report), 409, "progress_reported")
    refused(
        assess.post("head_chen", f"/tasks/{task['id']}/progress", report | {"period": "2026年9月"}),
        422,
        "period_wrong",
    )
    refused(assess.post("member_feng", f"/tasks/{task['id']}/progress", report), 404, "not_found")
    missed = {"status": "missed", "remark": "两个村没通", "loss": "2"}
    refused(assess.post(OFFICER, f"/tasks/{unit['id']}/closure", missed), 422, "loss_wrong")
    ok(assess.post(OFFICER, f"/tasks/{task['id']}/closure", missed))
    refused(
        assess.post("head_chen", f"/tasks/{task['id']}/progress", report | {"period": "2026-10"}),
        409,
        "task_over",
    )
    finals = {one["subject"]: one["final"] for one in assess.results(key)["results"]}
    assert finals == {"U1": "78.00", "P1": "78.00"}
    tree = ok(assess.get(OFFICER, f"/cycles/{key}/subjects/P1/explanation"))["explanation"]
    assert "charged_from" in str(tree) and "两个村没通" in str(tree)
    ok(assess.post(OFFICER, f"/cycles/{key}/opening"))
    assess.until_standing(key)
    standing = ok(assess.get("head_chen", f"/cycles/{key}/subjects/P1/explanation"))["explanation"]
    assert standing == tree


def test_a_draw_can_be_repeated_and_every_draw_stays(assess: Assessments) -> None:
    key = assess.cycle()
    teams = [{"code": f"T{n:02}", "name": f"第{n}村", "category": "team"} for n in range(1, 31)]
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": teams}), 201)
    first = ok(assess.post(OFFICER, f"/cycles/{key}/draws", {"share": "0.2"}), 201)
    ok(assess.post(OFFICER, f"/cycles/{key}/draws", {}), 201)
    share = parse_decimal(first["share"])
    assert share is not None
    assert draw(first["seed"], first["groups"], share) == first["drawn"] and len(first["drawn"]["team"]) == 6
    drawn, left = (
        first["drawn"]["team"][0],
        (set(first["groups"]["team"]) - set(first["drawn"]["team"])).pop(),
    )
    path = f"/draws/{first['id']}/findings"
    ok(assess.post(OFFICER, path, {"subject": drawn, "text": "台账齐全"}), 201)
    refused(assess.post(OFFICER, path, {"subject": left, "text": "x"}), 422, "not_drawn")
    refused(assess.post("auditor_yang", path, {"subject": drawn, "text": "x"}), 403, "not_allowed")
    listed = ok(assess.get("auditor_yang", f"/cycles/{key}/draws"))["items"]
    assert [len(one["findings"]) for one in listed] == [0, 1] and all(one["repeated"] for one in listed)
    assert listed[0]["seed"] != listed[1]["seed"] and len(listed[0]["drawn"]["team"]) == 3


def test_a_model_takes_others_along(assess: Assessments) -> None:
    assess.pack = "nanjiang-rating"
    key = assess.cycle(period="2026Q3")
    people = [{"code": f"C{n}", "name": f"某{n}", "category": "window", "unit": "U1"} for n in range(8)]
    people[0]["person"] = assess.cast.persons["head_chen"]
    ok(assess.post(OFFICER, f"/cycles/{key}/subjects", {"subjects": people}), 201)

    def pair(follower: str, model: str = "C0"):  # type: ignore[no-untyped-def]
        body = {"model": model, "follower": follower, "goal": "下季度到 80 分"}
        return assess.post(OFFICER, f"/cycles/{key}/pairings", body)

    first = ok(pair("C1"), 201)
    refused(pair("C1", "C2"), 409, "already_paired")
    refused(pair("C0"), 422, "pairing_wrong")
    for number in range(2, 6):
        ok(pair(f"C{number}"), 201)
    refused(pair("C6"), 409, "model_full")
    ok(assess.post("head_chen", f"/pairings/{first['id']}/follow-ups", {"text": "一起跑了窗口"}), 201)
    refused(
        assess.post("member_feng", f"/pairings/{first['id']}/follow-ups", {"text": "x"}), 404, "not_found"
    )
    ok(assess.post(OFFICER, f"/pairings/{first['id']}/closure", {"met": True, "remark": "82 分"}))
    refused(assess.post(OFFICER, f"/pairings/{first['id']}/closure", {"met": True}), 409, "state_changed")
    ok(pair("C1", "C2"), 201)
    mine = ok(assess.get("head_chen", f"/cycles/{key}/pairings"))["items"]
    assert len(mine) == 5 and mine[0]["follow_ups"][0]["text"] == "一起跑了窗口"


def test_only_the_overseer_learns_who_reported(assess: Assessments) -> None:
    key = assess.staffed()
    assess.duty(key, "panel_wu", role="overseer")
    body = {"subject": "M1", "text": "标记的举报正文"}
    made = ok(assess.post("member_feng", f"/cycles/{key}/reports", body), 201)
    assert made["person"] == assess.cast.persons["member_feng"]
    assert ok(assess.get(OFFICER, f"/cycles/{key}/reports"))["items"] == []
    assert ok(assess.get("head_chen", f"/cycles/{key}/reports"))["items"] == []
    (seen,) = ok(assess.get("panel_wu", f"/cycles/{key}/reports"))["items"]
    assert seen["person"] == assess.cast.persons["member_feng"]
    for by, code in ((OFFICER, 404), ("head_chen", 404), ("member_feng", 403)):
        assert assess.post(by, f"/reports/{made['id']}/check").status_code == code
    answer = {"confirmed": False, "finding": "查了账，没有这回事"}
    refused(assess.post("panel_wu", f"/reports/{made['id']}/answer", answer), 409, "state_changed")
    ok(assess.post("panel_wu", f"/reports/{made['id']}/check"))
    ok(assess.post("panel_wu", f"/reports/{made['id']}/answer", answer))
    inbox = ok(assess.cast.as_("member_feng").get("/inbox"))["items"]
    assert any("没有这回事" in one["text"] for one in inbox)
    log = assess.cast.as_("auditor_yang").get("/audit", entity="assessment_report").get_data(as_text=True)
    assert assess.cast.persons["member_feng"] not in log and "标记的举报正文" not in log


def test_the_overseer_is_not_asked_about_reports_on_the_own_person(assess: Assessments) -> None:
    key = assess.staffed()
    assess.duty(key, "head_chen", role="overseer")
    body = {"subject": "M1", "text": "关于监督的人自己"}
    made = ok(assess.post("member_feng", f"/cycles/{key}/reports", body), 201)
    assert ok(assess.get("head_chen", f"/cycles/{key}/reports"))["items"] == []
    refused(assess.post("head_chen", f"/reports/{made['id']}/check"), 403, "own_case")
