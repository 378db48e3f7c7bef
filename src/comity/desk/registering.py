# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A provider registers one version of a system, with its answers and what it is made of."""

from dataclasses import dataclass

from comity.desk.duties import library
from comity.desk.record import record
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.law.answer import to_plain
from comity.law.profile import Profile
from comity.node.node import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What makes this version this version.

    Args:
        digest: SHA-256 that changes when the version does; the subject of every statement.
        what: What the digest is of, in a sentence.
        method: How it was computed, such as "weights/1".
    """

    digest: Digest
    what: str
    method: str


def register_system(
    node: Node, profile: Profile, identity: Identity, *, now: Instant
) -> Reference:
    """Log a version of a system under the provider's name.

    Raises:
        InvalidDocument: The profile is larger than a statement may be.
    """
    facts = library().vocabulary.facts
    predicate: dict[str, Json] = {
        "system": profile.system,
        "name": dict(profile.name.by_tag),
        "provider": node.member,
        "version": profile.version,
        "purpose": dict(profile.purpose.by_tag),
        "identity": {
            "method": identity.method,
            "sha256": identity.digest.hex(),
            "what": identity.what,
        },
        "facts": {
            name: to_plain(facts[name], answer) for name, answer in profile.answers.items()
        },
        "markets": list(profile.markets or ()),
        "materials": [
            {
                "layer": part.layer,
                "name": part.name,
                "supplier": part.supplier,
                "jurisdiction": part.jurisdiction,
                "share_ppm": part.share_ppm,
            }
            for part in profile.materials
        ],
        "example": profile.example,
    }
    return record(node, "system", predicate, subject=identity.digest, now=now)
