# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Seven members, some of whom lie: a quorum that suffices is never split, one fewer is.

Source:
    A split view passes k of n witnesses of whom f collude only if 2k <= n + f.
"""

import random
from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.fakes.league import League, least_safe

pytestmark = pytest.mark.long

HISTORIES = 60
SPLIT_HISTORIES = 20
ROUNDS = 10
LIARS = (1, 2, 3)


def histories(
    dice: random.Random, *, liars: int, counts_when: int, count: int = HISTORIES
) -> Iterator[League]:
    """Play histories, each on a seed of its own."""
    for _ in range(count):
        league = League(dice.getrandbits(32), liars=liars, counts_when=counts_when)
        with closing(league):
            league.play(ROUNDS)
            yield league


@pytest.mark.parametrize("liars", LIARS)
def test_no_two_honest_followers_count_two_stories(liars: int, dice: random.Random) -> None:
    """Lost, late, repeated and partitioned messages, and liars that cosign anything."""
    counted = forks = 0
    for league in histories(dice, liars=liars, counts_when=least_safe(liars - 1)):
        assert league.contradictions() == 0
        for reader in league.honest:
            assert reader.wronged == []
            counted += sum(map(len, reader.counted.values()))
            forks += len(reader.forked)
    assert counted > 10 * HISTORIES
    assert forks > 0


@pytest.mark.parametrize("liars", LIARS)
def test_one_cosignature_fewer_and_followers_are_split(liars: int, dice: random.Random) -> None:
    """The bound has teeth: at 2k = n + f or below, the same liars deceive."""
    one_fewer, count = least_safe(liars - 1) - 1, SPLIT_HISTORIES
    leagues = histories(dice, liars=liars, counts_when=one_fewer, count=count)
    assert sum(league.contradictions() > 0 for league in leagues) >= count // 5


def test_when_the_network_heals_honest_logs_count_everywhere(dice: random.Random) -> None:
    """Safety is not bought by counting nothing."""
    k, count = least_safe(1), SPLIT_HISTORIES
    for league in histories(dice, liars=2, counts_when=k, count=count):
        league.heal()
        for owner in league.honest:
            (story,) = owner.stories
            newest = (story.log.size, story.root(story.log.size))
            for reader in league.honest:
                assert reader is owner or newest in reader.counted[owner.keyset.member]
