# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.law.conduct import Relation
from comity.law.pack import Library


def test_a_bound_is_kept_in_the_unit_of_the_variable(library: Library) -> None:
    """Collisions are arithmetic only where units agree."""
    norm = next(n for n in library.norms.values() if n.name == "eu.act.2")
    constraint = norm.demands[1].constraint
    assert (constraint.relation, constraint.bound) == (Relation.AT_LEAST, 180)


def test_a_conduct_says_what_it_entails(library: Library) -> None:
    """Whoever labels in this way also marks."""
    (entailed,) = library.vocabulary.conducts["method"].entails
    assert entailed.to_json() == {
        "conduct": "marked",
        "relation": "is done",
        "values": [],
        "bound": None,
    }


def test_a_conduct_as_json_carries_its_unit(library: Library) -> None:
    """The vocabulary's digest must change when a unit does."""
    plain = library.vocabulary.conducts["log_retention"].to_json()
    assert isinstance(plain, dict)
    assert plain["unit"] == "day"
