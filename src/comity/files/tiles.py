# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where each state stands on a map of one square per state: `packs/tiles.csv`."""

import csv
from functools import cache

from comity.files.pack import SHIPPED

TILES = SHIPPED / "tiles.csv"
"""Squares laid out by this project: neighbours stay near, every state is as large as any."""


@cache
def read_tiles() -> dict[str, tuple[int, int]]:
    """Return the column and the row of each state, ISO 3166-1 alpha-3, from the upper left."""
    with TILES.open(encoding="utf-8", newline="") as file:
        return {
            row["state"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)
        }
