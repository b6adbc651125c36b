"""What other slices may import of grids and plates."""

from server.grid.grid_import import check as check_grids
from server.grid.grid_import import import_grids, new_villages
from server.grid.grids import ensure_grids
from server.grid.models import Grid, Plate
from server.grid.plates import Found, find_for, issue_plates, revoke_plates
from server.grid.visits.models import Visit

__all__ = [
    "Found",
    "Grid",
    "Plate",
    "Visit",
    "check_grids",
    "ensure_grids",
    "find_for",
    "import_grids",
    "issue_plates",
    "new_villages",
    "revoke_plates",
]
