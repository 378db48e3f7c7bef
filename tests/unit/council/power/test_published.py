# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Values others have printed or that follow from what they printed, as literals."""

import json
from dataclasses import replace
from fractions import Fraction
from math import sqrt
from pathlib import Path

import pytest
from tests.fakes.coalition import nobody, weighted

from comity.council.body.body import floor_of, square_root
from comity.council.power.census import Power, power_of
from comity.council.power.game import compile_game
from comity.council.power.halves import count_halves
from comity.council.power.method import count_exactly
from comity.council.rule.floor import Base
from comity.council.rule.rule import Leaf, Rule, Share, double_majority
from comity.files.body import get_body
from comity.files.rule import get_rule

GROUPS = Path(__file__).parents[5] / "shared" / "facts" / "groups.json"
NICE = (29, 29, 29, 29, 27, 27, 14, 13, 12, 12, 12, 12, 12, 10, 10, 10, 7, 7, 7, 7, 7, 4, 4, 4,
        4, 4, 3)  # fmt: skip


def _power(body: str, rule: Rule) -> Power:
    found = get_body(body)
    counted = count_exactly(compile_game(rule, floor_of(found), found.members), nobody)
    assert counted is not None
    return power_of(counted[0])


def test_the_six_of_1958() -> None:
    """Luxembourg had a vote and no power.

    Source: Banzhaf index in Encyclopaedia Britannica's guide to statistics; both recomputed.
    """
    found = count_exactly(weighted(12, (4, 4, 4, 2, 2, 1)), nobody)
    assert found is not None
    power = power_of(found[0])
    shares = [str(index.share) for index in power.players]
    assert shares == ["5/21", "5/21", "5/21", "1/7", "1/7", "0"]
    orders = [str(index.shapley) for index in power.players]
    assert orders == ["7/30", "7/30", "7/30", "3/20", "3/20", "0"]


def test_the_six_of_1958_are_those_of_the_facts() -> None:
    """The literals above are the project's own collected facts."""
    if not GROUPS.exists():
        pytest.skip("../shared/facts/groups.json is not beside this repository")
    fact = json.loads(GROUPS.read_text("utf-8"))["eec_1958"]
    found = count_exactly(weighted(fact["quota"], fact["weights"]), nobody)
    assert found is not None
    power = power_of(found[0])
    assert [str(index.share) for index in power.players] == fact["banzhaf"]
    assert [str(index.shapley) for index in power.players] == fact["ssi"]


def test_the_security_council() -> None:
    """A permanent seat is worth more than a hundred elected ones.

    Source: 421/2145 and 4/2145, Straffin (1983) and every textbook since; 848 and 84 swings.
    """
    power = _power("un-security-council", get_rule("un-security-council").procedure.adopts)
    permanent, elected = power.players[0], power.players[-1]
    assert permanent.shapley == Fraction(421, 2145)
    assert elected.shapley == Fraction(4, 2145)
    assert permanent.banzhaf == Fraction(848, 1 << 14)
    assert elected.banzhaf == Fraction(84, 1 << 14)
    assert permanent.prevent == 1


def test_the_security_council_as_weights() -> None:
    """The rule of nine with vetoes is the weighted game [39; 7 five times, 1 ten times]."""
    found = count_exactly(weighted(39, (7,) * 5 + (1,) * 10), nobody)
    assert found is not None
    assert power_of(found[0]).players[0].shapley == Fraction(421, 2145)


def test_nice_27() -> None:
    """The votes of the Treaty of Nice, without its two other majorities.

    Source: weights at esi2.us.es/~mbilbao/niza.htm; indices in per cent from the literature.
    """
    census = count_halves(weighted(255, NICE))
    assert census is not None
    power = power_of(census)
    kinds = dict(zip(NICE, power.players, strict=True))
    shares = [7.7827, 7.4198, 4.2592, 3.9740, 3.6844, 3.0925, 2.1808, 1.2502, 0.9422]
    orders = [8.6738, 7.9975, 3.9937, 3.6825, 3.4068, 2.8193, 1.9606, 1.1042, 0.8178]
    votes = (29, 27, 14, 13, 12, 10, 7, 4, 3)
    assert [round(float(kinds[vote].share) * 100, 4) for vote in votes] == shares
    assert [round(float(kinds[vote].shapley) * 100, 4) for vote in votes] == orders
    assert round(float(power.decisiveness) * 100, 2) == 2.03


def test_lisbon_adopts_13_2_per_cent_of_all_votes() -> None:
    """The population figures differ between years by less than the printed digit.

    Source: Petróczy & Csató (2026), Group Decision and Negotiation, abstract.
    """
    rule = double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4)
    assert round(float(_power("eu", rule).decisiveness) * 100, 1) == 13.2


def test_the_square_root_rule_is_fairest_near_61_6_per_cent() -> None:
    """There each member's power is in proportion to the root of its population.

    Source: Słomczyński & Życzkowski (2006), Acta Physica Polonica B 37: 61.6 % for the Union.
    """
    body = get_body("eu")
    roots = square_root(body.weights["population"])
    total = sum(roots.values.values())
    squares = sum(root * root for root in roots.values.values())
    assert round((1 + sqrt(squares) / total) / 2, 3) == 0.616

    def unfairness(quota: Fraction) -> float:
        floor = replace(floor_of(body), weights={"roots": roots})
        rule = Leaf(need=Share(of=Base.MEMBERS, least=quota), by="roots")
        census = count_halves(compile_game(rule, floor, body.members))
        assert census is not None
        shares = zip(body.members, power_of(census).players, strict=True)
        return max(abs(float(i.share) * total / roots.values[m] - 1) for m, i in shares)

    assert unfairness(Fraction(6158, 10000)) < 0.003
    assert unfairness(Fraction(58, 100)) > 0.02
    assert unfairness(Fraction(65, 100)) > 0.02
