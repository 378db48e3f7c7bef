# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every method of counting power agrees with going through every coalition."""

from fractions import Fraction

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.fakes.coalition import every_coalition, hall, nobody, seats_of

from comity.council.power.census import power_of
from comity.council.power.game import compile_game
from comity.council.power.gate import clauses, holds
from comity.council.power.halves import count_halves
from comity.council.power.kinds import count_kinds
from comity.council.power.method import count_exactly
from comity.council.power.packed import count_packed
from comity.council.power.preview import count_preview
from comity.council.rule.floor import Base, Floor
from comity.council.rule.rule import (
    AGAINST,
    Across,
    All,
    AtLeast,
    Leaf,
    Not,
    Number,
    Rule,
    Share,
)

SHARES = st.integers(1, 6).map(lambda sixths: Fraction(sixths, 6))
NEEDS = st.one_of(
    st.builds(Share, of=st.sampled_from(Base), least=SHARES, strict=st.just(value=False)),
    st.builds(Number, least=st.integers(1, 6)),
)
LEAVES = st.builds(
    Leaf,
    need=NEEDS,
    by=st.sampled_from([None, "w"]),
    within=st.sampled_from([None, None, "g:A", "g:B"]),
)
ACROSS = st.builds(
    Across,
    family=st.just("g"),
    missing=st.integers(0, 1),
    leaf=st.builds(Leaf, need=NEEDS, by=st.sampled_from([None, "w"])),
)
VETOES = st.builds(
    Not,
    part=st.builds(
        Leaf,
        need=st.builds(Number, least=st.integers(1, 3)),
        count=st.just(AGAINST),
        within=st.sampled_from([None, "g:A"]),
    ),
)


def _joint(parts: st.SearchStrategy[Rule]) -> st.SearchStrategy[Rule]:
    several = st.lists(parts, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(All, parts=several),
        several.flatmap(
            lambda found: st.builds(
                AtLeast, count=st.integers(1, len(found)), parts=st.just(found)
            )
        ),
    )


RULES = st.recursive(st.one_of(LEAVES, ACROSS, VETOES), _joint, max_leaves=4)
HURTING = RULES.map(lambda rule: Not(part=rule))


@st.composite
def halls(draw: st.DrawFn) -> Floor:
    """Draw up to seven members in two groups that do not overlap."""
    values = draw(st.lists(st.sampled_from([0, 1, 1, 2, 3, 7, 30]), min_size=2, max_size=7))
    sides = draw(
        st.lists(st.sampled_from("AB-"), min_size=len(values), max_size=len(values)).filter(
            lambda said: {"A", "B"} <= set(said)
        )
    )
    groups = {f"g:{side}": [at for at, own in enumerate(sides) if own == side] for side in "AB"}
    return hall(values, groups)


@given(rule=RULES, floor=halls())
@settings(max_examples=120)
def test_every_exact_method_agrees_with_every_coalition(rule: Rule, floor: Floor) -> None:
    """A table of counts no reader can redo by hand must be right by construction."""
    game = compile_game(rule, floor, seats_of(floor))
    expected = every_coalition(rule, floor)
    assert count_kinds(game, nobody) == expected
    assert count_halves(game) == expected
    assert count_packed(game, nobody) in {None, expected}
    assert count_preview(game, nobody) in {None, expected}


@given(rule=HURTING, floor=halls())
@settings(max_examples=30)
def test_kinds_count_rules_under_which_a_yes_can_hurt(rule: Rule, floor: Floor) -> None:
    """Swings down are counted as swings down, though no exact figure is published of them."""
    game = compile_game(rule, floor, seats_of(floor))
    assume(not game.is_monotone)
    assert count_kinds(game, nobody) == every_coalition(rule, floor)
    assert count_exactly(game, nobody) is None


@given(rule=RULES, floor=halls())
@settings(max_examples=60)
def test_clauses_say_what_the_formula_says(rule: Rule, floor: Floor) -> None:
    """What is published as "any of these adopts" is the rule itself."""
    game = compile_game(rule, floor, seats_of(floor))
    found = clauses(game.adopts)
    assume(found is not None)
    assert found is not None
    values = game.matrix()
    votes = np.arange(1 << len(game.players))[:, None] >> np.arange(len(game.players)) & 1
    sums = [votes @ row for row in values]
    said = [
        np.all([sums[bar.measure] >= bar.least for bar in clause], axis=0) for clause in found
    ]
    either = np.any([np.broadcast_to(one, len(votes)) for one in said], axis=0)
    assert (np.broadcast_to(either, len(votes)) == holds(game.adopts, sums)).all()


@given(rule=RULES, floor=halls())
@settings(max_examples=60)
def test_the_indices_keep_their_axioms(rule: Rule, floor: Floor) -> None:
    """Shares add to one, players alike are worth alike, and nobody less than nothing."""
    game = compile_game(rule, floor, seats_of(floor))
    found = count_exactly(game, nobody)
    assert found is not None
    power = power_of(found[0])
    decides = 0 < power.decisiveness < 1
    assert sum(index.shapley for index in power.players) == decides
    assert sum(index.share for index in power.players) == decides
    by_kind: dict[tuple[int, ...], set[Fraction]] = {}
    for player, index in enumerate(power.players):
        assert min(index.banzhaf, index.shapley, index.prevent, index.initiate) >= 0
        assert max(index.banzhaf, index.shapley, index.prevent, index.initiate) <= 1
        by_kind.setdefault(game.kind(player), set()).add(index.shapley)
    assert all(len(values) == 1 for values in by_kind.values())
