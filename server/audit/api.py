"""What other slices may import of the audit log."""

from server.audit.models import Decision
from server.audit.service import acts_on, decide, decide_many, decisions_of, record, record_many

__all__ = ["Decision", "acts_on", "decide", "decide_many", "decisions_of", "record", "record_many"]
