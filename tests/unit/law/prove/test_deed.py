# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from decimal import Decimal

import pytest

from comity.law.condition import EXACT, Cmp, Has, In, Is, Not, conjunction
from comity.law.conduct import Constraint, Relation
from comity.law.pack import Library
from comity.law.prove.deed import JUST_ABOVE, Deeds
from comity.law.prove.theory import Possibility, Theory


def _constraint(
    conduct: str, relation: Relation, *values: str, bound: int | None = None
) -> Constraint:
    return Constraint(
        conduct=conduct,  # type: ignore[arg-type] # a ConductName for the test
        relation=relation, values=values, bound=bound,
    )  # fmt: skip


@pytest.fixture
def deeds(library: Library) -> Deeds:
    """Return the conduct of the three regimes."""
    return Deeds(conducts=library.vocabulary.conducts)


def test_every_relation_has_one_condition(deeds: Deeds) -> None:
    """The solver, the checker and the reader see the same."""
    met = deeds.met
    assert met(_constraint("erased", Relation.YES)) == Is("erased")
    assert met(_constraint("route", Relation.ONE_OF, "self")) == In("route", ("self",))
    assert met(_constraint("route", Relation.NONE_OF, "self")) == Not(In("route", ("self",)))
    assert met(_constraint("stored", Relation.ANY_OF, "CHN", "EU")) == Has(
        "stored", ("CHN", "EU")
    )
    both = Has("stored", ("CHN", "EU"), every=True)
    assert met(_constraint("stored", Relation.ALL_OF, "CHN", "EU")) == both
    assert met(_constraint("stored", Relation.NONE_OF, "EU")) == Not(Has("stored", ("EU",)))
    others = Not(Has("stored", ("BRA", "CHN")))
    assert met(_constraint("stored", Relation.WITHIN, "EU")) == others
    whole = _constraint("stored", Relation.WITHIN, "BRA", "CHN", "EU")
    assert met(whole) == conjunction(())
    least = _constraint("logs", Relation.AT_LEAST, bound=5)
    assert met(least) == Cmp("logs", at_least=True, bound=5)
    most = _constraint("logs", Relation.AT_MOST, bound=5)
    assert met(most) == Cmp("logs", at_least=False, bound=EXACT.add(Decimal(5), JUST_ABOVE))


def test_at_most_includes_its_bound(deeds: Deeds) -> None:
    """Twenty-four hours are in time; a moment more is late."""
    theory = Theory(deeds.facts(), deeds.axioms())
    most = deeds.met(_constraint("notice", Relation.AT_MOST, bound=24))
    at = deeds.met(_constraint("notice", Relation.AT_LEAST, bound=24))
    assert theory.possible(most, at) is Possibility.POSSIBLE
    late = Cmp("notice", at_least=True, bound=EXACT.add(Decimal(24), JUST_ABOVE))
    assert theory.possible(most, late) is Possibility.IMPOSSIBLE


def test_what_conduct_entails_comes_along(deeds: Deeds) -> None:
    """Two steps away, too; nothing else does."""
    assert set(deeds.about(["strong"]).conducts) == {"strong", "encrypted"}
    assert set(deeds.about(["logs"]).conducts) == {"logs"}


def test_variables_can_be_told_apart(deeds: Deeds) -> None:
    """One log here, another there."""
    named = {"logs": "logs of EU"}
    assert "logs of EU" in deeds.facts(named)
    least = deeds.met(_constraint("logs", Relation.AT_LEAST, bound=5), named)
    assert least == Cmp("logs of EU", at_least=True, bound=5)
