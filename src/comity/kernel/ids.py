# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Names for identifiers, so that one kind never passes for another."""

from typing import NewType

MemberId = NewType("MemberId", str)
"""Hex digest of a member's first keyset: self-certifying, needs no registry."""

Origin = NewType("Origin", str)
"""The name of a log as it stands in its checkpoints, such as "ai-office.example/log"."""

NormId = NewType("NormId", str)
"""Such as "eu.aia.50.2"."""

FactName = NewType("FactName", str)
ConductName = NewType("ConductName", str)

MarketCode = NewType("MarketCode", str)
"""ISO 3166-1 alpha-3 code, or "EU"."""
