"""What other slices may import of evidence."""

from server.evidence.service import attach, attached_hash, photos_of
from server.evidence.store import folder_in, path_of, read, restore

__all__ = ["attach", "attached_hash", "folder_in", "path_of", "photos_of", "read", "restore"]
