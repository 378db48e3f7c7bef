# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Each shipped rule replayed on what was decided under it, and what was not found said."""

from fractions import Fraction
from pathlib import Path

import pytest

from comity.council.body.body import Basis
from comity.council.rule.check import check
from comity.council.rule.floor import Answer, Floor
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
def test_every_decision_is_real_and_cited_or_an_example(slug: str) -> None:
    """Nothing between the two: a vote has a day and a source, an example has neither."""
    history = get_history(slug)

    assert history.rule == slug
    for decision in history.decisions:
        if decision.is_example:
            made_up = (decision.source, decision.basis, decision.on, decision.taken_under)
            assert made_up == ("made up", Basis.WEAK, None, "")
        else:
            assert decision.on is not None
            assert decision.source


def _both_ways(slug: str, *, own: bool) -> bool:
    """Tell whether a real decision passed and one failed, of the body's own or any."""
    found = get_history(slug).decisions
    real = [one for one in found if (one.is_precedent if own else not one.is_example)]
    return {one.result.is_adopted for one in real} == {True, False}


def test_every_rule_passed_and_failed_something_real() -> None:
    """A rule tried on made-up votes alone is not tried; a new gap has to be named here."""
    lacking = {slug for slug in SLUGS if not _both_ways(slug, own=False)}

    assert lacking == set()


def test_the_rules_without_a_failure_of_their_own_are_known_by_name() -> None:
    """Closing a gap or opening one changes this list, and each says why in its file."""
    borrowing = {slug for slug in SLUGS if not _both_ways(slug, own=True)}

    assert borrowing == {
        "aiib-special-majority", "aiib-super-majority", "eu-council-own-initiative",
        "icao-annex-adoption", "icao-annex-disapproval", "imo-adoption", "imo-tacit-acceptance",
        "un-silence", "without-hegemon", "wto-negative-consensus",
    }  # fmt: skip
    assert {slug for slug in SLUGS if get_history(slug).gaps} == borrowing
    assert {slug for slug, decision in CASES if decision.taken_under} == borrowing


ELSEWHERE = {
    ("aiib-special-majority", "A/RES/ES-11/1"): (41, 1, 13, 2),
    ("aiib-special-majority", "A/RES/68/262"): (33, 1, 16, 7),
    ("aiib-super-majority", "A/RES/73/8"): (56, 1, 0, 0),
    ("aiib-super-majority", "A/RES/ES-11/1"): (41, 1, 13, 2),
    ("eu-council-own-initiative", "Glyphosate"): (18, 9, 1, 0),
    ("icao-annex-adoption", "emissions trading"): (26, 8, 2, 0),
    ("icao-annex-adoption", "MH17"): (22, 3, 10, 1),
    ("icao-annex-disapproval", "market-based"): (39, 97, 0, 55),
    ("imo-adoption", "Net-Zero"): (57, 49, 21, 8),
    ("imo-adoption", "bulk carriers"): (22, 32, 15, 0),
    ("imo-tacit-acceptance", "radioactive"): (0, 1, 0, 70),
    ("imo-tacit-acceptance", "Net-Zero"): (49, 57, 21, 8),
    ("un-silence", "74/270"): (0, 0, 0, 193),
    ("un-silence", "declaration of solidarity"): (0, 4, 0, 189),
    ("un-silence", "Motion to refer"): (33, 85, 35, 40),
    ("without-hegemon", "A/RES/ES-11/1"): (141, 5, 35, 12),
    ("without-hegemon", "A/RES/68/262"): (100, 11, 58, 24),
    ("without-hegemon", "A/RES/74/113"): (134, 3, 46, 10),
    ("wto-negative-consensus", "Cuba"): (3, 113, 65, 12),
    ("wto-negative-consensus", "money laundering"): (0, 28, 0, 0),
}
"""Votes taken under another rule, by the sources: for, against, abstaining, silent."""

BY_HEADS = {
    ("eu-council-own-initiative", "Glyphosate"): Fraction(18, 28) >= Fraction(72, 100),
    ("icao-annex-adoption", "emissions trading"): Fraction(26, 36) >= Fraction(2, 3),
    ("icao-annex-adoption", "MH17"): Fraction(22, 36) >= Fraction(2, 3),
    ("icao-annex-disapproval", "market-based"): Fraction(97, 191) <= Fraction(1, 2),
    ("imo-adoption", "Net-Zero"): Fraction(57, 57 + 49) >= Fraction(2, 3),
    ("imo-adoption", "bulk carriers"): Fraction(22, 22 + 32) >= Fraction(2, 3),
    ("imo-tacit-acceptance", "radioactive"): Fraction(1, 71) <= Fraction(1, 3),
    ("imo-tacit-acceptance", "Net-Zero"): Fraction(57, 135) <= Fraction(1, 3),
    ("un-silence", "74/270"): True,
    ("un-silence", "declaration of solidarity"): False,
    ("un-silence", "Motion to refer"): Fraction(33, 33 + 85) > Fraction(1, 2),
    ("wto-negative-consensus", "Cuba"): True,
    ("wto-negative-consensus", "money laundering"): False,
}
"""What the treaty's threshold makes of counts typed here.

One objection breaks silence; one that wants a text keeps it from being refused, and of 28
nobody did."""


def _elsewhere(slug: str, part: str) -> Decision:
    found = [one for one in get_history(slug).decisions if one.taken_under and part in one.name]
    assert len(found) == 1
    return found[0]


def _share(floor: Floor, weight: str) -> Fraction:
    held = floor.weights[weight].values
    yes = sum(own for seat, own in held.items() if floor.answer(seat) is Answer.YES)
    return Fraction(yes, sum(held.values()))


@pytest.mark.parametrize(("slug", "part"), ELSEWHERE)
def test_votes_taken_elsewhere_are_as_many_as_the_source_says(slug: str, part: str) -> None:
    """A lost state would be another vote."""
    floor = _elsewhere(slug, part).floor
    said = [floor.answer(seat) for seat in floor.seats]
    against = said.count(Answer.NO) + said.count(Answer.OBJECT)

    counted = (said.count(Answer.YES), against, said.count(Answer.ABSTAIN))
    assert (*counted, said.count(Answer.SILENT)) == ELSEWHERE[slug, part]


def test_no_vote_taken_elsewhere_is_left_uncounted() -> None:
    """Whoever adds one says here how many there were."""
    assert len(ELSEWHERE) == sum(bool(decision.taken_under) for _, decision in CASES)


@pytest.mark.parametrize(("slug", "part"), BY_HEADS)
def test_votes_taken_elsewhere_come_out_by_plain_arithmetic(slug: str, part: str) -> None:
    """The verdict is not the engine's alone: heads against a threshold decide it here too."""
    assert _elsewhere(slug, part).result.is_adopted is BY_HEADS[slug, part]


def test_eighteen_of_28_pass_with_a_proposal_of_the_commission_and_not_without() -> None:
    """The Union's two rules differ in the share of states; the people were enough for both."""
    floor = _elsewhere("eu-council-own-initiative", "Glyphosate").floor

    assert _share(floor, "population") >= Fraction(65, 100)
    assert settle(get_rule("eu-council").procedure, floor).is_adopted
    assert not settle(get_rule("eu-council-own-initiative").procedure, floor).is_adopted


SUBSCRIBED = {"CHN": 297_804, "IND": 83_673, "RUS": 65_362}
FOUNDERS, SUBSCRIPTIONS = 57, 981_514
"""Schedule A of the Articles: shares of three, and of all 57 without what is unallocated."""

YES_OF_FOUNDERS = {
    ("aiib-special-majority", "A/RES/ES-11/1"): (41, 473_243, "0.5176"),
    ("aiib-special-majority", "A/RES/68/262"): (33, 410_920, "0.4426"),
    ("aiib-super-majority", "A/RES/73/8"): (56, 974_015, "0.9909"),
    ("aiib-super-majority", "A/RES/ES-11/1"): (41, 473_243, "0.5176"),
}
"""Governors in favour, their shares by Schedule A, and the part of all votes that makes."""


def _votes(governors: int, shares: int) -> Fraction:
    """Count by article 28(1): basic votes are 12 % of all votes, shared equally."""
    every = (SUBSCRIPTIONS + 600 * FOUNDERS) / Fraction(88, 100)
    return (shares + governors * (600 + every * Fraction(12, 100) / FOUNDERS)) / every


def test_votes_of_the_founders_are_those_that_were_published() -> None:
    """26.06, 7.5 and 5.92 %, as Xinhua printed on the day of signature."""
    published = {"CHN": "26.06", "IND": "7.5", "RUS": "5.92"}

    for seat, shares in SUBSCRIBED.items():
        assert abs(_votes(1, shares) * 100 - Fraction(published[seat])) < Fraction(2, 100)


@pytest.mark.parametrize(("slug", "part"), YES_OF_FOUNDERS)
def test_votes_of_the_founders_decide_by_plain_arithmetic(slug: str, part: str) -> None:
    """Half and half for the special majority, two thirds and three quarters for the super."""
    governors, shares, expected = YES_OF_FOUNDERS[slug, part]
    decision, votes = _elsewhere(slug, part), _votes(governors, shares)
    heads = Fraction(governors, FOUNDERS)

    assert abs(votes - Fraction(expected)) < Fraction(1, 10_000)
    assert abs(votes - _share(decision.floor, "votes")) < Fraction(1, 10_000)
    if slug == "aiib-super-majority":
        passes = heads >= Fraction(2, 3) and votes >= Fraction(3, 4)
    else:
        passes = min(heads, votes) > Fraction(1, 2)
    assert decision.result.is_adopted is passes


YES_BY_REGION = {
    "A/RES/ES-11/1": {"Africa": 28, "Asia": 37, "East": 19, "Latin": 28, "West": 29},
    "A/RES/68/262": {"Africa": 19, "Asia": 22, "East": 18, "Latin": 13, "West": 28},
    "A/RES/74/113": {"Africa": 46, "Asia": 49, "East": 6, "Latin": 31, "West": 2},
}
SEATS = {"Africa": 54, "Asia": 54, "East": 23, "Latin": 33, "West": 29}


@pytest.mark.parametrize("part", YES_BY_REGION)
def test_regions_decide_under_the_default_by_plain_arithmetic(part: str) -> None:
    """More than half of 193, and a third of each region but one."""
    decision, yes = _elsewhere("without-hegemon", part), YES_BY_REGION[part]

    for name, seats in decision.floor.groups.items():
        region = next(each for each in SEATS if name.startswith(f"region:{each}"))
        said = [decision.floor.answer(seat) for seat in seats]
        assert (said.count(Answer.YES), len(said)) == (yes[region], SEATS[region])
    held = sum(Fraction(yes[each], SEATS[each]) >= Fraction(1, 3) for each in SEATS)
    passes = Fraction(sum(yes.values()), 193) > Fraction(1, 2) and held >= len(SEATS) - 1
    assert decision.result.is_adopted is passes


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
        '[[decision]]\nname = "y"\nresult = "adopted"\nsource = "made up"\nbasis = "weak"\n'
        'yes = ["DEU"]\nexample = true\ntaken_under = "the rule of another body"\n'
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
        "an example was taken under no rule",
    ):
        assert part in said
