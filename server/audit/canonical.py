"""What is hashed of an act, and how the acts hang together. Pure.

Canonical JSON is ASCII, without spaces, with sorted keys; numbers with a fraction are kept as texts. Changing a form
here breaks every chain: add a new version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

# id, at (microseconds), person, session, action, entity, entity id, village, before, after (JSON texts or None)
Act = Sequence[Any]
GENESIS = hashlib.sha256(b'["audit","genesis"]').hexdigest()


def digest(act: Act) -> str:
    """The fingerprint of one act."""
    *plain, before, after = act
    return _sha256(["act", *plain, _document(before), _document(after)])


def link(previous: str, number: int, act_digest: str, sealed_at: int) -> str:
    """The hash of a seal: it covers the hash before and the act's fingerprint; `sealed_at` in microseconds."""
    return _sha256(["seal", previous, number, act_digest, sealed_at])


def _document(text: str | None) -> Any:
    return None if text is None else json.loads(text, parse_float=str)


def _sha256(parts: list[Any]) -> str:
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
