"""At the counter: consent, handing out, receipts, returns, replays of an offline counter, settlement."""
