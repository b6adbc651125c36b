"""The cycles of the villages: a calendar of pure functions, and closers driven by state, not by alarm."""
