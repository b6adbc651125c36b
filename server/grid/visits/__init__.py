"""Visits: today's round, a visit, what of a grid was visited in a month. No check-in, no tracks, no ranking."""
