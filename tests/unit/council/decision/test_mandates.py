# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Mandates as they arrive: which one is the last, and when none is."""

from tests.fakes.council import CLOSES, A, B, C, D, Scene, at

from comity.council.decision.bloc import Given
from comity.council.decision.clock import clock_of
from comity.council.decision.mandates import Mandates
from comity.kernel.ids import MemberId


def holders(scene: Scene, *hours: float) -> list[MemberId | None]:
    """Return who speaks for A in the bloc at one hour after another."""
    kept = Mandates(scene.docket, clock_of(scene.docket, CLOSES), {"mekong"})
    found: list[tuple[Given, ...]] = [kept.of(A, at(hour)) for hour in hours]
    return [every[0].holder if every else None for every in found]


def test_the_last_in_the_log_counts_whenever_it_was_received() -> None:
    """An author's later word replaces its earlier one, though others heard them crosswise."""
    scene = Scene()
    scene.mandate(A, "mekong", B, received=at(9))
    scene.mandate(A, "mekong", C, received=at(3))
    assert holders(scene, 3, 4, 10) == [None, C, C]


def test_one_that_is_taken_back_revives_none_before_it() -> None:
    """Whoever takes back its last mandate speaks for itself."""
    scene = Scene()
    scene.mandate(A, "mekong", B, received=at(1))
    last = scene.mandate(A, "mekong", C, received=at(2))
    scene.withdraw(last, received=at(5))
    assert holders(scene, 2, 4, 6) == [B, C, None]


def test_one_signed_by_a_stolen_key_replaces_none_once_that_is_known() -> None:
    """A thief's mandate is gone, and the owner's before it speaks again."""
    scene = Scene()
    scene.mandate(A, "mekong", B, received=at(1))
    scene.mandate(A, "mekong", D, received=at(2), disputed_by=4)
    declared = scene.mandate(A, "other", B, received=at(5))
    assert declared.reference.index == 4
    assert holders(scene, 4, 6) == [D, B]


def test_nobody_takes_back_the_mandate_of_another() -> None:
    """A withdrawal counts in the log of what it takes back."""
    scene = Scene()
    given = scene.mandate(A, "mekong", B, received=at(1))
    scene.withdraw(given, by=C, received=at(2))
    assert holders(scene, 4) == [B]


def test_one_for_another_bloc_is_not_kept() -> None:
    """What no position could use costs nothing."""
    scene = Scene()
    scene.mandate(A, "andes", B, received=at(1))
    assert holders(scene, 4) == [None]
