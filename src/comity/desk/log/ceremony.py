# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Several people sign one statement, each where their key is: prepare, sign, log.

One way for the root's rotations and for statements that need two officers. What is signed is
read out of the file before it is signed; who must sign follows from the member's own log.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from comity.desk.log.publishing import read_statements
from comity.errors import Conflict, InvalidDocument, NotFound, NotPermitted, StorageFailed
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger.keyset import ROOT_KINDS, Root
from comity.node.draft import Draft, draft_of, from_bytes, keys_named, sign_draft
from comity.node.keys.keyfile import Entropy, Strength
from comity.node.keys.officerkey import (
    OfficerKey,
    OfficerPublic,
    Purpose,
    check_purpose,
    draw_officer_key,
    from_public,
    open_officer_key,
    public_from_hex,
    seal_officer_key,
    to_public,
)
from comity.node.keys.signing import issued
from comity.node.keys.token import Ask, open_token
from comity.node.node import Node
from comity.node.rotation import log_draft

_MAX_FILE_BYTES = 128 * 1024
_DIGITS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Offline:
    """An officer's key, in a file or behind an address.

    Args:
        public: Where its public key is: a file, or 64 hexadecimal digits; of a key file None.
    """

    place: str
    public: str | None = None


def create_officer_key(
    path: Path, name: str, purpose: Purpose, passphrase: str, *, entropy: Entropy
) -> OfficerPublic:
    """Write an officer's key file, and its public half beside it as `.pub`.

    Raises:
        Conflict: Something stands there.
        NotPermitted: The passphrase is empty.
    """
    shown = path.with_name(path.name + ".pub")
    for one in (path, shown):
        if one.exists():
            raise Conflict(f"{one} is there already", code="desk.exists", hint="name another")
    key, seed = draw_officer_key(name, purpose, entropy)
    sealed = seal_officer_key(key, seed, passphrase, entropy=entropy, strength=Strength.NORMAL)
    _write(path, sealed, mode=0o600)
    _write(shown, to_public(key.shown) + b"\n")
    return key.shown


def read_public(text: str, purpose: Purpose) -> OfficerPublic:
    """Read an officer's public key from its `.pub` file, or from 64 hexadecimal digits.

    Raises:
        NotFound: There is no such file.
        InvalidDocument: It is no public key.
        NotPermitted: It is for another purpose.
    """
    if len(text) == _DIGITS and not Path(text).exists():
        return public_from_hex(text, purpose)
    with _naming(Path(text)):
        found = from_public(read_file(Path(text)))
    if found.purpose != purpose:
        raise NotPermitted(
            f"{text} is a {found.purpose} key, not a {purpose} key",
            code="node.officer_purpose",
            hint="one key has one purpose: draw another",
        )
    return found


def to_root(keys: Sequence[str], threshold: int | None) -> Root | None:
    """Return the root of some officers' public keys; None where there is none to be.

    Raises:
        InvalidDocument: A key or the threshold is wrong.
    """
    if not keys:
        return None
    found = [read_public(text, "root") for text in keys]
    return Root(
        threshold=len(found) if threshold is None else threshold,
        keys={one.keyid: one.public for one in found},
    )


def prepare_files(node: Node, paths: Sequence[Path], now: Instant) -> Draft:
    """Make a draft of a statement in a file, signed by what is at hand on this node.

    Raises:
        InvalidDocument: The statement has faults, or there is not exactly one.
        NotPermitted: It is a keyset or a compromise, which have verbs of their own.
    """
    if len(paths) != 1:
        raise InvalidDocument("one draft holds one statement", code="desk.draft_one")
    (statement,) = read_statements(paths)
    if statement.kind in ROOT_KINDS:
        raise NotPermitted(
            f"a {statement.kind} is not written by hand",
            code="desk.draft_kind",
            hint="`comity identity rotate` and `comity identity compromise` have --prepare",
        )
    draft = draft_of(issued(statement, now))
    listed = set(node.keyset.statement_keys.values())
    return sign_draft(draft, *(one for one in node.secrets() if one.public in listed))


def read_draft(path: Path) -> Draft:
    """Read a draft from its file.

    Raises:
        NotFound: There is no such file.
        InvalidDocument: It is no draft.
    """
    with _naming(path):
        return from_bytes(read_file(path))


def write_draft(path: Path, draft: Draft) -> None:
    """Write a draft as one line."""
    _write(path, draft.encoded + b"\n")


def sign_offline(draft: Draft, key: Offline, passphrase: str, ask: Ask) -> Draft:
    """Sign a draft with an officer's key; needs no node and no network.

    Raises:
        NotFound: There is no such key file.
        NotPermitted: The passphrase or PIN is wrong, or the key has another purpose.
    """
    kind = draft.statement.kind
    purpose: Purpose = "root" if kind in ROOT_KINDS else "statement"
    if key.public is not None:
        found = read_public(key.public, purpose)
        return sign_draft(draft, open_token(key.place, found.public, ask))
    officer = open_key(Path(key.place), passphrase)
    check_purpose(officer.shown, kind)
    return sign_draft(draft, officer.pair)


def open_key(path: Path, passphrase: str) -> OfficerKey:
    """Open an officer's key file.

    Raises:
        NotFound: There is no such file.
        NotPermitted: The passphrase is wrong.
    """
    with _naming(path):
        return open_officer_key(read_file(path).strip(), passphrase)


def log_signed(node: Node, draft: Draft) -> Reference:
    """Log a draft that all who must have signed.

    Raises:
        NotPermitted: Signatures are missing.
        VerificationFailed: It would change nothing, or a signature is wrong.
    """
    return log_draft(node, draft)


def strangers(draft: Draft, node: Node) -> tuple[str, ...]:
    """Return the ids of keys that signed a draft and cannot count for it."""
    useful = keys_named(draft, node.identity)
    return tuple(one.keyid for one in draft.envelope.signatures if one.keyid not in useful)


def read_file(path: Path) -> bytes:
    """Read a small file.

    Raises:
        NotFound: It is not there, or is no file that can be read.
        InvalidDocument: It is too large for what it should be.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise NotFound(
            f"cannot read {path}: {error.strerror}", code="desk.file", hint="check the name"
        ) from None
    if len(content) > _MAX_FILE_BYTES:
        raise InvalidDocument(f"{path} is too large to be one", code="desk.file_size")
    return content


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Say of a file that cannot be read which it is."""
    try:
        yield
    except InvalidDocument as error:
        raise error.named(str(path)) from None


def _write(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    try:
        path.touch(mode=mode)
        path.write_bytes(content)
    except OSError as error:
        raise StorageFailed(
            f"cannot write {path}: {error.strerror}", code="desk.write", hint="check the folder"
        ) from None
