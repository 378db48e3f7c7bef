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
