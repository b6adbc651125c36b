"""What the permission matrix asks for of assessments: one cycle running, one whose results stand, one being
prepared, all of the first village; `zhao_min` is assessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.assessed import Assessments, linkable, row
from tests.cast import VILLAGE
from tests.settled import ok

if TYPE_CHECKING:
    from tests.guards.permissions.world import World

_OFFICER = "township_han"


def build_assessments(world: World) -> None:
    """Put the cycles into the world."""
    assess, things = Assessments(world.cast), world.things
    things["cycle_preparing"] = _cycle(assess)
    key = things["cycle"] = _cycle(assess)
    ok(assess.post(_OFFICER, f"/cycles/{key}/opening"))
    rows = [row(code, "qual.1", "60", note="台账") for code in ("T1", "S1", "S2")]
    things["score"] = ok(assess.enter(_OFFICER, key, rows), 201)["entries"][0]
    things["duty"] = assess.duty(key, "head_chen", indicators=["qual.*"])
    things["task"] = ok(
        assess.post(_OFFICER, f"/cycles/{key}/tasks", {"title": "修路", "subject": "T1"}), 201
    )["id"]
    things["draw"] = ok(assess.post(_OFFICER, f"/cycles/{key}/draws", {"share": "1"}), 201)["id"]
    pair = {"model": "S2", "follower": "S1", "goal": "都到 700"}
    things["pairing"] = ok(assess.post(_OFFICER, f"/cycles/{key}/pairings", pair), 201)["id"]
    report = {"subject": "S2", "text": "请查一查"}
    things["conduct_report"] = ok(assess.post("zhao_min", f"/cycles/{key}/reports", report), 201)["id"]
    appraisal = ok(assess.post(_OFFICER, f"/cycles/{key}/appraisals", {"indicator": "qual.5"}), 201)["id"]
    things["appraisal"] = appraisal
    codes = ok(assess.post(_OFFICER, f"/appraisals/{appraisal}/codes", {"count": 3}), 201)["codes"]
    things["appraisal_code"] = codes[0]
    _standing(world, assess)
    things["cycle_linked"] = linkable(world.cast, VILLAGE)


def _cycle(assess: Assessments) -> str:
    key = assess.cycle(division=VILLAGE, period="2026H2")
    person = assess.cast.persons["zhao_min"]
    people = [
        {"code": "T1", "name": "大槐树村两委", "category": "team"},
        {"code": "S1", "name": "赵敏", "category": "member", "unit": "T1", "person": person},
        {"code": "S2", "name": "钱芸", "category": "member", "unit": "T1"},
    ]
    ok(assess.post(_OFFICER, f"/cycles/{key}/subjects", {"subjects": people}), 201)
    return key


def _standing(world: World, assess: Assessments) -> None:
    """Results on notice, an objection, a proposal, two notices of rectification."""
    key = world.things["cycle_standing"] = _cycle(assess)
    things = world.things
    ok(assess.post(_OFFICER, f"/cycles/{key}/opening"))
    ok(assess.enter(_OFFICER, key, [row("S1", "qual.1", "60")]), 201)
    assess.until(key, "notice")
    body = {"subject": "S1", "text": "少记了一项"}
    things["result_objection"] = ok(assess.post("zhao_min", f"/cycles/{key}/objections", body), 201)["id"]
    things["proposal"] = ok(assess.get(_OFFICER, f"/cycles/{key}/proposals"))["items"][0]["id"]
    for name in ("rectification", "rectification_reported"):
        demand = {"subject": "S1", "demand": "补齐台账", "days": 20}
        things[name] = ok(assess.post(_OFFICER, f"/cycles/{key}/rectifications", demand), 201)["id"]
    reported = f"/rectifications/{things['rectification_reported']}/report"
    ok(assess.post("zhao_min", reported, {"text": "补齐了"}))
