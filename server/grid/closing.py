"""The closers of grid work, for the registry. Apart from `api`, since the cycles know villages, whose places
know grids.
"""

from __future__ import annotations

from server.cycles.api import Closer
from server.grid.changes import closing as changes
from server.grid.events import closing as events
from server.grid.facts import closing as facts
from server.grid.visits import closing as visits


def closers() -> list[Closer]:
    """In the order in which they work at the same instant."""
    return [*visits.closers(), *events.closers(), *facts.closers(), *changes.closers()]
