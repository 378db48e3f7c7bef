# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from fractions import Fraction

import pytest
from tests.fakes.coalition import nobody, weighted

from comity.council.body.body import floor_of
from comity.council.power.census import power_of
from comity.council.power.game import Game, compile_game, merge
from comity.council.power.packed import count_packed
from comity.council.power.preview import count_preview
from comity.council.rule.floor import Base
from comity.council.rule.rule import Leaf, Rule, Share, double_majority
from comity.files.body import get_body

SIXTY_FIVE = Leaf(need=Share(of=Base.MEMBERS, least=Fraction(65, 100)), by="population")
RULES = {
    "union": double_majority(Fraction(55, 100), Fraction(65, 100), "population", 4),
    "people": SIXTY_FIVE,
    "two thirds": double_majority(Fraction(2, 3), Fraction(2, 3), "population", 0),
}


def _error(game: Game) -> float:
    preview, exact = count_preview(game, nobody), count_packed(game, nobody)
    assert preview is not None
    assert exact is not None
    pairs = zip(power_of(preview).players, power_of(exact).players, strict=True)
    return max(
        abs(float(ours / theirs - 1)) if theirs else float(ours)
        for mine, true in pairs
        for ours, theirs in ((mine.banzhaf, true.banzhaf), (mine.shapley, true.shapley))
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_the_preview_errs_by_less_than_one_in_a_million_millions(rule: Rule) -> None:
    """Its relative error against the exact count is at most 1e-12, for every member."""
    body = get_body("un")
    game = compile_game(rule, floor_of(body), body.members, {"population": 5_000_000})
    assert _error(game) <= 1e-12


def test_the_preview_of_blocs_errs_no_more() -> None:
    """Special players go the same way."""
    body = get_body("un")
    game = compile_game(
        RULES["union"], floor_of(body), body.members, {"population": 10_000_000}
    )
    asean = get_body("asean").members
    assert _error(merge(game, {"asean": asean})) <= 1e-12


def test_too_large_a_table_is_refused() -> None:
    """Half a gigabyte is enough for a first look."""
    assert count_preview(weighted(10**9, [10**7 + at for at in range(150)]), nobody) is None
