"""What other slices may import of complaints."""

from server.complaints.models import Complaint
from server.complaints.rules import ComplaintStatus, Tier
from server.complaints.service import closers

__all__ = ["Complaint", "ComplaintStatus", "Tier", "closers"]
