# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A version's digest changes when a file of it does, and only then."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from comity.errors import InvalidDocument, NotPermitted, VerificationFailed
from comity.files.weights import digest_of, manifest_of, verify_signature
from comity.kernel.digest import sha256

NAMES = (
    "b",
    "a.x",
    "a/c",
    "a/b/d",
    "a b",
    "é",
    "A",
    "a-1",
    "sub/.gitignore",
    ".git/x",
    ".gitignore",
)


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


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a model's folder with names that sort in more than one way."""
    folder = tmp_path / "model"
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def theirs(module: str) -> Any:
    """Return a module of the package that made the format."""
    pytest.importorskip("model_signing", reason="the extra signing is not installed")
    return import_module(f"model_signing.{module}")


def keys(folder: Path) -> tuple[Path, Path]:
    """Return a new private and public key."""
    key = ec.generate_private_key(ec.SECP256R1())
    private, public = folder / "key.pem", folder / "key.pub"
    none = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(pem, pkcs8, none))
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    public.write_bytes(key.public_key().public_bytes(pem, spki))
    return private, public


def test_a_manifest_is_what_model_signing_makes_of_it(model: Path) -> None:
    """A maker's signature and our registration must speak of one digest."""
    rows = list(theirs("hashing").hash(model).resource_descriptors())

    manifest = manifest_of(model)

    assert [(row.identifier, row.digest.digest_hex) for row in rows] == [
        (name, digest.hex()) for name, digest in manifest.files
    ]
    assert manifest.root == sha256(*(row.digest.digest_value for row in rows))


def test_a_model_of_one_file_is_too(model: Path) -> None:
    """GGUF files travel alone."""
    (row,) = theirs("hashing").hash(model / "b").resource_descriptors()

    manifest = manifest_of(model / "b")

    assert manifest.files == ((row.identifier, sha256(b"b")),)
    assert manifest.root == sha256(sha256(b"b"))


def test_the_root_is_what_a_signature_names(model: Path, tmp_path: Path) -> None:
    """What a maker signs is what a provider registers."""
    private, public = keys(tmp_path)
    signature = tmp_path / "model.sig"
    signing = theirs("signing")
    signing.Config().use_elliptic_key_signer(private_key=private).sign(model, signature)

    verify_signature(model, signature=signature, public_key=public)

    payload = signing.signing.Payload(theirs("hashing").hash(model))
    assert payload.statement.pb.subject[0].digest["sha256"] == manifest_of(model).root.hex()


def test_a_signature_of_other_files_or_another_key_does_not_hold(
    model: Path, tmp_path: Path
) -> None:
    """Whoever can change the weights cannot make the maker have signed them."""
    private, public = keys(tmp_path)
    (tmp_path / "other").mkdir()
    _, other = keys(tmp_path / "other")
    signature = tmp_path / "model.sig"
    signer = theirs("signing").Config().use_elliptic_key_signer(private_key=private)
    signer.sign(model, signature)

    with pytest.raises(VerificationFailed, match="does not hold"):
        verify_signature(model, signature=signature, public_key=other)
    with pytest.raises(VerificationFailed, match="does not hold"):
        verify_signature(model, signature=tmp_path / "none", public_key=public)
    (model / "b").write_text("changed")
    with pytest.raises(VerificationFailed, match="Hash mismatch for 'b'"):
        verify_signature(model, signature=signature, public_key=public)


def test_without_the_extra_a_signature_is_not_checked(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unchecked must not look like checked."""
    monkeypatch.setitem(sys.modules, "model_signing", None)
    monkeypatch.setitem(sys.modules, "model_signing.verifying", None)

    with pytest.raises(NotPermitted, match="needs the package model-signing"):
        verify_signature(model, signature=model / "b", public_key=model / "b")


def test_a_signature_inside_the_folder_is_left_out(model: Path) -> None:
    """It cannot be part of what it signs."""
    before = manifest_of(model).root
    (model / "model.sig").write_text("a signature")

    assert manifest_of(model, ignored=[model / "model.sig"]).root == before
    assert manifest_of(model).root != before


def test_a_link_is_no_weight(model: Path) -> None:
    """It may lead to other bytes tomorrow, without a trace."""
    (model / "link").symlink_to(model / "b")

    with pytest.raises(InvalidDocument, match="symbolic link"):
        manifest_of(model)


def test_an_empty_folder_is_no_version(tmp_path: Path) -> None:
    """Every empty folder has the same digest."""
    with pytest.raises(InvalidDocument, match="there is no file in"):
        manifest_of(tmp_path)
