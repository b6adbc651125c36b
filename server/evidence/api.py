"""What other slices may import of evidence."""

from server.evidence.retention import blank_attached
from server.evidence.service import attach, attached_hash, photo_looks, photos_of
from server.evidence.store import folder_in, path_of, read, restore

__all__ = [
    "attach",
    "attached_hash",
    "blank_attached",
    "folder_in",
    "path_of",
    "photo_looks",
    "photos_of",
    "read",
    "restore",
]
