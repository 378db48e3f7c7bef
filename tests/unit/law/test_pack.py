# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.kernel.ids import MarketCode
from comity.law.pack import Library, PackStatus


def test_a_library_finds_norms_definitions_and_packs(library: Library) -> None:
    """By id, whatever file they stood in."""
    assert [pack.name for pack in library.packs] == ["eu.act", "waico.plan"]
    assert list(library.norms) == ["eu.act.2", "eu.act.3", "waico.plan.1"]
    assert list(library.definitions) == ["eu.act.scope"]
    assert {name: pack.status for name, pack in library.pack_of.items()} == {
        "eu.act.2": PackStatus.BINDING,
        "eu.act.3": PackStatus.BINDING,
        "waico.plan.1": PackStatus.SOFT,
    }


def test_the_norms_of_a_market_are_those_of_its_packs(library: Library) -> None:
    """A norm of one market is no answer about another."""
    assert [norm.name for _, norm in library.norms_of(MarketCode("WAICO"))] == ["waico.plan.1"]
    assert list(library.norms_of(MarketCode("BRA"))) == []


def test_gaps_reach_norms_through_definitions(library: Library) -> None:
    """An answer that leans on a gap says so."""
    leaning = {name: len(gaps) for name, gaps in library.gaps_of.items()}
    assert leaning == {"eu.act.2": 1, "eu.act.3": 1, "waico.plan.1": 0}


def test_the_digest_of_a_library_covers_vocabulary_and_packs(library: Library) -> None:
    """An answer names what it rested on."""
    assert len({library.digest, library.vocabulary.digest, library.packs[0].digest}) == 3


def test_only_facts_of_axioms_and_guards_derive_anything(library: Library) -> None:
    """Any other answer needs no closing, which is what makes an interview quick."""
    assert set(library.closing_rules) == {
        "biometric",
        "remote_biometric",
        "generates",
        "watermarks",
    }
