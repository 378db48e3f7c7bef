# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How firmly what was tested was bound to what its provider registered."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields

FIELD = "identity"
"""The field of a finding that says it; a finding without it says nothing."""


class Strength(Enum):
    """How firmly, the weakest first.

    Not bound: nothing could be compared. Name only: the address and names it goes by.
    Declared: files of weights that are said to be used. Endpoint: its answers to public
    probes too. Weights: the very files that the tester's own engine loaded.
    """

    NONE = "not bound"
    NAME = "name only"
    DECLARED = "declared weights"
    ENDPOINT = "endpoint"
    WEIGHTS = "weights"


_ORDER = tuple(Strength)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What was compared, and with what.

    Args:
        method: The registration's method.
        registered: The version digest registered.
        compared: What was compared, in words.
        seen: Digest of the weights as the tester counted them, or None.
    """

    strength: Strength
    method: str
    registered: Digest
    compared: tuple[str, ...] = ()
    seen: Digest | None = None

    def to_json(self) -> dict[str, Json]:
        """Write the binding as a JSON object."""
        return {
            "strength": self.strength.value,
            "method": self.method,
            "registered": self.registered.hex(),
            "compared": list(self.compared),
            "seen": None if self.seen is None else self.seen.hex(),
        }


def binding_from(fields: Fields) -> Binding:
    """Read a binding from a JSON object, noting faults."""
    return Binding(
        strength=Strength(fields.choice("strength", [one.value for one in Strength])),
        method=fields.text("method"),
        registered=fields.digest("registered"),
        compared=fields.texts("compared"),
        seen=fields.nullable("seen", fields.digest),
    )


def weakest(bindings: Iterable[Binding]) -> Binding | None:
    """Return the weakest of what several runs of one test were bound by, or None."""
    return min(bindings, key=lambda one: _ORDER.index(one.strength), default=None)
