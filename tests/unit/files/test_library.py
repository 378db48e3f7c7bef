# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.library import library_below, shipped_library


def test_the_shipped_library_reads_without_a_fault() -> None:
    """At least the 150 norms the foundation promises."""
    library = shipped_library()
    assert len(library.norms) >= 150
    assert {pack.market for pack in library.packs} >= {
        "EU",
        "CHN",
        "VNM",
        "BRA",
        "KHM",
        "KAZ",
        "SGP",
        "MYS",
        "IDN",
        "THA",
        "ASEAN",
        "KOR",
        "GBR",
        "CAN",
        "JPN",
        "COE",
        "USA",
        "WAICO",
        "BRICS",
        "CHL",
        "IND",
        "AU",
        "KEN",
        "NGA",
        "ZAF",
        "RWA",
        "EGY",
        "ARE",
        "SAU",
        "CELAC",
        "ISO",
        "G7",
        "OECD",
        "SUMMIT",
        "UN",
        "UNESCO",
    }


def test_the_shipped_library_is_read_once() -> None:
    """Every page of the register asks for it."""
    assert shipped_library() is shipped_library()


def test_a_folder_of_packs_is_a_library(tmp_path: Path) -> None:
    """A ministry keeps drafts of its own."""
    (tmp_path / "x.md").write_text("# Nothing yet", "utf-8")
    assert library_below(tmp_path).packs == ()
    with pytest.raises(NotFound):
        library_below(tmp_path / "none")


def test_a_fault_is_told_with_its_file(tmp_path: Path) -> None:
    """The path from the folder, the line, the column."""
    (tmp_path / "eu").mkdir()
    (tmp_path / "eu" / "x.md").write_text("```comity\nnorm eu.x.1\n```\n", "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        library_below(tmp_path)
    assert str(caught.value.faults[0]).startswith("eu/x.md: line 2, column 1: ")
