# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How many more tests a bank supports: what is unopened against what a test opens.

Source:
    docs/spec/evidence.md, "The life of a bank".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

from comity.evidence.bank import Commitment
from comity.evidence.draw import sizes


class Advice(Enum):
    """What a keeper should do."""

    KEEP = "keep"
    PREPARE = "prepare the next edition"
    ROTATE = "rotate now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Questions one test of a category opens.

    Args:
        perfect: Expected of a system that fails nothing.
        goal: Expected of one at the goal.
        worst: The most it can open.
    """

    perfect: float
    goal: float
    worst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryLife:
    """What is left of one category.

    Args:
        expected: What a test of what is left opens; None where no test of it can be made.
    """

    name: str
    size: int
    unopened: int
    expected: Expected | None

    @property
    def perfect(self) -> int:
        """Count the tests of perfect systems that are left."""
        return 0 if self.expected is None else _times(self.unopened, self.expected.perfect)

    @property
    def goal(self) -> int:
        """Count the tests of systems at the goal that are left."""
        return 0 if self.expected is None else _times(self.unopened, self.expected.goal)

    @property
    def worst(self) -> int:
        """Count the tests that are left whatever the systems."""
        return 0 if self.expected is None else _times(self.unopened, self.expected.worst)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What is left of a bank; the category with the least decides."""

    categories: tuple[CategoryLife, ...]

    @property
    def perfect(self) -> int:
        """Count the tests of perfect systems that are left."""
        return min(one.perfect for one in self.categories)

    @property
    def goal(self) -> int:
        """Count the tests of systems at the goal that are left."""
        return min(one.goal for one in self.categories)

    @property
    def worst(self) -> int:
        """Count the tests that are left whatever the systems."""
        return min(one.worst for one in self.categories)

    @property
    def advice(self) -> Advice:
        """Advise: the next test must fit whatever the system, the one after it too."""
        if self.worst < 1:
            return Advice.ROTATE
        return Advice.PREPARE if self.worst < 2 else Advice.KEEP


def life_of(
    commitment: Commitment, opened: Collection[int], expected: Mapping[int, Expected | None]
) -> Life:
    """Return what is left of a bank.

    Args:
        opened: Positions opened, to anyone.
        expected: By number of unopened items, what a test of them opens.
    """
    left = sizes(commitment, opened)
    return Life(
        categories=tuple(
            CategoryLife(
                name=category.name,
                size=category.count,
                unopened=left[category.name],
                expected=expected.get(left[category.name]),
            )
            for category in commitment.categories
        )
    )


def _times(unopened: int, asked: float) -> int:
    return int(unopened // asked) if asked > 0 else 0
