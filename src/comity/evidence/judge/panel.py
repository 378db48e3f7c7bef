# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""People who judge answers: each sees them in an order and under names of one's own.

What a rater is shown says neither which system answered nor what anybody else thinks of it.
Two who agree settle an answer; the rest goes to one more, who decides. What nobody could
settle has not passed.

Source:
    docs/spec/evidence.md, "Judges who are people".
"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from comity.evidence.draw import by_ticket
from comity.evidence.judge.agreement import krippendorff

ADJUDICATOR = "adjudication"
"""Name of the rater who decides what the others do not."""
SALT_BYTES = 32


class Word(Enum):
    """What a rater says of an answer."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    UNSURE = "UNSURE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is judged: a question, what a good answer says, and the answer."""

    prompt: str
    reference: str
    answer: str


Votes = Mapping[int, Word]
"""What one rater said, by place in the queue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What raters came to.

    Args:
        settled: Whether an answer passes, by place.
        open: Places that are not settled, in order.
        alpha: The raters' agreement; None where it is undefined.
        double: Answers that at least two raters passed or failed.
        split: Those among them that one passed and another failed.
    """

    settled: Mapping[int, bool]
    open: tuple[int, ...]
    alpha: Fraction | None
    double: int
    split: int


def name_of(salt: bytes, rater: str, place: int) -> str:
    """Return what a rater knows an answer by; others know it by another name.

    It begins with a letter, so that no spreadsheet takes it for a number.
    """
    return "q" + _ticket(salt, f"name/{rater}", place).hex()[:16]


def order_for(salt: bytes, rater: str, places: Sequence[int]) -> tuple[int, ...]:
    """Return places in the order in which a rater sees them."""
    return by_ticket(places, lambda place: _ticket(salt, f"order/{rater}", place))


def settle(size: int, raters: Sequence[Votes], adjudicator: Votes) -> Panel:
    """Return what raters, and the one who decides, came to.

    An answer is settled where all raters say PASS, or all FAIL; else by the adjudicator,
    whose UNSURE fails it.
    """
    settled: dict[int, bool] = {}
    left: list[int] = []
    rows = [[votes.get(place) for votes in raters] for place in range(size)]
    for place, row in enumerate(rows):
        first = row[0]
        if first in {Word.PASS, Word.FAIL} and all(word is first for word in row):
            settled[place] = first is Word.PASS
        elif place in adjudicator:
            settled[place] = adjudicator[place] is Word.PASS
        else:
            left.append(place)
    said = [[None if word is Word.UNSURE else word for word in row] for row in rows]
    clear = [{*row} - {None} for row in said if sum(word is not None for word in row) > 1]
    return Panel(
        settled=settled,
        open=tuple(left),
        alpha=krippendorff(said),
        double=len(clear),
        split=sum(len(words) > 1 for words in clear),
    )


def _ticket(salt: bytes, what: str, place: int) -> bytes:
    message = b"comity/queue/v1\n" + what.encode() + b"\n" + place.to_bytes(8, "big")
    return hmac.digest(salt, message, "sha256")
