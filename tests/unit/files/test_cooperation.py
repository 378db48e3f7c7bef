# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.exposure.cooperate.statement import from_offer_json, to_offer_json
from comity.files.cooperation import read_cooperation, shipped_records
from comity.files.hint import read_hints
from comity.files.library import shipped_library

GOOD = """
example = true

[[offer]]
id     = "weights"
by     = "BRA"
title  = { en = "Weights", pt = "Pesos" }
what   = "open weights"
sector = "any"
terms  = ["open_weights", "as they are"]

[offer.weights]
sha256 = "abababababababababababababababababababababababababababababababab"
signed = true
"""
BAD = """
[[offer]]
id      = "a"
title   = "T"
what    = "compote"
sector  = "any"
amount  = 5
goals   = ["13.9"]
markets = ["KHN"]
terms   = ["exit_claus"]
from    = 2027-01-01
until   = 2026-01-01
weights = { sha256 = "ab" }
colour  = "red"

[[need]]
id       = "b"
what     = "data"
sector   = "any"
requires = ["cheap"]

[[need]]
id     = "b"
title  = "T"
what   = "data"
sector = "any"

[[project]]
id      = "p"
title   = "T"
kind    = "k"
profile = "mazo"
offers  = ["x#1"]
"""


def write(folder: Path, text: str) -> Path:
    """Write a file."""
    path = folder / "ours.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_says_what_the_statement_will(tmp_path: Path) -> None:
    """What is read can be said and read again; a made-up file marks all its rows."""
    (row,) = read_cooperation(write(tmp_path, GOOD)).offers

    assert from_offer_json(to_offer_json(row.offer)) == row.offer
    assert row.offer.example
    assert row.offer.weights is not None
    assert row.offer.weights.method == "model-signing/1"
    assert (row.ground.seat, row.place) == ("BRA", "ours.toml#weights")


def test_every_fault_is_listed_with_its_line_and_what_was_probably_meant(
    tmp_path: Path,
) -> None:
    """An official mends the file once."""
    with pytest.raises(InvalidDocument) as caught:
        read_cooperation(write(tmp_path, BAD))

    told = "\n".join(map(str, caught.value.faults))
    for word in (
        "'compote'", "13.9", "KHN", "exit_clause", "without its unit", "ends before", "colour",
        "title is missing", "'cheap' cannot be compared", "stands twice", "mazu",
        "parties is missing", "--offer", "64", 'not "open weights"',
    ):  # fmt: skip
        assert word in told, word
    assert all(fault.line for fault in caught.value.faults)


def test_an_empty_file_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    """Nothing is offered by silence."""
    with pytest.raises(InvalidDocument, match="fault"):
        read_cooperation(write(tmp_path, ""))
    with pytest.raises(NotFound):
        read_cooperation(tmp_path / "none.toml")


def test_whom_it_is_for_is_said_or_said_to_be_unknown(tmp_path: Path) -> None:
    """Not both."""
    text = GOOD.replace(
        'sector = "any"', 'sector = "any"\nmarkets=["KHM"]\nrecipients_unstated=true'
    )
    with pytest.raises(InvalidDocument) as caught:
        read_cooperation(write(tmp_path, text))

    assert "leave one of the two out" in str(caught.value.faults[0])


def test_the_records_hold_what_the_facts_hold() -> None:
    """Six centres, two pledges of 2026, and each demonstration project with its profile."""
    found = shipped_records()
    rows = [row for one in found.offers for row in one.ground.rows]

    assert rows.count("WAICO:xi-2") == 6
    assert {"WAICO:xi-1", "WAICO:xi-3", "NET:aim", "NET:brics-net", "CBP:A5"} <= set(rows)
    assert {one.project.markets[0] for one in found.projects} == {
        "BRA", "MMR", "ZAF", "DJI", "MNG", "PAK",
    }  # fmt: skip
    assert all(one.profile for one in found.projects)
    assert not found.needs


def test_a_hint_that_supposes_says_so(tmp_path: Path) -> None:
    """What no report gives is never slipped in."""
    path = tmp_path / "hints.toml"
    path.write_text(
        '[[hint]]\nprofile="mazu"\nsays="s"\nmarket="EUU"\nrole="king"\nsource="x"\n'
        "[hint.suppose]\nresearch_only=false\n[hint.expect]\nappliez=['eu.aia.99x']\n",
        "utf-8",
    )
    with pytest.raises(InvalidDocument) as caught:
        read_hints(shipped_library(), path)

    told = "\n".join(map(str, caught.value.faults))
    for word in ("hypothetical", "EUU", "king", "on is missing", "appliez", "eu.aia.99x"):
        assert word in told, word
