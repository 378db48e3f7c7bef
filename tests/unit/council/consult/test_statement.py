# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from comity.council.consult.consultation import (
    Addition,
    Consultation,
    Stratum,
    Thresholds,
    standing_opinions,
)
from comity.council.consult.opinion import LeftOut, Opinion
from comity.council.consult.outcome import State
from comity.council.consult.statement import (
    Conclusion,
    SignedCount,
    from_addition_json,
    from_conclusion_json,
    from_consultation_json,
    from_count_json,
    to_addition_json,
    to_conclusion_json,
    to_consultation_json,
    to_count_json,
)
from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference

NOW = "2026-11-22T09:00:00Z"
AT = Reference(log=Origin("kh.example/log"), index=3, sha256=sha256(b"asked"))
BLOB: dict[str, Json] = {
    "sha256": "ab" * 32, "bucket": 256, "media": "text/csv", "access": "members",
}  # fmt: skip
ASKED = Consultation(
    question="What should be shared?",
    kind="languages",
    strata=(
        Stratum(name="khmer", signer=MemberId("1f" * 32)),
        Stratum(name="malay", signer=MemberId("2f" * 32)),
    ),
    opens=from_rfc3339(NOW),
    closes=from_rfc3339("2026-12-22T09:00:00Z"),
    thresholds=Thresholds(agree=Fraction(3, 5)),
    opinions=(Opinion(name="a", text="All of it.", language="en", is_seed=True),),
    adding="By letter.",
)
COUNT = SignedCount(
    issued=from_rfc3339(NOW),
    consultation=AT,
    stratum="khmer",
    people=7,
    opinions=("a", "b"),
    agree=(3, 0),
    disagree=(4, 0),
    passed=(0, 1),
    table=BLOB,
)
FOUND = Conclusion(
    issued=from_rfc3339(NOW),
    consultation=AT,
    votes=(AT,),
    additions=(),
    people=7,
    states=dict.fromkeys(State, ()) | {State.AGREED: ("a",)},
    counts=BLOB,
    labels=BLOB,
)


def issued(predicate: dict[str, Json]) -> dict[str, Json]:
    """Return a predicate as it is logged."""
    return {"issued": NOW, **predicate}


def test_every_statement_survives_a_round_trip() -> None:
    """What was meant is what is read."""
    left = LeftOut(name="x", sha256=sha256(b"x"), reason="Off the question.", text=None)
    addition = Addition(added=ASKED.opinions, left_out=(left,))
    assert from_consultation_json(issued(to_consultation_json(ASKED))) == ASKED
    assert from_addition_json(issued(to_addition_json(addition, AT))) == (AT, addition)
    assert from_count_json(issued(to_count_json(COUNT))) == COUNT
    assert from_conclusion_json(issued(to_conclusion_json(FOUND))) == FOUND


def test_a_consultation_lists_all_its_faults() -> None:
    """A convener mends a file once."""
    broken = replace(
        ASKED,
        strata=ASKED.strata[:1] * 1,
        closes=ASKED.opens,
        opinions=(*ASKED.opinions, replace(ASKED.opinions[0], text="y" * 401)),
        thresholds=Thresholds(agree=Fraction(1)),
    )
    with pytest.raises(InvalidDocument) as caught:
        from_consultation_json(issued(to_consultation_json(broken)))
    said = str(caught.value)
    for words in (
        "fewer than two groups", "closes is not after opens", "names 'a' twice",
        "longer than 400", "agree is not between 0 and 1",
    ):  # fmt: skip
        assert words in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: replace(c, agree=(3,)), "not as many numbers"),
        (lambda c: replace(c, passed=(1, 1)), r"agree\[0\] with disagree and pass is more"),
        (lambda c: replace(c, opinions=("a", "a")), "names 'a' twice"),
        (lambda c: replace(c, table={}), "table.sha256 is missing"),
    ],
)
def test_a_signed_count_that_cannot_be_is_refused(
    change: Callable[[SignedCount], SignedCount], words: str
) -> None:
    """More answers than people, or lists that are not parallel, count nothing."""
    with pytest.raises(InvalidDocument, match=words):
        from_count_json(issued(to_count_json(change(COUNT))))


def test_no_opinion_stands_in_two_states() -> None:
    """Agreed and rejected at once would let each side cite the result."""
    twice = replace(FOUND, states={**FOUND.states, State.REJECTED: ("a",)})
    with pytest.raises(InvalidDocument, match="names 'a' twice"):
        from_conclusion_json(issued(to_conclusion_json(twice)))


def test_what_is_left_out_is_asked_no_more_and_never_comes_back() -> None:
    """An id means one text for ever, so that counts under it are of that text."""
    other = Opinion(name="b", text="None of it.", language="en")
    gone = LeftOut(name="a", sha256=sha256(b"All of it."), reason="Repeated.", text=None)
    again = replace(ASKED.opinions[0], text="Something else.")
    asked, out = standing_opinions(
        ASKED.opinions,
        [
            Addition(added=(other, again), left_out=()),
            Addition(added=(), left_out=(gone,)),
            Addition(added=(again,), left_out=()),
        ],
    )
    assert asked == {"b": other}
    assert out == {"a": gone}
