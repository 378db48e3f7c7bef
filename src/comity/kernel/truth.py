# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Kleene's strong three-valued logic: true, false, undetermined.

Source:
    Kleene (1952), Introduction to Metamathematics, section 64.
"""

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """A truth value; `UNDETERMINED` means the facts do not settle it, never "no"."""

    TRUE = "true"
    FALSE = "false"
    UNDETERMINED = "undetermined"

    def __invert__(self) -> "Truth":
        """Negate; what is undetermined stays so."""
        match self:
            case Truth.TRUE:
                return Truth.FALSE
            case Truth.FALSE:
                return Truth.TRUE
            case Truth.UNDETERMINED:
                return Truth.UNDETERMINED

    @staticmethod
    def from_bool(value: bool | None) -> "Truth":  # noqa: FBT001 - the boolean is the subject
        """Read None as undetermined."""
        if value is None:
            return Truth.UNDETERMINED
        return Truth.TRUE if value else Truth.FALSE


def all_of(values: Iterable[Truth]) -> Truth:
    """Return the conjunction: one false decides; of nothing, true."""
    result = Truth.TRUE
    for value in values:
        if value is Truth.FALSE:
            return Truth.FALSE
        if value is Truth.UNDETERMINED:
            result = Truth.UNDETERMINED
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """Return the disjunction: one true decides; of nothing, false."""
    result = Truth.FALSE
    for value in values:
        if value is Truth.TRUE:
            return Truth.TRUE
        if value is Truth.UNDETERMINED:
            result = Truth.UNDETERMINED
    return result
