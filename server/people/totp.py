"""The second factor: a code of half a minute (RFC 6238) beside the password, for those who turn it on.

Secrets are sealed. A code opens one session: the half-minute it belongs to is used up by compare-and-set.
"""

from __future__ import annotations

from datetime import datetime

import pyotp
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.audit import api as audit
from server.kit.errors import Conflict, Invalid, NotSignedIn
from server.people.access import Actor
from server.people.models import Totp
from server.people.sealing import Seal

ISSUER = "jifen 积分"
STEP = 30
WRONG = "动态码不对，或者已经用过，请等下一个再试。"


def enabled(session: Session, person: str) -> bool:
    """Whether this person signs in with a second factor."""
    found = select(Totp.person_id).where(Totp.person_id == person, Totp.confirmed_at.is_not(None))
    return session.scalar(found) is not None


def begin(session: Session, actor: Actor, seal: Seal, now: datetime) -> tuple[str, str]:
    """A new secret, not in force until a code of it was shown: (secret, address for an authenticator app).

    Raises Conflict `totp_on`.
    """
    if enabled(session, actor.person):
        raise Conflict("totp_on", "动态码已经开着。要换手机，请先关掉再开。")
    secret = pyotp.random_base32()
    session.execute(delete(Totp).where(Totp.person_id == actor.person))
    session.add(
        Totp(person_id=actor.person, secret_sealed=seal.close(secret) or "", last_step=0, created_at=now)
    )
    return secret, pyotp.TOTP(secret).provisioning_uri(name=actor.name, issuer_name=ISSUER)


def confirm(session: Session, actor: Actor, seal: Seal, otp: str, now: datetime) -> None:
    """From now on the second factor is asked for. Raises Conflict `totp_not_begun`, Invalid `otp_wrong`."""
    row = session.get(Totp, actor.person)
    if row is None or row.confirmed_at is not None:
        raise Conflict("totp_not_begun", "请先扫码，再填手机上的动态码。")
    if not _use(session, actor.person, seal, otp, now):
        raise Invalid("otp_wrong", WRONG)
    session.execute(update(Totp).where(Totp.person_id == actor.person).values(confirmed_at=now))
    audit.record(session, actor, "totp.on", "person", actor.person, now)


def end(session: Session, actor: Actor, seal: Seal, otp: str, now: datetime) -> None:
    """Turn it off; needs one more code. Raises Conflict `totp_off`, Invalid `otp_wrong`."""
    if not enabled(session, actor.person):
        raise Conflict("totp_off", "动态码没有开。")
    if not _use(session, actor.person, seal, otp, now):
        raise Invalid("otp_wrong", WRONG)
    forget(session, actor.person)
    audit.record(session, actor, "totp.off", "person", actor.person, now)


def forget(session: Session, person: str) -> None:
    """Without a code: only on the server, when the phone is lost."""
    session.execute(delete(Totp).where(Totp.person_id == person))


def check(session: Session, person: str, seal: Seal, otp: str | None, now: datetime) -> None:
    """At sign-in, after the password was right. Raises NotSignedIn `otp_required` or `otp_wrong`."""
    if not enabled(session, person):
        return
    if not otp:
        raise NotSignedIn("otp_required", "请填手机上的动态码。")
    if not _use(session, person, seal, otp, now):
        raise NotSignedIn("otp_wrong", WRONG)


def _use(session: Session, person: str, seal: Seal, otp: str, now: datetime) -> bool:
    """Use up the code: of this half-minute, or of one beside it, since clocks differ."""
    row = session.get_one(Totp, person)
    code = pyotp.TOTP(seal.open(row.secret_sealed) or "")
    this = int(now.timestamp()) // STEP
    step = next((one for one in (this - 1, this, this + 1) if code.verify(otp, for_time=one * STEP)), None)
    if step is None:
        return False
    used = session.execute(
        update(Totp)
        .where(Totp.person_id == person, Totp.last_step < step)
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount == 1)  # type: ignore[attr-defined]
