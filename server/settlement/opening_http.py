"""Routes of opening balances and of the monthly ceilings."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.people.api import Permission
from server.settlement import ceilings, openings, schemas
from server.settlement.http import settling, tally_answer
from server.web.routes import Call, endpoint

blueprint = Blueprint("openings", __name__, description="初始积分、月度上限")


@endpoint(
    blueprint,
    "POST",
    "/tallies/<tally_id>/ceiling",
    needs=Permission.TALLY_RESOLVE,
    body=schemas.CeilingBody,
    answer=schemas.TallySchema,
)
def settle_ceiling(call: Call, body: dict[str, Any], tally_id: str) -> Any:
    """Settle a breach of the monthly ceiling before the vote: a proportional cut, or a reason for none."""
    how = settling(body) or ceilings.Settling(cut=False)
    return tally_answer(call, ceilings.settle(call.session, call.actor, tally_id, how, call.now))


@endpoint(
    blueprint,
    "POST",
    "/villages/<code>/opening-balances",
    needs=Permission.OPENING_IMPORT,
    body=schemas.OpeningBody,
    answer=schemas.TallySchema,
    status=201,
)
def bring_in_balances(call: Call, body: dict[str, Any], code: str) -> Any:
    """Opening balances of a village, one line per household; voted on and put on notice like a month."""
    lines = [openings.OpeningBalance(**line) for line in body["lines"]]
    return tally_answer(call, openings.bring_in(call.session, call.actor, code, lines, call.now))
