# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One digest of the files that make a version of a system what it is.

`weights/1` is ours and needs `sha256sum` only. `model-signing/1` is the root of an OpenSSF
model-signing manifest (v1.0, serialization by files, SHA-256), so that a maker's signature
over the same files speaks of the same digest.

Source:
    OpenSSF Model Signing v1.0, "model_signing/signature/v1.0": SHA-256 over the raw SHA-256
    of each file, files in the order of the parts of their paths. Checked against the package
    `model-signing` in tests/unit/files/test_weights.py.
"""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath

from comity.errors import Fault, InvalidDocument, NotPermitted, VerificationFailed
from comity.kernel.digest import Digest, sha256

METHOD = "weights/1"
"""Names how `digest_of` counts files; a registration says it."""

MANIFEST_METHOD = "model-signing/1"
"""Names how `manifest_of` does."""

_UNSIGNED = (".git", ".gitattributes", ".github", ".gitignore")
"""What a manifest leaves out at the top of a folder: it does not travel with the model."""


def digest_of(files: Sequence[Path]) -> Digest:
    """Return the digest of the lines `<sha256>  <name>` of files, sorted by name.

    What `sha256sum` prints for the files in one folder, sorted and hashed again, is the same.

    Raises:
        InvalidDocument: A file cannot be read, or two have one name; all are listed.
    """
    faults: list[Fault] = []
    lines: dict[str, str] = {}
    for file in files:
        if file.name in lines:
            faults.append(Fault(message=f"two files are called {file.name}"))
        try:
            with file.open("rb") as stream:
                lines[file.name] = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            faults.append(Fault(message=f"cannot read {file}: {error.strerror}"))
    if not files:
        faults.append(Fault(message="no file was given"))
    if faults:
        raise InvalidDocument("no version", code="files.weights", faults=faults)
    ordered = (f"{digest}  {name}\n" for name, digest in sorted(lines.items()))
    return sha256("".join(ordered).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Every file of a model with its SHA-256, in the manifest's order.

    Args:
        name: Of the model's folder or file; no part of the root.
        files: By path inside the folder; "." for a model that is one file.
    """

    name: str
    files: tuple[tuple[str, Digest], ...]

    @property
    def root(self) -> Digest:
        """Return the one digest of the whole, as a model signature's subject names it."""
        return sha256(*(digest for _, digest in self.files))


def manifest_of(model: Path, *, ignored: Collection[Path] = ()) -> Manifest:
    """List a model's files as OpenSSF model signing does, by files and SHA-256.

    Args:
        model: A folder, or one file.
        ignored: Files and folders inside it that are left out, such as its signature.

    Raises:
        InvalidDocument: A file cannot be read, or is a symbolic link, which could lead
            anywhere; all are listed.
    """
    faults: list[Fault] = []
    rows: list[tuple[PurePosixPath, Digest]] = []
    for path in _files(model, ignored, faults):
        try:
            with path.open("rb") as stream:
                digest = Digest(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            faults.append(Fault(message=f"cannot read {path}: {error.strerror}"))
            continue
        rows.append((PurePosixPath(path.relative_to(model)), digest))
    if not rows and not faults:
        faults.append(Fault(message=f"there is no file in {model}"))
    if faults:
        raise InvalidDocument("no version", code="files.weights", faults=faults)
    ordered = sorted(rows, key=lambda row: row[0].parts)
    name = model.name if model.name not in {"", ".."} else model.resolve().name
    return Manifest(name=name, files=tuple((str(path), digest) for path, digest in ordered))


def verify_signature(model: Path, *, signature: Path, public_key: Path) -> None:
    """Check an OpenSSF model signature by its maker's public key.

    Args:
        public_key: An elliptic-curve key in PEM.

    Raises:
        NotPermitted: The extra `signing` is not installed.
        VerificationFailed: The signature is not by that key, or not over these files.
    """
    try:
        verifying = import_module("model_signing.verifying")
    except ImportError:
        raise NotPermitted(
            "checking a model's signature needs the package model-signing",
            code="files.no_signing",
            hint="install Comity's extra signing: pip install 'comity[signing]'",
        ) from None
    try:
        config = verifying.Config().use_elliptic_key_verifier(public_key=public_key)
        config.verify(model, signature)
    except Exception as error:  # noqa: BLE001 - it raises many kinds; each means "not verified"
        words = " ".join(str(error).split())[:300] or type(error).__name__
        raise VerificationFailed(
            f"the signature {signature.name} does not hold for {model}: {words}",
            code="files.signature",
            hint="ask the maker for its key and its signature over these very files",
        ) from None


def _files(model: Path, ignored: Collection[Path], faults: list[Fault]) -> Iterator[Path]:
    left_out = {model / name for name in _UNSIGNED} | set(ignored)
    for path in (model, *model.glob("**/*")):
        if path.is_symlink():
            faults.append(Fault(message=f"{path} is a symbolic link"))
        elif path.is_file() and not left_out & {path, *path.parents}:
            yield path
