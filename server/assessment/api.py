"""What other slices may import of assessments."""

from server.assessment.process.closing import closers

__all__ = ["closers"]
