"""Routes of the inbox."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.messages import service
from server.messages.schemas import InboxPage, InboxQuery, MessageSchema
from server.people.api import Permission
from server.web.routes import Call, endpoint

blueprint = Blueprint("messages", __name__, description="消息")


@endpoint(blueprint, "GET", "/inbox", needs=Permission.OWN, query=InboxQuery, answer=InboxPage)
def read_inbox(call: Call, query: dict[str, Any]) -> Any:
    """Messages to the person signed in and to the own household."""
    items, following = service.inbox(call.session, call.actor, query.get("cursor"), query["limit"])
    return {"items": items, "next_cursor": following}


@endpoint(blueprint, "POST", "/inbox/<key>/read", needs=Permission.OWN, answer=MessageSchema)
def mark_message_read(call: Call, key: str) -> Any:
    """Note that a message was read."""
    return service.mark_read(call.session, call.actor, key, call.now)
