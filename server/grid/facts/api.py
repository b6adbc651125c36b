"""What the other parts of the grid may import of facts."""

from server.grid.facts.errors import fact_invalid, id_reused
from server.grid.facts.rules import NewFact, content_hash
from server.grid.facts.service import Desk, Writing, write

__all__ = ["Desk", "NewFact", "Writing", "content_hash", "fact_invalid", "id_reused", "write"]
