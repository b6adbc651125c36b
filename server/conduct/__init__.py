"""Household conduct: records, weekly reports, reviews."""
