# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Each shipped rule replayed on what was decided under it, and what was not found said."""

from fractions import Fraction
from pathlib import Path

import pytest

from comity.council.body.body import Basis
from comity.council.rule.check import check
from comity.council.rule.floor import Answer
from comity.council.rule.outcome import settle
from comity.errors import InvalidDocument
from comity.files import rulehistory
from comity.files.rule import RULES, get_rule, shipped_rules
from comity.files.rulehistory import Decision, get_history

SLUGS = [rule.slug for rule in shipped_rules()]
CASES = [(slug, decision) for slug in SLUGS for decision in get_history(slug).decisions]


@pytest.mark.parametrize(
    ("slug", "decision"), CASES, ids=[f"{slug}: {decision.name}" for slug, decision in CASES]
)
def test_the_rule_decides_as_it_is_on_record(slug: str, decision: Decision) -> None:
    """A rule that does not come to what was decided is not that body's rule."""
    procedure = get_rule(slug).procedure

    outcome = settle(procedure, decision.floor, stage=decision.stage)

    assert check(procedure, decision.floor) == ()
    assert outcome.state is decision.result
    assert outcome.flip is not None
    assert outcome.flip.is_exact


@pytest.mark.parametrize("slug", SLUGS)
def test_one_passed_and_one_failed_or_a_gap_says_why_not(slug: str) -> None:
    """Where no such decision is on record, none is invented: it is an example or a gap."""
    history = get_history(slug)
    real = [decision for decision in history.decisions if not decision.is_example]

    assert history.rule == slug
    assert {decision.result.is_adopted for decision in history.decisions} == {True, False}
    if {decision.result.is_adopted for decision in real} != {True, False}:
        assert history.gaps
    for decision in real:
        assert decision.on is not None
        assert decision.source
    for decision in history.decisions:
        if decision.is_example:
            assert (decision.source, decision.basis, decision.on) == (
                "made up", Basis.WEAK, None,
            )  # fmt: skip


def test_most_bodies_have_both_on_record() -> None:
    """The gaps are the exception."""
    whole = [
        slug
        for slug in SLUGS
        if {d.result.is_adopted for d in get_history(slug).decisions if not d.is_example}
        == {True, False}
    ]

    assert set(whole) >= {
        "asean-consensus", "codex", "consensus", "eu-council", "iso-dis", "un-general-assembly",
        "un-general-assembly-important", "un-security-council",
        "un-security-council-procedure", "un-silence-2020",
    }  # fmt: skip


def test_the_narrowest_vote_of_the_union_comes_out_as_counted() -> None:
    """Twenty states and 66 % of the people, by figures that are not the Council's own."""
    floor = get_history("eu-council").decisions[0].floor
    people = floor.weights["population"].values
    yes = sum(own for seat, own in people.items() if floor.answer(seat) is Answer.YES)

    assert Fraction(65, 100) < Fraction(yes, sum(people.values())) < Fraction(67, 100)


def test_no_history_stands_without_its_rule() -> None:
    """A renamed rule takes its history with it; one's own rule has none."""
    assert {path.stem for path in (RULES / "history").glob("*.toml")} == set(SLUGS)
    assert get_history("ours").decisions == ()


def test_faults_of_a_history_are_said_with_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever adds a decision sees what is wrong with it."""
    (tmp_path / "history").mkdir()
    (tmp_path / "history" / "ours.toml").write_text(
        'rule = "ours"\n[[decision]]\nname = "x"\nresult = "passed"\nsource = "s"\n'
        'basis = "rumour"\nbody = "eu"\nyes = ["DEU", "FRN"]\nno = ["DEU"]\non = "then"\n'
        '[[decision.unnamed]]\nanswer = "yess"\ncount = 0\n'
    )
    monkeypatch.setattr(rulehistory, "RULES", tmp_path)

    with pytest.raises(InvalidDocument) as caught:
        get_history("ours")

    said = str(caught.value)
    for part in (
        "'passed' is none of adopted",
        "'rumour' is none of text",
        "'FRN' is no member of eu",
        "'DEU' stands twice",
        "on is not a day",
        "'yess' is none of yes",
        "count is not a whole number from 1",
    ):
        assert part in said
