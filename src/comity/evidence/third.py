# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The third in a draw, who speaks after both parties: a beacon, or other members.

Two parties' nonces keep each from steering the other, and keep nobody out if both agree. A
third neither of them is speaks last; what it says stands in a statement of the tester's.

Source:
    docs/spec/evidence.md, "A third in the draw".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from comity.errors import VerificationFailed
from comity.evidence.beacon import BeaconRound, Pulse, PulseCheck, pulse_from, round_from
from comity.evidence.contributor import Contributors, Share, contributors_from
from comity.kernel.canonical import Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, to_rfc3339
from comity.kernel.reference import Reference, to_reference_json
from comity.kernel.truth import Truth

SHARES_TAG = b"comity/draw-shares/v1\n"

Third: TypeAlias = BeaconRound | Contributors
"""Who speaks last in a draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawReveal:
    """What the third said, by one member: a contributor's nonce, or the tester's closing.

    Exactly one of nonce, pulse and shares stands.

    Args:
        issued: When, by the issuer's clock.
        plan: The plan whose draw it is for.
        nonce: A contributor's own nonce.
        pulse: What the beacon said, as the tester closes with it.
        shares: The contributors' reveals the tester closes with, in the plan's order.
        extra: Fields this version does not know.
    """

    issued: Instant
    plan: Reference
    nonce: Digest | None = None
    pulse: Pulse | None = None
    shares: tuple[Reference, ...] = ()
    extra: dict[str, Json] = field(default_factory=dict)

    @property
    def is_closing(self) -> bool:
        """Tell whether this closes a draw."""
        return self.nonce is None

    def to_predicate(self) -> dict[str, Json]:
        """Write the statement's predicate."""
        said: dict[str, Json] = {}
        if self.nonce is not None:
            said["nonce"] = self.nonce.hex()
        if self.pulse is not None:
            said["pulse"] = self.pulse.to_json()
        if self.shares:
            said["shares"] = [to_reference_json(share) for share in self.shares]
        return {
            **self.extra,
            "issued": to_rfc3339(self.issued),
            "plan": to_reference_json(self.plan),
            **said,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What the third said, as gathered from the logs.

    Args:
        pulse: The beacon's round, where the plan names one.
        shares: The contributors' parts the tester closed with.
    """

    pulse: Pulse | None = None
    shares: tuple[Share, ...] = ()


SILENT = Spoken()


def third_from(fields: Fields) -> Third:
    """Read who speaks last from a plan's `draw`, noting faults."""
    if fields.has("beacon") == fields.has("nodes"):
        fields.fault("", "names either a beacon or nodes")
    if fields.has("nodes"):
        return contributors_from(fields, fields.rows("nodes"))
    return round_from(fields.inner("beacon"))


def third_to_json(third: Third) -> dict[str, Json]:
    """Write who speaks last as a plan's `draw`."""
    match third:
        case BeaconRound():
            return {"beacon": third.to_json()}
        case Contributors():
            return {"nodes": third.to_json(), "threshold": third.least}
        case _:
            assert_never(third)


def draw_reveal_from_predicate(predicate: Json) -> DrawReveal:
    """Read a draw reveal's predicate.

    Raises:
        InvalidDocument: With every fault and its field.
    """
    fields = Fields(predicate, faults=[])
    pulse = pulse_from(fields.inner("pulse")) if fields.has("pulse") else None
    statement = DrawReveal(
        issued=fields.instant("issued"),
        plan=fields.reference("plan"),
        nonce=fields.optional("nonce", fields.digest),
        pulse=pulse,
        shares=fields.optional("shares", fields.references) or (),
        extra=fields.rest(),
    )
    stand = (fields.has("nonce"), fields.has("pulse"), bool(statement.shares))
    if sum(stand) != 1:
        fields.fault("", "has exactly one of nonce, pulse and shares")
    fields.finish("not a draw reveal", code="evidence.statement")
    return statement


def words_of(third: Third | None, spoken: Spoken, application: Reference) -> bytes:
    """Return what the third adds to a draw's seed; nothing where there is no third.

    Raises:
        VerificationFailed: It has not spoken, or not as the plan says.
    """
    match third:
        case None:
            return b""
        case BeaconRound(number=number):
            if spoken.pulse is None:
                raise _refused("draw.pulse", f"round {number} of the beacon is not given")
            if spoken.pulse.number != number:
                message = f"round {spoken.pulse.number} is given, the plan names {number}"
                raise _refused("draw.pulse.round", message)
            return spoken.pulse.value
        case Contributors():
            return _joined(third, spoken, application)
        case _:
            assert_never(third)


def check_third(
    third: Third,
    spoken: Spoken,
    *,
    planned: Instant,
    revealed: Iterable[Instant],
    verify: PulseCheck,
) -> Truth:
    """Tell whether the third spoke for itself, and after both parties.

    Args:
        planned: When the plan was issued.
        revealed: When each party revealed.

    Returns:
        Undetermined where a beacon's signature is not checked here.

    Raises:
        VerificationFailed: The round was out before, or the beacon did not sign it.
    """
    if isinstance(third, Contributors):
        return Truth.TRUE
    number = third.number
    if third.due <= planned:
        raise _refused("plan.draw.beacon", f"round {number} was out at the plan")
    for row, moment in enumerate(revealed):
        if moment >= third.due:
            message = f"revealed when round {number} was out"
            raise _refused(f"reveals[{row}].issued", message)
    if spoken.pulse is None:
        raise _refused("draw.pulse", f"round {number} of the beacon is not given")
    signed = verify(third.chain, spoken.pulse)
    if signed is None:
        return Truth.UNDETERMINED
    if not signed:
        message = f"the beacon did not sign this as its round {number}"
        raise _refused("draw.pulse.signature", message)
    return Truth.TRUE


def words_for(third: Third) -> str:
    """Say who spoke last in a draw, so that a reader knows whom it trusts by it."""
    match third:
        case BeaconRound(chain=chain, number=number):
            return f"round {number} of the beacon with key {chain.public_key.hex()[:16]}…"
        case Contributors(nodes=nodes):
            return "nonces of " + ", ".join(f"{one.member[:16]}…" for one in nodes)
        case _:
            assert_never(third)


def _joined(third: Contributors, spoken: Spoken, application: Reference) -> bytes:
    given = {share.member: share for share in spoken.shares}
    parts: list[bytes] = []
    for row, node in enumerate(third.nodes):
        share = given.pop(node.member, None)
        if share is None:
            continue
        place = f"draw.shares[{row}]"
        if share.commitment.application != application:
            raise _refused(place, "the nonce was committed for another application")
        if not share.is_committed:
            raise _refused(place, "the nonce is not the committed one")
        parts += [node.member.encode(), b"\n", share.nonce]
    if given:
        raise _refused("draw.shares", "a member the plan does not name takes part")
    if len(parts) < 3 * third.least:
        message = f"{len(parts) // 3} nonces make no draw, the plan wants {third.least}"
        raise _refused("draw.shares", message)
    return sha256(SHARES_TAG, *parts)


def _refused(place: str, message: str) -> VerificationFailed:
    return VerificationFailed(
        message,
        code="evidence.third",
        hint="without the third there is no draw; the attempt is over, and counts",
        place=place,
    )
