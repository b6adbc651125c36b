"""What other slices may import of the cycles."""

from server.cycles.demo_clock import is_demo
from server.cycles.engine import INSTANCE, Closed, Closer, Due, NotDue, Skip, close_one_due, list_due, run_due
from server.cycles.models import Schedule
from server.cycles.schedule import (
    MONTH,
    WEEK,
    begun,
    calendar_closer,
    first_month,
    following_month,
    following_week,
    move_cutoff,
    running_month,
    schedule,
    start_village,
)
from server.cycles.scheduler import anything_due

__all__ = [
    "INSTANCE",
    "MONTH",
    "WEEK",
    "Closed",
    "Closer",
    "Due",
    "NotDue",
    "Schedule",
    "Skip",
    "anything_due",
    "begun",
    "calendar_closer",
    "close_one_due",
    "first_month",
    "following_month",
    "following_week",
    "is_demo",
    "list_due",
    "move_cutoff",
    "run_due",
    "running_month",
    "schedule",
    "start_village",
]
