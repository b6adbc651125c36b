"""The floor of a redemption: what a counter's request writes, by hand-written SQL over the bare driver.

Same look-ups, same locks (the day shared, the goods' row, the household's account), same rows; no consent, no
limits, no fingerprints worked out. Signing in is part of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

from server.bench.floors import AUDIT, QUEUE, Connection, sign_in
from server.bench.plan import (
    GOODS,
    PER_VILLAGE,
    Plan,
    goods_number,
    household_code,
    made_id,
    token,
)
from server.kit.clock import local_date
from server.kit.ids import new_id, token_hash

_DAY = (
    "SELECT d.status, d.day, d.village_code, h.status, h.label FROM exchange_days d JOIN households h "
    "ON h.code = :household AND h.village_code = d.village_code WHERE d.id = :day"
)
_OFFER = (
    "SELECT g.name, g.unit, q.points_price, q.cost_yuan FROM goods g JOIN goods_prices q ON q.id = "
    "(SELECT p.id FROM goods_prices p WHERE p.goods_id = g.id AND p.starts_on <= :on "
    "ORDER BY p.starts_on DESC, p.id DESC LIMIT 1) WHERE g.id = :goods"
)
_STOCK = (
    "UPDATE goods_stock SET on_hand = on_hand - 1 WHERE goods_id = :goods "
    "AND on_hand - held - expired >= 1 RETURNING village_code"
)
_LOT = (
    "SELECT id FROM stock_batches WHERE goods_id = :goods AND quantity_left > 0 AND NOT expired "
    "ORDER BY expires_on, id LIMIT 1"
)
_BATCH = "UPDATE stock_batches SET quantity_left = quantity_left - 1 WHERE id = :batch AND quantity_left >= 1"
_MOVEMENT = (
    "INSERT INTO stock_movements (id, village_code, goods_id, batch_id, kind, quantity, note, reference, "
    "recorded_by, grant_id, at) VALUES (:movement, :village, :goods, :batch, 'redeemed', -1, '', :reference, "
    ":person, :person, :now)"
)
_ACCOUNT = (
    "UPDATE ledger_accounts SET balance = balance - :points, version = version + 1 "
    "WHERE household_code = :household AND balance >= :points RETURNING balance, version"
)
_ENTRY = (
    "INSERT INTO ledger_entries (id, village_code, household_code, cause, reference, content_hash, posted_at, "
    "refs, digest) VALUES (:entry, :village, :household, 'redemption', :reference, :hash, :now, :refs, :hash)"
)
_POSTINGS = (
    "INSERT INTO ledger_postings (entry_id, leg, village_code, household_code, account, amount, seq, "
    "balance_after) VALUES (:entry, 0, :village, :household, 'balance', -:points, :seq, :balance), "
    "(:entry, 1, :village, NULL, 'redeemed', :points, NULL, NULL)"
)
_UNSEALED = "INSERT INTO ledger_unsealed (village_code, posted_at, entry_id) VALUES (:village, :now, :entry)"
_REDEMPTION = (
    "INSERT INTO redemptions (id, village_code, household_code, exchange_day_id, settlement, points, method, "
    "reason, offline, keeper, grant_id, content_hash, receipt, redeemed_at, recorded_at) VALUES (:id, "
    ":village, :household, :day, 1, :points, 'statement', '没带手机', false, :person, :person, :hash, :receipt, "
    ":now, :now)"
)
_LINE = (
    "INSERT INTO redemption_lines (redemption_id, number, goods_id, quantity, returned, reserved, "
    "points_price, cost_yuan, shares) VALUES (:id, 1, :goods, 1, 0, false, :points, :cost, :shares)"
)
_MESSAGE = (
    "INSERT INTO messages (id, household_code, kind, text, refs, sent_at) VALUES (:message, :household, "
    "'redemption_by_statement', :told, :refs, :now)"
)
_WRITES = (_ENTRY, _POSTINGS, _UNSEALED, _REDEMPTION, _LINE, _MESSAGE)
_RECEIPT = '{"receipt": "' + "一" * 250 + '"}'  # about as long as a real one with its field names
_TOLD = "在积分超市换了一份日用品。" * 8


def redeem(plan: Plan, connection: Connection, chance: Random) -> Iterator[None]:
    """Sign in, look up day, household and price, take the goods and the points, write it all, commit."""
    day_sql = _DAY if connection.sqlite else f"{_DAY} FOR SHARE OF d"
    while True:
        household = chance.randrange(plan.households)
        village = household // PER_VILLAGE
        now = datetime.now(UTC)
        wanted = {
            "id": new_id(), "household": household_code(household), "day": made_id("exchange_day", village),
            "goods": made_id("goods", goods_number(village, chance.randrange(GOODS))),
            "on": local_date(now).isoformat(), "now": connection.instant(now),
        }  # fmt: skip
        with connection.writing():
            session, person, *_ = sign_in(connection, token("keeper", village))
            _, _, own, _, _ = connection.run(day_sql, wanted)[0]
            wanted |= {"session": session, "person": person, "village": own}
            _one(connection, wanted)
        yield


def _one(connection: Connection, wanted: dict[str, Any]) -> None:
    key = wanted["id"]
    _, _, points, cost = connection.run(_OFFER, wanted)[0]
    connection.run(_STOCK, wanted)
    batch = connection.run(_LOT, wanted)[0][0]
    refs = f'{{"exchange_day":"{wanted["day"]}","redemption":"{key}"}}'
    made = wanted | {
        "batch": batch, "movement": new_id(), "entry": new_id(), "message": new_id(), "audit": new_id(),
        "reference": f"redemption:{key}", "points": points, "cost": cost, "refs": refs, "told": _TOLD,
        "hash": token_hash(key), "receipt": _RECEIPT, "shares": f'[["{batch}",1]]',
    }  # fmt: skip
    connection.run(_BATCH, made)
    connection.run(_MOVEMENT, made)
    balance, seq = connection.run(_ACCOUNT, made)[0]
    made |= {"balance": balance, "seq": seq}
    for sql in _WRITES:
        connection.run(sql, made)
    made |= {
        "action": "redemption.make", "entity": "redemption",
        "after": f'{{"points":"{points / 100:.2f}","method":"statement"}}',
    }  # fmt: skip
    connection.run(AUDIT, made)
    connection.run(QUEUE, made)
