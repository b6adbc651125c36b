"""Grids, plates and (later) duties, visits, household facts, events."""
