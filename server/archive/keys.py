"""Key files: keys that come with a village are added behind the own one, so that both open what they sealed."""

from __future__ import annotations

import os
from pathlib import Path

from server.kit.errors import Invalid
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
    return Seal(keys)


def write_keys(path: Path, keys: list[str]) -> None:
    """Replace a key file as a whole, readable by its owner only."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(key + "\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
