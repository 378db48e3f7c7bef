# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conduct done apart: one way in one market and another elsewhere, or by function."""

from collections.abc import Mapping
from dataclasses import dataclass

from comity.law.conduct import Division
from comity.law.measure.ask import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Which conduct is done differently for different people at once.

    Args:
        by: Along what; None where everything is done once for all.
        conducts: What is done apart.
        labels: The parts: markets by place, norms by design; a single "" where nothing is.
    """

    by: Division | None = None
    conducts: frozenset[str] = frozenset()
    labels: tuple[str, ...] = ("",)

    def labels_of(self, ask: Ask) -> tuple[str, ...]:
        """Return the parts in which an ask has to be met."""
        match self.by:
            case None:
                return self.labels
            case Division.PLACE:
                return (ask.market,)
            case Division.DESIGN:
                return (ask.norm.name,) if ask.norm.name in self.labels else self.labels

    def label_of(self, conduct: str, label: str) -> str:
        """Return the part in which a conduct stands, "" where it is done once for all."""
        return label if conduct in self.conducts else ""

    def naming(self, label: str) -> Mapping[str, str]:
        """Return what stands for each conduct in one part."""
        return {conduct: f"{conduct} in {label}" for conduct in self.conducts}


TOGETHER = Apart()
"""Everything is done once for all."""
