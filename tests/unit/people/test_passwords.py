"""What the hash of nobody must be, so that an unknown account answers as slowly as a known one."""

from __future__ import annotations

from argon2 import PasswordHasher

from server.people import passwords


def test_nobodys_hash_costs_as_much_as_a_new_one() -> None:
    assert not PasswordHasher().check_needs_rehash(passwords.NOBODY)
    assert PasswordHasher().verify(passwords.NOBODY, "nobody has this password")


def test_nobodys_password_lets_nobody_in() -> None:
    assert not passwords.verify("nobody has this password", None)
