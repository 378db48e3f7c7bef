# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the index holds of each entry, made ready for many entries at once."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.ledger.reading import Outline, Reading, to_outline

_MOST_CHARACTERS = 500
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the index holds of one entry.

    Args:
        subjects: The digests it is about, sorted.
    """

    position: int
    sha256: Digest
    predicate_type: str | None
    fault: str
    subjects: tuple[bytes, ...]


class Batch:
    """Entries of one log on their way into the index; the more at once, the less each costs.

    Args:
        reach: Below it all is indexed once this is.
    """

    __slots__ = ("kinds", "origin", "reach", "rows", "subjects")

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.reach = 0
        self.rows: list[tuple[int, bytes, str | None, str]] = []  # no objects: very many
        self.subjects: list[tuple[bytes, int]] = []
        self.kinds: dict[str, str] = {}

    def __len__(self) -> int:
        """Count the entries."""
        return len(self.rows)

    def take(self, start: int, entries: Iterable[tuple[bytes, Outline]]) -> None:
        """Add entries that stand from position *start* on."""
        kinds, rows, new = self.kinds, self.rows, hashlib.sha256
        for position, (encoded, (kind, digests, fault)) in enumerate(entries, start):
            name = None if kind is None else kinds.get(kind)
            if name is None and kind is not None:
                name = kinds[kind] = kept(kind)
            rows.append((position, new(encoded).digest(), name, _plain(fault) if fault else ""))
            for digest in digests:
                subject = _subject(digest)
                if subject is not None:
                    self.subjects.append((subject, position))
        if rows:
            self.reach = rows[-1][0] + 1


def to_row(position: int, encoded: bytes, reading: Reading) -> Row:
    """Return what the index must hold of an entry."""
    kind, digests, fault = to_outline(reading)
    return Row(
        position=position,
        sha256=sha256(encoded),
        predicate_type=None if kind is None else kept(kind),
        fault=_plain(fault),
        subjects=tuple(sorted({one for one in map(_subject, digests) if one is not None})),
    )


def _subject(digest: str) -> bytes | None:
    """Return the bytes of a digest; what is spelled otherwise is the digest of nothing."""
    try:
        found = bytes.fromhex(digest)
    except ValueError:
        return None
    return found if len(found) == _DIGEST_BYTES and found.hex() == digest else None


def kept(text: str) -> str:
    """Return a key as it is kept: what is too long for a database's index by its digest."""
    if len(text) > _MOST_CHARACTERS:
        return f"sha256:{sha256(text.encode('utf-8', errors='replace')).hex()}"
    return _plain(text)


def _plain(text: str) -> str:
    """Replace what no database keeps in a text: zero characters and halves of pairs."""
    if text.isascii() and "\0" not in text:
        return text
    return text.encode("utf-8", errors="replace").decode().replace("\0", "\ufffd")
