"""The movements of a shop as a sheet."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mall.funds.api import Donor
from mall.goods.api import Goods
from mall.stock.models import Batch, StockMovement
from mall.stock.rules import Kind
from mall.stock.service import Page, narrowed
from server.kit.errors import FieldFault, Invalid
from server.transfer.sheets import Sheet

MOST_ROWS = 50_000
TITLES = (
    ("时间", 17), ("商品", 26), ("种类", 10), ("数量", 8), ("单位", 8), ("批次", 16), ("到期日", 12),
    ("捐赠人", 14), ("金额", 10), ("备注", 24), ("凭据", 48),
)  # fmt: skip
_KINDS = {
    Kind.DONATED: "受赠", Kind.BOUGHT: "采购", Kind.REDEEMED: "兑换", Kind.RETURNED: "退回",
    Kind.SPOILED: "报损", Kind.COUNTED: "盘点",
}  # fmt: skip


def movement_sheet(session: Session, wanted: Page) -> Sheet:
    """The movements that `wanted` asks for, the newest first. Raises Invalid `too_many_rows`."""
    columns = (
        StockMovement.at, Goods.name, StockMovement.kind, StockMovement.quantity, Goods.unit, Batch.label,
        Batch.expires_on, Donor.name, StockMovement.cost, StockMovement.note, StockMovement.reference,
    )  # fmt: skip
    query = narrowed(select(*columns).select_from(StockMovement), wanted)
    query = query.outerjoin(Donor, Donor.id == StockMovement.donor_id)
    if (session.scalar(select(func.count()).select_from(query.subquery())) or 0) > MOST_ROWS:
        fault = FieldFault("from", "把时间范围写短一些。")
        raise Invalid("too_many_rows", f"一次最多导出 {MOST_ROWS} 行。", [fault])
    rows = [[at, name, _KINDS[Kind(kind)], *rest] for at, name, kind, *rest in session.execute(query)]
    return Sheet("出入库", TITLES, rows)
