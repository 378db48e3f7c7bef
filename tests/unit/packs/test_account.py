# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The account of the 1,598 collected provisions, and the bars every binding pack must meet."""

import json
from collections import Counter
from pathlib import Path

import pytest

from comity.desk.law.packs import PackRow, check_packs
from comity.files.account import read_account
from comity.files.library import shipped_library
from comity.law.account import account_faults
from comity.law.norm import Basis

FACTS = Path(__file__).parents[4] / "shared" / "facts" / "provisions.jsonl"
PROVISIONS = 1_598
MOST_GAPS_PERCENT = 15
LEAST_SCENARIOS = {"EU": 12, "CHN": 12, "VNM": 12}


def _binding() -> list[PackRow]:
    return [row for row in check_packs().rows if row.status == "binding"]


def test_every_provision_is_accounted_for_and_none_dangles() -> None:
    """Each is a norm, a definition, a gap, or is said not to be a norm, with the reason."""
    accounts = read_account()
    assert [str(fault) for fault in account_faults(accounts, shipped_library())] == []
    assert len(accounts) == len({one.provision for one in accounts}) == PROVISIONS


def test_the_account_names_the_provisions_that_were_collected() -> None:
    """In their order, where the collection is at hand."""
    if not FACTS.is_file():
        pytest.skip("the collected provisions are not beside this checkout")
    with FACTS.open(encoding="utf-8") as lines:
        collected = [json.loads(line)["id"] for line in lines]
    assert [one.provision for one in read_account()] == collected


def test_no_norm_claims_a_better_basis_than_the_best_of_its_rows() -> None:
    """A wording known from a description must not pass for one that was read."""
    if not FACTS.is_file():
        pytest.skip("the collected provisions are not beside this checkout")
    with FACTS.open(encoding="utf-8") as lines:
        seen = {row["id"]: Basis(row["basis"]) for row in map(json.loads, lines)}
    best_first = list(Basis)
    over = [
        norm.name
        for norm in shipped_library().norms.values()
        if norm.grounds.rows and norm.grounds.basis is not None
        and best_first.index(norm.grounds.basis)
        < min(best_first.index(seen[row]) for row in norm.grounds.rows)
    ]  # fmt: skip
    assert over == []


def test_no_reason_is_given_twice_for_nothing() -> None:
    """A reason says why this row is no norm; the same words for many rows say nothing."""
    counts = Counter(one.reason for one in read_account() if one.reason)
    assert all(count <= 6 for count in counts.values()), counts.most_common(3)
    assert all(len(reason) > 20 for reason in counts)


def test_at_most_fifteen_percent_of_a_binding_pack_is_a_gap() -> None:
    """What could not be encoded stays the exception."""
    over = {
        row.name: row.gap_percent for row in _binding() if row.gap_percent > MOST_GAPS_PERCENT
    }
    assert over == {}


def test_every_binding_pack_has_enough_scenarios() -> None:
    """At least eight, and twelve for the EU, China and Viet Nam."""
    few = {
        row.name: row.scenarios
        for row in _binding()
        if row.scenarios < LEAST_SCENARIOS.get(row.market, 8)
    }
    assert few == {}


def test_a_pack_that_binds_nobody_has_its_scenarios_too() -> None:
    """Two at least, so that its conditions were tried; a pack without norms needs none."""
    few = {row.name for row in check_packs().rows if row.norms and row.scenarios < 2}
    assert few == set()
