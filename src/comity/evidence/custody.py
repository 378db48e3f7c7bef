# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Handing over the unopened items of a bank, so that another tester can continue."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from comity.errors import VerificationFailed
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Custody:
    """What was handed over to whom.

    Args:
        issued: When, by the issuer's clock.
        plan: The plan whose draw is to be continued.
        to: The next tester.
        blob: Digest of the box sealed for the next tester.
        opened: By category, how many draws have been shown to the system already.
        extra: Fields this version does not know.
    """

    issued: Instant
    plan: Reference
    to: MemberId
    blob: Digest
    opened: Mapping[str, int]
    extra: dict[str, Json] = field(default_factory=dict)

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "plan": to_reference_json(self.plan),
            "to": self.to,
            "blob": self.blob.hex(),
            "first_positions": dict(self.opened),
        }


def custody_from_predicate(predicate: Json) -> Custody:
    """Read a custody statement's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    statement = Custody(
        issued=fields.instant("issued"),
        plan=fields.reference("plan"),
        to=MemberId(fields.text("to")),
        blob=fields.digest("blob"),
        opened=fields.counts("first_positions"),
        extra=fields.rest(),
    )
    fields.finish("not a custody statement", code="evidence.statement")
    return statement


def check_opened(custody: Custody, opened: Mapping[str, int]) -> None:
    """Check that a custody statement tells how far the draw had come.

    Args:
        opened: By category, how many draws the evidence of the plan shows.

    Raises:
        VerificationFailed: It tells of more, or of fewer; the place names the category.
    """
    for name in sorted({*custody.opened, *opened}):
        said, found = custody.opened.get(name), opened.get(name)
        if said != found:
            raise VerificationFailed(
                f"it says {said or 0} of {name!r} were opened, the evidence shows {found or 0}",
                code="evidence.custody",
                hint="items were asked that the evidence leaves out, or none that it shows",
                place=f"custody.first_positions.{name}",
            )
