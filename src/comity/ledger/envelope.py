# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A signed payload: the DSSE envelope, in one spelling.

Source:
    DSSE protocol v1.0.2 (secure-systems-lab/dsse). Narrowed: the envelope itself is canonical
    JSON, base64 is strict, every signature names its key.
"""

import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.ledger.base64text import find_bytes, from_base64, to_base64
from comity.ledger.note import Secret
from comity.ledger.signature import SIGNATURE_BYTES, is_valid

MAX_PAYLOAD_BYTES = 32 * 1024
MAX_ENTRY_BYTES = 65_535
MAX_SIGNATURES = 16

_MISSPELT = "is not base64 as RFC 4648 section 4 writes it"

_HEAD = b'{"payload":"'
_TAIL = re.compile(
    rb'","payloadType":"([A-Za-z0-9./+-]+)",'
    rb'"signatures":\[{"keyid":"([0-9a-f]{64})","sig":"([A-Za-z0-9+/]{85}[AQgw]==)"}\]}'
)
"""The end of an envelope with one signature: bytes of this form are canonical as they stand.

64 bytes leave four bits of the last letter before the padding, which must be zero.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySignature:
    """One signature and the id of the key that made it."""

    keyid: str
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What was signed, as bytes, and by whom.

    Args:
        encoded: The envelope's own bytes, as they stand in the log.
    """

    payload_type: str
    payload: bytes
    signatures: tuple[KeySignature, ...]
    encoded: bytes

    @property
    def digest(self) -> Digest:
        """Return the SHA-256 by which references name this entry."""
        return sha256(self.encoded)


def keyid_of(public_key: bytes) -> str:
    """Return the id of an Ed25519 key: the SHA-256 of its 32 bytes, in hex."""
    return sha256(public_key).hex()


def pre_authentication(payload_type: str, payload: bytes) -> bytes:
    """Return the bytes a signature covers, so that no type passes for another.

    Source:
        DSSE protocol v1.0.2, "PAE".
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def sign_payload(
    payload: bytes, payload_type: str, keys: Iterable[Secret | tuple[str, Secret]]
) -> bytes:
    """Return the encoded envelope of a payload under each key, in the order given.

    Raises:
        InvalidDocument: The payload is larger than 32 KiB.
    """
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise _refused([Fault(message=_too_large(len(payload)))], code="ledger.oversized")
    message = pre_authentication(payload_type, payload)
    signatures: list[Json] = [
        {"keyid": keyid, "sig": to_base64(key.sign(message))}
        for keyid, key in map(_named, keys)
    ]
    return to_canonical(
        {
            "payload": to_base64(payload),
            "payloadType": payload_type,
            "signatures": signatures,
        }
    )


def count_signatures(envelope: Envelope, keys: Mapping[str, bytes]) -> int:
    """Count the keys that signed; a signature that does not verify counts for nothing.

    Source:
        The Update Framework 1.0, section 5.3.4.
    """
    message = pre_authentication(envelope.payload_type, envelope.payload)
    return sum(
        one.keyid in keys and is_valid(keys[one.keyid], message, one.signature)
        for one in envelope.signatures
    )


def with_signature(envelope: Envelope, key: Secret) -> Envelope:
    """Return the envelope with one more signature, in place of one by the same key.

    Raises:
        InvalidDocument: It would have more than 16.
    """
    message = pre_authentication(envelope.payload_type, envelope.payload)
    keyid = keyid_of(key.public)
    others = tuple(one for one in envelope.signatures if one.keyid != keyid)
    signatures = (*others, KeySignature(keyid=keyid, signature=key.sign(message)))
    rows: list[Json] = [
        {"keyid": one.keyid, "sig": to_base64(one.signature)} for one in signatures
    ]
    return from_bytes(
        to_canonical(
            {
                "payload": to_base64(envelope.payload),
                "payloadType": envelope.payload_type,
                "signatures": rows,
            }
        )
    )


def _named(key: Secret | tuple[str, Secret]) -> tuple[str, Secret]:
    return key if isinstance(key, tuple) else (keyid_of(key.public), key)


def from_bytes(encoded: bytes) -> Envelope:
    """Read an envelope, listing every fault.

    Raises:
        InvalidDocument: Not an envelope in its one spelling, or larger than allowed.
    """
    if len(encoded) > MAX_ENTRY_BYTES:
        said = f"{len(encoded)} bytes; an entry has at most {MAX_ENTRY_BYTES}"
        raise _refused([Fault(message=said)], code="ledger.oversized")
    return _find_usual(encoded) or _from_canonical(encoded)


def _find_usual(encoded: bytes) -> Envelope | None:
    """Read the envelope nearly every entry is, at a third of the cost; None for any other."""
    found = find_usual(encoded)
    if found is None:
        return None
    payload_type, payload, keyid, signature = found
    return Envelope(
        payload_type=payload_type,
        payload=payload,
        signatures=(KeySignature(keyid=keyid, signature=signature),),
        encoded=encoded,
    )


def find_usual(encoded: bytes) -> tuple[str, bytes, str, bytes] | None:
    """Return the payload type, payload, key id and signature of an entry, not checked.

    Returns:
        None for an entry with several signatures, and for one that is no envelope.
    """
    end = encoded.find(b'"', len(_HEAD))
    found = _TAIL.fullmatch(encoded, end) if encoded.startswith(_HEAD) and end > 0 else None
    if found is None or len(encoded) > MAX_ENTRY_BYTES:
        return None
    payload_type, keyid, sig = found.groups()
    payload = find_bytes(encoded[len(_HEAD) : end])
    if not payload or len(payload) > MAX_PAYLOAD_BYTES:
        return None
    return payload_type.decode(), payload, keyid.decode(), binascii.a2b_base64(sig)


def _from_canonical(encoded: bytes) -> Envelope:
    value = from_canonical(encoded)
    if not isinstance(value, dict):
        raise _refused([Fault(message="an envelope is a JSON object")])
    faults: list[Fault] = []
    payload_type = value.get("payloadType")
    if not isinstance(payload_type, str) or not payload_type:
        faults.append(Fault(message="payloadType must be a text"))
    payload = _bytes_at(value, "payload", "", faults)
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise _refused([Fault(message=_too_large(len(payload)))], code="ledger.oversized")
    signatures = _signatures(value.get("signatures"), faults)
    if faults:
        if all(fault.message.endswith(_MISSPELT) for fault in faults):
            raise _refused(faults, code="ledger.base64")
        raise _refused(faults)
    return Envelope(
        payload_type=str(payload_type),
        payload=payload,
        signatures=signatures,
        encoded=encoded,
    )


def verify_envelope(envelope: Envelope, keys: Mapping[str, bytes], *, place: str = "") -> None:
    """Check that a known key signed, and that no known key's signature is wrong.

    Args:
        keys: Public keys by key id.

    Raises:
        VerificationFailed: No signature by a known key, or one that does not verify.
    """
    message = pre_authentication(envelope.payload_type, envelope.payload)
    known = [one for one in envelope.signatures if one.keyid in keys]
    if not known:
        raise VerificationFailed(
            "no key of the member's keyset signed this statement",
            code="ledger.unknown_signer",
            hint="the statement was signed by somebody else",
            place=place,
        )
    for one in known:
        if not is_valid(keys[one.keyid], message, one.signature):
            raise VerificationFailed(
                f"the signature by key {one.keyid[:16]} does not verify",
                code="ledger.signature",
                hint="the statement was changed after it was signed",
                place=place,
            )


def _signatures(value: object, faults: list[Fault]) -> tuple[KeySignature, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_SIGNATURES:
        faults.append(Fault(message=f"signatures must list 1 to {MAX_SIGNATURES} signatures"))
        return ()
    found: list[KeySignature] = []
    for position, one in enumerate(value):
        place = f"signatures[{position}]"
        if not isinstance(one, dict) or not isinstance(one.get("keyid"), str):
            faults.append(Fault(message=f"{place}.keyid must be a text"))
            continue
        signature = _bytes_at(one, "sig", f"{place}.", faults)
        if signature and len(signature) != SIGNATURE_BYTES:
            faults.append(Fault(message=f"{place}.sig must be {SIGNATURE_BYTES} bytes"))
        found.append(KeySignature(keyid=one["keyid"], signature=signature))
    if len({one.keyid for one in found}) != len(found):
        faults.append(Fault(message="signatures name one key twice"))
    return tuple(found)


def _bytes_at(value: Mapping[str, object], name: str, place: str, faults: list[Fault]) -> bytes:
    text = value.get(name)
    if not isinstance(text, str) or not text:
        faults.append(Fault(message=f"{place}{name} must be base64 text"))
        return b""
    try:
        return from_base64(text)
    except InvalidDocument as error:
        faults.extend(Fault(message=f"{place}{name}: {one}") for one in error.faults)
        return b""


def _too_large(size: int) -> str:
    return f"a payload of {size} bytes; at most {MAX_PAYLOAD_BYTES}, more belongs in a blob"


def _refused(faults: list[Fault], *, code: str = "ledger.envelope") -> InvalidDocument:
    return InvalidDocument(
        "not a statement's envelope",
        code=code,
        hint="publish statements with `comity publish`; put larger content in a blob",
        faults=faults,
    )
