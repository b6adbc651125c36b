"""What nobody needs any more of sign-in: ended sessions, used or expired invitations, counted failures."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from server.people.models import Invitation, SignInFailure, SignInSession

SESSIONS_FOR = timedelta(days=30)
INVITATIONS_FOR = timedelta(days=180)
FAILURES_FOR = timedelta(days=1)


def sweep(session: Session, now: datetime) -> None:
    """Remove what ended so long ago; the audit log keeps what it noted."""
    ended = or_(
        SignInSession.revoked_at <= now - SESSIONS_FOR, SignInSession.refresh_until <= now - SESSIONS_FOR
    )
    session.execute(delete(SignInSession).where(ended))
    session.execute(delete(Invitation).where(Invitation.expires_at <= now - INVITATIONS_FOR))
    over = (SignInFailure.last_at <= now - FAILURES_FOR, SignInFailure.locked_until.is_(None))
    session.execute(delete(SignInFailure).where(*over))
