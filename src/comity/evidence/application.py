# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A provider asks to be tested, and both sides later reveal what they committed to."""

from dataclasses import dataclass, field

from comity.evidence.draw import Role
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """The provider's request; its nonce is committed before the plan exists.

    Args:
        issued: When, by the issuer's clock.
        bank_root: Root of the bank to be tested on.
        tester: The regulator asked.
        nonce_commitment: Commitment to the provider's nonce.
        extra: Fields this version does not know.
    """

    issued: Instant
    bank_root: Digest
    tester: MemberId
    nonce_commitment: Digest
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "bank_root": self.bank_root.hex(),
            "tester": self.tester,
            "nonce_commitment": self.nonce_commitment.hex(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reveal:
    """One side's nonce, revealed once the plan stands under a quorum's cosignatures."""

    issued: Instant
    plan: Reference
    role: Role
    nonce: Digest
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "plan": to_reference_json(self.plan),
            "role": self.role.value,
            "nonce": self.nonce.hex(),
        }


def application_from_predicate(predicate: Json) -> Application:
    """Read an application's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    statement = Application(
        issued=fields.instant("issued"),
        bank_root=fields.digest("bank_root"),
        tester=MemberId(fields.text("tester")),
        nonce_commitment=fields.digest("nonce_commitment"),
        extra=fields.rest(),
    )
    fields.finish("not an application", code="evidence.statement")
    return statement


def reveal_from_predicate(predicate: Json) -> Reveal:
    """Read a reveal's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    statement = Reveal(
        issued=fields.instant("issued"),
        plan=fields.reference("plan"),
        role=Role(fields.choice("role", [role.value for role in Role])),
        nonce=fields.digest("nonce"),
        extra=fields.rest(),
    )
    fields.finish("not a reveal", code="evidence.statement")
    return statement
