# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What had to stand before what, as far as one log shows it.

Within a log the index is the order; between two logs it is not, so only statements of one
member are compared. That is what keeps a member from fitting what it says to what came after.

Source:
    docs/spec/evidence.md, "What verification checks".
"""

from collections.abc import Iterable
from typing import NamedTuple

from comity.desk.log.shelf import Said, place_of
from comity.errors import VerificationFailed


class Sequence(NamedTuple):
    """Four statements of one first test, in the order they have to stand in."""

    bank: Said
    application: Said
    plan: Said
    finding: Said


def check_sequence(told: Sequence, reveals: Iterable[Said]) -> None:
    """Check that bank, plan, reveals and finding were logged in this order.

    Raises:
        VerificationFailed: A statement stands before one it had to follow in its log.
    """
    if _precedes(told.plan, told.bank):
        raise VerificationFailed(
            "the bank was stated after the test on it was planned",
            code="desk.bank_after_plan",
            hint="banks are committed to before tests; another may have been put in its place",
            place=place_of(told.bank.reference),
        )
    for reveal in reveals:
        for earlier in (told.application, told.plan):
            if _precedes(reveal, earlier):
                raise VerificationFailed(
                    f"the {earlier.statement.kind} was logged after the nonce was revealed",
                    code="desk.plan_after_reveal",
                    hint="who knows both nonces can choose what to plan; there is no such draw",
                    place=place_of(earlier.reference),
                )
        if _precedes(told.finding, reveal):
            raise VerificationFailed(
                "the finding was logged before the nonce was revealed",
                code="desk.finding_before_reveal",
                hint="nobody knows what is due before both nonces are public",
                place=place_of(told.finding.reference),
            )


def _precedes(one: Said, other: Said) -> bool:
    """Tell whether a statement stands before another of the same log."""
    here, there = one.reference, other.reference
    return here.log == there.log and here.index < there.index
