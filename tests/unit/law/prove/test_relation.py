# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

import pytest

from comity.kernel.ids import NormId
from comity.law.condition import Cmp, Is, conjunction, disjunction
from comity.law.norm import Norm
from comity.law.pack import Library, Pack
from comity.law.prove.bound import sides_of
from comity.law.prove.relation import Lie, Relating, Relation, constraints_on, lie_of
from comity.law.prove.theory import Possibility


@pytest.fixture(scope="module")
def relating(library: Library) -> Relating:
    """Return the solvers over the three regimes."""
    return Relating(library=library)


def _pair(library: Library, name: str) -> tuple[Pack, Norm]:
    return library.pack_of[NormId(name)], library.norms[NormId(name)]


def _lie(relating: Relating, first: Norm, second: Norm, pack: Pack) -> Relation:
    return relating.relation((pack, first), (pack, second))


def test_a_norm_is_equal_to_itself(library: Library, relating: Relating) -> None:
    """Whatever it is called."""
    for name in library.norms:
        pack, norm = _pair(library, name)
        assert _lie(relating, norm, norm, pack).whole is Lie.EQUAL


def test_a_narrower_trigger_makes_a_subset(library: Library, relating: Relating) -> None:
    """Wherever the narrower binds, doing what the wider asks is enough."""
    pack, norm = _pair(library, "chn.x.logs")
    narrow = replace(norm, when=conjunction((norm.when, Is("personal"))))
    wide = replace(norm, when=disjunction((norm.when, Is("personal"))))
    cross = replace(norm, when=Is("personal"))
    assert _lie(relating, narrow, norm, pack).whole is Lie.SUBSET
    assert _lie(relating, norm, narrow, pack).whole is Lie.SUPERSET
    assert _lie(relating, norm, wide, pack).whole is Lie.SUBSET
    assert _lie(relating, norm, cross, pack).whole is Lie.INTERSECTS


def test_triggers_that_never_meet_are_no_relation(library: Library, relating: Relating) -> None:
    """However alike the demands."""
    pack, norm = _pair(library, "chn.x.logs")
    other = replace(norm, when=conjunction((norm.when, Cmp("users", True, 10))))  # noqa: FBT003 - at least
    small = replace(norm, when=conjunction((norm.when, Cmp("users", False, 10))))  # noqa: FBT003 - below
    found = _lie(relating, other, small, pack)
    assert (found.whole, found.trigger, found.demand) == (Lie.NONE, Lie.NONE, Lie.EQUAL)


def test_a_stricter_figure_covers_a_laxer_one(library: Library, relating: Relating) -> None:
    """Territory is left aside, so two markets can be equal in their triggers."""
    found = relating.relation(_pair(library, "eu.x.notice"), _pair(library, "chn.x.notice"))
    assert (found.trigger, found.demand, found.whole) == (Lie.EQUAL, Lie.SUBSET, Lie.SUBSET)
    assert found.reversed.whole is Lie.SUPERSET
    assert found.conducts == ("notice",)


def test_demands_that_clash_are_no_relation(library: Library, relating: Relating) -> None:
    """And it is said that they do."""
    found = relating.relation(_pair(library, "eu.x.weights"), _pair(library, "chn.x.weights"))
    assert (found.whole, found.clash, found.demand) == (Lie.NONE, True, Lie.NONE)
    norms = [library.norms[NormId(f"{side}.x.weights")] for side in ("eu", "chn")]
    assert found.to_json() == {
        "first": "eu.x.weights", "second": "chn.x.weights", "conducts": ["weights"],
        "relation": "none", "trigger": "intersects", "demand": "none", "clash": True,
        "meanings": [norm.meaning.hex() for norm in norms],
    }  # fmt: skip


def test_only_norms_on_one_conduct_are_related(library: Library) -> None:
    """And a permission asks nothing of conduct."""
    relating = Relating(library=library)
    found = {
        (each.first[1].name, each.second[1].name)
        for each in relating.relations(sides_of(library, ("EU", "CHN")))
    }
    assert ("eu.x.notice", "chn.x.notice") in found
    assert ("eu.x.notice", "chn.x.logs") not in found
    assert not any(name == "eu.x.may" for pair in found for name in pair)


def test_a_side_alone_is_related_to_itself_once(library: Library, relating: Relating) -> None:
    """Each pair in one direction."""
    found = list(relating.relations(sides_of(library, ("CHN",))))
    pairs = [(each.first[1].name, each.second[1].name) for each in found]
    assert pairs == [("chn.x.old", "chn.x.weights")]


def test_norms_never_in_force_together_are_still_related(
    library: Library, relating: Relating
) -> None:
    """Dates are left aside: an old rule and a new one can ask the same."""
    found = relating.relation(_pair(library, "eu.x.weights"), _pair(library, "chn.x.old"))
    assert found.trigger is Lie.EQUAL


def test_what_is_not_decided_is_said_to_be(library: Library, relating: Relating) -> None:
    """Undecided is never taken for none."""

    class Slow:
        def possible(self, *_: object) -> Possibility:
            return Possibility.UNDECIDED

    assert lie_of(Slow(), Is("online"), Is("personal")) is Lie.UNDECIDED  # type: ignore[arg-type] # asks only
    relation = relating.relation(_pair(library, "eu.x.notice"), _pair(library, "chn.x.notice"))
    assert replace(relation, trigger=Lie.UNDECIDED).whole is Lie.UNDECIDED


def test_only_what_is_asked_is_a_constraint(library: Library) -> None:
    """What is forbidden or allowed is not asked for."""
    asked = {name: constraints_on(norm, "weights") for name, norm in library.norms.items()}
    assert {name for name, found in asked.items() if found} == {"eu.x.weights"}
