# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A text signed by named keys: the C2SP signed note.

Source:
    C2SP signed-note v1.0.0. Signature types 0x01 (Ed25519), 0x04 and 0x06 (timestamped
    cosignatures by Ed25519 and ML-DSA-44, see `cosignature`); signatures of other types are
    kept and never counted.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import sha256
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.mldsa import MLDSA_PUBLIC_BYTES
from comity.ledger.signature import PUBLIC_KEY_BYTES

ED25519 = 0x01
COSIGNATURE_ED25519 = 0x04
COSIGNATURE_MLDSA = 0x06
MAX_NOTE_BYTES = 256 * 1024
MAX_SIGNATURES = 64
_DASH = "\u2014 "
_NAME = re.compile(r"[^\s+]+")
_KEY_BYTES = {
    ED25519: PUBLIC_KEY_BYTES,
    COSIGNATURE_ED25519: PUBLIC_KEY_BYTES,
    COSIGNATURE_MLDSA: MLDSA_PUBLIC_BYTES,
}


class Secret(Protocol):
    """What signs for a key: a pair in memory, or a device that keeps it."""

    @property
    def public(self) -> bytes:
        """Return the public key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteKey:
    """A public key as notes know it.

    Args:
        name: Such as "ai-office.example/log"; no space, no plus.
        kind: The signature type byte, 0x01, 0x04 or 0x06.
        public: 32 bytes of Ed25519, or 1,312 of ML-DSA-44 where the type is 0x06.
    """

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Return the 4 bytes that, with the name, pick out the key."""
        return _key_id(self.name, self.kind, self.public)

    @property
    def vkey(self) -> str:
        """Write the key as one line, `name+id+key`."""
        raw = bytes([self.kind]) + self.public
        return f"{self.name}+{self.key_id.hex()}+{to_base64(raw)}"


@lru_cache(maxsize=4096)
def _key_id(name: str, kind: int, public: bytes) -> bytes:
    """Return the id of a key: few keys, asked for at every signature."""
    return sha256(name.encode(), b"\n", bytes([kind]), public)[:4]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSigner:
    """A key that can sign notes."""

    key: NoteKey
    secret: Secret

    @staticmethod
    def of(name: str, kind: int, secret: Secret) -> "NoteSigner":
        """Give a signing key its name and type.

        Raises:
            InvalidDocument: The name is empty or holds a space or a plus.
        """
        if not is_key_name(name):
            raise _refused(f"{name[:60]!r} cannot name a key: no space, no plus, not empty")
        return NoteSigner(
            key=NoteKey(name=name, kind=kind, public=secret.public), secret=secret
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One signature line, whoever made it."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        """Write the signature as its line, newline included."""
        return f"{_DASH}{self.name} {to_base64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text and its signatures, none of them checked yet.

    Args:
        text: Ends in a newline.
    """

    text: str
    signatures: tuple[NoteSignature, ...]

    @property
    def encoded(self) -> bytes:
        """Write the note as its bytes."""
        lines = "".join(one.line for one in self.signatures)
        return f"{self.text}\n{lines}".encode()

    def with_signatures(self, more: Iterable[NoteSignature]) -> "Note":
        """Return the note with further signatures, one per key, the newer replacing."""
        found = {(one.name, one.key_id): one for one in (*self.signatures, *more)}
        return Note(text=self.text, signatures=tuple(found.values()))


def bounded(note: Note, keys: Iterable[NoteKey]) -> Note:
    """Return the note with at most 64 signatures, those by known keys before all others."""
    known = {(key.name, key.key_id) for key in keys}
    in_order = sorted(note.signatures, key=lambda one: (one.name, one.key_id) not in known)
    return Note(text=note.text, signatures=tuple(in_order[:MAX_SIGNATURES]))


def is_signed_by(note: Note, key: NoteKey) -> bool:
    """Tell whether a note carries a signature in a key's name, checked or not."""
    return any((one.name, one.key_id) == (key.name, key.key_id) for one in note.signatures)


def is_key_name(name: str) -> bool:
    """Tell whether a text can name a key in a note.

    Narrower than C2SP signed-note: what does not show, or turns the direction of what
    follows, would let one log look like another.
    """
    return _NAME.fullmatch(name) is not None and name.isprintable()


def from_vkey(text: str) -> NoteKey:
    """Read a key from `name+id+key`.

    Raises:
        InvalidDocument: Malformed, of a type Comity does not verify, or with a wrong id.
    """
    name, first, rest = text.partition("+")
    identifier, second, encoded = rest.partition("+")
    if not (first and second and is_key_name(name)):
        raise _refused(f"{text[:90]!r} is not a key like name+0a1b2c3d+base64")
    raw = from_base64(encoded)
    if not raw or len(raw) - 1 != _KEY_BYTES.get(raw[0]):
        raise _refused(
            f"the key of {name[:60]} is neither an Ed25519 key of type 1 or 4 "
            "nor an ML-DSA-44 key of type 6"
        )
    key = NoteKey(name=name, kind=raw[0], public=raw[1:])
    if key.key_id.hex() != identifier:
        raise _refused(
            f"the key of {name[:60]} has id {key.key_id.hex()}, not {identifier[:20]}"
        )
    return key


def from_bytes(encoded: bytes) -> Note:
    """Read a note without trusting it.

    Raises:
        InvalidDocument: Malformed, or larger than 256 KiB.
    """
    if len(encoded) > MAX_NOTE_BYTES:
        raise _refused(f"{len(encoded)} bytes; a note has at most {MAX_NOTE_BYTES}")
    try:
        content = encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused(f"byte {error.start} is not UTF-8") from None
    for at, sign in enumerate(content):
        if sign < " " and sign != "\n":
            raise _refused(f"a control character at position {at}")
    text, blank, tail = content.rpartition("\n\n")
    if not blank:
        raise _refused("no blank line between the text and its signatures")
    return Note(text=text + "\n", signatures=from_lines(tail))


def from_lines(tail: str) -> tuple[NoteSignature, ...]:
    """Read one or more signature lines.

    Raises:
        InvalidDocument: A line is malformed, there is none, or there are more than 64.
    """
    lines = tail.split("\n")
    if lines.pop() != "" or not 1 <= len(lines) <= MAX_SIGNATURES:
        raise _refused(
            f"1 to {MAX_SIGNATURES} signature lines must follow, each with a newline"
        )
    return tuple(map(_from_line, lines))


def _from_line(line: str) -> NoteSignature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise _refused(f"{line[:60]!r} is not a signature line")
    raw = from_base64(encoded)
    if len(raw) < 5:
        raise _refused(f"the signature of {name[:60]} is too short")
    return NoteSignature(name=name, key_id=raw[:4], signature=raw[4:])


def _refused(message: str) -> InvalidDocument:
    return InvalidDocument(message, code="ledger.note", faults=[Fault(message=message)])
