# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How alternatives share one need, and what stands for the parts that nobody named."""

from collections.abc import Sequence
from dataclasses import dataclass

from comity.exposure.shock.network import (
    CERTAIN,
    OPEN,
    Need,
    Node,
    Part,
    Place,
    Range,
)
from comity.kernel.material import PPM

_ANYBODY = "anybody/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What is assumed where nobody said; None leaves the whole range open.

    Args:
        substitute_ppm: What part of a loss others make good at short notice.
        need_ppm: What is lost where an upstream need is wholly unmet.
    """

    substitute_ppm: int | None = None
    need_ppm: int | None = None

    def substitute(self, stated_ppm: int | None) -> Range:
        """Return how far a loss is made good."""
        found = self.substitute_ppm if stated_ppm is None else stated_ppm
        return OPEN if found is None else Range(low=found / PPM, high=found / PPM)

    def need(self, stated: float | None) -> Range:
        """Return what an unmet need costs."""
        assumed = None if self.need_ppm is None else self.need_ppm / PPM
        found = assumed if stated is None else stated
        return OPEN if found is None else Range(low=found, high=found)


UNKNOWN = Assumption()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One alternative as stated."""

    node: str
    share_ppm: int | None
    substitute_ppm: int | None


def need_of(
    name: str,
    layer: str,
    entries: Sequence[Entry],
    assume: Assumption,
    *,
    weight: Range = CERTAIN,
    is_upstream: bool = False,
) -> Need:
    """Return the need that alternatives meet.

    A single alternative without a share has what the others leave. Of several, nobody knows
    who has how much. What is left where all state a share is anybody's.
    """
    silent = sum(entry.share_ppm is None for entry in entries)
    rest = max(0, PPM - sum(entry.share_ppm or 0 for entry in entries)) / PPM
    parts = [
        Part(
            node=entry.node,
            share=_share(entry, rest, is_alone=silent == 1),
            substitute=assume.substitute(entry.substitute_ppm),
        )
        for entry in entries
    ]
    if not silent and rest:
        stranger = Part(
            node=f"{_ANYBODY}{layer}", share=rest, substitute=assume.substitute(None)
        )
        parts.append(stranger)
    return Need(
        name=name,
        parts=tuple(parts),
        weight=weight,
        is_upstream=is_upstream,
        rest=rest if silent > 1 else 0.0,
    )


def anybody(key: str) -> Node:
    """Return the node of a supplier nobody named: of any name, in any state."""
    layer, _, code = key.removeprefix(_ANYBODY).removeprefix("supplier/").partition("/?")
    place = Place(supplier=None, jurisdiction=code or None)
    return Node(key=key, kind="supplier", label="", layer=layer, place=place, seats=(None,))


def _share(entry: Entry, rest: float, *, is_alone: bool) -> float | None:
    if entry.share_ppm is not None:
        return entry.share_ppm / PPM
    return rest if is_alone else None
