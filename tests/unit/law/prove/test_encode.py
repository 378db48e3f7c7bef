# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.law.condition import And, Cmp, Gap, In, Is, Or, conjunction
from comity.law.pack import Library
from comity.law.prove.bound import theory_of
from comity.law.prove.theory import Possibility


def test_a_claim_opens_guards(library: Library) -> None:
    """To answer a guarded fact one needs what its guard rests on."""
    claim = theory_of(library).encoder.claim(Is("logs_personal"))
    assert claim.reach.facts == {"logs_personal", "online"}


def test_a_condition_is_written_once(library: Library) -> None:
    """Hundreds of pairs ask of the same norms."""
    encoder = theory_of(library).encoder
    whole = conjunction((Is("online"), In("sector", ("health",))))
    assert encoder.claim(whole) is encoder.claim(whole)


def test_nothing_is_asked_of_days_nobody_measures(library: Library) -> None:
    """Integers are dear; only distances need them."""
    encoder = theory_of(library).encoder
    gap = encoder.claim(Gap("changed", "launched", 30, "day"))
    plain = encoder.claim(Is("online"))
    assert encoder.links(plain.reach) == []
    assert encoder.links(plain.reach.plus([gap.reach])) != []


def test_all_of_nothing_holds_and_any_of_nothing_does_not(
    library: Library,
) -> None:
    """As everywhere in the language."""
    theory = theory_of(library)
    assert theory.possible(And(())) is Possibility.POSSIBLE
    assert theory.possible(Or(())) is Possibility.IMPOSSIBLE


def test_bounds_are_kept_in_order_whenever_they_come(library: Library) -> None:
    """A norm read later may cut between two bounds read before."""
    theory = theory_of(library)
    theory.possible(
        Cmp("users", at_least=True, bound=10), Cmp("users", at_least=False, bound=1000)
    )
    at_least = Cmp("users", at_least=True, bound=500)
    below = Cmp("users", at_least=False, bound=100)
    assert theory.possible(at_least, below) is Possibility.IMPOSSIBLE
    assert theory.encoder.bounds("users") == [10, 100, 500, 1000]
