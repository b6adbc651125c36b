"""What other slices may import of messages."""

from server.messages.holding import hold
from server.messages.service import (
    Note,
    notify_household,
    notify_households,
    notify_person,
    notify_persons,
)

__all__ = ["Note", "hold", "notify_household", "notify_households", "notify_person", "notify_persons"]
