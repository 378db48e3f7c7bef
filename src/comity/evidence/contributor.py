# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other members as the third in a draw: each commits to a nonce first and reveals it last.

Each commits for one application, in its own log, before the plan names it. It reveals once
the plan is counted and both parties have revealed; then the tester closes the draw and says
whose nonces it is made of, at least the plan's least number.

Source:
    docs/spec/evidence.md, "A third in the draw".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import comb

from comity.evidence.draw import NONCE_TAG
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json

MAX_CONTRIBUTORS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """A member a plan names, with the statement in which it committed to its nonce."""

    member: MemberId
    commitment: Reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributors:
    """Whose nonces a plan wants, and how many of them at least.

    Args:
        least: Fewer make no draw.
    """

    nodes: tuple[Contributor, ...]
    least: int

    @property
    def draws(self) -> int:
        """Count the draws that who closes last could choose among, at most.

        At most `n - least` of `n` nonces may be missing, whoever withheld or left them out.
        """
        count = len(self.nodes)
        return sum(comb(count, missing) for missing in range(count - self.least + 1))

    def to_json(self) -> list[Json]:
        """Write the nodes as a JSON list."""
        return [
            {"member": one.member, "commitment": to_reference_json(one.commitment)}
            for one in self.nodes
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawCommitment:
    """A member's commitment to a nonce for one application's draw.

    Args:
        issued: When, by the issuer's clock.
        application: The application whose draw it is for; no other.
        nonce_commitment: Commitment to the nonce.
        extra: Fields this version does not know.
    """

    issued: Instant
    application: Reference
    nonce_commitment: Digest
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "application": to_reference_json(self.application),
            "nonce_commitment": self.nonce_commitment.hex(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One contributor's part of a draw: what it committed to, and what it revealed."""

    member: MemberId
    commitment: DrawCommitment
    nonce: Digest

    @property
    def is_committed(self) -> bool:
        """Tell whether the nonce is the committed one; any other is as good as withheld."""
        committed = self.commitment.nonce_commitment
        return commit_share(self.nonce, self.member) == committed


def commit_share(nonce: bytes, member: MemberId) -> Digest:
    """Return the commitment to a contributor's nonce; nobody else's equals it."""
    return sha256(NONCE_TAG, b"node ", member.encode(), b"\n", nonce)


def draw_commitment_from_predicate(predicate: Json) -> DrawCommitment:
    """Read a draw commitment's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    statement = DrawCommitment(
        issued=fields.instant("issued"),
        application=fields.reference("application"),
        nonce_commitment=fields.digest("nonce_commitment"),
        extra=fields.rest(),
    )
    fields.finish("not a draw commitment", code="evidence.statement")
    return statement


def contributors_from(fields: Fields, rows: Iterable[Fields]) -> Contributors:
    """Read whose nonces a plan wants, noting faults."""
    nodes = tuple(
        Contributor(member=MemberId(row.text("member")), commitment=row.reference("commitment"))
        for row in rows
    )
    if not 1 <= len(nodes) <= MAX_CONTRIBUTORS:
        fields.fault("nodes", f"is not 1 to {MAX_CONTRIBUTORS} members")
    if len({one.member for one in nodes}) < len(nodes):
        fields.fault("nodes", "names a member a second time")
    least = fields.integer("threshold", low=1, high=max(1, len(nodes)))
    return Contributors(nodes=nodes, least=least)
