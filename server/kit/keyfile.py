"""A key file: one key a line, replaced as a whole, readable by its owner only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def write_keys(path: Path, keys: Sequence[str]) -> None:
    """Put these keys, and no others, into the file."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("".join(key + "\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
