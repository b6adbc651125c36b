"""Where the doors of a demo village stand, so that its grids can be drawn. Pure and fictional.

Lanes lie in two columns along the main street, up the western one and down the eastern one: neighbours in the
roster are neighbours on the map, and so are the grids. Degrees as the API takes them.
"""

from __future__ import annotations

import random

from server.demo.county import LANES

CENTRE = (106.1200, 38.6900)
APART = 0.03  # degrees between villages
_METRE_EAST, _METRE_NORTH = 1 / 87_000, 1 / 111_000
_DOOR, _LANE, _STREET, _ACROSS = 19, 74, 26, 16  # metres
_ROWS = len(LANES) // 2


def doors(village: int, households: int, rng: random.Random) -> list[tuple[str, str]]:
    """(longitude, latitude) of each household of the `village`th village, in the order of its roster."""
    east, north = CENTRE[0] + APART * (village % 3), CENTRE[1] + APART * (village // 3)
    found = []
    for index in range(households):
        lane = index * len(LANES) // households
        number = index - -(-lane * households // len(LANES))
        away = _STREET + _DOOR * (number // 2) + rng.uniform(-4, 4)
        side = -1 if lane < _ROWS else 1
        row = lane if lane < _ROWS else len(LANES) - 1 - lane
        up = (row - _ROWS / 2) * _LANE + (number % 2) * _ACROSS * 2 - _ACROSS + rng.uniform(-5, 5)
        found.append((f"{east + side * away * _METRE_EAST:.6f}", f"{north - up * _METRE_NORTH:.6f}"))
    return found
