# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Codecs of what surrounds a vote: receipt, change of the roll, challenge, result."""

from collections.abc import Mapping

from comity.council.decision.comparison import Finding, Seen
from comity.council.decision.docket import Challenge, Change, Receipt, RollChange
from comity.council.decision.result import Result, State
from comity.kernel.canonical import Json
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import to_rfc3339
from comity.kernel.reference import to_reference_json


def to_receipt_json(receipt: Receipt) -> dict[str, Json]:
    """Write a receipt's predicate, without `issued`."""
    return {"of": to_reference_json(receipt.of), "received": to_rfc3339(receipt.received)}


def from_receipt_json(predicate: Mapping[str, Json]) -> Receipt:
    """Read a receipt's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    receipt = Receipt(of=fields.reference("of"), received=fields.instant("received"))
    fields.finish("not a receipt", code="council.receipt")
    return receipt


def to_roll_json(change: RollChange) -> dict[str, Json]:
    """Write the predicate of a change of the roll, without `issued`."""
    written: dict[str, Json] = {
        "member": change.member,
        "change": change.change.value,
        "on": to_rfc3339(change.on),
    }
    return written | ({} if change.by is None else {"by": to_reference_json(change.by)})


def from_roll_json(predicate: Mapping[str, Json]) -> RollChange:
    """Read the predicate of a change of the roll.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    change = RollChange(
        member=MemberId(fields.digest("member").hex()),
        change=Change(fields.choice("change", [change.value for change in Change])),
        on=fields.instant("on"),
        by=fields.optional("by", fields.reference),
    )
    fields.finish("not a change of the roll", code="council.roll")
    return change


def to_challenge_json(challenge: Challenge) -> dict[str, Json]:
    """Write a challenge's predicate, without `issued`."""
    return {"proposal": to_reference_json(challenge.of), "reason": challenge.reason}


def from_challenge_json(predicate: Mapping[str, Json]) -> Challenge:
    """Read a challenge's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    challenge = Challenge(of=fields.reference("proposal"), reason=fields.text("reason"))
    fields.finish("not a challenge", code="council.challenge")
    return challenge


def to_result_json(result: Result) -> dict[str, Json]:
    """Write a result's predicate, without `issued`."""
    return {
        "proposal": to_reference_json(result.proposal),
        "as_of": to_rfc3339(result.as_of),
        "text": result.text.hex(),
        "state": result.state.value,
        "adopted": result.passed,
        "counts": dict(result.counts),
        "flagged": len(result.flagged),
        "checkpoints": [
            {
                "origin": log.origin,
                "size": log.size,
                "root": log.root.hex(),
                **({} if log.forked_from is None else {"forked_from": log.forked_from}),
            }
            for log in result.logs
        ],
    }


def from_result_json(predicate: Mapping[str, Json]) -> Finding:
    """Read a result's predicate.

    Raises:
        InvalidDocument: With every fault of it.
    """
    fields = Fields(predicate, faults=[])
    found = Finding(
        proposal=fields.reference("proposal"),
        as_of=fields.instant("as_of"),
        text=fields.digest("text"),
        state=State(fields.choice("state", [state.value for state in State])),
        passed=fields.flag("adopted"),
        counts=fields.counts("counts"),
        flagged=fields.integer("flagged"),
        logs=tuple(
            Seen(
                origin=Origin(row.text("origin")),
                size=row.integer("size"),
                root=row.digest("root"),
                forked_from=row.optional("forked_from", row.integer),
            )
            for row in fields.rows("checkpoints")
        ),
    )
    fields.finish("not a result", code="council.result")
    return found
