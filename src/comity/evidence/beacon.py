# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A public beacon as the third in a draw: a round named in the plan, before it is out.

A beacon is a chain of rounds, each signed by its members together at a time fixed long
before. The signature is the only one there can be, so nobody chooses it, and its SHA-256 is
the round's random value. The plan names chain and round; who logs the round's signature
later chooses nothing.

Source:
    docs/spec/evidence.md, "A third in the draw"; drand, scheme bls-unchained-g1-rfc9380.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.kernel.canonical import MAX_INTEGER, Json
from comity.kernel.digest import Digest, sha256
from comity.kernel.fields import Fields
from comity.kernel.instant import Instant, from_posix, from_rfc3339, to_posix, to_rfc3339

SCHEMES = ("bls-unchained-g1-rfc9380",)
"""Schemes whose signatures are checked: BLS12-381, signatures on G1, rounds unchained."""

KEY_BYTES = 96
SIGNATURE_BYTES = 48

_HEX = re.compile(r"(?:[0-9a-f]{2})*")
_LAST = from_rfc3339("9999-12-31T23:59:59Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One beacon, by what anyone needs to check it.

    Args:
        public_key: 96 bytes, a compressed point of G2.
        genesis: When round 1 was due.
        period_s: Seconds from one round to the next.
        scheme: How rounds are signed.
    """

    public_key: bytes
    genesis: Instant
    period_s: int
    scheme: str = SCHEMES[0]

    def time_of(self, number: int) -> Instant:
        """Return when a round is due; rounds count from 1."""
        return from_posix(to_posix(self.genesis) + (number - 1) * self.period_s)

    def first_after(self, moment: Instant) -> int:
        """Return the first round that is due strictly after a moment."""
        passed = to_posix(moment) - to_posix(self.genesis)
        return max(1, passed // self.period_s + 2)

    @property
    def last(self) -> int:
        """Return the last round whose time can be written."""
        return (to_posix(_LAST) - to_posix(self.genesis)) // self.period_s + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BeaconRound:
    """The round a plan names."""

    chain: Chain
    number: int

    @property
    def due(self) -> Instant:
        """Return when the round is out."""
        return self.chain.time_of(self.number)

    def to_json(self) -> dict[str, Json]:
        """Write the round as a JSON object."""
        return {
            "public_key": self.chain.public_key.hex(),
            "genesis": to_rfc3339(self.chain.genesis),
            "period_s": self.chain.period_s,
            "scheme": self.chain.scheme,
            "round": self.number,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """What a beacon said in one round.

    Args:
        signature: 48 bytes, a compressed point of G1.
    """

    number: int
    signature: bytes

    @property
    def value(self) -> Digest:
        """Return the random value, the SHA-256 of the signature."""
        return sha256(self.signature)

    def to_json(self) -> dict[str, Json]:
        """Write the pulse as a JSON object."""
        return {"round": self.number, "signature": self.signature.hex()}


PulseCheck = Callable[[Chain, Pulse], bool | None]
"""Tell whether a chain signed a pulse; None where nothing here can check it."""


def unchecked(chain: Chain, pulse: Pulse) -> bool | None:
    """Check nothing: the room itself knows no curve."""
    del chain, pulse
    return None


def round_from(fields: Fields) -> BeaconRound:
    """Read the round a plan names, noting faults."""
    chain = Chain(
        public_key=_bytes(fields, "public_key", KEY_BYTES),
        genesis=fields.instant("genesis"),
        period_s=fields.integer("period_s", low=1, high=366 * 86_400),
        scheme=fields.choice("scheme", SCHEMES),
    )
    number = fields.integer("round", low=1)
    if not fields.faults and number > chain.last:
        fields.fault("round", "is due after the year 9999")
        number = 1
    return BeaconRound(chain=chain, number=number)


def pulse_from(fields: Fields) -> Pulse:
    """Read a pulse, noting faults."""
    number = fields.integer("round", low=1, high=MAX_INTEGER)
    return Pulse(number=number, signature=_bytes(fields, "signature", SIGNATURE_BYTES))


def chain_from_info(value: object) -> Chain:
    """Read the description a beacon gives of itself: `public_key`, `genesis_time`, `period`.

    Raises:
        InvalidDocument: With every fault.
    """
    fields = Fields(value, faults=[])
    chain = Chain(
        public_key=_bytes(fields, "public_key", KEY_BYTES),
        genesis=from_posix(fields.integer("genesis_time", high=to_posix(_LAST))),
        period_s=fields.integer("period", low=1, high=366 * 86_400),
        scheme=fields.choice("schemeID", SCHEMES),
    )
    fields.finish("not a beacon's description", code="evidence.beacon")
    return chain


def pulse_from_beacon(value: object) -> Pulse:
    """Read a round as a beacon gives it: `round`, `signature`, and `randomness` if there.

    Raises:
        InvalidDocument: With every fault, a random value that is not the signature's among
            them.
    """
    fields = Fields(value, faults=[])
    pulse = pulse_from(fields)
    if fields.has("randomness") and fields.digest("randomness") != pulse.value:
        fields.fault("randomness", "is not the SHA-256 of the signature")
    fields.finish("not a round of a beacon", code="evidence.beacon")
    return pulse


def check_due(chosen: BeaconRound, planned: Instant) -> None:
    """Refuse a round that was out, or due, when the plan was made.

    Raises:
        InvalidDocument: With the first round that is not.
    """
    if chosen.due <= planned:
        nearest = chosen.chain.first_after(planned)
        message = f"round {chosen.number} was due at {to_rfc3339(chosen.due)}, no later"
        raise InvalidDocument(
            f"{message} than the plan",
            code="evidence.beacon_round",
            hint=f"name a round nobody can know yet; the next is {nearest}",
            faults=[Fault(message=f"{message} than the plan")],
        )


def _bytes(fields: Fields, name: str, size: int) -> bytes:
    text = fields.text(name)
    if len(text) == 2 * size and _HEX.fullmatch(text):
        return bytes.fromhex(text)
    if text:
        fields.fault(name, f"is not {2 * size} lower-case hexadecimal digits")
    return bytes(size)
