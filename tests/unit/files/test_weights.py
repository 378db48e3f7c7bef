# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A version's digest changes when a file of it does, and only then."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument
from comity.files.weights import digest_of
from comity.kernel.digest import sha256


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return two files."""
    one, two = tmp_path / "a.bin", tmp_path / "b.bin"
    one.write_bytes(b"one")
    two.write_bytes(b"two")
    return one, two


def test_the_digest_is_that_of_sha256sum_lines(files: tuple[Path, Path]) -> None:
    """Anybody can recompute it with a common tool."""
    lines = f"{sha256(b'one').hex()}  a.bin\n{sha256(b'two').hex()}  b.bin\n"

    assert digest_of(files) == sha256(lines.encode())
    assert digest_of(files[::-1]) == digest_of(files)


def test_a_changed_byte_is_another_version(files: tuple[Path, Path]) -> None:
    """So a finding about one is not about the other."""
    before = digest_of(files)
    files[1].write_bytes(b"too")

    assert digest_of(files) != before


def test_every_file_that_cannot_be_counted_is_listed(
    files: tuple[Path, Path], tmp_path: Path
) -> None:
    """Missing, or twice under one name."""
    again = tmp_path / "again"
    again.mkdir()
    (again / "a.bin").write_bytes(b"")

    with pytest.raises(InvalidDocument) as refused:
        digest_of([*files, again / "a.bin", tmp_path / "missing.bin"])

    assert len(refused.value.faults) == 2
    with pytest.raises(InvalidDocument):
        digest_of([])
