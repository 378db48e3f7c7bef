# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Sign with an Ed25519 key that stays in a hardware token (PKCS#11).

Source:
    PKCS #11 Specification 3.1, section 6.3.17 (CKM_EDDSA). The address is that of
    securesystemslib's own HSMSigner, `hsm:KEYID?label=TOKEN`, with the module in PYKCS11LIB
    or in `module=`.
"""

import os
from urllib import parse

from securesystemslib.signer import Key, SecretsHandler, Signature, Signer, SSlibKey


class HsmSigner(Signer):
    """An Ed25519 key of a PKCS#11 token.

    Args:
        keyid: The key's CKA_ID on the token, as a number.
        label: The token's label; None where there is one token only.
    """

    SCHEME = "hsm"
    MODULE_VARIABLE = "PYKCS11LIB"

    def __init__(
        self,
        keyid: int,
        public_key: SSlibKey,
        pin: SecretsHandler,
        label: str | None,
        module: str,
    ) -> None:
        self._keyid = keyid
        self._public_key = public_key
        self._pin = pin
        self._label = label
        self._module = module

    @property
    def public_key(self) -> SSlibKey:
        """Return the key's public half."""
        return self._public_key

    @classmethod
    def from_priv_key_uri(
        cls, priv_key_uri: str, public_key: Key, secrets_handler: SecretsHandler | None = None
    ) -> "HsmSigner":
        """Read the address of a key.

        Raises:
            ValueError: No module, no way to ask for the PIN, or not an Ed25519 key.
        """
        address = parse.urlparse(priv_key_uri)
        fields = dict(parse.parse_qsl(address.query))
        module = fields.get("module") or os.environ.get(cls.MODULE_VARIABLE)
        if not module:
            message = f"set {cls.MODULE_VARIABLE} or module= to the token's PKCS#11 library"
            raise ValueError(message)
        if secrets_handler is None or not isinstance(public_key, SSlibKey):
            raise ValueError("a token needs its PIN and its public key")
        if public_key.scheme != "ed25519":
            raise ValueError(f"a key of scheme {public_key.scheme}, not Ed25519")
        keyid = int(address.path or "2")
        return cls(keyid, public_key, secrets_handler, fields.get("label"), module)

    def sign(self, payload: bytes) -> Signature:
        """Sign on the token.

        Raises:
            ValueError: The token or the key is not there.
        """
        import pkcs11  # noqa: PLC0415 - the extra `hsm`, which most nodes lack
        from pkcs11.util import biginteger  # noqa: PLC0415

        token = pkcs11.lib(self._module).get_token(token_label=self._label)
        with token.open(user_pin=self._pin("pin")) as session:
            key = session.get_key(
                pkcs11.ObjectClass.PRIVATE_KEY,
                pkcs11.KeyType.EC_EDWARDS,
                id=biginteger(self._keyid),
            )
            if not isinstance(key, pkcs11.SignMixin):
                raise TypeError("the token's key cannot sign")
            signature = key.sign(payload, mechanism=pkcs11.Mechanism.EDDSA)
        return Signature(self._public_key.keyid, signature.hex())
