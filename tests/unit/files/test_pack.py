# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.pack import (
    SHIPPED,
    documents_below,
    is_vocabulary,
    read_document,
    with_replaced,
)
from comity.law.block import Document


def test_documents_are_named_by_their_path_in_the_folder(tmp_path: Path) -> None:
    """Faults must not show where on this machine the packs lie."""
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "facts.md").write_text("# F", "utf-8")
    (tmp_path / "law.md").write_text("# L", "utf-8")
    (tmp_path / "law.scenarios.toml").write_text("", "utf-8")
    documents = documents_below(tmp_path)
    assert [document.name for document in documents] == ["law.md", "vocabulary/facts.md"]
    assert [is_vocabulary(document) for document in documents] == [False, True]


def test_the_shipped_packs_are_in_the_package() -> None:
    """A wheel without them determines nothing."""
    assert any(document.name.startswith("eu/") for document in documents_below(SHIPPED))


def test_a_missing_folder_or_file_is_not_found(tmp_path: Path) -> None:
    """Not a stack trace."""
    with pytest.raises(NotFound):
        documents_below(tmp_path / "none")
    with pytest.raises(NotFound):
        read_document(tmp_path / "none.md")
    with pytest.raises(NotFound):
        read_document(tmp_path)


def test_bytes_that_are_no_text_are_refused_with_their_place(tmp_path: Path) -> None:
    """A pack is UTF-8."""
    path = tmp_path / "x.md"
    path.write_bytes(b"# Law\n\xff")
    with pytest.raises(InvalidDocument, match="byte 6 is not UTF-8"):
        read_document(path)


def test_a_monstrous_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """Nodes read each other's packs."""
    path = tmp_path / "x.md"
    with path.open("wb") as file:
        file.truncate(5_000_000)
    with pytest.raises(InvalidDocument, match="larger than"):
        read_document(path)


def test_a_given_document_takes_the_place_of_the_shipped_one() -> None:
    """Whoever edits a pack checks the edited text."""
    shipped = [Document(name="a", text="old"), Document(name="b", text="b")]
    replaced = with_replaced(
        shipped, [Document(name="a", text="new"), Document(name="c", text="c")]
    )
    assert [(document.name, document.text) for document in replaced] == [
        ("a", "new"),
        ("b", "b"),
        ("c", "c"),
    ]
