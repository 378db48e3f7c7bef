# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Names that look alike."""

import pytest

from comity.kernel.alike import look_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada", "\u0410d\u0430"),  # Cyrillic
        ("AOT", "\u0391\u039f\u03a4"),  # Greek
        ("Vig", "\u0474\u0456g"),  # Cyrillic of old books
        ("nuga", "\u0578\u057d\u0581\u0251"),  # Armenian, phonetic
        ("Ralsh", "\u13a1\uab7a\u029f\ua731\u029c"),  # Cherokee, small capitals
        ("DRW", "\uab70\uab71\uab83"),  # small Cherokee
        ("BOLIX", "\ua4d0\ua4f3\ua4e1\ua4f2\ua4eb"),  # Lisu
        ("Ada", "ADA"),
        ("Ada", "A\u200bda\u202e"),  # hidden signs
        ("Ada", "\uff21\uff44\uff41"),  # full width
        ("Al Bo", "Al\u00a0Bo"),
    ],
)
def test_a_copied_name_is_found(one: str, other: str) -> None:
    """Nobody should take one member for another by the letters of another alphabet."""
    assert look_of(one) == look_of(other)


def test_names_of_one_alphabet_stay_apart() -> None:
    """Else honest members could not be told by name at all."""
    names = ("Ada", "Adi", "\u0410\u0434\u0430", "\u0410\u0434\u0438", "\u738b", "\u7389", "")

    assert len({look_of(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("one", "other"), [("modern", "modem"), ("B0B", "BOB"), ("AI", "Al"), ("\u0e01", "n")]
)
def test_what_the_table_does_not_hold_is_known(one: str, other: str) -> None:
    """The limits that the module and the specification state, so that nobody relies on more."""
    assert look_of(one) != look_of(other)
