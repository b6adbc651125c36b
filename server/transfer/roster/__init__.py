"""Household rosters as village offices keep them, read without a database: rows in, households and faults
out."""
