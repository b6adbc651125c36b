"""Deeds of the loop test: votes, minutes, notices, objections, appeals and what is spent."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import select

from server.kit.clock import SetClock
from server.kit.errors import Conflict
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.rulebook.items import Cap, CapPeriod, Unit
from server.settlement.models import Appeal as AppealRow
from server.settlement.models import Tally, TallyLine
from tests.acceptance.forms import CHANGES, ZERO, Appeal, Challenge, Sheet
from tests.acceptance.loop_records import VILLAGERS
from tests.acceptance.sides import Difference, Nothing, Sides, same
from tests.cast import HOUSEHOLDS, VILLAGE
from tests.settled import COMMITTEE

OPENABLE = ("open", "resolved")


class MonthDeeds(Sides):
    """What is done with a month, each on both sides."""

    def __init__(self, app: Flask, clock: SetClock) -> None:
        super().__init__(app, clock)
        self.notices: dict[int, str] = {}
        # the entry that stands for a line now, and what it changed balance and score by
        self.standing: dict[tuple[int, str], tuple[str, Decimal, Decimal]] = {}
        self.numbered = 0

    def sheet(self, pick: random.Random) -> Sheet:
        """Mostly the oldest month that has not posted."""
        waiting = [sheet for sheet in self.paper.sheets.values() if sheet.status != "posted"]
        if waiting and pick.random() < 0.9:
            return waiting[0]
        if not self.paper.sheets:
            raise Nothing
        return pick.choice(list(self.paper.sheets.values()))

    def tally_id(self, sheet: Sheet) -> str:
        """The program's id of the month."""
        with transaction(writes=False) as session:
            query = select(Tally.id).where(Tally.village_code == VILLAGE, Tally.month == sheet.month)
            return str(session.scalars(query).one())

    def vote(self, pick: random.Random) -> None:
        """A member's vote, mostly for."""
        sheet, by = self.sheet(pick), pick.choice(COMMITTEE)
        vote = pick.choice(("for", "for", "for", "for", "for", "against", "abstain"))
        codes = set()
        if sheet.status != "open":
            codes = {"tally_not_open"}
        elif sheet.votes.get(by, vote) != vote:
            codes = {"already_voted"}
        answer = self.post(by, f"/tallies/{self.tally_id(sheet)}/votes", {"vote": vote})
        if self.expect(answer, codes, f"vote on {sheet.month}") and by not in sheet.votes:
            self.paper.vote(sheet, by, vote)

    def enter_minutes(self, pick: random.Random) -> None:
        """The minutes of a meeting of three members."""
        sheet, by = self.sheet(pick), pick.choice(COMMITTEE)
        codes = {"tally_not_open"} if sheet.status != "open" else set()
        persons = [self.cast.persons[name] for name in COMMITTEE[:3]]
        body = {"minutes_number": "纪要", "held_on": self.today.isoformat(), "attended": persons}
        body |= {"for": 3, "against": 0, "abstained": 0}
        if self.expect(self.post(by, f"/tallies/{self.tally_id(sheet)}/resolution", body), codes, "minutes"):
            if not sheet.frozen:
                self.paper.freeze(sheet)
            sheet.minutes_by = by

    def confirm_minutes(self, pick: random.Random) -> None:
        """By a second member."""
        sheet, by = self.sheet(pick), pick.choice(COMMITTEE)
        codes = set()
        if sheet.status != "open":
            codes = {"tally_not_open"}
        elif sheet.minutes_by is None:
            codes = {"resolution_missing"}
        elif sheet.minutes_by == by:
            codes = {"same_person"}
        answer = self.post(by, f"/tallies/{self.tally_id(sheet)}/resolution/confirmation", {})
        if self.expect(answer, codes, "confirmation"):
            sheet.status = "resolved"

    def send_back(self, pick: random.Random) -> None:
        """One record of the month returns to the panel."""
        sheet = self.sheet(pick)
        behind = self.paper.of_month(sheet.month)
        if not behind:
            raise Nothing
        slip = pick.choice(behind)
        codes = set() if sheet.status in OPENABLE else {"tally_not_open"}
        body = {"record": slip.id, "reason": "请再看一次"}
        path = f"/tallies/{self.tally_id(sheet)}/returns"
        if self.expect(self.post(pick.choice(COMMITTEE), path, body), codes, "sending back"):
            self.paper.send_back(sheet, slip)

    def publish(self, pick: random.Random) -> None:
        """For seven days or longer."""
        sheet, days = self.sheet(pick), pick.choice((None, 7, 9, 12, 5))
        codes = set()
        if sheet.status != "resolved":
            codes = {"tally_not_resolved"}
        elif days == 5:
            codes = {"notice_days"}
        body = {} if days is None else {"days": days}
        status, content = self.post(pick.choice(COMMITTEE), f"/tallies/{self.tally_id(sheet)}/notice", body)
        if self.expect((status, content), codes, f"notice of {sheet.month}"):
            self.paper.publish(sheet, days or 7)
            self.notices[sheet.month] = content["notice"]["id"]

    def withdraw_notice(self, pick: random.Random) -> None:
        """With a reason; the tally opens again."""
        sheet = self.sheet(pick)
        if sheet.month not in self.notices or pick.random() < 0.5:
            raise Nothing
        codes = set() if sheet.status == "on_notice" else {"notice_not_active"}
        path = f"/notices/{self.notices[sheet.month]}/withdrawal"
        if self.expect(self.post(pick.choice(COMMITTEE), path, {"reason": "有错"}), codes, "withdrawal"):
            self.paper.reopen(sheet)

    def object(self, pick: random.Random) -> None:
        """A villager, on a line or a record of any household."""
        sheet = self.sheet(pick)
        if sheet.month not in self.notices:
            raise Nothing
        by, household = pick.choice(list(VILLAGERS.values())), pick.choice(list(HOUSEHOLDS))
        behind = self.paper.of_month(sheet.month, household)
        slip = pick.choice(behind) if behind and pick.random() < 0.7 else None
        now = self.paper.now
        codes = set()
        if sheet.status != "on_notice" or sheet.ends is None or now >= sheet.ends:
            codes = {"notice_over"}
        elif any(
            one.waiting and (one.by, one.household, one.slip) == (by, household, slip)
            for one in sheet.challenges.values()
        ):
            codes = {"already_objected"}
        body = {"household": self.cast.households[household], "text": "请核对"}
        body |= {"record": slip.id} if slip else {}
        status, content = self.post(by, f"/notices/{self.notices[sheet.month]}/objections", body)
        if self.expect((status, content), codes, f"objection to {sheet.month}"):
            self.paper.hold(sheet, content["id"], Challenge(household, slip, by, self.paper.week_on()))

    def answer(self, pick: random.Random) -> None:
        """By the committee, after a week by the township; upheld with points, without, or dismissed."""
        waiting = [
            (sheet, key, one)
            for sheet in self.paper.sheets.values()
            for key, one in sheet.challenges.items()
            if one.waiting
        ]
        if not waiting:
            raise Nothing
        sheet, key, challenge = pick.choice(waiting)
        right, wrong = pick.choice(COMMITTEE), "township_han"
        if challenge.status == "escalated":
            right, wrong = wrong, right
        by = wrong if pick.random() < 0.1 else right
        upheld, points = pick.random() < 0.6, None
        slip = challenge.slip
        if upheld and slip is not None and pick.random() < 0.5:
            points = self.points(pick, slip.item)
        codes = set()
        if by == wrong:
            codes.add(f"objection_with_{'township' if challenge.status == 'escalated' else 'committee'}")
        if slip is not None and slip.by == by:
            codes.add("own_matter")
        if upheld and slip is not None and slip.status != "approved":
            codes |= {"state_changed", "points_not_allowed"}
        elif points is not None and slip is not None and (points == slip.points or not slip.allows(points)):
            codes.add("points_not_allowed")
        body: dict[str, Any] = {"upheld": upheld, "reason": "核实过了"}
        body |= {"points": f"{points:.2f}"} if points is not None else {}
        about = f"answer {body} on {slip}"
        if self.expect(self.post(by, f"/objections/{key}/answer", body), codes, about):
            self.paper.answer(sheet, challenge, upheld, points)

    def appeal(self, pick: random.Random) -> None:
        """After posting: the household says that a record behind its entry is wrong."""
        posted = [
            slip
            for slip in self.paper.slips.values()
            if slip.status == "approved"
            and slip.household in VILLAGERS
            and self.paper.shown(slip) == "posted"
        ]
        if not posted:
            raise Nothing
        slip = pick.choice(posted)
        assert slip.month is not None
        place = (slip.month, slip.household)
        entry = (self.standing.get(place) or self._first_entry(*place))[0]
        waiting = any(one.waiting and one.entry == entry for one in self.paper.appeals.values())
        by = VILLAGERS[slip.household]
        answer = self.post(by, f"/entries/{entry}/appeals", {"text": "请核对", "record": slip.id})
        if self.expect(answer, {"already_appealed"} if waiting else set(), "appeal"):
            made = Appeal(place, slip, entry, by, self.paper.week_on())
            self.paper.appeals[answer[1]["id"]] = made

    def answer_appeal(self, pick: random.Random) -> None:
        """By the committee, after a week by the township: reversed and posted anew, or dismissed."""
        waiting = [(key, one) for key, one in self.paper.appeals.items() if one.waiting]
        if not waiting:
            raise Nothing
        key, appeal = pick.choice(waiting)
        right, wrong = pick.choice(COMMITTEE), "township_han"
        if appeal.status == "escalated":
            right, wrong = wrong, right
        by = wrong if pick.random() < 0.1 else right
        upheld, slip = pick.random() < 0.7, appeal.slip
        points = self.points(pick, slip.item) if upheld and pick.random() < 0.5 else None
        codes = set()
        if by == wrong:
            codes.add(f"appeal_with_{'township' if appeal.status == 'escalated' else 'committee'}")
        if slip.by == by:
            codes.add("own_matter")
        if points is not None and (points == slip.points or not slip.allows(points)):
            codes.add("points_not_allowed")
        body: dict[str, Any] = {"upheld": upheld, "reason": "核实过了"}
        body |= {"points": f"{points:.2f}"} if points is not None else {}
        status, content = self.post(by, f"/appeals/{key}/answer", body)
        if not self.expect((status, content), codes, f"answer to an appeal {body} on {slip}"):
            return
        appeal.status = "upheld" if upheld else "dismissed"
        if upheld:
            self._upheld(appeal, key, points)

    def _upheld(self, appeal: Appeal, key: str, points: Decimal | None) -> None:
        with transaction(writes=False) as session:
            row = session.get_one(AppealRow, key)
            new_entry, new_record = str(row.new_entry_id), row.new_record_id
        _, balance, score = self.standing.get(appeal.place) or self._first_entry(*appeal.place)
        changed, total = self.paper.uphold(appeal, points, (balance, score))
        self.standing[appeal.place] = (new_entry, changed, total)
        if points is not None and new_record is not None:
            copy = replace(appeal.slip, id=new_record, points=points, status="approved", votes={})
            self.paper.slips[new_record] = copy

    def change_rulebook(self, pick: random.Random) -> None:
        """The list is adjusted at a meeting, from today or some days on."""
        name, later = pick.choice(list(CHANGES)), pick.choice((0, 0, 1, 5))
        items = []
        for item in self.cast.rulebook.items:
            new = CHANGES[name].get(item.code)
            if new is not None:
                cap = Cap(new.caps[0][1], CapPeriod(new.caps[0][0])) if new.caps else None
                low, high = Decimal(new.least), Decimal(new.most)
                unit = Unit.TIME if item.code == "J5" else item.unit
                item = replace(item, points_min=low, points_max=high, cap=cap, unit=unit)  # noqa: PLW2901
            items.append(item)
        book = replace(self.cast.rulebook, items=tuple(items))
        draft = {"village": VILLAGE, "rulebook": book.to_document()}
        status, content = self.post("head_chen", "/rulebooks", draft)
        same(status, 201, f"draft {content}")
        since = self.today + later * timedelta(days=1)
        meeting = {"held_on": self.today.isoformat(), "kind": "representatives", "attended": 30, "for": 28}
        meeting["effective_on"] = since.isoformat()
        answer = self.post("head_chen", f"/rulebooks/{content['id']}/adoption", meeting)
        if self.expect(answer, set(), "adoption"):
            self.paper.books.append((since, name))

    def _first_entry(self, month: int, household: str) -> tuple[str, Decimal, Decimal]:
        line = self.paper.sheets[month].lines[household]
        with transaction(writes=False) as session:
            query = select(TallyLine.entry_id).join(Tally, Tally.id == TallyLine.tally_id)
            here = (Tally.village_code == VILLAGE, Tally.month == month)
            code = self.cast.households[household]
            entry = session.scalars(query.where(*here, TallyLine.household_code == code)).one()
        return str(entry), line.to_balance, line.net

    def _refused(self, code: str, act: Any) -> None:
        try:
            with transaction() as session:
                act(session)
        except Conflict as refused:
            same(refused.code, code, "refusal")
        else:
            raise Difference(f"accepted, paper refuses {code}")

    def spend(self, pick: random.Random) -> None:
        """Points for goods: never more than there are."""
        household = pick.choice(list(HOUSEHOLDS))
        there = self.paper.booklets[household].balance
        amount = max(Decimal("0.01"), there * pick.choice((1, 2, 3)) / 2)
        self.numbered += 1
        reference, now = f"spent:{self.numbered}", self.clock.now()
        code = self.cast.households[household]

        def act(session: Any) -> None:
            ledger.redeem(session, code, amount.quantize(Decimal("0.01")), reference, {}, now)

        if amount > there:
            self._refused("insufficient_balance", act)
            return
        with transaction() as session:
            act(session)
        self.paper.booklets[household].balance -= amount.quantize(Decimal("0.01"))
        self.paper.redeemed += amount.quantize(Decimal("0.01"))

    def read_tally(self, pick: random.Random) -> None:
        """A month as the committee reads it, with what each line takes from the balance."""
        sheet = self.sheet(pick)
        shown = self.cast.as_("head_chen").get(f"/tallies/{self.tally_id(sheet)}").get_json()
        same(shown["status"], sheet.status, f"status of {sheet.month}")
        found = {
            line["household"]: (line["records"], line["score_change"], line["balance_change"], line["status"])
            for line in shown["lines"]
        }
        wanted = {}
        for household, line in self.paper.lines(sheet).items():
            change = line.to_balance
            if line.status != "posted":
                change = max(line.net, -max(self.paper.booklets[household].balance, ZERO))
            texts = (f"{line.net:.2f}", f"{change + ZERO:.2f}")
            wanted[self.cast.households[household]] = (line.records, *texts, line.status)
        same(found, wanted, f"lines of {sheet.month}")
