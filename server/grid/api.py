"""What other slices may import of grids and plates."""

from server.grid.grids import ensure_grids
from server.grid.models import Grid, Plate
from server.grid.plates import Found, find, issue_plates

__all__ = ["Found", "Grid", "Plate", "ensure_grids", "find", "issue_plates"]
