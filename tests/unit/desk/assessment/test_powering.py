# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judge on every answer and people on some: who is asked is not for people to choose."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from comity.desk.assessment.powering import Found, power
from comity.errors import InvalidDocument
from comity.evidence.judge.ppi import is_seen
from comity.kernel.digest import Digest

SEED, RATE = Digest(bytes(range(32))), Fraction(1, 4)


def run(folder: Path, rows: list[dict[str, object]], threshold: str = "9/10") -> Found:
    """Test verdicts written to a file."""
    path = folder / "judged.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return power(
        path, seed=SEED, rate=RATE, threshold=Fraction(threshold), risk=Fraction(1, 20)
    )


def rows_of(size: int) -> list[dict[str, object]]:
    """Return verdicts to pass, and people's where the seed asks for them."""
    seen = [is_seen(SEED, at, RATE) for at in range(size)]
    return [{"judge": True, "passes": True if one else None} for one in seen]


def test_a_good_service_is_shown(tmp_path: Path) -> None:
    """The whole path from a file."""
    found = run(tmp_path, rows_of(600))

    assert found.powered.is_shown
    assert found.waiting == ()


def test_lines_that_wait_are_named_and_nothing_after_counts(tmp_path: Path) -> None:
    """A label held back must not help."""
    rows = rows_of(600)
    first = next(at for at, row in enumerate(rows) if row["passes"])
    del rows[first]["passes"]

    found = run(tmp_path, rows)

    assert found.waiting == (first + 1,)
    assert found.powered.asked == first
    assert not found.powered.is_shown


def test_labels_the_seed_did_not_ask_for_are_all_refused(tmp_path: Path) -> None:
    """Whoever chooses what to label chooses the result."""
    rows = rows_of(100)
    wrong = [at for at, row in enumerate(rows) if row["passes"] is None][:2]
    for at in wrong:
        rows[at]["passes"] = True

    with pytest.raises(InvalidDocument) as caught:
        run(tmp_path, rows)
    assert [fault.line for fault in caught.value.faults] == [at + 1 for at in wrong]


def test_lines_that_are_no_verdicts_and_shares_that_make_no_test_are_refused(
    tmp_path: Path,
) -> None:
    """Bad input is named before anything is computed."""
    with pytest.raises(InvalidDocument) as caught:
        run(tmp_path, [{"judge": 1}, {"judge": True}, {"passes": True}])
    assert [fault.line for fault in caught.value.faults] == [1, 3]
    with pytest.raises(InvalidDocument):
        run(tmp_path, [])
    with pytest.raises(InvalidDocument):
        run(tmp_path, rows_of(1), threshold="1")
