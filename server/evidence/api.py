"""What other slices may import of evidence."""

from server.evidence.service import attach, attached_hash, photos_of
from server.evidence.store import folder_in, read

__all__ = ["attach", "attached_hash", "folder_in", "photos_of", "read"]
