# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The EU pack says no more than the collected provisions it names."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from comity.files.pack import SHIPPED, documents_below
from comity.law.norm import Basis, Norm
from comity.law.pack import Library, Pack
from comity.law.read import read_library

_FROM_BEST_TO_WORST = tuple(Basis)
_STATE_NO_NORM = {
    # Other law stays as it is.
    "EU.2.5", "EU.2.7", "EU.2.9", "EU.5.8", "EU.50.6",
    # Amounts and caps of fines, and what follows when nobody objects.
    "EU.99.3", "EU.99.4", "EU.99.5", "EU.99.6", "EU.99.6a", "EU.100", "EU.101", "EU.NEW-80.7",
    "EU.79.8",
    # The day on which changes of other acts apply.
    "EU.113.d",
}  # fmt: skip


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return read_library(documents_below(SHIPPED))


@pytest.fixture(scope="module")
def provisions(shared: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the collected provisions by id."""
    text = (shared / "facts" / "provisions.jsonl").read_text(encoding="utf-8")
    return {row["id"]: row for row in map(json.loads, text.splitlines())}


def _packs(library: Library) -> tuple[Pack, ...]:
    return tuple(
        pack for pack in library.packs if pack.name.startswith(("eu.aia", "eu.guidance"))
    )


def _norms(library: Library) -> Iterator[Norm]:
    return chain.from_iterable(pack.norms for pack in _packs(library))


def _rows_named(library: Library) -> set[str]:
    named: set[str] = set()
    for pack in _packs(library):
        for entries in (pack.definitions, pack.norms, pack.gaps):
            named.update(*(entry.grounds.rows for entry in entries))
    return named


def test_every_row_named_was_collected(
    library: Library, provisions: Mapping[str, Mapping[str, Any]]
) -> None:
    """An id that leads nowhere would be a source nobody can look up."""
    assert _rows_named(library) - provisions.keys() == set()


def test_every_row_of_the_act_is_encoded_or_states_no_norm(
    library: Library, provisions: Mapping[str, Mapping[str, Any]]
) -> None:
    """A row that is neither would be law left out in silence."""
    of_the_act = {name for name, row in provisions.items() if "EU AI Act" in row["instrument"]}
    assert of_the_act - _rows_named(library) == _STATE_NO_NORM


def test_no_norm_claims_a_better_basis_than_its_rows(
    library: Library, provisions: Mapping[str, Mapping[str, Any]]
) -> None:
    """A wording known from a description must not pass for one that was read."""
    for norm in _norms(library):
        claimed = norm.grounds.basis
        assert claimed is not None, norm.name
        found = [Basis(provisions[row]["basis"]) for row in norm.grounds.rows]
        worst = max(map(_FROM_BEST_TO_WORST.index, found))
        assert _FROM_BEST_TO_WORST.index(claimed) >= worst, norm.name


def test_exceptions_count_as_researched_only_where_a_row_speaks_of_them(
    library: Library, provisions: Mapping[str, Mapping[str, Any]]
) -> None:
    """A reader relies on the word; silence of the rows is not research."""
    for norm in _norms(library):
        if norm.exceptions_researched:
            rows = [provisions[row] for row in norm.grounds.rows]
            assert any(row.get("exceptions") for row in rows), norm.name


@pytest.mark.parametrize(
    ("chapter", "day"),
    [
        ({"eu.aia.high_risk", "eu.aia.conformity", "eu.aia.operation"}, dt.date(2027, 12, 2)),
        ({"eu.aia.products"}, dt.date(2028, 8, 2)),
    ],
)
def test_the_duties_of_high_risk_systems_begin_on_the_day_of_their_kind(
    library: Library, chapter: set[str], day: dt.date
) -> None:
    """Regulation (EU) 2026/1744 gave uses and products a day each (EU.113.c.i, EU.113.c.ii)."""
    packs = [pack for pack in _packs(library) if pack.name in chapter]
    assert {norm.valid_from for pack in packs for norm in pack.norms} == {day}


def test_a_duty_told_again_for_products_asks_the_same_of_the_same(
    library: Library,
) -> None:
    """Only certificates differ: four years for uses, five for products."""
    norms = {str(norm.name): norm for norm in _norms(library)}
    again = {name for name in norms if name.endswith(".product")}
    assert {"eu.aia.9.product", "eu.aia.26.6.product", "eu.aia.73.1.product"} <= again
    for name in again - {"eu.aia.44.product"}:
        use, product = norms[name.removesuffix(".product")], norms[name]
        assert (use.who, use.demands) == (product.who, product.demands), name
