# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from dataclasses import replace

import pytest

from comity.law.condition import And, Cmp, Has, Is, Not, Ref
from comity.law.norm import Basis, Modality, Norm, Role
from comity.law.pack import Library


def _norm(library: Library, name: str) -> Norm:
    return next(norm for norm in library.norms.values() if norm.name == name)


def test_a_norm_applies_where_its_scope_holds_and_no_exception_does(library: Library) -> None:
    """Exceptions repeat, and each is told by itself."""
    assert _norm(library, "eu.act.2").applies_when == And(
        (
            Ref("eu.act.scope"),
            Has("generates", ("audio", "image")),
            Not(Cmp("staff", at_least=False, bound=10)),
            Not(Is("biometric")),
        )
    )


def test_a_norm_holds_what_its_text_says(library: Library) -> None:
    """Nothing of an entry is lost on the way."""
    norm = _norm(library, "eu.act.2")
    assert norm.who == (Role.PROVIDER, Role.DEPLOYER)
    assert [demand.modality for demand in norm.demands] == [Modality.MUST, Modality.MUST]
    assert (norm.valid_from, norm.valid_until) == (dt.date(2026, 8, 2), dt.date(2030, 1, 1))
    assert norm.grounds.basis is Basis.TEXT
    assert norm.grounds.rows == ("EU.2.a", "EU 2 b")


def test_exceptions_count_as_unresearched_until_somebody_says_so(library: Library) -> None:
    """Most rows give no exceptions; silence is not a search."""
    assert _norm(library, "eu.act.2").exceptions_researched
    assert not _norm(library, "eu.act.3").exceptions_researched


def test_a_norm_as_json_keeps_its_grounds(library: Library) -> None:
    """Whoever reads the pack elsewhere needs article, basis and source."""
    plain = _norm(library, "eu.act.3").to_json()
    assert isinstance(plain, dict)
    assert plain["grounds"] == {
        "cite": "Art. 3",
        "basis": "secondary",
        "source": "S1",
        "rows": [],
    }


@pytest.mark.parametrize(
    ("modalities", "permits"),
    [(["may"], True), (["may", "must"], False), (["must not"], False), (["should"], False)],
)
def test_a_norm_that_only_allows_asks_nothing(
    library: Library, modalities: list[str], *, permits: bool
) -> None:
    """A permission is no duty, and is counted apart."""
    norm = _norm(library, "eu.act.2")
    first = norm.demands[0]
    demands = tuple(replace(first, modality=Modality(each)) for each in modalities)
    assert replace(norm, demands=demands).only_permits is permits
