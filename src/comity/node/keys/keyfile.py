# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Files of secrets that a passphrase opens.

Source:
    Argon2id, RFC 9106; the sealed box is libsodium's secretbox (XSalsa20-Poly1305).
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from nacl import pwhash
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from comity.errors import Fault, InvalidDocument, NotPermitted
from comity.kernel.canonical import from_canonical, to_canonical
from comity.ledger.base64text import from_base64, to_base64

Entropy: TypeAlias = Callable[[int], bytes]
"""Return that many unpredictable bytes; `secrets.token_bytes` at the edge."""

_MAX_MEMORY_BYTES = 2**30
_MAX_WORK_BYTES = 2**31
"""Passes times memory: seconds, where a file may ask for more than a minute."""


class Strength(Enum):
    """What opening a sealed file costs: Argon2id passes and bytes of memory."""

    NORMAL = (3, 64 * 2**20)
    LIGHT = (1, 8 * 2**20)  # for example nodes only: their passphrase is public


def seal_secret(
    secret: bytes, passphrase: str, *, form: str, entropy: Entropy, strength: Strength
) -> bytes:
    """Write a secret as a file of a named form.

    Raises:
        NotPermitted: The passphrase is empty.
    """
    if not passphrase:
        raise NotPermitted(
            "an empty passphrase protects nothing",
            code="node.passphrase",
            hint="give one with --passphrase-file or COMITY_PASSPHRASE",
        )
    passes, memory = strength.value
    salt, nonce = entropy(pwhash.argon2id.SALTBYTES), entropy(SecretBox.NONCE_SIZE)
    box = SecretBox(_stretch(passphrase, salt, passes, memory)).encrypt(secret, nonce)
    return to_canonical(
        {
            "format": form,
            "passes": passes,
            "memory_bytes": memory,
            "salt": to_base64(salt),
            "box": to_base64(bytes(box)),
        }
    )


def open_secret(sealed: bytes, passphrase: str, *, form: str) -> tuple[bytes, Strength]:
    """Read a file of a named form, and how strongly it was sealed.

    Raises:
        InvalidDocument: Not a file of that form.
        NotPermitted: The passphrase is wrong, or the file was changed.
    """
    match from_canonical(sealed):
        case {
            "format": str(found),
            "passes": int(passes),
            "memory_bytes": int(memory),
            "salt": str(salt),
            "box": str(box),
        } if (
            found == form
            and 1 <= passes <= 64
            and 8192 <= memory <= _MAX_MEMORY_BYTES
            and passes * memory <= _MAX_WORK_BYTES
        ):
            key = _stretch(passphrase, from_base64(salt), passes, memory)
        case _:
            raise malformed("not a key file of Comity")
    try:
        secret = SecretBox(key).decrypt(from_base64(box))
    except CryptoError:
        raise NotPermitted(
            "the passphrase does not open this key file",
            code="node.passphrase",
            hint="check --passphrase-file or COMITY_PASSPHRASE; a changed file fails alike",
        ) from None
    is_light = (passes, memory) == Strength.LIGHT.value
    return secret, Strength.LIGHT if is_light else Strength.NORMAL


def malformed(message: str) -> InvalidDocument:
    """Return the refusal of a file that is no key file."""
    return InvalidDocument(message, code="node.key_file", faults=[Fault(message=message)])


def _stretch(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    if len(salt) != pwhash.argon2id.SALTBYTES:
        raise malformed("the salt of the key file has a wrong length")
    return pwhash.argon2id.kdf(
        SecretBox.KEY_SIZE, passphrase.encode(), salt, opslimit=passes, memlimit=memory
    )
