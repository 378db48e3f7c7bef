# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from tests.fakes.coalition import nobody, weighted

from comity.council.body.body import floor_of
from comity.council.power.census import power_of
from comity.council.power.game import compile_game
from comity.council.power.kinds import MAX_KINDS, MAX_PLAYERS, count_kinds
from comity.council.rule.rule import without_hegemon
from comity.files.body import get_body


def test_193_members_in_five_regions_are_counted_exactly() -> None:
    """The default rule asks for heads and regions only, so five kinds of members differ."""
    body = get_body("waico-37")
    census = count_kinds(compile_game(without_hegemon(), floor_of(body), body.members), nobody)
    assert census is not None
    power = power_of(census)
    assert sum(index.shapley for index in power.players) == 1
    assert len({index.shapley for index in power.players}) == 4


def test_too_many_kinds_are_left_to_other_methods() -> None:
    """Every member with a weight of its own is a kind of its own."""
    assert count_kinds(weighted(1000, range(1, MAX_KINDS + 2)), nobody) is None


def test_too_many_players_are_left_to_sampling() -> None:
    """All sizes of two thousand players do not fit one integer any more."""
    assert count_kinds(weighted(2, (1,) * (MAX_PLAYERS + 1)), nobody) is None


def test_too_many_sums_are_left_to_other_methods() -> None:
    """Weights that double give a sum of its own to every coalition."""
    assert count_kinds(weighted(1 << 29, [1 << at for at in range(30)]), nobody) is None
