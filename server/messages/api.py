"""What other slices may import of messages."""

from server.messages.consent import check_templates, end_consent
from server.messages.holding import hold
from server.messages.service import (
    Note,
    notify_household,
    notify_households,
    notify_person,
    notify_persons,
)
from server.messages.wechat.identity import account as wechat_account
from server.messages.wechat.identity import open_id

__all__ = [
    "Note",
    "check_templates",
    "end_consent",
    "hold",
    "notify_household",
    "notify_households",
    "notify_person",
    "notify_persons",
    "open_id",
    "wechat_account",
]
