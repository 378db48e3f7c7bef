# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bills of materials: what a system is made of, who supplies it, and under whose law."""

from dataclasses import dataclass

LAYERS = (
    "energy",
    "chips",
    "data_centre",
    "cloud",
    "model",
    "data",
    "talent",
    "application",
    "standard",
)
"""The layers of DESIGN section 8, from the ground up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One component of a system.

    Args:
        layer: One of `LAYERS`, or another word, which then stands for itself.
        supplier: Name, or None where nobody said.
        jurisdiction: ISO 3166-1 alpha-3 code or "EU" of the supplier, or None where unknown.
        share_ppm: Share of its layer in this system, parts per million, or None where unknown.
    """

    layer: str
    name: str
    supplier: str | None = None
    jurisdiction: str | None = None
    share_ppm: int | None = None
