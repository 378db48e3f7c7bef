# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.ledger.mldsa import (
    MLDSA_PUBLIC_BYTES,
    MLDSA_SIGNATURE_BYTES,
    MlDsaKey,
    is_valid_mldsa,
    seed_from,
)

KEY = MlDsaKey.from_seed(bytes(range(32)))
MESSAGE = b"what was signed"


def test_a_signature_verifies_and_is_hedged() -> None:
    """Two signatures of one message differ; both verify."""
    first, second = KEY.sign(MESSAGE), KEY.sign(MESSAGE)
    assert (len(KEY.public), len(first)) == (MLDSA_PUBLIC_BYTES, MLDSA_SIGNATURE_BYTES)
    assert first != second
    assert is_valid_mldsa(KEY.public, MESSAGE, first)
    assert is_valid_mldsa(KEY.public, MESSAGE, second)


def test_one_seed_gives_one_key() -> None:
    """FIPS 204, algorithm 1: the key follows from the seed."""
    assert MlDsaKey.from_seed(bytes(range(32))).public == KEY.public
    assert MlDsaKey.from_seed(bytes(32)).public != KEY.public


@pytest.mark.parametrize("cut", [0, 1, 2419])
def test_nothing_else_verifies(cut: int) -> None:
    """Another message, another key, a flipped bit, another length."""
    signature = KEY.sign(MESSAGE)
    other = MlDsaKey.from_seed(bytes(32)).public
    flipped = signature[:cut] + bytes([signature[cut] ^ 1]) + signature[cut + 1 :]
    assert not is_valid_mldsa(KEY.public, b"another", signature)
    assert not is_valid_mldsa(other, MESSAGE, signature)
    assert not is_valid_mldsa(KEY.public, MESSAGE, flipped)
    assert not is_valid_mldsa(KEY.public, MESSAGE, signature[:cut])
    assert not is_valid_mldsa(KEY.public[:-1], MESSAGE, signature)


def test_a_seed_for_another_purpose_is_unrelated() -> None:
    """RFC 5869: the purpose is bound into what is derived."""
    first, second = seed_from(bytes(32), "one"), seed_from(bytes(32), "other")
    assert len(first) == 32
    assert first != second
    assert first == seed_from(bytes(32), "one")
    assert first != seed_from(bytes([1]) * 32, "one")


def test_the_secret_never_shows() -> None:
    """Not in a log line, not in a traceback."""
    assert "secret" not in repr(KEY)
