# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Words and tables of a memo in Markdown, in which no name can be more than a name."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from fractions import Fraction

from comity.exposure.measure.interval import Interval
from comity.kernel.material import PPM

MAX_WORDS = 1_000
"""Characters of any one text by somebody else; the rest is cut off and marked."""

_ACTIVE = re.compile(r"([\\`*_{}\[\]<>|&~$@])")
_AT_START = re.compile(r"^([0-9]*)([#+\-=.)])")
_LINKS = (("://", ":\\/\\/"), ("www.", "www\\."))
"""What a reader would make a link of without being asked."""

_JOINERS = "\u200c\u200d"
"""Needed to write Khmer, Persian and others rightly; every other unseen sign goes."""


def plain(text: str) -> str:
    r"""Write somebody else's text so that a reader of Markdown shows it as it is.

    Source:
        CommonMark 0.31, 2.4: a backslash before ASCII punctuation makes it mean itself.

    >>> plain("[a](x) <b>")
    '\\[a\\](x) \\<b\\>'
    """
    seen = "".join(one if _is_seen(one) else " " for one in text)
    words = " ".join(seen.split())
    short = words if len(words) <= MAX_WORDS else f"{words[:MAX_WORDS]}…"
    escaped = _AT_START.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", short))
    for found, instead in _LINKS:
        escaped = escaped.replace(found, instead)
    return escaped


def named(layer: str) -> str:
    """Write the name of a layer.

    >>> named("data_centre")
    'data centre'
    """
    return plain(layer.replace("_", " "))


def titled(title: str) -> str:
    """Write a title, its first letter large.

    >>> titled("without USA")
    'Without USA'
    """
    said = plain(title)
    return said[:1].upper() + said[1:]


def _is_seen(one: str) -> bool:
    return one in _JOINERS or unicodedata.category(one) not in {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Zl",
        "Zp",
    }


def percent(share: Interval) -> str:
    """Write a share with its bounds, open ones rounded outward.

    >>> percent(Interval(least=Fraction(0), most=Fraction(1)))
    'unknown (0–100 %)'
    """
    if share.least == 0 and share.most == 1:
        return "unknown (0–100 %)"
    least, most = share.digits(100)
    said = f"{least} %" if least == most else f"{least}–{most} %"
    return said if share.is_exact else f"{said} (enclosed)"


def between(ends: tuple[int, int]) -> str:
    """Write a share that stands in millionths, with its bounds."""
    low, high = ends
    return percent(Interval(least=Fraction(low, PPM), most=Fraction(high, PPM)))


def index(share: Interval) -> str:
    """Write a concentration in ten thousandths, with its bounds, open ones rounded outward."""
    least, most = share.whole(10_000)
    return f"{least:,}" if least == most else f"{least:,}–{most:,}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Write a table; cells are Markdown already."""
    lines = [_row(head), _row(["---"] * len(head)), *map(_row, rows)]
    return ["", *lines, ""]


def listed(lines: Iterable[str]) -> list[str]:
    """Write a list; lines are Markdown already, each beginning with a word of ours."""
    return ["", *(f"- {line}" for line in lines), ""]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell or ' ' for cell in cells)} |"
