# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt

import pytest

from comity.kernel.truth import Truth
from comity.law.close import close
from comity.law.evaluate import evaluate
from comity.law.fact import ASKED_ON, MARKETS
from comity.law.norm import Role
from comity.law.pack import Library
from comity.law.prove.bound import binding, sides_of
from comity.law.prove.clash import Escape
from comity.law.prove.conflict import Conflict, Findings, Search


def _found(library: Library, *names: str, on: dt.date | None = None) -> Findings:
    search = Search(library=library, on=on, within=len(names) == 1)
    return search.conflicts(sides_of(library, names))


def _named(findings: Findings) -> dict[tuple[str, ...], Conflict]:
    return {tuple(p.norm.name for p in each.parties): each for each in findings.conflicts}


def test_every_conflict_of_two_regimes_is_found_and_nothing_else(library: Library) -> None:
    """Contradictions and exclusions collide; disjoint triggers and other days do not."""
    assert set(_named(_found(library, "EU", "CHN"))) == {
        ("eu.x.weights", "chn.x.weights"),
        ("eu.x.stored", "chn.x.stored"),
        ("eu.x.erase", "chn.x.logs"),
    }


@pytest.mark.parametrize(
    ("pair", "escape"),
    [
        (("eu.x.weights", "chn.x.weights"), Escape.HARD),
        (("eu.x.stored", "chn.x.stored"), Escape.PLACE),
        (("eu.x.erase", "chn.x.logs"), Escape.PLACE),
    ],
)
def test_the_way_out_is_computed(
    library: Library, pair: tuple[str, str], escape: Escape
) -> None:
    """A conflict is hard where no division of conduct helps."""
    assert _named(_found(library, "EU", "CHN"))[pair].escape is escape


def test_a_division_by_design_is_a_way_out(library: Library) -> None:
    """Encryption may differ by function here, not by place."""
    found = _named(_found(library, "EU", "BRA"))[("eu.x.long", "bra.x.open")]
    assert found.escape is Escape.DESIGN


def test_every_witness_is_bound_by_all_and_meets_the_exclusion(library: Library) -> None:
    """What is shown rests on the interpreter, not on the solver."""
    for conflict in _found(library, "EU", "CHN").conflicts:
        witness = conflict.witness
        assert witness is not None
        said = {**witness.answers, MARKETS: frozenset(witness.markets)}
        if witness.on is not None:
            said[ASKED_ON] = witness.on
        closure = close(said, library.vocabulary, library.meanings)
        assert closure.contradictions == ()
        wanted = [binding(p.pack, p.norm, library.vocabulary.facts) for p in conflict.parties]
        wanted += [each.when for each in conflict.exclusions]
        truths = [evaluate(each, closure.answers, library.meanings) for each in wanted]
        assert set(truths) == {Truth.TRUE}


def test_a_witness_says_no_more_than_it_must(library: Library) -> None:
    """A guard and an axiom follow by themselves."""
    witness = _named(_found(library, "EU", "CHN"))[("eu.x.erase", "chn.x.logs")].witness
    assert witness is not None
    assert set(witness.answers) == {"logs_personal", "online", "sector"}
    assert dict(witness.derived) == {"personal": True}
    assert witness.markets == ("CHN", "EU")


def test_an_exclusion_is_named_with_its_reason(library: Library) -> None:
    """Two different conducts collide for a reason in the world."""
    found = _named(_found(library, "EU", "CHN"))[("eu.x.erase", "chn.x.logs")]
    assert [each.name for each in found.exclusions] == ["kept_and_erased"]
    found = _named(_found(library, "EU", "CHN"))[("eu.x.weights", "chn.x.weights")]
    assert found.exclusions == ()


def test_a_day_leaves_out_what_is_not_in_force(library: Library) -> None:
    """On a day before, the norm asks nothing; an ended one collided while it was there."""
    assert ("eu.x.weights", "chn.x.weights") not in _named(
        _found(library, "EU", "CHN", on=dt.date(2025, 6, 1))
    )
    found = _named(_found(library, "EU", "CHN", on=dt.date(2026, 6, 1)))
    witness = found[("eu.x.weights", "chn.x.weights")].witness
    assert witness is None or witness.on in {None, dt.date(2026, 6, 1)}


def test_soft_law_and_shoulds_are_marked(library: Library) -> None:
    """They collide, and bind nobody."""
    found = _named(_found(library, "CHN", "BRA"))[("chn.x.logs", "bra.x.should")]
    assert (found.is_soft, found.is_binding) == (True, False)
    assert found.to_json() != {}


def test_three_sides_are_searched_together(library: Library) -> None:
    """A conflict needs two sides; each pair of them counts."""
    sides = {
        frozenset(party.side for party in each.parties)
        for each in _found(library, "EU", "CHN", "BRA").conflicts
    }
    assert sides == {
        frozenset({"EU", "CHN"}),
        frozenset({"EU", "BRA"}),
        frozenset({"CHN", "BRA"}),
    }


def test_a_side_alone_is_held_against_itself(library: Library) -> None:
    """Inside one market, too, norms may collide."""
    assert _found(library, "EU").conflicts == ()
    assert _found(library, "chn.x").conflicts == ()


def test_the_hardest_comes_first(library: Library) -> None:
    """And what binds comes before what does not."""
    found = _found(library, "EU", "CHN", "BRA").conflicts
    assert found[0].escape is Escape.HARD
    assert [each.is_binding for each in found] == sorted(
        (each.is_binding for each in found), reverse=True
    )


def test_one_bearer_is_named_for_every_norm(library: Library) -> None:
    """Only what binds one company together collides."""
    for conflict in _found(library, "EU", "CHN").conflicts:
        assert conflict.bearers == (Role.PROVIDER, Role.PROVIDER)


def test_progress_is_told(library: Library) -> None:
    """A search over many packs takes seconds."""
    told: list[tuple[int, int]] = []
    sides = sides_of(library, ("EU", "CHN"))
    Search(library=library).conflicts(
        sides, progress=lambda done, every: told.append((done, every))
    )
    assert told
    assert told[-1][0] == told[-1][1]
