# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.law.conduct import Constraint, Relation
from comity.law.norm import Demand, Modality
from comity.law.pack import Library
from comity.law.prove.clash import Clash, Ground, Kind, kind_of
from comity.law.prove.deed import Deeds


def _ground(library: Library) -> Ground:
    vocabulary = library.vocabulary
    return Ground(deeds=Deeds(conducts=vocabulary.conducts), exclusions=vocabulary.exclusions)


def _kind(
    conduct: str, relation: Relation = Relation.YES, *values: str, bound: int | None = None,
    forbids: bool = False,
) -> Kind:  # fmt: skip
    constraint = Constraint(
        conduct=conduct,  # type: ignore[arg-type] # a ConductName for the test
        relation=relation, values=values, bound=bound,
    )  # fmt: skip
    return Kind(constraint=constraint, forbids=forbids)


def _sets(library: Library, *kinds: Kind) -> set[tuple[frozenset[Kind], tuple[str, ...]]]:
    clashes: list[Clash] = list(_ground(library).clashes(kinds))
    return {(frozenset(c.kinds), tuple(e.name for e in c.exclusions)) for c in clashes}


def test_three_demands_may_clash_where_no_two_do(library: Library) -> None:
    """No pairwise check sees this one."""
    kinds = [
        _kind("stored", Relation.ANY_OF, "CHN", "EU"),
        _kind("stored", Relation.ALL_OF, "EU", forbids=True),
        _kind("stored", Relation.NONE_OF, "CHN"),
    ]
    assert _sets(library, *kinds) == {(frozenset(kinds), ())}
    assert _sets(library, *kinds[:2]) == set()


def test_what_doing_one_thing_does_as_well_counts(library: Library) -> None:
    """Whoever must encrypt strongly cannot leave off encrypting."""
    kinds = [_kind("strong"), _kind("encrypted", forbids=True)]
    assert _sets(library, *kinds) == {(frozenset(kinds), ())}


def test_figures_clash_only_where_they_cross(library: Library) -> None:
    """At least thirty and at most thirty can both be met; at least thirty-one cannot."""
    most = _kind("logs", Relation.AT_MOST, bound=30)
    equal, more = (_kind("logs", Relation.AT_LEAST, bound=bound) for bound in (30, 31))
    assert _sets(library, most, equal, more) == {(frozenset({most, more}), ())}


def test_a_shorter_exclusion_is_reached_by_a_longer_demand(library: Library) -> None:
    """Who keeps for 184 days keeps for 100."""
    kinds = [_kind("logs", Relation.AT_LEAST, bound=184), _kind("erased")]
    assert _sets(library, *kinds) == {(frozenset(kinds), ("kept_and_erased",))}
    shorter = _kind("logs", Relation.AT_LEAST, bound=99)
    assert _sets(library, shorter, _kind("erased")) == set()


def test_silence_meets_no_deadline_and_breaks_no_ban(library: Library) -> None:
    """An incident must be told within the time; a forbidden thing may be left undone."""
    told = _kind("notice", Relation.AT_MOST, bound=24)
    never = _kind("notice", Relation.AT_LEAST, bound=0, forbids=True)
    assert _sets(library, told, never) == {(frozenset({told, never}), ())}
    assert _sets(library, _kind("route", Relation.ONE_OF, "self", forbids=True)) == set()


def test_a_permission_says_nothing_of_conduct() -> None:
    """Who may need not."""
    constraint = _kind("weights").constraint
    assert kind_of(Demand(modality=Modality.MAY, constraint=constraint)) is None
    for modality, forbids in [(Modality.SHOULD, False), (Modality.SHOULD_NOT, True)]:
        found = kind_of(Demand(modality=modality, constraint=constraint))
        assert found == Kind(constraint=constraint, forbids=forbids)
