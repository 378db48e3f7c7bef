# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a convener declares before anyone answers: question, groups, thresholds, days."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from comity.council.consult.opinion import LeftOut, Opinion
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """One declared group, and the member whose node signs for it.

    Args:
        name: Such as "pacific" or "tradition:ubuntu".
        signer: Who registers its people and signs their answers.
    """

    name: str
    signer: MemberId


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What must hold before an opinion is called agreed.

    Args:
        agree: Share that the lower bound of every declared group must reach.
        found: Share that every found group must reach, each group with one answer of either
            kind added.
        least_seen: Answers that each declared group must have given.
        both_sides: How many more must agree than disagree on each side of the main divide.

    Source:
        The last is Community Notes' net-helpful minimum on both sides, which asks for 10, or
        for 4 and a twentieth.
    """

    agree: Fraction = HALF
    found: Fraction = HALF
    least_seen: int = 10
    both_sides: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """A consultation as it was opened.

    Args:
        kind: What the groups are, such as "regions", "languages", "moral traditions".
        adding: Who may hand in opinions, and how, in words; "" where nobody may.
    """

    question: str
    kind: str
    strata: tuple[Stratum, ...]
    opens: Instant
    closes: Instant
    thresholds: Thresholds = field(default_factory=Thresholds)
    opinions: tuple[Opinion, ...] = ()
    adding: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """Opinions a convener added later, and those it left out."""

    added: tuple[Opinion, ...]
    left_out: tuple[LeftOut, ...]


def standing_opinions(
    first: Iterable[Opinion], additions: Iterable[Addition]
) -> tuple[dict[str, Opinion], dict[str, LeftOut]]:
    """Return the opinions that are asked in the end, and those left out, by id.

    Additions count in the order of the log; an id that stands already is not replaced.
    """
    asked = {one.name: one for one in first}
    out: dict[str, LeftOut] = {}
    for addition in additions:
        for opinion in addition.added:
            if opinion.name not in asked and opinion.name not in out:
                asked[opinion.name] = opinion
        for left in addition.left_out:
            asked.pop(left.name, None)
            out.setdefault(left.name, left)
    return asked, out
