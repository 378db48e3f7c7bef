# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A policy is read with every fault at its place, and trusts only known members."""

from fractions import Fraction

import pytest

from comity.errors import InvalidDocument
from comity.evidence.recognition import Route
from comity.files.policy import Known, policy_from_toml
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_rfc3339

NOW = from_rfc3339("2026-11-21T19:19:24Z")
KH, BR = MemberId("ab" * 32), MemberId("cd" * 32)
KNOWN = Known(members={"kh": KH, "br": BR}, categories={"flood": ("shelter", "rescue")})

WHOLE = """
bank = "flood"
trusts = ["kh", "cdcdcdcdcdcdcdcd"]
route = "continuation"
risk = 0.01
requires = ["shelter"]
note = "Why."
threshold = 0.9
"""


def test_a_policy_reads_names_and_ids() -> None:
    """A member is called as the node calls it, or by the start of its id."""
    policy = policy_from_toml(WHOLE, KNOWN, NOW)

    assert policy.trusts == (KH, BR)
    assert policy.route is Route.CONTINUATION
    assert policy.risk == Fraction(1, 100)
    assert policy.threshold == Fraction(9, 10)
    assert policy.requires == ("shelter",)
    assert policy.issued == NOW


def test_requires_and_note_may_be_left_out() -> None:
    """Nothing is required then."""
    policy = policy_from_toml(
        'bank = "heat"\ntrusts = ["kh"]\nroute = "plan"\nrisk = 0.05\nthreshold = 0.5\n',
        KNOWN,
        NOW,
    )

    assert (policy.requires, policy.note) == ((), "")


def test_a_bank_nobody_knows_may_have_any_category() -> None:
    """A policy may come before the bank."""
    text = WHOLE.replace("flood", "heat").replace("shelter", "fans")

    assert policy_from_toml(text, KNOWN, NOW).requires == ("fans",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('trusts = ["kx"]', "line 3, column 11: no followed member is called 'kx'"),
        ("trusts = []", "trusts nobody"),
        ('trusts = "kh"', "trusts is missing or no list of names"),
        ('route = "plans"', "did you mean 'plan'?"),
        ("risk = 1", "risk is not a number between 0 and 1"),
        ("threshold = 1.5", "threshold is not a number between 0 and 1"),
        ("risk = nan", "risk is not a number between 0 and 1"),
        ('requires = ["shelters"]', "did you mean 'shelter'?"),
        ("note = 7", "note is missing or no text"),
        ('bank = ""', "bank is missing or no text"),
    ],
)
def test_a_fault_is_named_at_its_place(line: str, said: str) -> None:
    """One wrong line at a time."""
    key = line.split(" =", maxsplit=1)[0]
    lines = [line if one.startswith(f"{key} =") else one for one in WHOLE.splitlines()]

    with pytest.raises(InvalidDocument) as refused:
        policy_from_toml("\n".join(lines), KNOWN, NOW)

    assert said in str(refused.value)
    assert len(refused.value.faults) == 1
