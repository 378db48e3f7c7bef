# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A second implementation of the beacon's curve comes to the same answers, in its own time."""

import hashlib
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from comity.assess.beacon import check_pulse
from comity.evidence.beacon import Pulse
from comity.files.beacon import read_chain
from comity.kernel.digest import sha256

pytest.importorskip("drand_verify", reason="the extra beacon is not installed")
if find_spec("py_ecc") is None:
    pytest.skip("py_ecc is not installed", allow_module_level=True)

DST = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_"
SIGNATURE = bytes.fromhex(
    "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125"
    "e342b73a8dd2bacbe47e4b6b63ed5e39"
)


@pytest.fixture(autouse=True)
def _usual_depth() -> Iterator[None]:
    """Take back what py_ecc sets as it is imported: deep JSON would then end the process."""
    depth = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(depth)


def verify_slowly(public_key: bytes, number: int, signature: bytes) -> bool:
    """Check a round by two pairings in pure Python.

    The message is SHA-256 of the round as eight bytes, hashed to G1 by RFC 9380; the
    signature is right when e(message, key) = e(signature, generator of G2).
    """
    from py_ecc.bls.hash_to_curve import hash_to_G1  # noqa: PLC0415 - slow to import
    from py_ecc.bls.point_compression import (  # noqa: PLC0415 - slow to import
        decompress_G1,
        decompress_G2,
    )
    from py_ecc.optimized_bls12_381.optimized_curve import G2  # noqa: PLC0415 - slow to import
    from py_ecc.optimized_bls12_381.optimized_pairing import pairing  # noqa: PLC0415 - the same

    function: Any = hashlib.sha256  # typed there as its result
    message = hash_to_G1(sha256(number.to_bytes(8, "big")), DST, function)
    high, low = (int.from_bytes(public_key[at : at + 48], "big") for at in (0, 48))
    key: Any = decompress_G2((high, low))  # type: ignore[arg-type] # integers are its G2
    point: Any = decompress_G1(int.from_bytes(signature, "big"))  # type: ignore[arg-type] # its G1
    return bool(pairing(key, message) == pairing(G2, point))


@pytest.mark.parametrize(("number", "holds"), [(1000, True), (1001, False)])
def test_two_implementations_agree_on_a_round(number: int, holds: bool) -> None:  # noqa: FBT001 - a case
    """One is Rust behind a wheel, the other Python to be read."""
    chain = read_chain("quicknet")
    pulse = Pulse(number=number, signature=SIGNATURE)

    assert check_pulse(chain, pulse) is holds
    assert verify_slowly(chain.public_key, number, SIGNATURE) is holds
