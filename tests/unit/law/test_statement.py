# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

import pytest

from comity.errors import InvalidDocument
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.kernel.material import Material
from comity.law.fact import Silence
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.profile import Profile
from comity.law.statement import (
    Identity,
    Registration,
    from_system_json,
    to_system_json,
)

TEXT = LocalText(by_tag={"en": "Relief translator", "zh": "救灾翻译"})
REGISTRATION = Registration(
    profile=Profile(
        system="relief-translator",
        version="1.0",
        name=TEXT,
        purpose=TEXT,
        example=True,
        roles=(Role.PROVIDER,),
        markets=(MarketCode("EU"), MarketCode("CHN")),
        answers={
            "generates": frozenset({"text"}),
            "training_compute": 10**25,
            "biometric": Silence.NOT_KNOWN,
        },
        materials=(Material(layer="model", name="weights", supplier=None),),
    ),
    identity=Identity(method="files", sha256=sha256(b"weights"), what="weights and code"),
)


def test_a_registration_survives_its_statement(library: Library) -> None:
    """Through canonical JSON, where no number may be larger than 2^53."""
    facts = library.vocabulary.facts
    encoded = to_canonical(to_system_json(REGISTRATION, facts))
    decoded = from_canonical(encoded)
    assert isinstance(decoded, dict)
    assert from_system_json(decoded, facts) == REGISTRATION


def test_answers_of_a_newer_vocabulary_survive(library: Library) -> None:
    """Unknown to our logic, kept for whoever knows more."""
    facts = library.vocabulary.facts
    plain = to_system_json(REGISTRATION, facts)
    said = plain["facts"]
    assert isinstance(said, dict)
    newer = {**plain, "facts": {**said, "dreams": True, "staff": "many"}, "mood": "good"}
    registration = from_system_json(newer, facts)
    assert registration.unread == {"dreams": True, "staff": "many"}
    assert registration.rest == {"mood": "good"}
    assert "staff" not in registration.profile.answers
    assert to_system_json(registration, facts) == newer


def test_every_fault_of_a_statement_is_named(library: Library) -> None:
    """It came from outside."""
    plain = to_system_json(REGISTRATION, library.vocabulary.facts)
    broken = {**plain, "version": 1, "markets": ["XX"], "facts": [], "example": "yes"}
    with pytest.raises(InvalidDocument) as caught:
        from_system_json(broken, library.vocabulary.facts)
    assert caught.value.code == "law.system"
    assert len(caught.value.faults) == 4


def test_answers_for_one_market_survive_their_statement(library: Library) -> None:
    """Those of a newer vocabulary too; a statement without any looks as before."""
    facts = library.vocabulary.facts
    assert "facts_in" not in to_system_json(REGISTRATION, facts)
    market = MarketCode("VNM")
    profile = replace(REGISTRATION.profile, in_market={market: {"staff": 3}})
    registration = replace(REGISTRATION, profile=profile, unread_in={market: {"dreams": True}})
    plain = to_system_json(registration, facts)
    assert plain["facts_in"] == {"VNM": {"staff": "3", "dreams": True}}
    assert from_system_json(plain, facts) == registration
    with pytest.raises(InvalidDocument) as caught:
        from_system_json({**plain, "facts_in": {"XX": {}, "VNM": []}}, facts)
    assert [fault.message for fault in caught.value.faults] == [
        "facts_in.XX is no market",
        "facts_in.VNM is not an object of answers by fact name",
    ]
