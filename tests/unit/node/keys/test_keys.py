# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
import secrets
from collections.abc import Callable

import pytest

from comity.errors import InvalidDocument, NotPermitted
from comity.kernel.canonical import to_canonical
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.ledger.keyset import from_predicate, to_predicate
from comity.node.keys.keys import Keys, Strength, generate, open_keys, seal_keys

ORIGIN = Origin("kh.example/log")


def sealed(keys: Keys, passphrase: str = "right") -> bytes:  # noqa: S107 - of a test
    """Seal keys lightly."""
    return seal_keys(keys, passphrase, entropy=secrets.token_bytes, strength=Strength.LIGHT)


@pytest.fixture
def keys() -> Keys:
    """Return fresh keys."""
    return generate(ORIGIN, secrets.token_bytes)


def test_sealed_keys_come_back(keys: Keys) -> None:
    """With the passphrase, and as they were."""
    assert open_keys(sealed(keys), "right") == keys


@pytest.mark.parametrize("passphrase", ["wrong", "", "right ", "Right"])
def test_a_wrong_passphrase_opens_nothing(keys: Keys, passphrase: str) -> None:
    """And says no more than that."""
    with pytest.raises(NotPermitted) as refused:
        open_keys(sealed(keys), passphrase)
    assert refused.value.code == "node.passphrase"


def test_an_empty_passphrase_seals_nothing(keys: Keys) -> None:
    """It would look protected."""
    with pytest.raises(NotPermitted):
        sealed(keys, "")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: raw[:0],
        lambda raw: raw[:-1],
        lambda raw: raw.replace(b"comity-keys/v1", b"comity-keys/v2"),
        lambda raw: raw.replace(b'"passes":1', b'"passes":0'),
        lambda raw: raw.replace(b'"memory_bytes":8388608', b'"memory_bytes":8388608000'),
        lambda raw: to_canonical({**json.loads(raw), "salt": "AAAA"}),
        lambda raw: to_canonical({**json.loads(raw), "box": "AAA"}),
    ],
)
def test_a_malformed_key_file_is_refused(keys: Keys, spoil: Callable[[bytes], bytes]) -> None:
    """Also one that would ask for gigabytes of memory."""
    with pytest.raises(InvalidDocument):
        open_keys(spoil(sealed(keys)), "right")


def test_a_changed_box_is_refused(keys: Keys) -> None:
    """The box is authenticated, not only encrypted."""
    value = json.loads(sealed(keys))
    value["box"] = ("B" if value["box"][50] == "A" else "A").join(
        [value["box"][:50], value["box"][51:]]
    )
    with pytest.raises(NotPermitted):
        open_keys(to_canonical(value), "right")


def test_every_purpose_has_its_own_key(keys: Keys) -> None:
    """A signature for one purpose must not serve another."""
    publics = {
        keys.log.key.public,
        keys.statement.public,
        keys.witness.key.public,
        bytes(keys.agreement.public_key),
    }
    assert len(publics) == 4
    assert len({keys.log.key.name, keys.witness.key.name}) == 2


def test_the_keyset_states_these_keys_and_promises_the_next(keys: Keys) -> None:
    """A thief of the present keys does not hold those the digest names."""
    keyset = keys.to_keyset(
        name="AI Office",
        role="regulator",
        jurisdiction="KHM",
        example=True,
        issued=from_rfc3339("2026-11-21T19:19:24Z"),
    )
    assert from_predicate(to_predicate(keyset)) == keyset
    assert list(keyset.statement_keys.values()) == [keys.statement.public]
    assert keys.following is not None
    following = Keys(origin=ORIGIN, current=keys.following, following=keys.current)
    then = following.to_keyset(
        name="x", role="regulator", jurisdiction="KHM", example=True, issued=keyset.issued
    )
    assert then.next_digest != keyset.next_digest


def test_no_secret_shows_in_a_representation(keys: Keys) -> None:
    """Tracebacks travel."""
    assert keys.following is not None
    for seed in (keys.current.log, keys.current.statement, keys.following.agreement):
        assert repr(seed)[2:20] not in repr(keys)
