# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Scores from 0 to 1, the same on every machine."""

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.assess.scorers.closeness import chrf, facts_kept, fault_of_references
from comity.assess.scorers.scorer import get_scorer, score
from comity.evidence.statistics.outcome import WHOLE_PPM, Score, is_passed, ppm_of

WORDS = st.text(alphabet="abcde xyz", min_size=1, max_size=30).filter(str.strip)


def by_hand(reference: str, answer: str) -> float:
    """Compute chrF in floating point, order by order, with lists and no counters."""
    theirs, ours = reference.replace(" ", ""), answer.replace(" ", "")
    precisions, recalls = [], []
    for order in range(1, 7):
        wanted = [theirs[i : i + order] for i in range(len(theirs) - order + 1)]
        said = [ours[i : i + order] for i in range(len(ours) - order + 1)]
        if not wanted or not said:
            break
        left, hits = list(wanted), 0
        for gram in said:
            if gram in left:
                left.remove(gram)
                hits += 1
        precisions.append(hits / len(said))
        recalls.append(hits / len(wanted))
    p, r = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 5 * p * r / (4 * p + r) if p and r else 0.0


@given(WORDS, WORDS)
def test_chrf_is_what_a_plain_reckoning_gives(reference: str, answer: str) -> None:
    """Two programs of one formula."""
    assert isclose(chrf("", reference, answer).ppm, by_hand(reference, answer) * 1e6, abs_tol=1)


@given(WORDS)
def test_the_reference_itself_is_the_whole(text: str) -> None:
    """And only then does a score pass where a plan counts passes."""
    assert is_passed(chrf("", text, f"  {text}\n"))


def test_the_best_of_several_references_counts() -> None:
    """There is more than one right translation."""
    alone = chrf("", "Saia agora.", "Vá embora já.")

    assert chrf("", "Saia agora.|Vá embora já!", "Vá embora já.").ppm > alone.ppm


@pytest.mark.parametrize("answer", ["", " \n", "x" * 200_000])
def test_nothing_and_a_flood_score_nothing(answer: str) -> None:
    """An endless answer must not take endless time."""
    assert chrf("", "Saia agora.", answer) == Score(ppm=0)


def test_facts_are_scored_by_the_share_kept() -> None:
    """Three of four demands: hour and road are there, the town is not, nothing forbidden."""
    reference = "14:30;BR-386|road;Lajeado;!cancelled"

    found = facts_kept("Leave.", reference, "Leave at 14:30 by the road.")

    assert found.ppm == int(Fraction(3, 4) * WHOLE_PPM)


def test_all_facts_kept_is_what_the_counting_scorer_passes() -> None:
    """The two scorers of facts agree where either says everything."""
    reference, answer = "14:30;Lajeado", "At 14:30 leave Lajeado."

    assert ppm_of(score("facts-kept/1", "x", reference, answer)) == WHOLE_PPM
    assert score("keeps-facts/1", "x", reference, answer) is True


def test_an_empty_reference_is_a_fault_of_the_bank() -> None:
    """It is named when the bank is built, not when it is asked."""
    assert fault_of_references("a| |b")
    assert get_scorer("chrf/1").fault_of("a|b") is None
