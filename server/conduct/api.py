"""What other slices may import of conduct: the records behind a month, and what may be done with one."""

from server.conduct.corrections import change_verdict, replace_record, reverse_record, send_back
from server.conduct.models import Record
from server.conduct.panel import Verdict
from server.conduct.queries import (
    RecordFilter,
    month_sums_select,
    participating_households,
    records_of_line,
)
from server.conduct.replaying import Counted, counted_records
from server.conduct.reports import closers
from server.conduct.reviews import Opinion, review_many
from server.conduct.rules import RecordStatus
from server.conduct.service import NewRecord, log_record
from server.conduct.tracing import had_a_hand, records_behind

__all__ = [
    "Counted",
    "NewRecord",
    "Opinion",
    "Record",
    "RecordFilter",
    "RecordStatus",
    "Verdict",
    "change_verdict",
    "closers",
    "counted_records",
    "had_a_hand",
    "log_record",
    "month_sums_select",
    "participating_households",
    "records_behind",
    "records_of_line",
    "replace_record",
    "reverse_record",
    "review_many",
    "send_back",
]
