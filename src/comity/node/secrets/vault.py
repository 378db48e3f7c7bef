# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a member keeps to itself: nonces not yet revealed, banks not yet opened.

Each secret is sealed to the member's own agreement key, so a stolen disk without the
passphrase shows how many there are and how large, and nothing else.
"""

from collections.abc import Callable, Sequence

from nacl.public import PrivateKey

from comity.errors import NotFound
from comity.node.disk.storage import Storage
from comity.node.secrets.custody import seal, unseal

_FOLDER = "vault/"


class Vault:
    """Named secrets in a node's folder.

    Args:
        keys: Return the agreement key in use, then earlier ones, which open what was kept
            before it. Asked only where something is to be kept or opened.
    """

    def __init__(self, storage: Storage, keys: Callable[[], Sequence[PrivateKey]]) -> None:
        self._storage = storage
        self._keys = keys

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret under a name, replacing an older one.

        Raises:
            StorageFailed: Nothing was kept.
        """
        sealed = seal(secret, bytes(self._keys()[0].public_key))
        self._storage.replace(_FOLDER + name, sealed)

    def get(self, name: str) -> bytes:
        """Return the secret of that name.

        Raises:
            NotFound: This node keeps none.
            NotPermitted: The file was changed, or sealed under other keys.
        """
        secret = self.find(name)
        if secret is None:
            raise NotFound(
                f"this node keeps no secret named {name}",
                code="node.vault",
                hint="secrets stay on the node that drew them; run this there",
            )
        return secret

    def find(self, name: str) -> bytes | None:
        """Return the secret of that name, or None.

        Raises:
            NotPermitted: The file was changed, or sealed under other keys.
        """
        try:
            sealed = self._storage.read(_FOLDER + name)
        except NotFound:
            return None
        return unseal(sealed, *self._keys())

    def remove(self, name: str) -> bool:
        """Forget the secret of that name, and tell whether there was one.

        Raises:
            StorageFailed: It is still there.
        """
        was_there = self._storage.length(_FOLDER + name) > 0
        self._storage.remove(_FOLDER + name)
        return was_there
