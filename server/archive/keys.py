"""Key files: keys that come with a village are added behind the own one, so that both open what they sealed."""

from __future__ import annotations

from pathlib import Path

from server.kit.errors import Invalid
from server.kit.keyfile import write_keys
from server.people.api import Seal


def add_keys(own: Path, other: Path) -> Seal:
    """Append the keys of `other` that `own` lacks; gives the seal with all. Raises Invalid `key_unreadable`."""
    present = own.read_text("ascii").split()
    try:
        coming = other.read_text("ascii").split()
        Seal(coming)
    except (OSError, ValueError):
        raise Invalid("key_unreadable", f"{other} 不是密钥文件。要的是原来实例的 secret.key。") from None
    keys = present + [key for key in coming if key not in present]
    write_keys(own, keys)
    return Seal.from_file(own)
