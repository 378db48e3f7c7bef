# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A dossier reads back as it was written, and garbage is refused with every fault."""

from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound, StorageFailed
from comity.files.dossier import (
    Dossier,
    Sheet,
    from_bytes,
    is_dossier,
    read_dossier,
    to_bytes,
    write_dossier,
)
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference


def sheet(index: int) -> Sheet:
    """Return an entry of a log."""
    reference = Reference(
        log=Origin("kh.example/log"), index=index, sha256=sha256(bytes([index]))
    )
    return Sheet(reference=reference, entry=b"\x00entry\xff", proof=b"a proof\n")


@pytest.fixture
def dossier() -> Dossier:
    """Return a dossier of two entries; nothing in it verifies."""
    return Dossier(
        finding=sheet(1).reference,
        sheets=(sheet(0), sheet(1)),
        bundles=('{"a":"ã"}\n'.encode(),),
    )


def test_a_dossier_survives_a_round_trip(dossier: Dossier, tmp_path: Path) -> None:
    """Through bytes and through a file, to the same bytes."""
    path = tmp_path / "finding.json"
    write_dossier(dossier, path)

    assert from_bytes(to_bytes(dossier)) == dossier
    assert read_dossier(path) == dossier
    assert path.read_bytes() == to_bytes(dossier)
    assert is_dossier(path.read_bytes())


def test_a_file_is_written_whole_or_not_at_all(dossier: Dossier, tmp_path: Path) -> None:
    """What stood there before still stands."""
    with pytest.raises(StorageFailed):
        write_dossier(dossier, tmp_path / "nowhere" / "finding.json")
    (tmp_path / "taken").mkdir()
    with pytest.raises(StorageFailed):
        write_dossier(dossier, tmp_path / "taken")

    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_every_fault_is_listed_with_its_field() -> None:
    """The author of a broken file sees all of it at once."""
    broken = (
        b'{"bundles":[7],"dossier":"comity/dossier/v2","finding":{},'
        b'"statements":[{"entry":"?","index":-1,"log":"","proof":"p","sha256":"ab"}]}'
    )

    with pytest.raises(InvalidDocument) as refused:
        from_bytes(broken)

    said = " ".join(fault.message for fault in refused.value.faults)
    for field in ("dossier", "finding", "bundles", "[0].entry", "[0].index", "[0].log"):
        assert field in said


def test_another_spelling_of_the_same_is_refused(dossier: Dossier) -> None:
    """One dossier has one form, so that two files can be compared."""
    with pytest.raises(InvalidDocument, match="canonical"):
        from_bytes(to_bytes(dossier).replace(b'{"bundles"', b'{ "bundles"', 1))


def test_what_is_no_dossier_is_not_taken_for_one(tmp_path: Path) -> None:
    """And a file that is not there is said to be missing."""
    assert not is_dossier(b'{"predicateType": "finding"}')
    with pytest.raises(NotFound):
        read_dossier(tmp_path / "nowhere.json")


def test_a_fault_in_a_file_names_the_file(tmp_path: Path) -> None:
    """Whoever checks many sees which."""
    path = tmp_path / "broken.json"
    path.write_bytes(b"{}")

    with pytest.raises(InvalidDocument) as refused:
        read_dossier(path)

    assert refused.value.source == str(path)
