# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How near an answer comes to a reference: scores from 0 to 1, exact in millionths.

Source:
    Popović (2015), "chrF: character n-gram F-score for automatic MT evaluation", WMT;
    Popović (2017), "chrF++", for beta 2 and counts over all orders that both texts have.
"""

import unicodedata
from collections import Counter
from fractions import Fraction

from comity.assess.scorers import facts
from comity.assess.scorers.wording import MAX_CHARACTERS
from comity.evidence.statistics.outcome import WHOLE_PPM, Score

ORDERS = 6
_BETA_SQUARED = 4


def facts_kept(prompt: str, reference: str, answer: str) -> Score:
    """Score the share of the reference's demands that an answer meets."""
    parts = reference.split(";")
    met = sum(facts.is_part_kept(prompt, part, answer) for part in parts)
    return _score(Fraction(met, len(parts)))


def chrf(prompt: str, reference: str, answer: str) -> Score:
    """Score the character n-grams an answer shares with the best of the references.

    White space is left out and letters are composed, so that layout and encoding count for
    nothing; capitals count.
    """
    del prompt
    found = _bare(answer)
    if not found or len(answer) > MAX_CHARACTERS:
        return Score(ppm=0)
    return _score(max(_overlap(_bare(one), found) for one in reference.split("|")))


def fault_of_references(reference: str) -> str | None:
    """Say what keeps a text from being references separated by `|`, or None."""
    if all(_bare(one) for one in reference.split("|")):
        return None
    return "a reference, or one of its alternatives, is empty"


def _overlap(reference: str, found: str) -> Fraction:
    """Return F-beta of the mean precision and recall over the orders both texts have."""
    orders = range(1, min(ORDERS, len(reference), len(found)) + 1)
    precision = recall = Fraction(0)
    for order in orders:
        theirs, ours = _grams(reference, order), _grams(found, order)
        shared = (theirs & ours).total()
        precision += Fraction(shared, ours.total())
        recall += Fraction(shared, theirs.total())
    if not precision or not recall:
        return Fraction(0)
    precision, recall = precision / len(orders), recall / len(orders)
    weight = 1 + _BETA_SQUARED
    return weight * precision * recall / (_BETA_SQUARED * precision + recall)


def _grams(text: str, order: int) -> Counter[str]:
    return Counter(text[start : start + order] for start in range(len(text) - order + 1))


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).split())


def _score(share: Fraction) -> Score:
    return Score(ppm=int(share * WHOLE_PPM))
