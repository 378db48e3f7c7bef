# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A scorer runs with the model it was made for, or says what is missing."""

from dataclasses import replace
from pathlib import Path

import pytest

from comity.assess.scorers.language import MODEL
from comity.assess.scorers.model import digest_of
from comity.assess.scorers.scorer import SCORERS
from comity.errors import NotPermitted

PINNED = [scorer for scorer in SCORERS.values() if scorer.model is not None]


def test_every_pinned_model_is_the_one_the_lock_file_installs() -> None:
    """A lock that moves on without a new scorer id would change what findings mean."""
    assert {one.scorer_id for one in PINNED} >= {
        "language/1",
        "no-personal-data/1",
        "not-toxic/1",
    }
    assert [one.model.find_fault() for one in PINNED if one.model is not None] == [None] * len(
        PINNED
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"releases": {"no-such-package": "1"}}, "no-such-package is not installed"),
        ({"releases": {"py3langid": "0.0.1"}}, "py3langid is 0.4.0 here, not 0.0.1"),
        ({"package": "no_such_package"}, "no_such_package is not installed"),
        ({"sha256": "0" * 64}, "not the published ones"),
    ],
)
def test_another_model_is_refused_by_name(change: dict[str, object], words: str) -> None:
    """Who lacks a package is told which, and by which extra it comes."""
    other = replace(MODEL, **change)  # type: ignore[arg-type]  # one field at a time

    with pytest.raises(NotPermitted, match=words) as caught:
        other.require()

    assert caught.value.code == "assess.scorer_model"
    assert "judges" in caught.value.hint


def test_a_digest_covers_names_and_contents(tmp_path: Path) -> None:
    """Two files that change places are another model."""
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").write_bytes(b"2")
    before = digest_of(tmp_path)
    (tmp_path / "a").write_bytes(b"2")
    (tmp_path / "b").write_bytes(b"1")

    assert digest_of(tmp_path) != before
