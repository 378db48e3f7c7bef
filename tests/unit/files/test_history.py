# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The histories that come with Comity: whole, sourced, and decided as they were."""

import pytest

from comity.council.replay.history import Chamber
from comity.council.replay.replay import replay
from comity.council.rule.floor import Answer
from comity.errors import NotFound
from comity.files.body import get_body
from comity.files.history import histories, open_history
from comity.files.rollcall import Reading
from comity.files.rule import get_rule

PLAIN = Reading()


@pytest.mark.parametrize("name", histories())
def test_every_item_says_where_it_comes_from_and_how_well_that_was_seen(name: str) -> None:
    """A vote without a source is a rumour."""
    call = open_history(name, PLAIN)

    assert call.flags == ()
    assert call.unrecorded == 0
    for item in call.history.items:
        assert item.source, item.id
        assert item.basis in {"text", "secondary", "memory", "weak"}, item.id
        assert item.adopted is not None, item.id


def test_votes_taken_under_another_rule_are_in_no_history_of_this_one() -> None:
    """A history is what a body decided: Glyphosate was not voted on under 72 % and 65 %."""
    names = open_history("eu-council-own-initiative", PLAIN).history.items

    assert [item.id.startswith("European Council, ") for item in names] == [True] * 3
    assert "without-hegemon" not in histories()


@pytest.mark.parametrize("rule", ["eu-council", "eu-council-own-initiative"])
def test_the_histories_of_the_union_can_be_replayed_on_its_people(rule: str) -> None:
    """A seat of a former member has no population in the body, and stops the whole replay."""
    assert set(open_history(rule, PLAIN).history.seats) <= set(get_body("eu").members)


def test_the_assembly_s_votes_add_up_to_the_recorded_ones() -> None:
    """A transcription that lost a state would not: 100-11-58 and 141-5-35."""
    history = open_history("un-general-assembly", PLAIN).history

    counts = [
        [int(history.counts(answer)[row]) for answer in (Answer.YES, Answer.NO, Answer.ABSTAIN)]
        for row in range(2)
    ]
    assert counts == [[100, 11, 58], [141, 5, 35]]
    assert set(history.seats) == set(get_body("un").members)


def test_the_security_council_has_fifteen_seats_whoever_sits_on_them() -> None:
    """The elected ten change; the other states of the history have no seat meanwhile."""
    history = open_history("un-security-council", PLAIN).history

    assert set(history.seated().tolist()) == {15}
    assert len(history.seats) > 30


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("un-security-council", "un-security-council"),
        ("un-general-assembly", "un-general-assembly-important"),
        ("eu-council", "eu-council"),
        ("asean-consensus", "asean-consensus"),
    ],
)
def test_each_history_is_decided_as_it_was_by_the_rule_it_was_decided_by(
    name: str, rule: str
) -> None:
    """A rule that does not come to what happened is not that rule."""
    history = open_history(name, PLAIN).history
    found = get_rule(rule)
    body = get_body(found.body or "un")
    chamber = Chamber(groups=body.groups, weights=body.weights)

    replayed = replay(found.procedure, history, chamber, {})

    assert [state.is_adopted for state in replayed.states] == [
        item.adopted for item in history.items
    ]


def test_a_name_nobody_knows_gets_the_nearest() -> None:
    """A slip of the pen is the likeliest reason."""
    with pytest.raises(NotFound) as refused:
        open_history("un-genral-assembly", PLAIN)

    assert "un-general-assembly" in refused.value.hint
