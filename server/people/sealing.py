"""Sealing of phone and id numbers: encrypted at rest with a key that lives outside database and backup."""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Seal:
    """Encrypts and opens short texts. Several keys may be listed, one a line: the first seals, all open."""

    def __init__(self, keys: list[str], path: Path | None = None) -> None:
        self._path = path
        self._use(keys)

    def _use(self, keys: list[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._keys = [key.encode() for key in keys]

    @classmethod
    def from_file(cls, path: Path) -> Seal:
        """The keys in `path`; a new key file (owner-readable only) is made when there is none."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(Fernet.generate_key() + b"\n")
        return cls(path.read_text("ascii").split(), path)

    def fingerprints(self) -> tuple[str, ...]:
        """A mark of each key that tells nothing about it: so that an archive can name the keys it needs."""
        return tuple(self.marks("key", "jifen"))

    def close(self, text: str | None) -> str | None:
        """Encrypt; None and empty stay None."""
        return self._fernet.encrypt(text.encode()).decode() if text else None

    def open(self, sealed: str | None) -> str | None:
        """Decrypt; raises cryptography's InvalidToken when no key fits.

        A key that was added to the file since the start is found: keys are changed while the program runs.
        """
        if not sealed:
            return None
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            if self._path is None:
                raise
            self._use(self._path.read_text("ascii").split())
            return self._fernet.decrypt(sealed.encode()).decode()

    def renewed(self, sealed: str) -> str:
        """The same text, sealed by the first key."""
        return self._fernet.rotate(sealed.encode()).decode()

    def marks(self, purpose: str, text: str) -> Sequence[str]:
        """Keyed hashes (HMAC-SHA256, hex) of a short secret such as a PIN: keep the first, accept any.

        Without the key file a copied database gives no PIN away, however short it is.
        """
        message = f"{purpose}\0{text}".encode()
        return [hmac.new(key, message, hashlib.sha256).hexdigest() for key in self._keys]


def masked_phone(phone: str | None) -> str | None:
    """`13812345678` → `138****5678`."""
    return phone and (phone[:3] + "****" + phone[-4:] if len(phone) >= 8 else "****")


def masked_name(name: str) -> str:
    """`王建国` → `王**`: as a notice may show it."""
    return name[:1] + "*" * max(len(name) - 1, 1)
