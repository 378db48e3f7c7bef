# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What questions can show is a table of judgements, read with every fault."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.library import shipped_library
from comity.files.testable import SHIPPED_TESTABLE, Reading, read_testable
from comity.law.fact import Kind


def test_the_shipped_table_reads_figures_of_the_right_kind() -> None:
    """A share is a percentage, a size counts questions, the rest is yes or no or a set."""
    library = shipped_library()
    table = read_testable(SHIPPED_TESTABLE, library)
    units = {
        Reading.PASS_RATE: "percent",
        Reading.FAILURE_RATE: "percent",
        Reading.BANK_SIZE: "question",
        Reading.QUESTIONS: "question",
        Reading.BANK_AGE: "day",
    }
    for name, known in table.items():
        conduct = library.vocabulary.conducts[name]
        assert conduct.unit == units.get(known.reading), name
        assert (conduct.kind is Kind.NUMBER) is (known.reading in units), name
    assert table["legitimate_refusal_rate"].reading is Reading.FAILURE_RATE
    assert table["manipulates_people"].lacks


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    """Whoever edits the table mends it in one round."""
    path = tmp_path / "testable.toml"
    path.write_text(
        """
[[conduct]]
name = "output_pas_rate"
reads = "pass_rate"
[[conduct]]
name = "bias_controlled"
reads = "behavior"
why = "x"
[[conduct]]
name = "bias_controlled"
reads = "behaviour"
""",
        "utf-8",
    )
    with pytest.raises(InvalidDocument) as caught:
        read_testable(path, shipped_library())
    said = [str(fault) for fault in caught.value.faults]
    assert caught.value.code == "files.testable"
    assert len(said) == 4
    assert "did you mean 'output_pass_rate'?" in said[0]
    assert "did you mean 'behaviour'?" in said[1]
    assert "'why'" in said[2]
    assert "twice" in said[3]
    with pytest.raises(NotFound):
        read_testable(tmp_path / "none.toml", shipped_library())
