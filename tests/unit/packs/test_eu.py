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
    return tuple(pack for pack in library.packs if pack.name.startswith("eu.aia"))


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


def test_every_row_of_the_act_is_encoded_or_named_as_a_gap(
    library: Library, provisions: Mapping[str, Mapping[str, Any]]
) -> None:
    """A row that is neither would be law left out in silence."""
    of_the_act = {name for name, row in provisions.items() if "EU AI Act" in row["instrument"]}
    assert of_the_act - _rows_named(library) == set()


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


def test_no_duty_of_the_high_risk_chapter_begins_before_the_deferred_day(
    library: Library,
) -> None:
    """Regulation (EU) 2026/1744 moved them to 2 December 2027 (EU.113.c.i)."""
    chapter = {"eu.aia.high_risk", "eu.aia.conformity", "eu.aia.operation"}
    days = {
        norm.valid_from
        for pack in _packs(library)
        if pack.name in chapter
        for norm in pack.norms
    }
    assert days == {dt.date(2027, 12, 2)}
