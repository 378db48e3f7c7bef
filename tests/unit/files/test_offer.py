# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Banks lie in folders as claims, with their cores or without."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.offer import SHIPPED_BANKS, offers_in


def copied(slug: str, folder: Path, *, core: bool = True) -> None:
    """Copy a shipped bank's files."""
    names = [f"{slug}.claim.toml", *([f"{slug}.toml"] if core else [])]
    for name in names:
        (folder / name).write_text((SHIPPED_BANKS / name).read_text("utf-8"), "utf-8")


def test_a_bank_is_offered_with_its_core_and_what_the_core_names(tmp_path: Path) -> None:
    """A bank can be built from it."""
    copied("must-answer", tmp_path)
    offer = offers_in([tmp_path])["must-answer"]
    assert offer.core == tmp_path / "must-answer.toml"
    assert offer.categories == tuple(offer.claim.categories)
    assert not offer.is_slot


def test_a_claim_without_a_core_is_an_offer_too(tmp_path: Path) -> None:
    """A keeper's core may be in a safe."""
    copied("must-answer", tmp_path, core=False)
    offer = offers_in([tmp_path])["must-answer"]
    assert offer.core is None
    assert offer.categories is None


def test_the_last_folder_wins(tmp_path: Path) -> None:
    """Whoever brings a bank of the same name means to replace ours."""
    copied("must-answer", tmp_path)
    both = offers_in([SHIPPED_BANKS, tmp_path])
    assert both["must-answer"].path.parent == tmp_path
    assert both["must-decline"].path.parent == SHIPPED_BANKS


def test_faults_of_every_file_are_told_with_its_name(tmp_path: Path) -> None:
    """Claims and cores are mended in one round."""
    copied("must-answer", tmp_path)
    copied("must-decline", tmp_path)
    (tmp_path / "must-answer.toml").write_text("slug = 1\n", "utf-8")
    (tmp_path / "must-decline.claim.toml").write_text("slug = ", "utf-8")
    with pytest.raises(InvalidDocument) as caught:
        offers_in([tmp_path])
    assert caught.value.code == "files.banks"
    assert {Path(fault.source).name for fault in caught.value.faults} == {
        "must-answer.toml", "must-decline.claim.toml",
    }  # fmt: skip


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A slip in a path must not look like a folder without banks."""
    with pytest.raises(NotFound, match="nowhere"):
        offers_in([tmp_path / "nowhere"])
    assert offers_in([tmp_path]) == {}
