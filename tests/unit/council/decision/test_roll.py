# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is said of a body's roll, and which of it can move a seat."""

from tests.fakes.council import STRANGER, A, B, C, Scene

from comity.council.decision.docket import Change
from comity.council.decision.roll import moving
from comity.kernel.digest import sha256

DECISION = sha256(b"decision")


def test_only_what_can_move_a_seat_is_a_reason_to_count_anew() -> None:
    """A stranger may log thousands of changes, and a count of each would take minutes."""
    scene = Scene()
    scene.change(STRANGER, Change.WITHDRAWN, by=STRANGER)
    scene.change(B, Change.EXPELLED, by=STRANGER)
    scene.change(B, Change.EXPELLED, by=STRANGER, decided=DECISION)
    own = scene.change(C, Change.WITHDRAWN, by=C)

    assert list(moving(scene.docket)) == [own]


def test_what_a_decision_says_of_a_stranger_is_one_too() -> None:
    """It may be admitted, and leave again."""
    scene = Scene()
    scene.adopt(DECISION)
    changes = [
        scene.change(STRANGER, Change.ADMITTED, by=A, decided=DECISION),
        scene.change(STRANGER, Change.WITHDRAWN, by=STRANGER),
    ]

    assert list(moving(scene.docket)) == changes
