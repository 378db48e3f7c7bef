# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Ed25519 signatures at the edges of the curve, where libraries disagree.

Made from the curve alone: keys and nonce points of small order in every encoding, and such
that carry a part of small order beside an honest one, each with every other, so that
the equation with the cofactor holds for all of them and the one without it for some.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from comity.verifier.comity_verify import (
    BASE,
    GROUP,
    SMALL_ORDER,
    add,
    decode_point,
    double,
    encode_point,
)

Point: TypeAlias = tuple[int, int, int, int]

ORDER_8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One signature.

    Args:
        place: Which key, which nonce point, which message.
    """

    place: str
    key: bytes
    message: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Half:
    """A key or nonce point: its encoding, and the scalar of its part of large order."""

    name: str
    encoded: bytes
    scalar: int


def times(scalar: int, point: Point) -> Point:
    """Multiply a point."""
    total: Point = (0, 1, 1, 0)
    for bit in f"{scalar:b}":
        total = double(total)
        if bit == "1":
            total = add(total, point)
    return total


def torsion() -> list[Point]:
    """Return the eight points whose eighth multiple is nothing."""
    generator = decode_point(ORDER_8.to_bytes(32, "little"))
    assert generator is not None
    return [times(count, generator) for count in range(8)]


def halves(seed: bytes) -> list[_Half]:
    """Return an honest point, it beside each of small order, and those in every encoding."""
    scalar = int.from_bytes(hashlib.sha512(seed).digest(), "little") % GROUP
    honest = times(scalar, BASE[1])
    mixed = [
        _Half(name=f"honest and {at}/8", encoded=encode_point(add(honest, one)), scalar=scalar)
        for at, one in enumerate(torsion())
    ]
    small = [
        _Half(name=f"small {encoded.hex()[:4]}{encoded.hex()[-2:]}", encoded=encoded, scalar=0)
        for encoded in sorted(SMALL_ORDER)
    ]
    return mixed + small


def edges() -> Iterator[Edge]:
    """Yield every key with every nonce point, under three messages, and unreduced twins."""
    for key in halves(b"key"):
        for nonce in halves(b"nonce"):
            for number in range(3):
                message = b"edge %d" % number
                digest = hashlib.sha512(nonce.encoded + key.encoded + message).digest()
                factor = int.from_bytes(digest, "little") % GROUP
                scalar = (nonce.scalar + factor * key.scalar) % GROUP
                for twin in (scalar, scalar + GROUP):
                    yield Edge(
                        place=f"key {key.name}, nonce {nonce.name}, {number}, {twin >= GROUP}",
                        key=key.encoded,
                        message=message,
                        signature=nonce.encoded + twin.to_bytes(32, "little"),
                    )


def is_small(edge: Edge) -> bool:
    """Tell whether the one rule refuses it before any equation."""
    return edge.key in SMALL_ORDER or edge.signature[:32] in SMALL_ORDER
