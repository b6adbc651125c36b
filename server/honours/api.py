"""What other slices may import of honours."""

from server.honours.closing import closers

__all__ = ["closers"]
