# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The Chinese packs say no more than the provisions they name, in either language."""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from comity.files.pack import SHIPPED, documents_below, is_vocabulary, read_document
from comity.law.norm import Basis, Modality, Norm
from comity.law.pack import Library, Pack, PackStatus
from comity.law.read import read_library

_CHINESE_WORDS = Path(__file__).parents[2] / "vectors" / "packs" / "zh-labelling.md"
_FROM_BEST_TO_WORST = tuple(Basis)


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return read_library(documents_below(SHIPPED))


@pytest.fixture(scope="module")
def in_chinese() -> Pack:
    """Return the labelling norms that were written a second time, in Chinese words."""
    shared_words = [each for each in documents_below(SHIPPED) if is_vocabulary(each)]
    (pack,) = read_library([*shared_words, read_document(_CHINESE_WORDS)]).packs
    return pack


@pytest.fixture(scope="module")
def provisions(shared: Path) -> Mapping[str, Mapping[str, Any]]:
    """Return the collected provisions by id."""
    text = (shared / "facts" / "provisions.jsonl").read_text(encoding="utf-8")
    return {row["id"]: row for row in map(json.loads, text.splitlines())}


def _packs(library: Library) -> tuple[Pack, ...]:
    return tuple(pack for pack in library.packs if pack.name.startswith("chn."))


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


def test_a_standard_that_binds_nobody_uses_no_word_of_duty(library: Library) -> None:
    """A technical document's own "must" is no law (worked conflict vii)."""
    of_duty = {Modality.MUST, Modality.MUST_NOT}
    soft = [pack for pack in _packs(library) if pack.status is PackStatus.SOFT]
    assert {"chn.tc260", "chn.gbt45654"} <= {pack.name for pack in soft}
    for norm in chain.from_iterable(pack.norms for pack in soft):
        assert of_duty.isdisjoint(demand.modality for demand in norm.demands), norm.name


def test_norms_mean_the_same_in_chinese_words(library: Library, in_chinese: Pack) -> None:
    """The law in two languages is one tree with one digest, or it is two laws."""
    english = {norm.name: norm.meaning for norm in _norms(library)}
    chinese = {norm.name: norm.meaning for norm in in_chinese.norms}
    assert len(chinese) >= 6
    assert chinese == {name: english[name] for name in chinese}


def test_definitions_mean_the_same_in_chinese_words(library: Library, in_chinese: Pack) -> None:
    """A shared norm rests on shared definitions, cited to the same rows."""
    assert in_chinese.definitions
    for definition in in_chinese.definitions:
        original = library.definitions[definition.name]
        assert definition.when == original.when
        assert definition.grounds.rows == original.grounds.rows
