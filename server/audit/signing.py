"""Signatures of checkpoints: Ed25519, with a key derived from the instance's key file.

Nothing of the key is in the database. The public key stands beside the signature, so that
an auditor can check it without the instance.
"""

from __future__ import annotations

from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from server.kit.database import micros
from server.people.api import Seal


def message(number: int, hash_: str, before: datetime) -> bytes:
    """What a checkpoint signs."""
    return f"jifen audit checkpoint {number} {hash_} {micros(before)}".encode()


def sign(seal: Seal, content: bytes) -> tuple[str, str]:
    """(public key, signature) in hex, under the first key of the key file."""
    key = _keys(seal)[0]
    return key.public_key().public_bytes_raw().hex(), key.sign(content).hex()


def verified(seal: Seal, content: bytes, public_key: str, signature: str) -> bool:
    """Whether the signature is right and was made by this instance (with any key of its file)."""
    own = {key.public_key().public_bytes_raw().hex() for key in _keys(seal)}
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(
            bytes.fromhex(signature), content
        )
    except (InvalidSignature, ValueError):
        return False
    return public_key in own


def _keys(seal: Seal) -> list[Ed25519PrivateKey]:
    marks = seal.marks("audit", "checkpoint")
    return [Ed25519PrivateKey.from_private_bytes(bytes.fromhex(mark)) for mark in marks]
