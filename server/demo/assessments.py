"""The assessments of the demo county: two half-years and a year that are finished, a quarter that is running.

Played through the API by the people who would do it, day by day; the steps between open and close by themselves.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from server.demo import county
from server.demo.assessment_cast import Cast, cast_of
from server.demo.assessment_sheets import deductions, party_sheet, thousand_sheet, town_sheet
from server.demo.office import Office, Refused
from server.demo.people import Staff
from server.kit.transaction import transaction
from server.people.models import Person

Act = Callable[[date], None]
OFFICER, TOWNSHIP, OVERSEER = "county_officer", "township_officer", "supervisor"


class NotYet(Exception):
    """The cycle has not come so far: tried again the day after."""


@dataclass
class AssessmentPlay:
    """Everything that is assessed in the county; `live` is called on every day of the story."""

    office: Office
    first: date
    as_of: date
    rng: random.Random
    cast: Cast
    cycles: dict[str, str] = field(default_factory=dict)
    _acts: dict[int, list[Act]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        last = (self.as_of - self.first).days
        plan: tuple[tuple[int, Act], ...] = (
            (3, self._begin_thousand), (5, self._say_own("thousand")), (14, self._score_thousand),
            (44, self._object), (48, self._answer), (56, self._decide("thousand")),
            (90, self._report_rectified), (97, self._close_rectified),
            (5, self._begin_towns), (20, self._set_tasks), (60, self._inspect), (75, self._tell_progress),
            (84, self._ask_anonymously), (93, self._score_towns), (125, self._decide("towns")),
            (10, self._begin_party), (12, self._say_own("party")), (18, self._score_party),
            (24, self._vote("party", 31)), (45, self._decide("party")),
            (last - 17, self._begin_quarter), (last - 15, self._say_own("quarter")),
            (last - 13, self._score_quarter), (last - 4, self._vote("quarter", 26)),
        )  # fmt: skip
        for offset, act in plan:
            self._acts.setdefault(offset, []).append(act)

    def live(self, day: date) -> None:
        """What is done on `day`."""
        offset = (day - self.first).days
        for act in self._acts.get(offset, ()):
            try:
                act(day)
            except (NotYet, Refused) as error:
                if isinstance(error, Refused) and error.code != "step_not_open":
                    raise
                self._acts.setdefault(offset + 1, []).append(act)

    def post(self, by: str, path: str, body: Any = None) -> Any:
        """As somebody of the cast, by the name of the part."""
        return self.office.post(self.cast.persons[by], f"/assessments{path}", body or {})

    def items(self, by: str, path: str) -> list[Any]:
        """All items of a list."""
        return self.office.items(self.cast.persons[by], f"/assessments{path}")

    def _begin(self, name: str, by: str, body: dict[str, Any], subjects: list[dict[str, Any]]) -> str:
        key: str = self.post(by, "/cycles", body)["id"]
        self.cycles[name] = key
        self.post(by, f"/cycles/{key}/subjects", {"subjects": subjects})
        self.post(by, f"/cycles/{key}/duties", {"person": self.cast.persons[OVERSEER], "role": "overseer"})
        self.post(by, f"/cycles/{key}/opening")
        return key

    def _enter(self, name: str, by: str, rows: list[dict[str, str]]) -> None:
        for start in range(0, len(rows), 2000):
            self.post(by, f"/cycles/{self.cycles[name]}/entries", {"entries": rows[start : start + 2000]})

    def _begin_thousand(self, day: date) -> None:
        body = {"pack": "gaoyang-thousand", "period": _half_year(day), "division": county.COUNTY[0]}
        body |= {"title": f"青禾县“两委”班子和成员千分制考核 {_half_year(day)}"}
        key = self._begin("thousand", OFFICER, body, self.cast.teams + self.cast.members)
        rater = {"person": self.cast.persons[TOWNSHIP], "indicators": ["qual.*"]}
        self.post(OFFICER, f"/cycles/{key}/duties", rater)

    def _score_thousand(self, day: date) -> None:
        subjects = self.cast.teams + self.cast.members
        quant, qual = thousand_sheet([one["code"] for one in subjects], self.rng)
        self._enter("thousand", OFFICER, quant)
        self._enter("thousand", TOWNSHIP, qual)

    def _object(self, day: date) -> None:
        """A committee member misses a commendation; the officer finds it and the results settle anew."""
        key, code = self.cycles["thousand"], self.cast.code_of["committee_member_1"]
        body = {"subject": code, "text": "五月县里的表彰没有算进去，请核对。"}
        self.post("committee_member_1", f"/cycles/{key}/objections", body)

    def _answer(self, day: date) -> None:
        key, code = self.cycles["thousand"], self.cast.code_of["committee_member_1"]
        made = self.items(OFFICER, f"/cycles/{key}/objections")
        if not made:
            raise NotYet
        entry = {
            "subject": code,
            "indicator": "bonus",
            "value": "10",
            "kind": "commended",
            "note": "县表彰决定第 8 号",
        }
        body = {"upheld": True, "reason": "核对了表彰决定，确实漏记，已补上。", "entries": [entry]}
        self.post(OFFICER, f"/objections/{made[0]['id']}/answer", body)

    def _decide(self, name: str) -> Act:
        def act(day: date) -> None:
            by = TOWNSHIP if name == "party" else OFFICER
            for number, one in enumerate(self.items(by, f"/cycles/{self.cycles[name]}/proposals")):
                approved = number % 5 != 4
                reason = "会议研究同意。" if approved else "考虑到任职不足半年，这次不采取，谈话提醒。"
                body = {"approved": approved, "reason": reason, "decided_on": day.isoformat()}
                body |= {"document_number": f"会议纪要〔{day.year}〕{day.month}号"} if approved else {}
                self.post(by, f"/proposals/{one['id']}/decision", body)

        return act

    def _report_rectified(self, day: date) -> None:
        """Whoever speaks for a team or for oneself, and has a phone, reports."""
        for one in self.items(OFFICER, f"/cycles/{self.cycles['thousand']}/rectifications"):
            person = self.cast.accounts.get(one["subject"])
            if person is not None:
                body = {"text": "按通知逐条整改：台账补齐，公开栏按月更新，走访每周一次。"}
                self.office.post(person, f"/assessments/rectifications/{one['id']}/report", body)

    def _close_rectified(self, day: date) -> None:
        for one in self.items(OFFICER, f"/cycles/{self.cycles['thousand']}/rectifications"):
            if one["status"] == "reported":
                body = {"accepted": True, "remark": "到村核查，属实，销号。"}
                self.post(OFFICER, f"/rectifications/{one['id']}/closure", body)

    def _begin_towns(self, day: date) -> None:
        body = {"pack": "dinghai-2018-town", "period": str(day.year - 1), "division": county.COUNTY[0]}
        body |= {"title": f"青禾县乡镇党建考核（党建系数法）{day.year - 1} 年度"}
        self._begin("towns", OFFICER, body, self.cast.towns)

    def _set_tasks(self, day: date) -> None:
        key = self.cycles["towns"]
        top = self.post(
            OFFICER, f"/cycles/{key}/tasks", {"title": "党建工作任务目标", "goal": "支部规范化达标"}
        )
        for town in self.cast.towns:
            body = {"title": f"{town['name']}目标书", "parent": top["id"], "subject": town["code"]}
            self.post(
                OFFICER, f"/cycles/{key}/tasks", body | {"goal": "规范化支部九成以上，换届后培训全覆盖"}
            )

    def _tell_progress(self, day: date) -> None:
        key = self.cycles["towns"]
        found = self.office.get(self.cast.persons[OFFICER], f"/assessments/cycles/{key}/tasks")["items"]
        for task in found:
            percent = self.rng.randint(45, 90)
            body = {"period": f"{day.year}-{day.month:02d}", "percent": percent, "text": "年中检查进度"}
            self.post(OFFICER, f"/tasks/{task['id']}/progress", body)

    def _inspect(self, day: date) -> None:
        key = self.cycles["towns"]
        drawn = self.post(OFFICER, f"/cycles/{key}/draws", {"share": "0.2"})
        for code in drawn["drawn"]["town"]:
            body = {"subject": code, "text": "蹲点两天：台账齐全，两个村的公开栏没有按月更新。"}
            self.post(OFFICER, f"/draws/{drawn['id']}/findings", body)

    def _ask_anonymously(self, day: date) -> None:
        """Twelve codes, eleven sheets; nobody notes who had which."""
        body = {"indicator": "democratic_appraisal", "days": 5}
        appraisal = self.post(OFFICER, f"/cycles/{self.cycles['towns']}/appraisals", body)["id"]
        codes = self.post(OFFICER, f"/appraisals/{appraisal}/codes", {"count": 12})["codes"]
        client = self.office.app.test_client()
        for code in codes[:11]:
            scores = {town["code"]: str(self.rng.randint(9, 15)) for town in self.cast.towns}
            answer = client.post(
                "/api/v1/assessments/appraisal-sheets", json={"code": code, "scores": scores}
            )
            if answer.status_code != 204:
                raise RuntimeError(answer.get_data(as_text=True))

    def _score_towns(self, day: date) -> None:
        self._enter("towns", OFFICER, town_sheet([town["code"] for town in self.cast.towns], self.rng))

    def _begin_party(self, day: date) -> None:
        division = self.cast.branch
        body = {"pack": "gaoyang-party", "period": _half_year(day), "division": division}
        body |= {"title": f"{self.cast.branch_name}党支部党员积分 {_half_year(day)}"}
        key = self._begin("party", TOWNSHIP, body, self.cast.party)
        duty = {"person": self.cast.persons["committee_head"], "role": "branch_committee"}
        self.post(TOWNSHIP, f"/cycles/{key}/duties", duty)

    def _score_party(self, day: date) -> None:
        people = [(one["code"], one["category"]) for one in self.cast.party]
        self._enter("party", TOWNSHIP, party_sheet(people, self.rng))

    def _begin_quarter(self, day: date) -> None:
        body = {"pack": "dongguan", "period": _quarter(day), "division": county.COUNTY[0]}
        body |= {"title": f"青禾县直机关党员积分 {_quarter(day)}"}
        self._begin("quarter", OFFICER, body, self.cast.staff)

    def _score_quarter(self, day: date) -> None:
        people = [(one["code"], one["category"]) for one in self.cast.staff]
        self._enter("quarter", OFFICER, deductions(people, self.rng))

    def _say_own(self, name: str) -> Act:
        def act(day: date) -> None:
            key = self.cycles[name]
            for one in self.items(TOWNSHIP if name == "party" else OFFICER, f"/cycles/{key}/subjects"):
                if one["person"]:
                    body = {"verdict": "stated", "text": "对照清单自查，任务都在推进，公开做得还不够及时。"}
                    self.office.post(
                        one["person"], f"/assessments/cycles/{key}/subjects/{one['code']}/opinion", body
                    )

        return act

    def _vote(self, name: str, attended: int) -> Act:
        """The members' meeting votes on each person."""

        def act(day: date) -> None:
            by = TOWNSHIP if name == "party" else OFFICER
            cycle = self.office.get(self.cast.persons[by], f"/assessments/cycles/{self.cycles[name]}")
            if not any(s["step"] == "meeting_vote" and s["status"] == "open" for s in cycle["steps"]):
                raise NotYet
            for one in self.items(by, f"/cycles/{self.cycles[name]}/subjects"):
                against = self.rng.choice((0, 0, 0, 1, 2))
                body = {"verdict": "agreed", "votes_for": attended - against, "votes_against": against}
                self.post(by, f"/cycles/{self.cycles[name]}/subjects/{one['code']}/opinion", body)

        return act


def _half_year(day: date) -> str:
    """The last half-year that is over."""
    return f"{day.year}H1" if day.month > 6 else f"{day.year - 1}H2"


def _quarter(day: date) -> str:
    """The last quarter that is over."""
    quarter = (day.month - 1) // 3
    return f"{day.year}Q{quarter}" if quarter else f"{day.year - 1}Q4"


def begin(office: Office, staffs: list[Staff], first: date, as_of: date, seed: int) -> AssessmentPlay:
    """The county's assessments, with everybody who takes part signed in."""
    rng = random.Random(f"{seed}-assessments")
    with transaction() as session:
        cast = cast_of(session, staffs, rng)
        people = list(session.scalars(select(Person).where(Person.id.in_(set(cast.persons.values())))))
        people += list(session.scalars(select(Person).where(Person.id.in_(set(cast.accounts.values())))))
    for person in {one.id: one for one in people}.values():
        if person.id not in office.tokens:
            office.sign_in(person)
    return AssessmentPlay(office, first, as_of, rng, cast)
