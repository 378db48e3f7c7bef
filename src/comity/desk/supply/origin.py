# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a bill of materials comes from."""

from dataclasses import dataclass

from comity.kernel.canonical import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one bill comes from.

    Args:
        kind: "system", "inventory" (a statement), "file" or "record" (comes with Comity).
        place: Log and entry, or the file.
        sha256: Digest of the entry, hex; "" of a file.
        is_counted: Whether its checkpoint met the reader's quorum; True of a file.
        weight: How much it counts beside the others.
        note: What it leaves unknown, in its author's words.
    """

    name: str
    kind: str
    place: str
    sha256: str
    is_counted: bool
    example: bool
    weight: int
    layers: tuple[str, ...]
    note: str = ""

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "place": self.place,
            "sha256": self.sha256 or None,
            "counted": self.is_counted,
            "example": self.example,
            "weight": self.weight,
            "layers": list(self.layers),
            "note": self.note,
        }
