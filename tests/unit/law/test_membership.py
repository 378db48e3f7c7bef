# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path

import pytest

from comity.law import membership
from comity.law.market import STATES
from comity.law.membership import (
    CONTESTED,
    MEMBER,
    ONE_TRACKER,
    PARTNER,
    SIGNATORY,
    standing_in,
)

GROUPS = Path(__file__).parents[4] / "shared" / "facts" / "groups.json"


@pytest.mark.parametrize(
    ("body", "market", "standing"),
    [
        ("ASEAN", "KHM", MEMBER),
        ("UN", "KHM", MEMBER),
        ("WAICO", "KHM", SIGNATORY),
        ("WAICO", "VNM", ONE_TRACKER),
        ("BRICS", "VNM", PARTNER),
        ("BRICS", "SAU", CONTESTED),
        ("UN", "EU", MEMBER),
        ("WAICO", "EU", None),
        ("ASEAN", "EU", None),
        ("OECD", "FRA", None),
    ],
)
def test_a_standing_is_what_the_facts_say(body: str, market: str, standing: str | None) -> None:
    """Signing is not joining, and of what the facts do not hold nothing is said."""
    assert standing_in(body, market) == standing


def test_the_lists_are_those_of_the_facts() -> None:
    """No state is added or dropped on the way."""
    if not GROUPS.exists():
        pytest.skip("shared/facts/groups.json is not beside this checkout")
    groups = json.loads(GROUPS.read_text("utf-8"))["groups"]
    ours = {body: set(said) for body, said in membership._STANDINGS.items()}
    assert ours == {
        "ASEAN": set(groups["ASEAN_11"]),
        "AU": set(groups["AU_55"]),
        "BRICS": {*groups["BRICS_10_plus_SAU"], *groups["BRICS_PARTNERS_10"]},
        "CELAC": set(groups["CELAC_33"]),
        "GCC": set(groups["GCC_6"]),
        "UN": set(groups["UN_193"]),
        "WAICO": {
            *groups["WAICO_SIGNATORIES_2026_07_16"],
            *groups["WAICO_SIGNATORIES_LATER"],
        },
    }


def test_every_state_is_a_state() -> None:
    """A mistyped code would never be asked about."""
    assert all(set(said) <= STATES for said in membership._STANDINGS.values())
