# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How far people who judged the same answers agree, beyond what chance would have them.

Source:
    Krippendorff (2011), Computing Krippendorff's alpha-reliability: nominal data, any number
    of observers, missing values.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from fractions import Fraction

ACCEPTABLE = Fraction(8, 10)
"""Alpha from which conclusions are commonly rested on ratings."""
TENTATIVE = Fraction(667, 1000)
"""Alpha below which no conclusion is."""


def krippendorff(units: Iterable[Sequence[Hashable | None]]) -> Fraction | None:
    """Return the agreement of ratings, exactly: 1 for perfect, 0 for that of chance.

    Args:
        units: What was said of each thing, one value a rater; None where one said nothing.
            A thing that fewer than two rated says nothing of agreement.

    Returns:
        None where it is undefined: nothing was rated twice, or all ratings are the same.

    >>> krippendorff(zip("0100000010", "1110010000"))
    Fraction(2, 21)
    """
    totals: Counter[Hashable] = Counter()
    apart = Fraction(0)
    for unit in units:
        counts = Counter(value for value in unit if value is not None)
        many = counts.total()
        if many < 2:
            continue
        totals += counts
        apart += Fraction(many**2 - _squares(counts), many - 1)
    count = totals.total()
    expected = count**2 - _squares(totals)
    return 1 - (count - 1) * apart / expected if expected else None


def in_words(alpha: Fraction | None) -> str:
    """Say what an alpha is worth, for a person."""
    if alpha is None:
        return "undefined: the ratings do not vary, or none is double"
    if alpha >= ACCEPTABLE:
        return f"{float(alpha):.3f}: agreement to rest on"
    if alpha >= TENTATIVE:
        return f"{float(alpha):.3f}: agreement for tentative conclusions"
    return f"{float(alpha):.3f}: too little; the raters do not read the reference alike"


def _squares(counts: Counter[Hashable]) -> int:
    return sum(count**2 for count in counts.values())
