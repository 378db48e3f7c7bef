# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A claim: what is shown of one system on one category of one committed bank."""

from dataclasses import dataclass
from fractions import Fraction

from comity.evidence.statistics.design import About
from comity.kernel.digest import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """On this category of this bank, scored so, this version passes more than the threshold.

    It speaks of the bank's own items or, where it says so, of the population of questions
    they were drawn from at random. Neither kind of claim shows the other.

    Args:
        bank_root: Root of the committed bank.
        scorer: Id of the scorer that says pass or fail.
        system: Digest of the system's version.
        category: Category of the bank.
        threshold: Pass rate p0 that must be exceeded, strictly.
        about: The bank's own items, or the population they were drawn from.
    """

    bank_root: Digest
    scorer: str
    system: Digest
    category: str
    threshold: Fraction
    about: About = About.BANK

    def is_about_same(self, other: "Claim") -> bool:
        """Tell whether both say the same of the same outcomes, whatever the threshold.

        Each item's outcome must be the same whoever asks: bank, scorer, version, category.
        """
        return (
            self.bank_root == other.bank_root
            and self.scorer == other.scorer
            and self.system == other.system
            and self.category == other.category
            and self.about is other.about
        )

    def is_implied_by(self, other: "Claim") -> bool:
        """Tell whether showing the other shows this one: same outcomes, no lower threshold."""
        return self.is_about_same(other) and self.threshold <= other.threshold
