# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A country's codes and names, as people mistake them."""

import pytest

from comity.files.materials.country import country_name, find_country, no_state, with_name
from comity.law.market import STATES


@pytest.mark.parametrize(
    ("typed", "words", "near"),
    [
        ("CAM", "KHM is Cambodia, CMR is Cameroon", None),
        ("SIN", "SGP is Singapore, SXM is Sint Maarten", None),
        ("khm", "", "KHM"),
        ("kh", "", "KHM"),
        ("Cambodia", "", "KHM"),
        ("KHN", "", "KHM"),
        ("??", "", None),
    ],
)
def test_a_wrong_code_is_answered_by_a_right_one(
    typed: str, words: str, near: str | None
) -> None:
    """Officials know their state's name and other bodies' codes."""
    said, found = no_state(typed)

    assert said == f"{typed!r} is no ISO 3166-1 alpha-3 code, nor EU" + (
        f"; {words}" if words else ""
    )
    assert found == near


def test_every_state_has_a_name() -> None:
    """A table of codes alone is read by those who made it."""
    assert all(country_name(code) != code for code in STATES)
    assert all(find_country(country_name(code)) == code for code in STATES)
    assert with_name("KHM") == "KHM Cambodia"
    assert with_name("AAA") == "AAA"
