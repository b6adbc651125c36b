"""Building blocks without any knowledge of villages: clock, database, ids, exact numbers, errors."""
