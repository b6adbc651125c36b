"""Where a village's grids are: their outlines, drawn from the places of their households."""
