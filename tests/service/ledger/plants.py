"""What somebody with the database's password might do, with the kind of difference that must be found.

`{month}`, `{waiting}`, `{reversal}` are entries of `books.busy`, `{one}` and `{two}` households, `{instant}`
is an instant as a literal of the database.
"""

from __future__ import annotations

from server.ledger.invariants import Kind

K = Kind
# what somebody did, the statements, a kind that must be among the findings
PLANTED: tuple[tuple[str, str, Kind], ...] = (
    (
        "one leg of an entry raised",
        """
        UPDATE ledger_postings SET amount = amount + 1 WHERE entry_id = '{month}' AND account =
        'balance'
        """,
        K.ENTRY_SUM,
    ),
    (
        "both legs raised alike",
        """
        UPDATE ledger_postings SET amount = amount + 500 WHERE entry_id = '{month}' AND account
        = 'balance';
        UPDATE ledger_postings SET amount = amount - 500 WHERE entry_id = '{month}' AND account
        = 'issued'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "score legs raised alike",
        """
        UPDATE ledger_postings SET amount = amount + 500 WHERE entry_id = '{month}' AND account
        = 'score';
        UPDATE ledger_postings SET amount = amount - 500 WHERE entry_id = '{month}' AND account
        = 'assessed'
        """,
        K.ACCOUNT,
    ),
    (
        "legs and account raised alike",
        """
        UPDATE ledger_postings SET amount = amount + 500, balance_after = balance_after + 500
        WHERE entry_id = '{waiting}' AND account = 'balance';
        UPDATE ledger_postings SET amount = amount - 500 WHERE entry_id = '{waiting}' AND
        account = 'issued';
        UPDATE ledger_accounts SET balance = balance + 500 WHERE household_code = '{four}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "an amount after altered",
        """
        UPDATE ledger_postings SET balance_after = balance_after + 1 WHERE entry_id = '{month}'
        AND account = 'balance'
        """,
        K.AMOUNT_AFTER,
    ),
    (
        "an amount after removed",
        """
        UPDATE ledger_postings SET balance_after = NULL WHERE entry_id = '{month}'
        """,
        K.AMOUNT_AFTER,
    ),
    (
        "a leg moved to another account",
        """
        UPDATE ledger_postings SET account = 'forfeited' WHERE entry_id = '{month}' AND account
        = 'issued'
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "a leg given to a neighbour",
        """
        UPDATE ledger_postings SET household_code = '{two}', seq = 99 WHERE entry_id = '{month}'
        AND account = 'balance'
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "a leg given to another village",
        """
        UPDATE ledger_postings SET village_code = '{other}' WHERE entry_id = '{month}' AND
        account = 'issued'
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "a sequence number altered",
        """
        UPDATE ledger_postings SET seq = 77 WHERE entry_id = '{month}' AND household_code IS NOT
        NULL
        """,
        K.SEQUENCE,
    ),
    (
        "legs renumbered",
        """
        UPDATE ledger_postings SET leg = leg + 10 WHERE entry_id = '{month}'
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "a posting removed",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{month}' AND account = 'balance'
        """,
        K.ENTRY_SUM,
    ),
    (
        "a village's posting removed",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{month}' AND account = 'issued'
        """,
        K.ENTRY_SUM,
    ),
    (
        "a balanced pair removed",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{month}' AND account IN ('score',
        'assessed')
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "all postings of an entry removed",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{month}'
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "an entry removed, postings left",
        """
        DELETE FROM ledger_entries WHERE id = '{month}'
        """,
        K.ENTRY_MISSING,
    ),
    (
        "an entry and its postings removed",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{month}';
        DELETE FROM ledger_entries WHERE id = '{month}'
        """,
        K.ENTRY_MISSING,
    ),
    (
        "an entry removed with its seal",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{month}';
        DELETE FROM ledger_seals WHERE entry_id = '{month}';
        DELETE FROM ledger_entries WHERE id = '{month}'
        """,
        K.SEAL_MISSING,
    ),
    (
        "a waiting entry removed without trace but the account",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{waiting}';
        DELETE FROM ledger_unsealed WHERE entry_id = '{waiting}';
        DELETE FROM ledger_entries WHERE id = '{waiting}'
        """,
        K.ACCOUNT,
    ),
    (
        "the first entry of a reversal removed",
        """
        DELETE FROM ledger_postings WHERE entry_id = '{month}';
        DELETE FROM ledger_entries WHERE id = '{month}'
        """,
        K.REVERSED_MISSING,
    ),
    (
        "a posting inserted",
        """
        INSERT INTO ledger_postings SELECT entry_id, 9, village_code, NULL, 'issued', 100, NULL,
        NULL FROM ledger_postings WHERE entry_id = '{month}' AND leg = 0
        """,
        K.ENTRY_SUM,
    ),
    (
        "a balanced pair of postings inserted",
        """
        INSERT INTO ledger_postings SELECT entry_id, 4, village_code, NULL, 'redeemed', 100,
        NULL, NULL FROM ledger_postings WHERE entry_id = '{month}' AND leg = 0;
        INSERT INTO ledger_postings SELECT entry_id, 5, village_code, NULL, 'expired', -100,
        NULL, NULL FROM ledger_postings WHERE entry_id = '{month}' AND leg = 0
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "a posting of no entry inserted",
        """
        INSERT INTO ledger_postings SELECT 'nowhere', leg, village_code, household_code,
        account, amount, seq + 50, balance_after FROM ledger_postings WHERE entry_id = '{month}'
        """,
        K.ENTRY_MISSING,
    ),
    (
        "an entry copied, queued",
        """
        INSERT INTO ledger_entries SELECT 'planted', village_code, household_code, cause,
        'planted', content_hash, posted_at, score_year, reverses, refs, digest FROM
        ledger_entries WHERE id = '{month}';
        INSERT INTO ledger_postings SELECT 'planted', leg, village_code, household_code,
        account, amount, seq + 50, balance_after FROM ledger_postings WHERE entry_id = '{month}';
        INSERT INTO ledger_unsealed SELECT village_code, posted_at, 'planted' FROM
        ledger_entries WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "an entry without postings inserted",
        """
        INSERT INTO ledger_entries SELECT 'planted', village_code, household_code, cause,
        'planted', content_hash, posted_at, score_year, reverses, refs, digest FROM
        ledger_entries WHERE id = '{month}'
        """,
        K.QUEUE,
    ),
    (
        "the cause altered",
        """
        UPDATE ledger_entries SET cause = 'held_line' WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "a cause that does not exist",
        """
        UPDATE ledger_entries SET cause = 'gift' WHERE id = '{month}'
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "the instant altered",
        """
        UPDATE ledger_entries SET posted_at = {instant} WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "the references altered",
        """
        UPDATE ledger_entries SET refs = '{{}}' WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "the household altered",
        """
        UPDATE ledger_entries SET household_code = '{two}' WHERE id = '{month}'
        """,
        K.ENTRY_SHAPE,
    ),
    (
        "the village altered",
        """
        UPDATE ledger_entries SET village_code = '{other}' WHERE id = '{month}'
        """,
        K.ENTRY_MISSING,
    ),
    (
        "the score year altered",
        """
        UPDATE ledger_entries SET score_year = 2025 WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "the idempotency reference altered",
        """
        UPDATE ledger_entries SET reference = 'other' WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "the content hash altered",
        """
        UPDATE ledger_entries SET content_hash = digest WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "the fingerprint altered",
        """
        UPDATE ledger_entries SET digest = content_hash WHERE id = '{month}'
        """,
        K.ENTRY_CHANGED,
    ),
    (
        "a reversal pointed elsewhere",
        """
        UPDATE ledger_entries SET reverses = '{waiting}' WHERE id = '{reversal}'
        """,
        K.REVERSED_MISSING,
    ),
    (
        "a balance raised",
        """
        UPDATE ledger_accounts SET balance = balance + 1 WHERE household_code = '{one}'
        """,
        K.ACCOUNT,
    ),
    (
        "a score raised",
        """
        UPDATE ledger_accounts SET score = score + 1 WHERE household_code = '{one}'
        """,
        K.ACCOUNT,
    ),
    (
        "points moved to reserved",
        """
        UPDATE ledger_accounts SET balance = balance - 100, reserved = reserved + 100 WHERE
        household_code = '{one}'
        """,
        K.ACCOUNT,
    ),
    (
        "a version altered",
        """
        UPDATE ledger_accounts SET version = version + 1 WHERE household_code = '{one}'
        """,
        K.ACCOUNT,
    ),
    (
        "a score year altered",
        """
        UPDATE ledger_accounts SET score_year = 2027 WHERE household_code = '{one}'
        """,
        K.ACCOUNT,
    ),
    (
        "the year of base points altered",
        """
        UPDATE ledger_accounts SET base_year = 2027
        """,
        K.ACCOUNT,
    ),
    (
        "an account removed",
        """
        DELETE FROM ledger_accounts WHERE household_code = '{one}'
        """,
        K.ACCOUNT_MISSING,
    ),
    (
        "an account moved to another village",
        """
        UPDATE ledger_accounts SET village_code = '{other}' WHERE household_code = '{one}'
        """,
        K.ACCOUNT_MISSING,
    ),
    (
        "a rich account inserted",
        """
        INSERT INTO ledger_accounts SELECT '{rich}', village_code, balance, reserved, score,
        score_year, base_year, version FROM ledger_accounts WHERE household_code = '{one}'
        """,
        K.ACCOUNT,
    ),
    (
        "two households' accounts swapped",
        """
        UPDATE ledger_accounts SET balance = balance + (CASE household_code WHEN '{one}' THEN
        100 ELSE -100 END) WHERE household_code IN ('{one}', '{two}')
        """,
        K.ACCOUNT,
    ),
    (
        "a seal's hash altered",
        """
        UPDATE ledger_seals SET hash = previous WHERE entry_id = '{month}'
        """,
        K.SEAL_CHANGED,
    ),
    (
        "a seal's predecessor altered",
        """
        UPDATE ledger_seals SET previous = hash WHERE entry_id = '{month}'
        """,
        K.SEAL_CHANGED,
    ),
    (
        "a seal put on another entry",
        """
        UPDATE ledger_seals SET entry_id = '{waiting}' WHERE entry_id = '{month}'
        """,
        K.SEAL_CHANGED,
    ),
    (
        "a seal removed",
        """
        DELETE FROM ledger_seals WHERE entry_id = '{month}'
        """,
        K.SEAL_MISSING,
    ),
    (
        "a seal removed and its entry queued again",
        """
        INSERT INTO ledger_unsealed SELECT village_code, posted_at, id FROM ledger_entries WHERE
        id = '{month}';
        DELETE FROM ledger_seals WHERE entry_id = '{month}'
        """,
        K.SEAL_MISSING,
    ),
    (
        "the last seal removed",
        """
        DELETE FROM ledger_seals WHERE village_code = '{village}' AND number = (SELECT
        max(number) FROM ledger_seals WHERE village_code = '{village}')
        """,
        K.HEAD_CHANGED,
    ),
    (
        "all seals and heads removed",
        """
        DELETE FROM ledger_seals;
        DELETE FROM ledger_heads
        """,
        K.QUEUE,
    ),
    (
        "seals renumbered",
        """
        UPDATE ledger_seals SET number = number + 100 WHERE village_code = '{village}'
        """,
        K.SEAL_MISSING,
    ),
    (
        "a seal of no entry inserted",
        """
        INSERT INTO ledger_seals SELECT village_code, number + 100, 'nowhere', hash, previous,
        sealed_at FROM ledger_seals WHERE entry_id = '{month}'
        """,
        K.ENTRY_MISSING,
    ),
    (
        "the sealing instant altered",
        """
        UPDATE ledger_seals SET sealed_at = {instant} WHERE entry_id = '{month}'
        """,
        K.SEAL_CHANGED,
    ),
    (
        "the head altered",
        """
        UPDATE ledger_heads SET hash = '{zeros}'
        """,
        K.HEAD_CHANGED,
    ),
    (
        "the head moved back",
        """
        UPDATE ledger_heads SET number = number - 1
        """,
        K.HEAD_CHANGED,
    ),
    (
        "the head removed",
        """
        DELETE FROM ledger_heads WHERE village_code = '{village}'
        """,
        K.HEAD_CHANGED,
    ),
    (
        "a waiting entry taken off the queue",
        """
        DELETE FROM ledger_unsealed
        """,
        K.QUEUE,
    ),
    (
        "a sealed entry queued again",
        """
        INSERT INTO ledger_unsealed SELECT village_code, posted_at, id FROM ledger_entries WHERE
        id = '{month}'
        """,
        K.QUEUE,
    ),
    (
        "a queued instant altered",
        """
        UPDATE ledger_unsealed SET posted_at = {instant}
        """,
        K.QUEUE,
    ),
    (
        "a row of no entry queued",
        """
        INSERT INTO ledger_unsealed SELECT village_code, posted_at, 'nowhere' FROM
        ledger_entries WHERE id = '{month}'
        """,
        K.ENTRY_MISSING,
    ),
)
