"""The small family of errors that a person may meet.

Every error has a stable `code` (for programs) and a Chinese sentence that says what to do (for people).
The HTTP status of each kind stands in one table, `server/web/problems.py`; nothing in here knows about
HTTP.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class FieldFault:
    """One faulty field of a request or file: its path, such as `items.0.points`, and what to do about it."""

    field: str
    message: str


@dataclass(frozen=True)
class RowFault(FieldFault):
    """A faulty cell of a table: its row as a spreadsheet counts, its column and what is written there."""

    row: int | None
    column: str
    value: str
    reason: str
    remedy: str
    code: str


class DomainError(Exception):
    """Base of all errors that are answers, not accidents."""

    def __init__(self, code: str, message: str, faults: Iterable[FieldFault] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.faults = tuple(faults)


class NotSignedIn(DomainError):
    """Nobody is signed in, or the session has ended."""

    def __init__(self, code: str = "not_signed_in", message: str = "请先登录。") -> None:
        super().__init__(code, message)


class NotAllowed(DomainError):
    """The person holds no role that may do this anywhere."""

    def __init__(self, code: str = "not_allowed", message: str = "您的身份不能做这件事。") -> None:
        super().__init__(code, message)


class NotFound(DomainError):
    """Does not exist, or the person may not know of it: both look alike."""

    def __init__(self, code: str = "not_found", message: str = "没有找到，请核对后再试。") -> None:
        super().__init__(code, message)


class Conflict(DomainError):
    """The request contradicts the present state; nothing was changed."""


class Stale(DomainError):
    """Somebody else changed the same thing in between; nothing was changed now."""

    def __init__(self, code: str = "changed_meanwhile", message: str = "") -> None:
        super().__init__(code, message or "别人刚改过，请重新打开看最新的内容再改。")


class Invalid(DomainError):
    """The request itself is wrong; `faults` name the fields."""


class TooMany(DomainError):
    """Too many tries; `retry_after` is in seconds."""

    def __init__(self, code: str, message: str, retry_after: int) -> None:
        super().__init__(code, message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The instance cannot serve this now (disk full, database gone); the same request may be sent again."""
