"""A proposal for a village's grids, and the report of what is wrong with the grids there are."""
