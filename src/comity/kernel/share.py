# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Shares of a whole, as people read them."""

import re
from fractions import Fraction

_SHARE = re.compile(
    r"(?P<number>[0-9]{1,9}(?:\.[0-9]{1,9}|/(?P<below>[0-9]{1,9}))?) ?(?P<percent>%?)"
)


def percent(share: Fraction) -> str:
    """Write a share as a percentage of at most four digits that count.

    >>> percent(Fraction(197, 200))
    '98.5 %'
    """
    return f"{float(share) * 100:.4g} %"


def exactly(share: Fraction) -> str:
    """Write a share so that it reads back as itself: a percentage, or else a fraction.

    >>> exactly(Fraction(197, 200)), exactly(Fraction(1, 3))
    ('98.5%', '1/3')
    """
    text = f"{float(share) * 100:.6g}"
    return f"{text}%" if Fraction(text) == share * 100 else str(share)


def find_share(text: str) -> Fraction | None:
    """Read a share such as 0.9, 9/10 or 90%; None where it is none."""
    found = _SHARE.fullmatch(text.strip())
    if found is None or (found["below"] is not None and not int(found["below"])):
        return None
    share = Fraction(found["number"]) / (100 if found["percent"] else 1)
    return share if share <= 1 else None
