"""Routes of the demo's clock. Outside demo mode they do not exist."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_smorest import Blueprint

from server.cycles import demo_clock
from server.cycles.schemas import ClockMoveBody, ClockMovedSchema, ClockSchema
from server.kit.errors import NotFound
from server.web.routes import PUBLIC, Call, endpoint

blueprint = Blueprint("cycles", __name__, description="演示时钟")


def _clock(call: Call) -> demo_clock.DemoClock:
    demo = current_app.extensions["jifen_settings"].mode == "demo"
    if not demo or not isinstance(call.clock, demo_clock.DemoClock):
        raise NotFound()
    return call.clock


@endpoint(blueprint, "GET", "/demo/clock", needs=PUBLIC, answer=ClockSchema)
def read_demo_clock(call: Call) -> Any:
    """What the demo's clock shows."""
    _clock(call)
    return {"now": call.now}


@endpoint(
    blueprint,
    "POST",
    "/demo/clock",
    needs=PUBLIC,
    body=ClockMoveBody,
    answer=ClockMovedSchema,
    own_transaction=True,
)
def move_demo_clock(call: Call, body: dict[str, Any]) -> Any:
    """Move the demo's clock forward; everything that falls due on the way is closed at its time."""
    clock = _clock(call)
    closed = demo_clock.move_to(clock, body["to"])
    return {"now": clock.now(), "closed": closed}
