# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""An erasure as pages and the API show it."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureSheet:
    """One erasure of an entry, or of a blob it speaks of, as this node judges it.

    Args:
        place: Where the erasure stands.
        of: What it names, as a place; "" for none.
        blob: Name of the blob erased; "" where the entry itself is.
        is_in_force: Whether this node honours it.
        reason: Why it does not, or "".
    """

    place: str
    of: str
    blob: str
    issued: dt.datetime
    kind: str
    basis: str
    is_in_force: bool
    reason: str
