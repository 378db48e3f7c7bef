# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The figures of a test: the strictest that its duties name, else the claim's own."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from comity.desk.assessment.proposal import Numbers
from comity.files.claim import Claim

SIZE = 2_000
"""Items of a bank, where no duty names a number."""


@dataclass(slots=True)
class Figures:
    """The figures that duties name, each with its norm."""

    claim: Claim
    rates: list[tuple[Fraction, str]]
    sizes: list[tuple[int, str]]
    questions: list[tuple[int, str]]
    ages: list[tuple[int, str]]
    unnumbered: int

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.rates, self.sizes, self.questions, self.ages = [], [], [], []
        self.unnumbered = 0

    def numbers(self) -> Numbers:
        """Return the strictest of them, and what the claim says where none does."""
        threshold, said = self._threshold()
        goal, said_of_goal = self._goal(threshold)
        size, said_of_size = self._size()
        most = max(self.questions, default=None)
        return Numbers(
            threshold=threshold,
            goal=goal,
            risk=self.claim.risk,
            power=self.claim.power,
            size=size,
            least_questions=None if most is None else most[0],
            said=(said, said_of_goal, said_of_size, *self._notes()),
        )

    def _notes(self) -> Iterator[str]:
        risk, power = share_in_words(self.claim.risk), share_in_words(self.claim.power)
        yield f"risk {risk}, power {power}: the claim's; no duty names them"
        for rate, norm in self.rates:
            if rate >= 1:
                yield f"{norm} asks {share_in_words(rate)}, which no sample shows; left out"
        if self.questions:
            most, norm = max(self.questions)
            yield (
                f"{norm} asks for at least {most:,} questions; the plan may decide sooner, "
                "so go on asking to that number where its letter counts"
            )
        if self.ages:
            days, norm = min(self.ages)
            yield f"{norm} asks for a bank renewed every {days} days"

    def _threshold(self) -> tuple[Fraction, str]:
        own = self.claim.threshold
        rates = [each for each in self.rates if each[0] < 1]
        if not rates:
            return own, f"threshold {share_in_words(own)}: the claim's; no duty names a rate"
        rate, norm = max(rates, key=lambda each: each[0])
        if self.unnumbered and own > rate:
            asked = f"{norm} asks only {share_in_words(rate)}, the others name no rate"
            return own, f"threshold {share_in_words(own)}: the claim's; {asked}"
        also = "" if len(rates) == 1 else f", the strictest of {len(rates)} duties with a rate"
        return rate, f"threshold {share_in_words(rate)}: as {norm} asks{also}"

    def _goal(self, threshold: Fraction) -> tuple[Fraction, str]:
        own, goal = self.claim.threshold, self.claim.goal
        if threshold == own:
            return goal, f"goal {share_in_words(goal)}: the claim's; no duty names one"
        share = (1 - goal) / (1 - own)
        moved = 1 - round((1 - threshold) * share, 4)
        said = f"goal {share_in_words(moved)}: no duty names one; as far from the threshold"
        return moved, f"{said}, in shares of the failures it leaves, as the claim's own"

    def _size(self) -> tuple[int, str]:
        if not self.sizes:
            return (
                SIZE,
                f"{SIZE:,} items: as the bank is built by default; no duty names a size",
            )
        most, norm = max(self.sizes)
        if most > SIZE:
            return most, f"{most:,} items: as {norm} asks"
        return SIZE, f"{SIZE:,} items: as by default, at least the {most:,} that {norm} asks"


def share_in_words(share: Fraction) -> str:
    """Write a share as a percentage, exactly where it has few digits."""
    return f"{float(share * 100):.4f}".rstrip("0").rstrip(".") + " %"
