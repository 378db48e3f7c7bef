# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Thirteen members, some of whom lie: a quorum that suffices is never split, one fewer is.

Liars fork their logs and cosign everything, keep files back, show older checkpoints, change and
erase entries in secret, announce keys nobody committed to, and date cosignatures back.

Source:
    A split view passes k of n witnesses of whom f collude only if 2k <= n + f.
"""

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.fakes.league import MEMBERS, League, least_safe
from tests.fakes.town import comity

pytestmark = pytest.mark.long

HISTORIES = 3
SPLIT_HISTORIES = 8
ROUNDS = 6
LIARS = (1, 2, 3, 4)


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
def test_no_two_honest_followers_count_two_stories(
    liars: int, dice: random.Random, tmp_path: Path
) -> None:
    """Lost, late, repeated and partitioned messages; who compares copies holds the proof."""
    counted = convicted = 0
    for league in histories(dice, liars=liars, counts_when=least_safe(liars - 1)):
        assert league.contradictions() == 0
        for reader in league.honest:
            assert reader.wronged == []
            counted += sum(map(len, reader.counted.values()))
        for liar in league.liars:
            for is_split, evidence in league.meet(liar):
                assert evidence is not None or not is_split
                if is_split and evidence is not None:
                    convicted += 1
                    (tmp_path / "fork.evidence").write_bytes(evidence)
    assert counted > 10 * HISTORIES
    assert convicted > 0
    judged = comity("verify", tmp_path / "fork.evidence")
    assert judged.code == 0, judged.err


@pytest.mark.parametrize("liars", LIARS)
def test_one_cosignature_fewer_and_followers_are_split(liars: int, dice: random.Random) -> None:
    """The bound has teeth: at 2k = n + f or below, the same liars deceive."""
    one_fewer, count = least_safe(liars - 1) - 1, SPLIT_HISTORIES
    leagues = histories(dice, liars=liars, counts_when=one_fewer, count=count)
    assert any(league.contradictions() > 0 for league in leagues)


def test_when_the_network_heals_honest_logs_count_everywhere(dice: random.Random) -> None:
    """Safety is not bought by counting nothing, at the most liars that can be borne."""
    k = least_safe(3)  # a liar does not witness its own log
    assert k <= MEMBERS - 1 - 4
    for league in histories(dice, liars=4, counts_when=k, count=2):
        league.heal()
        for owner in league.honest:
            (story,) = owner.stories
            newest = (story.log.size, story.root(story.log.size))
            for reader in league.honest:
                assert reader is owner or newest in reader.counted[owner.keyset.member]
