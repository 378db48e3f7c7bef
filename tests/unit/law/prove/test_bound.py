# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from dataclasses import replace

import pytest

from comity.errors import InvalidDocument
from comity.kernel.ids import NormId
from comity.law.condition import Cmp, Has, Is
from comity.law.fact import ASKED_ON
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.prove.bound import (
    binding,
    common_bearers,
    facts_of,
    in_force,
    in_market,
    sides_of,
)


def test_a_side_is_a_market_or_a_pack(library: Library) -> None:
    """Both by the names they have elsewhere."""
    sides = sides_of(library, ("EU", "chn.x"))
    assert [[pack.name for pack in side.packs] for side in sides] == [["eu.x"], ["chn.x"]]


def test_every_unknown_side_is_named(library: Library) -> None:
    """With the near miss."""
    with pytest.raises(InvalidDocument) as caught:
        sides_of(library, ("EUU", "chn.y", "EU"))
    assert [fault.near for fault in caught.value.faults] == ["EU", "chn.x"]


def test_a_day_leaves_out_norms(library: Library) -> None:
    """Those not yet, and those no longer, in force."""
    (side,) = sides_of(library, ("CHN",))
    names = {norm.name for _, norm in side.norms(dt.date(2025, 1, 1))}
    assert "chn.x.old" not in names
    assert len(list(side.norms())) == len(names) + 1


def test_a_norm_binds_in_its_market_on_its_days(library: Library) -> None:
    """What the question sets is part of the trigger."""
    name = NormId("eu.x.weights")
    norm, pack = library.norms[name], library.pack_of[name]
    found = binding(pack, norm, library.vocabulary.facts)
    since = Cmp(ASKED_ON, at_least=True, bound=dt.date(2026, 1, 1))
    assert getattr(found, "parts", ()) == (Has("markets", ("EU",)), since, Is("online"))
    until = Cmp(ASKED_ON, at_least=False, bound=dt.date(2025, 1, 1))
    assert in_force(library.norms[NormId("chn.x.old")]) == (until,)
    assert in_market(pack, {}) == ()


def test_the_day_of_the_question_is_always_a_fact(library: Library) -> None:
    """Even where the vocabulary has none."""
    assert ASKED_ON in facts_of(library.vocabulary)


def test_one_company_can_be_many_things_in_a_chain(library: Library) -> None:
    """And no state."""
    norm = library.norms[NormId("eu.x.notice")]

    def bearing(*roles: Role) -> object:
        return common_bearers(replace(norm, who=(role,)) for role in roles)

    assert bearing(Role.PROVIDER, Role.PROVIDER) == (Role.PROVIDER, Role.PROVIDER)
    assert bearing(Role.PROVIDER, Role.DEPLOYER) == (Role.PROVIDER, Role.DEPLOYER)
    assert bearing(Role.STATE, Role.STATE) == (Role.STATE, Role.STATE)
    assert bearing(Role.PROVIDER, Role.STATE) is None
