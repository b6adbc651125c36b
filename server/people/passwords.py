"""Passwords: Argon2id with the library's defaults. One try costs ~190 ms and 64 MiB, so few run at once."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.kit.errors import FieldFault, Invalid

MINIMUM = 8
_hasher = PasswordHasher()


class _Slots:
    """How many hashes are computed at once."""

    free = threading.BoundedSemaphore(2)


# verified when the account does not exist, so that both answers take as long; computed once and for all, since
# every command would wait for it. A test holds its parameters against the library's.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$Yy60KDF19RepGxRc7SEdSg$yWG1hBHtZqqPQkTbIRfxW8qOO9sa4wZc2tOOOrxycA8"


def limit(at_once: int) -> None:
    """How many hashes may be computed at once in this process."""
    _Slots.free = threading.BoundedSemaphore(at_once)


def check_strength(password: str, username: str) -> None:
    """Raises Invalid when a password is too short or is the account name."""
    if len(password) < MINIMUM or password.casefold() == username.casefold():
        fault = FieldFault("password", f"至少 {MINIMUM} 个字符，不能和用户名一样。")
        raise Invalid("password_weak", "这个密码太容易猜，请换一个。", [fault])


def hashed(password: str) -> str:
    """The hash to keep."""
    with _Slots.free:
        return _hasher.hash(password)


def verify(password: str, stored: str | None) -> bool:
    """Whether the password is right; takes as long for an account that does not exist."""
    with _Slots.free:
        try:
            return _hasher.verify(stored or NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False
