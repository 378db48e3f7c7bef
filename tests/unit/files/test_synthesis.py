# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Registers that are made up: repeatable, lawful, and open to the share that is asked."""

import polars as pl
import pytest

from comity.files.library import shipped_library
from comity.files.synthesis import Recipe, made_up
from comity.law.fact import ASKED_ON, MARKETS
from comity.law.sweep.layout import ROLE
from comity.law.sweep.plan import Plan, plan_rules

RECIPE = Recipe(rows=1500, seed=7, unknown=0.3)


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Return the rules of the shared vocabulary."""
    return plan_rules(shipped_library())


@pytest.fixture(scope="module")
def rows(plan: Plan) -> pl.DataFrame:
    """Return a register made up."""
    return made_up(RECIPE, plan, 0, 1500)


def test_no_row_breaks_an_axiom_or_a_guard(rows: pl.DataFrame, plan: Plan) -> None:
    """Every row can be swept; each fact has its column."""
    sifted = plan.sift(rows.drop("id", "name").rename({"roles": ROLE}))
    assert sifted.faults == ()
    assert sifted.kept.all()
    facts = set(plan.library.vocabulary.facts) - {ASKED_ON, MARKETS}
    assert facts < set(rows.columns)


def test_the_same_seed_makes_the_same_rows(rows: pl.DataFrame, plan: Plan) -> None:
    """And another seed makes others."""
    assert made_up(RECIPE, plan, 0, 1500).equals(rows)
    other = made_up(Recipe(rows=1500, seed=8), plan, 0, 1500)
    assert not other.equals(rows)


def test_the_share_of_unknowns_is_the_one_asked_for(rows: pl.DataFrame) -> None:
    """A little more, for what breaks a rule is forgotten."""
    facts = rows.drop("id", "name", "roles", "markets")
    share = sum(facts.null_count().row(0)) / (facts.height * facts.width)
    assert 0.28 < share < 0.42
    assert rows["roles"].null_count() / rows.height == pytest.approx(0.05, abs=0.02)


def test_kinds_of_systems_differ(rows: pl.DataFrame) -> None:
    """What an image maker does is not what a credit scorer does."""
    shares = rows.group_by("name").agg(pl.col("generates").list.len().mean())["generates"]
    assert len(shares) == 12
    assert max(shares) > 1.3 * min(shares)


def test_thresholds_have_systems_on_both_sides(rows: pl.DataFrame) -> None:
    """10^25 operations divide the models that are made up, too."""
    compute = rows["training_compute"].drop_nulls().cast(pl.Float64)
    assert 0 < (compute >= 1e25).sum() < len(compute) / 4


def test_everything_may_be_known_or_nothing(plan: Plan) -> None:
    """The ends of the share."""
    known = made_up(Recipe(rows=200, seed=1, unknown=0.0), plan, 0, 200)
    open_ = made_up(Recipe(rows=200, seed=1, unknown=1.0), plan, 0, 200)
    assert known["offered_to_public"].null_count() < 100
    assert open_["deep_fake"].null_count() == 200
