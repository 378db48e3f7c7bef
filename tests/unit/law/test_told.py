# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.kernel.ids import MarketCode
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.told import Told, joined, weigh


def _told(source: str, answer: Answer, market: str | None = None) -> Told:
    return Told(
        fact="f",
        answer=answer,
        market=None if market is None else MarketCode(market),
        source=source,
        place="a.b",
        why="it says so",
        evidence=f"{source}, sha256:00",
    )


def _open(inside: str, outside: str = "") -> OpenSet:
    return OpenSet(known_in=frozenset(inside), known_out=frozenset(outside))


def test_what_two_documents_agree_on_is_an_answer_of_both() -> None:
    """Each is named with its place."""
    (weighed,) = weigh([_told("one", answer=True), _told("two", answer=True)])
    assert weighed.answer is True
    assert weighed.note == "one says true: it says so (a.b); two says true: it says so (a.b)"
    assert weighed.evidence == "one, sha256:00; two, sha256:00"


def test_what_documents_contradict_is_disputed_with_both_shown() -> None:
    """Nobody decides for them, and a third voice does not settle it."""
    three = [_told("one", answer=True), _told("two", answer=False), _told("three", answer=True)]
    (weighed,) = weigh(three)
    assert weighed.answer is Silence.DISPUTED
    assert "one says true" in weighed.note
    assert "two says false" in weighed.note


def test_what_is_told_of_different_markets_stays_apart() -> None:
    """It need not be the same."""
    found = weigh([_told("one", answer=True, market="EU"), _told("two", answer=False)])
    assert [(each.market, each.answer) for each in found] == [("EU", True), (None, False)]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (_open("a"), _open("b"), _open("ab")),
        (_open("a"), _open("", "a"), Silence.DISPUTED),
        (frozenset("ab"), _open("a", "c"), frozenset("ab")),
        (frozenset("ab"), _open("c"), Silence.DISPUTED),
        (_open("", "a"), frozenset("ab"), Silence.DISPUTED),
        (frozenset("a"), frozenset("a"), frozenset("a")),
        (frozenset("a"), frozenset("b"), Silence.DISPUTED),
        (1, 1, 1),
        ("x", "y", Silence.DISPUTED),
    ],
)
def test_two_answers_together(one: Answer, other: Answer, together: Answer) -> None:
    """Sets known in part add up; anything else agrees or is disputed."""
    assert joined(one, other) == together
