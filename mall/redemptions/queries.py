"""Every statement of the redeem path but those of stock, ledger and consent. Hundredths are ints in here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from mall.exchange_days.api import DayState
from mall.redemptions.rules import HandedOut
from mall.reservations.api import as_day
from mall.settings.api import ShopSettings
from server.kit.bulk import arrays, insert, many, on_sqlite, unnest
from server.kit.exact import from_hundredths, to_hundredths
from server.kit.sql import Statement, driver_of, instant_in, instant_out

_CONTEXT = (
    "SELECT d.status, d.day, d.village_code, d.ended_at, h.status, h.label, m.pickup_days, m.return_days, "
    "m.offline_limit, m.statement_photo_required, x.content_hash, x.receipt FROM exchange_days d "
    "JOIN households h ON h.code = :household AND h.village_code = d.village_code "
    "LEFT JOIN mall_settings m ON m.village_code = d.village_code "
    "LEFT JOIN redemptions x ON x.id = :id WHERE d.id = :day"
)
# held shared to the end: a day is not settled or cancelled between this look and the redemption
_READ_CONTEXT = Statement(_CONTEXT, postgresql=_CONTEXT + " FOR SHARE OF d")
_FIRST = Statement("SELECT content_hash, receipt FROM redemptions WHERE id = :id")
_CLAIM = Statement(
    "INSERT INTO redemptions (id, village_code, household_code, exchange_day_id, reservation_id, settlement, "
    "points, method, reason, photo_id, proxy_id, offline, keeper, grant_id, content_hash, receipt, "
    "redeemed_at, recorded_at) VALUES (:id, :village, :household, :day, :reservation, :settlement, :points, "
    ":method, :reason, :photo, :proxy, :offline, :keeper, :grant, :content_hash, '', :redeemed_at, "
    ":recorded_at) ON CONFLICT (id) DO NOTHING"
)
_LINE = {
    "redemption_id": "text",
    "number": "int",
    "goods_id": "text",
    "quantity": "int",
    "returned": "int",
    "reserved": "boolean",
    "points_price": "bigint",
    "cost_yuan": "bigint",
    "shares": "text",
}
_LINE_SQLITE = insert("redemption_lines", _LINE)
_RECEIPT = Statement("UPDATE redemptions SET receipt = :receipt WHERE id = :id AND receipt = ''")
_FINISH_PG = (  # both in one round trip
    f"WITH lines AS (INSERT INTO redemption_lines ({', '.join(_LINE)}) SELECT * FROM {unnest(_LINE, 'l')}) "
    "UPDATE redemptions SET receipt = %(receipt)s WHERE id = %(id)s AND receipt = ''"
)
_OFFLINE = Statement(
    "SELECT COALESCE(SUM(points), 0) FROM redemptions "
    "WHERE exchange_day_id = :day AND household_code = :household AND offline"
)
_SUPPLEMENT = Statement(
    "SELECT COALESCE(MAX(number), 0) + 1 FROM exchange_settlements "
    "WHERE exchange_day_id = :day AND second_by IS NOT NULL"
)
_LINES = Statement(
    "SELECT number, goods_id, quantity, returned, points_price, shares FROM redemption_lines "
    "WHERE redemption_id = :id ORDER BY number"
)
_RETURN = Statement(
    "UPDATE redemption_lines SET returned = returned + :quantity WHERE redemption_id = :id "
    "AND number = :number AND returned = :known AND returned + :quantity <= quantity"
)


@dataclass(frozen=True, slots=True)
class Context:
    """The exchange day, the household and the shop's settings for a request, and its first answer, if any."""

    day_status: DayState
    day: date
    village: str
    ended_at: datetime | None
    household_status: str
    label: str
    pickup_days: int
    return_days: int
    offline_limit: Decimal
    photo_required: bool
    first_hash: str | None
    first_receipt: str | None


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line as it was handed out; yuan and points are per unit."""

    goods: str
    quantity: int
    reserved: bool
    points_price: Decimal
    cost_yuan: Decimal
    shares: Sequence[tuple[str, int]]


def context(session: Session, key: str, household: str, day: str) -> Context | None:
    """What a redemption needs to know, the day held to the end; None when day and household do not meet."""
    row: Any = _READ_CONTEXT.run(session, {"id": key, "household": household, "day": day}).first()
    if row is None:
        return None
    status, on, village, ended_at, household_status, label = row[:6]
    pickup, back, limit, photo, first_hash, receipt = row[6:]
    usual = ShopSettings()
    return Context(
        DayState(status),
        as_day(on),
        village,
        None if ended_at is None else instant_out(ended_at),
        household_status,
        label,
        usual.pickup_days if pickup is None else pickup,
        usual.return_days if back is None else back,
        usual.offline_limit if limit is None else from_hundredths(limit),
        usual.statement_photo_required if photo is None else bool(photo),
        first_hash,
        receipt,
    )


def first(session: Session, key: str) -> tuple[str, str] | None:
    """(content hash, receipt) of a redemption."""
    row: Any = _FIRST.run(session, {"id": key}).first()
    return None if row is None else (row[0], row[1])


def claim(session: Session, values: dict[str, Any], redeemed_at: datetime, now: datetime) -> bool:
    """Claim the id with the redemption; False when somebody else has it (and has committed)."""
    times = {"redeemed_at": instant_in(session, redeemed_at), "recorded_at": instant_in(session, now)}
    return _CLAIM.run(session, {**values, **times}).rowcount == 1


def finish(session: Session, key: str, lines: Sequence[NewLine], receipt: str) -> None:
    """The lines of a redemption, numbered from 1, and its first answer, kept beside its effect."""
    rows = [
        (
            key,
            number,
            line.goods,
            line.quantity,
            0,
            line.reserved,
            to_hundredths(line.points_price),
            to_hundredths(line.cost_yuan),
            json.dumps(line.shares, separators=(",", ":")),
        )
        for number, line in enumerate(lines, 1)
    ]
    parameters = {"id": key, "receipt": receipt}
    if on_sqlite(session):
        many(session, _LINE_SQLITE, rows)
        _RECEIPT.run(session, parameters)
    else:
        driver_of(session).execute(_FINISH_PG, parameters | arrays(_LINE, rows, "l"))


def offline_points(session: Session, household: str, day: str) -> Decimal:
    """Points that a household has redeemed for a day at counters without a line, this one included."""
    row: Any = _OFFLINE.run(session, {"household": household, "day": day}).one()
    return from_hundredths(int(row[0]))


def open_settlement(session: Session, day: str) -> int:
    """The number of the settlement that is not signed yet: 1, or that of the next supplement."""
    row: Any = _SUPPLEMENT.run(session, {"day": day}).one()
    return int(row[0])


def handed_out(session: Session, key: str) -> list[HandedOut]:
    """The lines of a redemption in order."""
    rows: Any = _LINES.run(session, {"id": key})
    return [
        HandedOut(
            number,
            goods,
            quantity,
            returned,
            from_hundredths(price),
            tuple((batch, units) for batch, units in json.loads(shares)),
        )
        for number, goods, quantity, returned, price, shares in rows
    ]


def count_returned(session: Session, key: str, line: HandedOut, quantity: int) -> bool:
    """Note that units of a line came back; False when somebody else returned some meanwhile."""
    parameters = {"id": key, "number": line.number, "known": line.returned, "quantity": quantity}
    return _RETURN.run(session, parameters).rowcount == 1
