# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who was placed in which found group, as CSV: numbers local to each group's table."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from comity.errors import Fault, InvalidDocument

_TYPES = {"stratum": pl.String, "participant": pl.Int64, "group": pl.Int64, "side": pl.Int64}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where the people of one table were placed, by their number in it.

    Args:
        group: -1 for who was not placed.
        side: -1, 0 or 1.
    """

    group: NDArray[np.int64]
    side: NDArray[np.int64]


def to_csv(placements: Mapping[str, Placement]) -> bytes:
    """Write placements by stratum, sorted."""
    frames = [
        pl.DataFrame(
            {
                "stratum": [name] * len(one.group),
                "participant": np.arange(len(one.group)),
                "group": one.group,
                "side": one.side,
            },
            schema=_TYPES,
        )
        for name, one in sorted(placements.items())
    ]
    written = io.BytesIO()
    pl.concat(frames or [pl.DataFrame(schema=_TYPES)]).write_csv(written)
    return written.getvalue()


def labels_from_csv(content: bytes) -> Mapping[str, Placement]:
    """Read placements.

    Raises:
        InvalidDocument: Not such a table, or numbers that do not run from 0.
    """
    try:
        frame = pl.read_csv(content, schema=_TYPES)
    except pl.exceptions.PolarsError as error:
        raise _refused(f"not CSV: {str(error).splitlines()[0][:200]}") from None
    if frame.null_count().sum_horizontal().item():
        raise _refused("a cell is empty or no number")
    found: dict[str, Placement] = {}
    for name in frame["stratum"].unique().sort().to_list():
        rows = frame.filter(pl.col("stratum") == name)
        if rows["participant"].to_list() != list(range(len(rows))):
            raise _refused(f"participants of {name[:40]!r} do not run from 0")
        group, side = rows["group"].to_numpy(), rows["side"].to_numpy()
        if min(group.min(), side.min()) < -1 or side.max() > 1:
            raise _refused(f"{name[:40]!r} has a group or side that cannot be")
        found[str(name)] = Placement(group=group, side=side)
    return found


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(
        "not a table of found groups", code="files.labels", faults=[Fault(message=message)]
    )
