"""What other slices may import of the audit log."""

from server.audit.models import Decision
from server.audit.service import decide, decide_many, decisions_of, record, record_many

__all__ = ["Decision", "decide", "decide_many", "decisions_of", "record", "record_many"]
