"""What the server and other slices may import of the overview."""

from mall.overview.closing import closers
from mall.overview.queries import cover_of, donation_book
from mall.overview.rules import Cover, Level

__all__ = ["Cover", "Level", "closers", "cover_of", "donation_book"]
