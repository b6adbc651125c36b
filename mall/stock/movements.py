"""Writing movements: plain inserts, since a redemption at the counter pays for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mall.stock.rules import Kind
from server.kit.ids import new_id
from server.kit.sql import Statement, instant_in

COLUMNS = "id, village_code, goods_id, batch_id, kind, quantity, note, reference, recorded_by, grant_id, at"
_NOTE = Statement(
    f"INSERT INTO stock_movements ({COLUMNS}) "
    "VALUES (:id, :village, :goods, :batch, :kind, :quantity, :note, :reference, :recorded_by, :grant, :at)"
)


def note(
    session: Session,
    village: str,
    goods: str,
    kind: Kind,
    shares: Sequence[tuple[str, int]],
    *,
    reference: str,
    now: datetime,
    recorded_by: str | None = None,
    grant: str | None = None,
    remark: str = "",
) -> None:
    """One movement per batch; `shares` are (batch id, signed units)."""
    for batch, quantity in shares:
        _NOTE.run(
            session,
            {
                "id": new_id(),
                "village": village,
                "goods": goods,
                "batch": batch,
                "kind": kind.value,
                "quantity": quantity,
                "note": remark,
                "reference": reference,
                "recorded_by": recorded_by,
                "grant": grant,
                "at": instant_in(session, now),
            },
        )
