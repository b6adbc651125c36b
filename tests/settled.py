"""A village's months for tests: approved records put where the panel would have put them, the committee's
steps by name, the cycles closed by moving the clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from server.conduct.api import Record, RecordStatus
from server.cycles.api import Closed, run_due
from server.kit.clock import local_date
from server.kit.ids import new_id
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.people.models import GrantRow
from server.rulebook.api import rulebook_on
from server.settlement.api import month_number
from server.settlement.months import first_open_month
from tests.cast import VILLAGE, Cast

COMMITTEE = ("head_chen", "member_feng", "member_chu", "member_wei")


def ok(answer: TestResponse, status: int = 200) -> dict[str, Any]:
    """The answer's content, which must have this status."""
    assert answer.status_code == status, answer.get_data(as_text=True)
    return dict(answer.get_json() or {})


def refused(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer that must be refused so."""
    content = answer.get_json()
    assert (answer.status_code, content["code"]) == (status, code), content
    return dict(content)


@dataclass
class Months:
    """The first village of the cast, month by month."""

    cast: Cast
    village: str = VILLAGE

    @property
    def now(self) -> datetime:
        return self.cast.clock.now()

    def vetoed(self, household: str, member: str | None = None) -> str:
        """A veto that the committee has just resolved; gives the record's id."""
        return self.approved(household, "-5.00", "V1", "社会治安", kind="veto", member=member)

    def approved(
        self,
        household: str,
        points: str,
        item: str = "J6",
        heading: str = "公益美德",
        kind: str = "",
        member: str | None = None,
    ) -> str:
        """A record that the panel has just approved; gives its id."""
        with transaction() as session:
            book = rulebook_on(session, VILLAGE, local_date(self.now))
            assert book is not None
            worker = self.cast.persons["wang_fang"]
            grant = session.scalar(select(GrantRow.id).where(GrantRow.person_id == worker))
            row = Record(
                id=new_id(),
                village_code=VILLAGE,
                household_code=self.cast.households[household],
                grid_id=self.cast.grids["east"],
                rulebook_id=book.id,
                item_code=item,
                heading=heading,
                kind=kind or ("positive" if Decimal(points) > 0 else "negative"),
                member_id=self.cast.members[member] if member else None,
                points=Decimal(points),
                logged_points=Decimal(points),
                occurred_on=local_date(self.now),
                photos=[],
                source="scan",
                logged_by=worker,
                grant_id=grant,
                logged_at=self.now,
                content_hash="0" * 64,
                status=RecordStatus.APPROVED,
                month=month_number(first_open_month(session, VILLAGE)),
                decided_at=self.now,
            )
            session.add(row)
            return row.id

    def go(self, **delta: float) -> list[Closed]:
        """Let time pass, closing each period at its own instant."""
        target = self.now + timedelta(**delta)

        def step(due: Any) -> datetime:
            self.cast.clock.move_to(max(due.at, self.now))
            return self.now

        done = run_due(target, step=step)
        self.cast.clock.move_to(target)
        return done

    def go_to(self, instant: datetime) -> list[Closed]:
        """Let time pass until `instant`."""
        return self.go(seconds=(instant - self.now).total_seconds())

    def tally(self, month: str = "2026-10", by: str = "head_chen") -> dict[str, Any]:
        """The month's tally with its lines."""
        items = ok(self.cast.as_(by).get("/tallies", village=VILLAGE, month=month))["items"]
        assert len(items) == 1, items
        return dict(items[0])

    def line(self, household: str, month: str = "2026-10") -> dict[str, Any]:
        """One household's line."""
        code = self.cast.households[household]
        return next(line for line in self.tally(month)["lines"] if line["household"] == code)

    def vote(self, by: str, vote: str = "for", month: str = "2026-10") -> TestResponse:
        """One member's vote."""
        return self.cast.as_(by).post(f"/tallies/{self.tally(month)['id']}/votes", {"vote": vote})

    def resolved(self, month: str = "2026-10") -> dict[str, Any]:
        """Three of four members vote for it."""
        for member in ("member_feng", "member_chu", "member_wei"):
            ok(self.vote(member, month=month))
        found = self.tally(month)
        assert found["status"] == "resolved"
        return found

    def published(self, month: str = "2026-10", by: str = "head_chen", **body: Any) -> dict[str, Any]:
        """Put a resolved month on notice; gives the notice."""
        answer = self.cast.as_(by).post(f"/tallies/{self.tally(month)['id']}/notice", body)
        return dict(ok(answer, 201)["notice"])

    def on_notice(self, month: str = "2026-10") -> dict[str, Any]:
        """Resolve the month and put it on notice."""
        self.resolved(month)
        return self.published(month)

    def public(self, notice: dict[str, Any]) -> dict[str, Any]:
        """The notice as a stranger reads it."""
        return ok(self.cast.as_(None).get(f"/public/notices/{notice['id']}"))

    def object(self, notice: dict[str, Any], by: str, of: str, **more: Any) -> TestResponse:
        """An objection to a household's line."""
        body = {"household": self.cast.households[of], "text": "不对"} | more
        return self.cast.as_(by).post(f"/notices/{notice['id']}/objections", body)

    def answer(self, objection: dict[str, Any], by: str, upheld: bool, **more: Any) -> TestResponse:
        """The answer to an objection."""
        body = {"upheld": upheld, "reason": "核实过了", **more}
        return self.cast.as_(by).post(f"/objections/{objection['id']}/answer", body)

    def account(self, household: str) -> tuple[str, str]:
        """(score, balance) of a household."""
        with transaction(writes=False) as session:
            state = ledger.account(session, self.cast.households[household])
        return str(state.score), str(state.balance)
