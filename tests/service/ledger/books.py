"""Two villages with empty accounts, and short ways to post, for the tests of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from server.ledger import api
from server.ledger.api import Cause, MonthLine
from server.people.models import Division, Household, Village

NOW = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
VILLAGE, OTHER = "990101101201", "990101101202"
TABLES = ("accounts", "entries", "postings", "seals", "heads", "unsealed")


def code(number: int, village: str = VILLAGE) -> str:
    """The household code of a number from 1."""
    return f"{village}{number:04d}"


def found_villages(session: Session, households: int = 4) -> None:
    """Two villages of so many households each, with open accounts."""
    for village in (VILLAGE, OTHER):
        session.execute(insert(Division), [{"code": village, "level": "village", "name": village}])
        session.execute(insert(Village), [{"code": village, "name": village}])
        codes = [code(number, village) for number in range(1, households + 1)]
        session.execute(
            insert(Household),
            [{"code": c, "village_code": village, "head": "户主", "created_at": NOW} for c in codes],
        )
        api.open_accounts(session, village, codes)


def month(
    session: Session,
    nets: Mapping[str, str],
    month: str = "2026-09",
    cause: Cause = Cause.MONTH,
    year: int = 2026,
    negative: bool = False,
    now: datetime = NOW,
) -> dict[str, str]:
    """Post one line per household: entry ids."""
    village = next(iter(nets))[:12]
    lines = [
        MonthLine(household, Decimal(net), f"{cause}:{month}:{household}", {"month": month})
        for household, net in nets.items()
    ]
    return api.post_month(session, village, year, lines, cause, now, negative_balance=negative)


@dataclass(frozen=True)
class Amounts:
    """Balance, reserved and score as texts, for comparison at a glance."""

    balance: str
    reserved: str
    score: str


def amounts(session: Session, household: str) -> Amounts:
    """What the account of a household reads."""
    state = api.account(session, household)
    return Amounts(str(state.balance), str(state.reserved), str(state.score))


def rows(session: Session) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the ledger, to see that nothing changed."""
    return {
        table: sorted(map(tuple, session.execute(text(f"SELECT * FROM ledger_{table}"))), key=repr)
        for table in TABLES
    }


@dataclass(frozen=True)
class Told:
    """A busy ledger in words: entries by name, and the head that a notice printed half-way."""

    entries: dict[str, str]
    published: str


def busy(session: Session) -> Told:
    """Both villages with entries of every kind; a part is sealed, a part waits."""
    found_villages(session)
    one, two, three, four = (code(number) for number in range(1, 5))
    entries: dict[str, str] = {}
    for village in (VILLAGE, OTHER):
        everybody = [code(number, village) for number in range(1, 5)]
        api.post_base(session, village, 2026, Decimal(100), False, everybody, NOW)
        posted = month(session, {h: f"{20 + i}.50" for i, h in enumerate(everybody)})
        entries |= {f"month {household}": id_ for household, id_ in posted.items()}
    entries["redemption"] = api.redeem(session, one, Decimal("3.25"), "redeem-1", {"receipt": "1"}, NOW).entry
    entries["reservation"] = api.reserve(session, two, Decimal(5), "reserve-1", {}, NOW).entry
    published = api.seal_village(session, VILLAGE, NOW)
    api.seal_village(session, OTHER, NOW)
    entries["reversal"] = api.reverse(session, entries[f"month {one}"], "appeal-1", {}, NOW).id
    entries["correction"] = api.correct(
        session,
        VILLAGE,
        one,
        Decimal("7.5"),
        2026,
        "appeal-1-new",
        Cause.CORRECTION,
        {},
        NOW,
        reverses=entries[f"month {one}"],
    ).id
    api.redeem_reserved(session, two, Decimal(2), "redeem-2", {}, NOW)
    api.release(session, two, Decimal(3), "release-1", {}, NOW)
    api.return_points(session, one, Decimal(1), "return-1", {}, NOW)
    api.transfer_out(session, three, Decimal(4), "move-1-out", {}, NOW)
    api.transfer_in(session, code(1, OTHER), Decimal(4), "move-1-in", {}, NOW)
    month(session, {four: "-3.00", three: "1.00"}, "2026-10")
    api.seal_village(session, VILLAGE, NOW)
    entries["waiting"] = month(session, {four: "2.00"}, "2026-11")[four]
    return Told(entries, published)
