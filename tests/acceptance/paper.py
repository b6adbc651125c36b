"""A village kept on paper: what spec 01 says happens to records, months and points, in dicts and Decimals.

Written from the sentences of the spec without a look at the program's rules; knows no SQL and no HTTP. Whoever
drives it says what is done and when, and asks what must have become of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from tests.acceptance.forms import (
    CHANGES,
    CUTOFF,
    DAY,
    HOME,
    ITEMS,
    ZERO,
    Appeal,
    Booklet,
    Challenge,
    Item,
    Line,
    Sheet,
    Slip,
    after,
    cutoff_of,
    midnight,
    month_of_day,
    same_period,
)

PANEL_DAYS, MEMBERS = 3, 4
BASE = Decimal(100)


@dataclass
class Paper:
    """The village; `now` is moved by `pass_time`, which closes what falls due on the way."""

    now: datetime
    grids: dict[str, str]  # household → grid
    adopted: date
    slips: dict[str, Slip] = field(default_factory=dict)
    reports: dict[tuple[str, datetime], str] = field(default_factory=dict)
    sheets: dict[int, Sheet] = field(default_factory=dict)
    booklets: dict[str, Booklet] = field(default_factory=dict)
    issued: Decimal = ZERO
    redeemed: Decimal = ZERO
    assessed: Decimal = ZERO
    year: int = 0
    running: int = 0
    books: list[tuple[date, str]] = field(default_factory=list)  # from which day, which of CHANGES
    appeals: dict[str, Appeal] = field(default_factory=dict)
    week_from: date = date(2000, 1, 1)

    def __post_init__(self) -> None:
        self.year_at = self.now
        self.booklets = {household: Booklet() for household in self.grids}
        self.running = month_of_day(self.adopted)
        self.week_from = self.adopted
        self._base(self.running // 100)

    # --- records ---------------------------------------------------------------------------------

    def refusals(self, slip: Slip, today: date, *, declared: bool, place: bool, member: bool) -> set[str]:
        """Every reason to refuse; `member`: who logs is of the committee."""
        item = slip.rule = self.item_on(slip.day, slip.item)
        found = set()
        if slip.day > today:
            found.add("date_in_future")
        if slip.day < today - 14 * DAY:
            found.add("date_too_old")
        if item is None or slip.day < self.adopted:
            return found | {"item_not_in_force"}
        if slip.household in item.not_for:
            found.add("household_exempt")
        if not Decimal(item.least) <= slip.points <= Decimal(item.most):
            found.add("points_out_of_range")
        elif not slip.allows(slip.points):
            found.add("points_off_step")
        if any(self._standing(slip, per) >= times for per, times in item.caps):
            found.add("cap_exceeded")
        if item.needs == "photo":
            found.add("photo_missing")  # nobody in this village takes photos
        if item.needs == "place" and not place:
            found.add("place_missing")
        if declared and not item.declarable:
            found.add("not_declarable")
        elif item.veto and not member:
            found.add("may_not_log")
        return found

    def item_on(self, day: date, code: str) -> Item | None:
        """The version in force on the date of conduct applies."""
        in_force = [name for since, name in self.books if since <= day]
        changes = CHANGES[in_force[-1]] if in_force else {}
        return changes.get(code) or ITEMS.get(code)

    def uphold(
        self, appeal: Appeal, points: Decimal | None, first: tuple[Decimal, Decimal]
    ) -> tuple[Decimal, Decimal]:
        """What was posted is taken back, the right total is posted; gives what the new entry changed.

        `first`: what the entry changed balance and score by. What was spent since only the score can give back.
        """
        (month, household), year = appeal.place, appeal.place[0] // 100
        balance, score = first
        taken = self.enter(household, -balance, -score, year)
        total = score - appeal.slip.points + (points or ZERO)
        changed = self.enter(household, total - (balance + taken), total, year)
        appeal.slip.status = "reversed"
        assert month
        return changed, total

    def _standing(self, slip: Slip, per: str) -> int:
        return sum(
            other.household == slip.household
            and other.item == slip.item
            and other.status in ("recorded", "submitted", "approved")
            and same_period(per, other.day, slip.day)
            for other in self.slips.values()
        )

    def submit(self, key: tuple[str, datetime]) -> None:
        """A report goes to the panel."""
        self.reports[key] = "submitted"
        for slip in self.slips.values():
            if slip.report == key and slip.status == "recorded":
                slip.status = "submitted"

    # --- the panel -------------------------------------------------------------------------------

    def cast(self, slip: Slip, member: str, verdict: str, points: Decimal | None, eligible: int) -> None:
        """One more vote of the round: half the votes and one more decide, two rounds without go to a meeting."""
        slip.votes[member] = (verdict, points)
        cast = list(slip.votes.values())
        if len(cast) < 2:
            return
        for opinion in cast:
            if cast.count(opinion) * 2 > len(cast):
                self.decide(slip, *opinion)
                return
        if len(cast) == eligible:
            if slip.rounds == 2:
                slip.to_meeting = True
            else:
                slip.rounds, slip.votes = 2, {}

    def decide(self, slip: Slip, verdict: str, points: Decimal | None) -> None:
        """Approved or rejected; an approved one joins its month, or the first later one that is still open."""
        slip.to_meeting = False
        if verdict == "reject":
            slip.status = "rejected"
            return
        slip.status = "approved"
        slip.points = slip.points if points is None else points
        own = month_of_day(slip.day)
        still_open = [month for month, sheet in self.sheets.items() if month >= own and not sheet.frozen]
        slip.month = min(still_open, default=self.running)

    # --- the month -------------------------------------------------------------------------------

    def of_month(self, month: int, household: str | None = None) -> list[Slip]:
        """The approved records of a month."""
        return [
            slip
            for slip in self.slips.values()
            if slip.month == month and slip.status == "approved" and household in (None, slip.household)
        ]

    def lines(self, sheet: Sheet) -> dict[str, Line]:
        """As they are kept once frozen, as the records have it before."""
        if sheet.frozen:
            return sheet.lines
        found: dict[str, Line] = {}
        for slip in self.of_month(sheet.month):
            line = found.setdefault(slip.household, Line())
            line.records += 1
            line.net += slip.points
        return found

    def freeze(self, sheet: Sheet) -> None:
        """From here on, what is approved joins a later month."""
        sheet.lines = self.lines(sheet)
        sheet.frozen = True

    def vote(self, sheet: Sheet, member: str, vote: str) -> None:
        """The first vote freezes; more than half of all members resolve."""
        if not sheet.frozen:
            self.freeze(sheet)
        sheet.votes[member] = vote
        if list(sheet.votes.values()).count("for") * 2 > MEMBERS:
            sheet.status = "resolved"

    def publish(self, sheet: Sheet, days: int) -> None:
        """The month is public for so many days."""
        sheet.status, sheet.ends = "on_notice", self.now + days * DAY

    def reopen(self, sheet: Sheet) -> None:
        """Lines are computed anew, votes and minutes are void, the panel's days begin again."""
        for key, challenge in sheet.challenges.items():
            if challenge.waiting:
                challenge.status = "lapsed"
            sheet.lapsed[key] = challenge
        sheet.status, sheet.frozen, sheet.lines, sheet.ends = "open", False, {}, None
        sheet.votes, sheet.minutes_by, sheet.challenges = {}, None, {}
        sheet.freeze_due = max(sheet.freeze_due, self.now + PANEL_DAYS * DAY)

    def send_back(self, sheet: Sheet, slip: Slip) -> None:
        """One record returns to the panel, which begins anew."""
        slip.status, slip.month, slip.votes, slip.rounds = "submitted", None, {}, 1
        slip.to_meeting = ITEMS[slip.item].veto
        self.reopen(sheet)

    def week_on(self) -> datetime:
        """Until when the committee may answer."""
        return self.now + 7 * DAY

    def hold(self, sheet: Sheet, key: str, challenge: Challenge) -> None:
        """An objection holds its line."""
        sheet.challenges[key] = challenge
        line = sheet.lines.get(challenge.household)
        if line is not None and line.status == "pending":
            line.status = "held"

    def answer(self, sheet: Sheet, challenge: Challenge, upheld: bool, points: Decimal | None) -> None:
        """Upheld: the record is amended or rejected and its line counted anew. The last answer frees the line."""
        challenge.status = "upheld" if upheld else "dismissed"
        if upheld and challenge.slip is not None:
            slip = challenge.slip
            if points is None:
                slip.status, slip.month = "rejected", None
            else:
                slip.points = points
            behind = self.of_month(sheet.month, slip.household)
            line = sheet.lines[slip.household]
            line.records, line.net = len(behind), sum((one.points for one in behind), ZERO)
        others = [one for one in sheet.challenges.values() if one.household == challenge.household]
        line_of = sheet.lines.get(challenge.household)
        if line_of is not None and line_of.status == "held" and not any(one.waiting for one in others):
            line_of.status = "pending"
            if sheet.status == "posted":
                self._post(sheet, challenge.household, line_of)

    def _post(self, sheet: Sheet, household: str, line: Line) -> None:
        line.to_balance = self.enter(household, line.net, line.net, sheet.month // 100)
        line.status = "posted"

    def enter(self, household: str, balance: Decimal, score: Decimal, year: int) -> Decimal:
        """One entry of the ledger; gives what it changed the balance by."""
        change = self.booklets[household].add(balance, score, year)
        self.issued -= change
        self.assessed -= score
        return change

    def _base(self, year: int) -> None:
        self.year, self.year_at = year, self.now
        for household in self.booklets:
            self.enter(household, ZERO, BASE, year)

    # --- time ------------------------------------------------------------------------------------

    def pass_time(self, until: datetime) -> None:
        """Everything that falls due up to `until`, the earliest first; at one instant weeks before months."""
        while (due := min(self._due(), default=None)) is not None and due[0] <= until:
            at, _, what, which = due
            self.now = max(self.now, at)
            getattr(self, f"_{what}")(which)
        self.now = until

    def _due(self) -> list[tuple[datetime, int, str, object]]:
        found: list[tuple[datetime, int, str, object]] = [
            (self._week_end(), 0, "close_week", None),
            (cutoff_of(self.running), 2, "cut_off", None),
        ]
        found += [
            (at + 2 * DAY, 1, "submit_late", at) for (_, at), state in self.reports.items() if state == "open"
        ]
        for month, sheet in self.sheets.items():
            if not sheet.frozen:
                found.append((sheet.freeze_due, 3, "freeze_late", month))
            before = [other for number, other in self.sheets.items() if number < month]
            begun = [other.posted_at for other in before if other.posted_at is not None]
            in_turn = len(begun) == len(before) and month // 100 <= self.year
            if sheet.status == "on_notice" and sheet.ends is not None and in_turn:
                found.append((max([sheet.ends, self.year_at, *begun]), 5, "post_month", month))
            for key, challenge in sheet.challenges.items():
                if challenge.status == "open":
                    found.append((challenge.due, 6, "escalate", (month, key)))
        for key, appeal in self.appeals.items():
            if appeal.status == "open":
                found.append((appeal.due, 7, "escalate_appeal", key))
        if (over := self._year_over()) is not None:
            found.append((over, 4, "turn_year", None))
        return found

    def _year_over(self) -> datetime | None:
        """When the year's last month was posted, or 1 January where that is later."""
        last = self.sheets.get(self.year * 100 + 12)
        if last is None or last.posted_at is None:
            return None
        return max(last.posted_at, midnight(date(self.year + 1, 1, 1)))

    def _week_end(self) -> datetime:
        day = self.week_from + DAY
        while day.weekday() != 0 and day.day != CUTOFF + 1:
            day += DAY
        return midnight(day)

    def _close_week(self, _: object) -> None:
        end = self._week_end()
        loose = [one for one in self.slips.values() if one.status == "recorded" and one.report is None]
        grids = {slip.grid for slip in loose}
        if end.astimezone(HOME).weekday() == 0:
            grids |= set(self.grids.values())
        for grid in grids:
            self.reports[grid, end] = "open"
        for slip in loose:
            slip.report = (slip.grid, end)
        self.week_from = end.astimezone(HOME).date()

    def _submit_late(self, at: object) -> None:
        for key, state in list(self.reports.items()):
            if key[1] == at and state == "open":
                self.submit(key)

    def _cut_off(self, _: object) -> None:
        due = cutoff_of(self.running) + PANEL_DAYS * DAY
        self.sheets[self.running] = Sheet(self.running, due)
        self.running = after(self.running)

    def _freeze_late(self, month: object) -> None:
        self.freeze(self.sheets[month])  # type: ignore[index]

    def _turn_year(self, _: object) -> None:
        self._base(self.year + 1)

    def _post_month(self, month: object) -> None:
        sheet = self.sheets[month]  # type: ignore[index]
        sheet.status, sheet.posted_at = "posted", self.now
        for household, line in sheet.lines.items():
            if line.status == "pending":
                self._post(sheet, household, line)

    def _escalate(self, which: object) -> None:
        month, key = which  # type: ignore[misc]
        self.sheets[month].challenges[key].status = "escalated"

    def _escalate_appeal(self, which: object) -> None:
        self.appeals[which].status = "escalated"  # type: ignore[index]

    # --- what is shown ---------------------------------------------------------------------------

    def shown(self, slip: Slip) -> str:
        """A record's state by the words of the contract."""
        sheet = self.sheets.get(slip.month or 0)
        if slip.status != "approved" or sheet is None:
            return slip.status
        if sheet.frozen and sheet.lines[slip.household].status == "posted":
            return "posted"
        return "on_notice" if sheet.status in ("on_notice", "posted") else "tallied"
