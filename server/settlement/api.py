"""What other slices may import of the month. `server.settlement.months` may be imported by conduct as
well.
"""

from server.settlement.closing import closers
from server.settlement.models import Notice, NoticeCorrection, Objection, Tally, TallyLine
from server.settlement.months import (
    MonthState,
    first_open_month,
    month_from,
    month_number,
    month_states,
    stage,
)
from server.settlement.states import LineStatus, NoticeStatus, ObjectionStatus, TallyStatus
from server.settlement.unsettled import unsettled

__all__ = [
    "LineStatus",
    "MonthState",
    "Notice",
    "NoticeCorrection",
    "NoticeStatus",
    "Objection",
    "ObjectionStatus",
    "Tally",
    "TallyLine",
    "TallyStatus",
    "closers",
    "first_open_month",
    "month_from",
    "month_number",
    "month_states",
    "stage",
    "unsettled",
]
