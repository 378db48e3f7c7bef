# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keys that never lie on the node's disk: hardware tokens and key services.

Loaded through securesystemslib's signer interface, whichever signer it knows for the address
(`file2:`, `awskms:`, `gcpkms:`, `azurekms:`, `hv:` and others), and `hsm:` by our own, since
the one it brings cannot use Ed25519. A signature is checked before it is used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from comity.errors import ComityError, NotPermitted
from comity.ledger.envelope import keyid_of
from comity.ledger.signature import is_valid

if TYPE_CHECKING:
    from securesystemslib.signer import Signer

Ask: TypeAlias = Callable[[str], str]
"""Return a secret by its name ("pin", "passphrase"), as the signer asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A signing key behind an address."""

    public: bytes
    uri: str
    signer: "Signer"

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of a message.

        Raises:
            NotPermitted: The token refused, or signed with another key.
        """
        try:
            signature = bytes.fromhex(self.signer.sign(message).signature)
        except ComityError:
            raise
        except Exception as error:  # noqa: BLE001 - its documentation: signers raise anything
            raise _refused(self.uri, f"it does not sign: {_said(error)}") from None
        if not is_valid(self.public, message, signature):
            raise _refused(self.uri, "it signs with another key than its public key")
        return signature


def open_token(uri: str, public: bytes, ask: Ask) -> Token:
    """Open the signing key at an address.

    Raises:
        NotPermitted: No such scheme, no such key, a wrong PIN, a library that is not
            installed, or a key that is not Ed25519.
    """
    from securesystemslib.signer import (  # noqa: PLC0415 - 0.2 s, for those who have tokens
        SIGNER_FOR_URI_SCHEME,
        Signer,
        SSlibKey,
    )

    from comity.node.keys.hsm import HsmSigner  # noqa: PLC0415 - it imports the same

    scheme = uri.partition(":")[0]
    known = {**SIGNER_FOR_URI_SCHEME, HsmSigner.SCHEME: HsmSigner}
    if scheme not in known:
        raise _refused(uri, f"no signer for {scheme!r}; there are {', '.join(sorted(known))}")
    key = SSlibKey(keyid_of(public), "ed25519", "ed25519", {"public": public.hex()})
    SIGNER_FOR_URI_SCHEME[HsmSigner.SCHEME] = HsmSigner
    try:
        signer = Signer.from_priv_key_uri(uri, key, ask)
    except ComityError:
        raise
    except Exception as error:  # noqa: BLE001 - its documentation: signers raise anything
        raise _refused(uri, _said(error)) from None
    return Token(public=public, uri=uri, signer=signer)


def _said(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _refused(uri: str, message: str) -> NotPermitted:
    shown = uri.partition("?")[0]
    return NotPermitted(
        f"the signing key {shown} cannot be used: {message}",
        code="node.token",
        hint="it must hold an Ed25519 key; docs/how-to/rotate-a-key.md shows the addresses",
    )
