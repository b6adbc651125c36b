"""Routes of the inbox, and of what somebody wants to get on WeChat too."""

from __future__ import annotations

from typing import Any

from flask_smorest import Blueprint

from server.messages import consent, service
from server.messages.schemas import (
    ConsentBody,
    InboxPage,
    InboxQuery,
    MessageSchema,
    SubscriptionsSchema,
)
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


@endpoint(blueprint, "GET", "/me/subscriptions", needs=Permission.OWN, answer=SubscriptionsSchema)
def read_subscriptions(call: Call) -> Any:
    """Which kinds of messages WeChat can bring, and how many more of each this person said yes to."""
    return consent.offered(call.session, call.actor)


@endpoint(
    blueprint,
    "POST",
    "/me/subscriptions",
    needs=Permission.OWN,
    body=ConsentBody,
    answer=SubscriptionsSchema,
)
def answer_subscriptions(call: Call, body: dict[str, Any]) -> Any:
    """Say yes or no, kind by kind: a yes is for one more message (as WeChat asks for it), a no ends all of them."""
    return consent.answer(call.session, call.actor, body["answers"], call.now)
