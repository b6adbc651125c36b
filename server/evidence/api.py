"""What other slices may import of evidence."""

from server.evidence.service import attach, photos_of

__all__ = ["attach", "photos_of"]
