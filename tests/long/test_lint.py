# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Faults planted in norms of every pack: the linter finds each of them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from comity.files.library import shipped_library
from comity.kernel.ids import NormId
from comity.law.condition import Not, conjunction
from comity.law.lint.finding import Rule
from comity.law.lint.linter import Linter
from comity.law.lint.place import places_of
from comity.law.norm import Demand, Modality, Norm
from comity.law.pack import Pack

pytestmark = pytest.mark.long

EVERY = 8
"""Of each pack the first norm and every so many after it."""

FORBIDDEN = {
    Modality.MUST: Modality.MUST_NOT, Modality.SHOULD: Modality.SHOULD_NOT,
    Modality.MAY: Modality.MUST_NOT, Modality.MUST_NOT: Modality.MUST,
    Modality.SHOULD_NOT: Modality.SHOULD,
}  # fmt: skip


@pytest.fixture(scope="module")
def linter() -> Linter:
    """Return one linter for all packs; a planted norm has no place of its own."""
    return Linter(library=shipped_library(), places=places_of([]))


def _norms() -> Iterator[tuple[Pack, Norm]]:
    for pack in shipped_library().packs:
        for norm in pack.norms[::EVERY]:
            yield pack, norm


def test_a_scope_that_denies_itself_is_dead_in_any_norm(linter: Linter) -> None:
    """However many definitions stand between the scope and its denial."""
    missed = [
        norm.name
        for pack, norm in _norms()
        for dead in [replace(norm, when=conjunction((norm.when, Not(norm.when))))]
        if Rule.DEAD not in {each.rule for each in linter.reach.of_norm(pack, dead)}
    ]

    assert missed == []


def test_the_scope_as_its_own_exception_swallows_any_norm(linter: Linter) -> None:
    """Norms that bind whoever there is are swallowed as well."""
    missed = [
        norm.name
        for pack, norm in _norms()
        for swallowed in [replace(norm, unless=(*norm.unless, norm.when))]
        if Rule.SWALLOWED not in {each.rule for each in linter.reach.of_norm(pack, swallowed)}
    ]

    assert missed == []


def test_an_exception_written_twice_is_shadowed_in_any_norm(linter: Linter) -> None:
    """The later of the two, and no other."""
    missed = []
    for pack, norm in _norms():
        twice = replace(norm, unless=(*norm.unless, *norm.unless[:1]))
        shadowed = [e for e in linter.reach.of_norm(pack, twice) if e.rule is Rule.SHADOWED]
        if len(shadowed) != len(norm.unless[:1]):
            missed.append(norm.name)

    assert missed == []


def test_what_a_norm_asks_and_forbids_is_a_contradiction_in_any_norm(
    linter: Linter,
) -> None:
    """For each of its demands."""
    missed = []
    for pack, norm in _norms():
        for demand in norm.demands:
            opposite = Demand(modality=FORBIDDEN[demand.modality], constraint=demand.constraint)
            both = replace(norm, demands=(*norm.demands, opposite))
            rules = {each.rule for each in linter.asking.of_norm(pack, both)}
            if Rule.CONTRADICTORY not in rules:
                missed.append((norm.name, demand))

    assert missed == []


def test_a_narrower_copy_is_redundant_beside_any_norm(linter: Linter) -> None:
    """A copy under another id, for the first of its roles alone."""
    missed = []
    for pack, norm in _norms():
        copy = replace(norm, name=NormId(f"{norm.name}.copy"), who=norm.who[:1])
        both = replace(pack, norms=(norm, copy))
        rules = {each.rule for each in linter.redundancy.of_norm(both, copy)}
        if Rule.REDUNDANT not in rules:
            missed.append(norm.name)

    assert missed == []
