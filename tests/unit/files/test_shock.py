# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Scenarios and figures that ship, and those that people write."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.figures import read_figures
from comity.files.readiness import find_row
from comity.files.shock import find_shock, read_shock, shipped_scenarios


def test_every_shipped_scenario_says_source_and_caution() -> None:
    """A shock without a source is a story."""
    found = {one.id: one for one in shipped_scenarios()}

    assert {"usa-chip-controls", "china-export-catalogue"} <= found.keys()
    for one in found.values():
        assert one.source
        assert one.basis
        assert one.caution
        assert all(rule.cite for rule in one.rules)
        assert find_shock(one.id) == one


def test_a_file_s_faults_come_together(tmp_path: Path) -> None:
    """Unknown layers, codes, fields, shares above the whole: all at once."""
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "t"\nsource = "s"\nbasis = "rumour"\nlayers = ["chip"]\n'
        'jurisdictions = ["usa"]\n[[rule]]\nof = "US"\ncite = ""\nthreshold_ppm = 2000000\n'
        'reach = "far"\n',
        "utf-8",
    )
    with pytest.raises(InvalidDocument) as caught:
        read_shock(path)

    said = "\n".join(map(str, caught.value.faults))
    for one in (
        "'rumour' is none of", "did you mean 'chips'", "did you mean 'USA'", "'US' is no ISO",
        "cite is missing", "more than 1,000,000", "needs targets", "no field is called 'reach'",
    ):  # fmt: skip
        assert one in said


def test_a_scenario_that_removes_nothing_is_refused(tmp_path: Path) -> None:
    """Running it would say that all is well."""
    path = tmp_path / "idle.toml"
    path.write_text('title = "t"\nsource = "s"\nbasis = "memory"\n', "utf-8")

    with pytest.raises(InvalidDocument, match="removes nothing"):
        read_shock(path)


def test_an_unknown_name_gets_a_near_one() -> None:
    """A typing error is answered with the name that was meant."""
    with pytest.raises(NotFound) as caught:
        find_shock("usa-chip-control")

    assert "usa-chip-controls" in caught.value.hint


def test_published_arithmetic_is_reproduced_from_the_shares() -> None:
    """The index that the facts give as "at least" is the lower end of ours."""
    least = {
        one.id: one.index.least * 10_000 for one in read_figures() if one.index is not None
    }

    assert least == {
        "cloud-market-2025-q4": 1421,
        "accelerators-2026-05": 6400,
        "model-spend-2025-11": 2770,
        "euv-lithography-2019": 10_000,
    }


def test_every_figure_says_what_it_leaves_unknown() -> None:
    """A figure without its gap would be read as the whole."""
    assert all(one.gap and one.source and one.basis for one in read_figures())


def test_the_extract_holds_what_was_published() -> None:
    """Scores are texts, exact; a state that is not in it has none."""
    row = find_row("KHM")

    assert row is not None
    assert (row.rank, row.total, row.compute) == (118, "33.91", "7.19")
    assert find_row("XYZ") is None
