"""Ids: UUIDv7 as canonical text, and opaque tokens for sessions, plates and invitations."""

from __future__ import annotations

import hashlib
import re
import secrets

import uuid_utils

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A new UUIDv7 as 36 lower-case characters."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether `text` is a UUID in canonical lower-case form (any version: clients make their own)."""
    return _UUID.fullmatch(text) is not None


def new_token(size: int = 24) -> str:
    """An unguessable token of `size` random bytes in `[A-Za-z0-9_-]`; 24 bytes make 32 characters."""
    return secrets.token_urlsafe(size)


def token_hash(token: str) -> str:
    """SHA-256 in hex: what the database keeps of a token that proves something."""
    return hashlib.sha256(token.encode()).hexdigest()
