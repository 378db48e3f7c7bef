# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One verdict on Ed25519 at the edges of the curve, by libraries that disagree there.

The 914 vectors of C2SP/CCTV stand beside the project, not in it; these are made from the curve,
so that the rule is tested wherever the tests run.
"""

from collections import Counter

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nacl import bindings
from nacl.exceptions import CryptoError
from tests.fakes.edge import Edge, edges, is_small

from comity.ledger.signature import LOW_ORDER, is_valid
from comity.verifier.comity_verify import SMALL_ORDER, is_signature


@pytest.fixture(scope="module")
def made() -> list[Edge]:
    """Return every edge."""
    return list(edges())


def openssl(edge: Edge) -> bool:
    """Return what OpenSSL says, with nothing of ours around it."""
    try:
        Ed25519PublicKey.from_public_bytes(edge.key).verify(edge.signature, edge.message)
    except (InvalidSignature, ValueError):
        return False
    return True


def libsodium(edge: Edge) -> bool:
    """Return what libsodium says, with nothing of ours around it."""
    try:
        bindings.crypto_sign_open(edge.signature + edge.message, edge.key)
    except (CryptoError, ValueError):
        return False
    return True


def ours(edge: Edge) -> bool:
    """Return what we say."""
    return is_valid(edge.key, edge.message, edge.signature)


def test_openssl_under_our_refusal_says_what_we_say(made: list[Edge]) -> None:
    """Of the low-order encodings, and of keys that only carry such a part."""
    differing = [e.place for e in made if ours(e) != (openssl(e) and not is_small(e))]

    assert differing == []
    assert set(LOW_ORDER) == SMALL_ORDER


def test_libsodium_under_our_refusal_says_what_we_say(made: list[Edge]) -> None:
    """Its own list of refusals is the same or longer, never shorter in effect."""
    assert [e.place for e in made if ours(e) != (libsodium(e) and not is_small(e))] == []


def test_the_verifier_in_one_file_says_what_we_say(made: list[Edge]) -> None:
    """Its curve is written in Python, from the RFC."""
    some = [e for row, e in enumerate(made) if row % 5 == 0 or ours(e)]

    verdicts = {(ours(e), is_signature(e.key, e.message, e.signature)) for e in some}

    assert verdicts == {(True, True), (False, False)}


def test_without_the_refusal_the_libraries_disagree(made: list[Edge]) -> None:
    """The rule is needed."""
    verdicts = Counter((openssl(e), libsodium(e)) for e in made)

    assert verdicts[True, False] > 50
    assert verdicts[True, True] > 10
    assert verdicts[False, True] == 0
    assert len(made) == 22 * 22 * 3 * 2


def test_a_scalar_that_is_not_reduced_is_refused(made: list[Edge]) -> None:
    """Else anybody could make a second signature out of a first."""
    assert not any(ours(e) for e in made[1::2])
    assert any(ours(e) for e in made[::2])
