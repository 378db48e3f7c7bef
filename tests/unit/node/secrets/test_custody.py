# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest
from nacl.public import PrivateKey

from comity.errors import NotPermitted
from comity.node.secrets.custody import seal, unseal

KEY = PrivateKey(bytes(range(32)))


def test_only_the_addressee_opens_a_box() -> None:
    """Whoever sealed it included."""
    sealed = seal(b"items", bytes(KEY.public_key))
    assert unseal(sealed, KEY) == b"items"
    with pytest.raises(NotPermitted):
        unseal(sealed, PrivateKey(bytes(32)))


def test_a_changed_box_does_not_open() -> None:
    """Any byte of it."""
    sealed = seal(b"items", bytes(KEY.public_key))
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(NotPermitted):
            unseal(changed, KEY)


@pytest.mark.parametrize("sealed", [b"", b"x", bytes(47)])
def test_what_is_no_box_does_not_open(sealed: bytes) -> None:
    """Every refusal is our error."""
    with pytest.raises(NotPermitted):
        unseal(sealed, KEY)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(32)])
def test_nothing_is_sealed_for_no_key(key: bytes) -> None:
    """A wrong length, and a key whose every box anyone could open."""
    with pytest.raises(NotPermitted):
        seal(b"items", key)
