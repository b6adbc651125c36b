"""Faults to plant, each with the tests that must find it. `.ci/mutations` plants them one by one, in a copy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """In `file`, `old` (which stands there once) becomes `new`; `tests` must then fail."""

    name: str
    file: str
    old: str
    new: str
    tests: str


PLANTED = (
    Fault(
        "a lost commit",
        "server/kit/transaction.py",
        "                session.commit()\n",
        "                session.rollback()\n",
        "tests/http/people/test_looks.py",
    ),
    Fault(
        "a closing outside of its claim: twice becomes possible",
        "server/cycles/engine.py",
        "        if not _claim(session, closer, due, now):",
        "        if _claim(session, closer, due, now) is None:",
        "tests/service/cycles/test_engine.py",
    ),
    Fault(
        "a phone number in full where no purpose was stated",
        "server/people/household_file.py",
        "phone if open_phones else masked_phone(phone)",
        "phone",
        "tests/http/people/test_households.py",
    ),
    Fault(
        "a look at a household that is not on record",
        "server/people/household_file.py",
        "    if not own or open_phones:",
        "    if open_phones:",
        "tests/http/people/test_looks.py",
    ),
    Fault(
        "a permission without its scope",
        "server/people/access.py",
        "self.grants_for(permission) if grant.covers(place)), None)",
        "self.grants_for(permission)), None)",
        "tests/http/people/test_looks.py",
    ),
    Fault(
        "a skipped month",
        "server/cycles/calendar.py",
        "Month(self.year + self.number // 12, self.number % 12 + 1)",
        "Month(self.year + (self.number + 1) // 12, (self.number + 1) % 12 + 1)",
        "tests/unit/kit/test_calendar.py",
    ),
    Fault(
        "a float near the points",
        "server/kit/exact.py",
        "    scaled = value * 100\n",
        "    scaled = Decimal(float(value) * 100)\n",
        "tests/unit/kit/test_exact.py",
    ),
    Fault(
        "an overdraft: the balance is not looked at while it is changed",
        "server/ledger/queries.py",
        "balance >= :balance_needed",
        "balance >= :balance_needed - 100000000",
        "tests/service/ledger/test_ledger_moves.py",
    ),
    Fault(
        "a race for the last item",
        "mall/stock/counters.py",
        '"WHERE goods_id = :goods AND on_hand - held - expired >= :quantity RETURNING village_code",',
        '"WHERE goods_id = :goods RETURNING village_code",',
        "tests/service/mall/test_stock_counters.py tests/service/mall/test_redemptions_races.py",
    ),
    Fault(
        "a seal that does not cover the one before",
        "server/ledger/canonical.py",
        'return _sha256(["seal", previous, *seal])',
        'return _sha256(["seal", *seal])',
        "tests/unit/ledger/test_ledger_canonical.py tests/service/ledger/test_ledger_tampering.py",
    ),
    Fault(
        "an audit seal that does not cover the act",
        "server/audit/canonical.py",
        '_sha256(["seal", previous, number, act_digest, sealed_at])',
        '_sha256(["seal", previous, number, sealed_at])',
        "tests/service/audit/test_chain.py",
    ),
    Fault(
        "guesses that are counted after they are judged",
        "server/people/sign_in.py",
        ".values(failures=SignInFailure.failures + 1, last_at=now)",
        ".values(failures=SignInFailure.failures, last_at=now)",
        "tests/http/people/test_sign_in.py",
    ),
    Fault(
        "a code that opens two sessions",
        "server/people/totp.py",
        "Totp.person_id == person, Totp.last_step < step",
        "Totp.person_id == person",
        "tests/http/people/test_totp.py",
    ),
    Fault(
        "a message that is sent again because no answer came",
        "server/messages/sending.py",
        '        _end(letter, "unknown", None, now)\n        return True',
        "        return _again(letter, now, timedelta(minutes=1))",
        "tests/service/messages/test_outbox.py",
    ),
    Fault(
        "a restored instance that sends what was sent before",
        "server/messages/holding.py",
        '    held = _end(session, "waiting", "withheld", now)\n',
        "    held = 0\n",
        "tests/service/archive/test_backup.py",
    ),
    Fault(
        "a backup that leaves out a table",
        "server/archive/backup.py",
        '"scheduler_leases", "rate_counts", "shared_tokens"',
        '"scheduler_leases", "rate_counts", "shared_tokens", "decisions"',
        "tests/service/archive/test_backup.py",
    ),
    Fault(
        "a photo that is removed while another needs it",
        "server/evidence/retention.py",
        "        if not needed and not store",
        "        if not store",
        "tests/service/evidence/test_retention.py",
    ),
    Fault(
        "an error that shows what stood in the refused row",
        "server/web/logs.py",
        '    event["exception"] = "\\n".join(_described(error))',
        '    event["exception"] = str(error)',
        "tests/acceptance/test_markers.py",
    ),
)
