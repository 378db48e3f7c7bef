# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from dataclasses import replace

from comity.kernel.ids import MarketCode, NormId
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.scenario import Scenario, mismatches

SCENARIO = Scenario(
    name="A hospital's image generator",
    source="Art. 2",
    on=dt.date(2026, 11, 21),
    role=Role.PROVIDER,
    market=MarketCode("EU"),
    answers={
        "is_ai_system": True,
        "sector": "health",
        "generates": frozenset({"image"}),
        "staff": 50,
        "biometric": False,
    },
    expects={
        "applies": (NormId("eu.act.2"),),
        "not_in_force": (NormId("eu.act.3"),),
    },
)


def test_a_scenario_that_is_met_says_nothing(library: Library) -> None:
    """Expectations are written from the source; agreement is silence."""
    assert mismatches(SCENARIO, library) == ()


def test_a_disagreement_says_what_was_found_and_why(library: Library) -> None:
    """The encoder must see which clause to read again."""
    wrong = replace(SCENARIO, expects={"does_not_apply": (NormId("eu.act.2"),)})
    (mismatch,) = mismatches(wrong, library)
    assert (mismatch.expected, mismatch.found) == ("does not apply", "applies")
    assert "sector is other: false" in mismatch.why


def test_a_norm_that_does_not_bind_the_role_is_a_disagreement(library: Library) -> None:
    """Nothing is ruled for it, which is not the same as "does not apply"."""
    other = replace(
        SCENARIO, role=Role.DEPLOYER, expects={"does_not_apply": (NormId("eu.act.3"),)}
    )
    (mismatch,) = mismatches(other, library)
    assert mismatch.found == "no norm of EU for a deployer"
