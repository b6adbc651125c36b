"""Drives the whole loop over HTTP beside a village kept on paper: one deed on both, then every figure compared.

A deed is a name and a number; the number seeds all that the deed draws, so that a list of deeds can be replayed
and made shorter.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from sqlalchemy import select

from server.conduct.api import Record
from server.conduct.models import WeeklyReport
from server.conduct.queries import SHOWN
from server.cycles.models import ParkedPeriod
from server.grid.models import Grid
from server.kit.transaction import transaction
from server.ledger import api as ledger
from server.settlement.models import Appeal, Objection, Tally, TallyLine
from tests.acceptance.loop_months import MonthDeeds
from tests.acceptance.loop_records import RecordDeeds
from tests.acceptance.sides import Nothing, same
from tests.cast import VILLAGE

# how often each deed is tried
DEEDS = {
    "log": 20, "log_batch": 6, "log_veto": 2, "repeat": 5, "withdraw": 4, "reply": 3, "pass_time": 14,
    "submit_week": 5, "review": 12, "review_batch": 10, "meet": 5, "vote": 14, "enter_minutes": 2,
    "confirm_minutes": 3, "send_back": 2, "publish": 6, "withdraw_notice": 1, "object": 6, "answer": 7,
    "appeal": 5, "answer_appeal": 5, "change_rulebook": 1, "spend": 3, "read_tally": 3,
}  # fmt: skip
Deed = tuple[str, int]
Fresh = Callable[[], AbstractContextManager["Loop"]]


class Loop(RecordDeeds, MonthDeeds):
    """All deeds, and the comparison after each."""

    def do(self, deed: Deed) -> None:
        """One deed on both sides, then everything compared; raises Nothing or Difference."""
        name, number = deed
        getattr(self, name)(random.Random(number))
        self.compare()

    def pass_time(self, pick: random.Random) -> None:
        """From an hour to more than a week; what falls due on the way is closed at its own time."""
        self.months.go(hours=pick.choice((1, 5, 12, 24, 24, 24, 48, 48, 72, 96, 200)))
        self.paper.pass_time(self.clock.now())

    def compare(self) -> None:
        """Records, reports, accounts, sums of the village, tallies with their frozen lines, objections."""
        paper = self.paper
        names = {code: name for name, code in self.cast.households.items()}
        grids = {key: name for name, key in self.cast.grids.items()}
        with transaction(writes=False) as session:
            here = Record.village_code == VILLAGE
            rows = session.execute(select(Record.id, SHOWN, Record.points, Record.month).where(here))
            records = {key: (status, points, month) for key, status, points, month in rows}
            rows = session.execute(
                select(Grid.id, WeeklyReport.ends_at, WeeklyReport.status)
                .join(Grid, Grid.id == WeeklyReport.grid_id)
                .where(Grid.village_code == VILLAGE)
            )
            reports = {(grids[grid], ends_at): status for grid, ends_at, status in rows}
            accounts = {
                name: ledger.account(session, code) for code, name in names.items() if name != "other"
            }
            sums = ledger.village_sums(session, VILLAGE)
            rows = session.execute(
                select(Tally.month, Tally.status, Tally.frozen_at).where(Tally.village_code == VILLAGE)
            )
            tallies = {month: (status, frozen is not None) for month, status, frozen in rows}
            rows = session.execute(
                select(
                    Tally.month, TallyLine.household_code, TallyLine.records, TallyLine.net, TallyLine.status
                )
                .join(Tally, Tally.id == TallyLine.tally_id)
                .where(Tally.village_code == VILLAGE)
            )
            lines = {(month, names[code]): (count, net, status) for month, code, count, net, status in rows}
            objections = dict(session.execute(select(Objection.id, Objection.status)).all())
            appeals = dict(session.execute(select(Appeal.id, Appeal.status)).all())
            parked = [row.error for row in session.scalars(select(ParkedPeriod))]
        same(parked, [], "parked")
        same(
            records,
            {key: (paper.shown(slip), slip.points, slip.month) for key, slip in paper.slips.items()},
            "records",
        )
        same(reports, paper.reports, "reports")
        same(
            {name: (found.balance, found.score, found.score_year) for name, found in accounts.items()},
            {
                name: (book.balance, book.scores[max(book.scores)], max(book.scores))
                for name, book in paper.booklets.items()
            },
            "accounts",
        )
        same(
            {name: sums.get(name, 0) for name in ("issued", "redeemed", "assessed")},
            {"issued": paper.issued, "redeemed": paper.redeemed, "assessed": paper.assessed},
            "sums",
        )
        same(
            tallies, {month: (sheet.status, sheet.frozen) for month, sheet in paper.sheets.items()}, "tallies"
        )
        same(
            lines,
            {
                (month, household): (line.records, line.net, line.status)
                for month, sheet in paper.sheets.items()
                for household, line in sheet.lines.items()
            },
            "lines",
        )
        challenges = {
            key: one.status
            for sheet in paper.sheets.values()
            for key, one in {**sheet.lapsed, **sheet.challenges}.items()
        }
        same(objections, challenges, "objections")
        same(appeals, {key: one.status for key, one in paper.appeals.items()}, "appeals")


def walk(loop: Loop, steps: int, pick: random.Random) -> Iterator[Deed]:
    """Deeds until `steps` of them have found something to do; each is given before it is done."""
    names, weights = list(DEEDS), list(DEEDS.values())
    done = 0
    while done < steps:
        deed = (pick.choices(names, weights)[0], pick.randrange(10**9))
        yield deed
        try:
            loop.do(deed)
            done += 1
        except Nothing:
            continue


def replay(loop: Loop, deeds: list[Deed]) -> str | None:
    """What goes wrong when these deeds are done; None when nothing does."""
    for deed in deeds:
        try:
            loop.do(deed)
        except Nothing:
            continue
        except Exception as error:
            return f"{deed}: {type(error).__name__}: {error}"
    return None


def shortened(deeds: list[Deed], fresh: Fresh, deadline: Callable[[], bool]) -> list[Deed]:
    """A shorter list of deeds that still goes wrong: ever smaller parts are left out until the time is up."""
    part = max(1, len(deeds) // 2)
    while part >= 1 and not deadline():
        start = 0
        while start < len(deeds) and not deadline():
            fewer = deeds[:start] + deeds[start + part :]
            with fresh() as loop:
                wrong = replay(loop, fewer)
            if wrong is not None:
                deeds = fewer
            else:
                start += part
        part //= 2
    return deeds
