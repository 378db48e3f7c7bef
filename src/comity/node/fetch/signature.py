# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Requests that say which member asks: signed on the way out, checked on the way in.

Nothing public needs a signature. A request that bears one must bear a right one, and bears it
once.

Source:
    RFC 9421, HTTP Message Signatures; RFC 9530, Digest Fields.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from comity.errors import ComityError, InvalidDocument, VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, to_posix
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.envelope import keyid_of
from comity.ledger.identity import Identity
from comity.ledger.signature import SigningKey, is_valid
from comity.node.fetch.http import Outgoing
from comity.node.fetch.key import SKEW, Purpose, open_key_document, read_key_document

KEY_FIELD = "Comity-Key"
TAG = "comity-node"
COMPONENTS = ("@method", "@authority", "@path", "@query", "content-digest", "comity-key")
_LABEL = "comity"
_NONCE_BYTES = 16
_MOST_NONCES = 200_000
_TRUSTED_S = 60
_NO_CLOCK = timedelta(days=36_500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it came in.

    Args:
        url: Scheme, host and target as they were asked for.
        fields: Every field line, in order, names in lower case.
    """

    method: str
    url: str
    fields: Sequence[tuple[str, str]]
    body: bytes

    def values(self, name: str) -> list[str]:
        """Return the lines of one field."""
        return [value for key, value in self.fields if key == name]


class RequestSigner:
    """Signs what one member asks.

    Args:
        document: The member's own word for the key (`http_key.key_document`).
        entropy: Returns that many unpredictable bytes.
    """

    def __init__(
        self,
        key: SigningKey,
        document: bytes,
        *,
        clock: Callable[[], Instant],
        entropy: Callable[[int], bytes],
    ) -> None:
        self._key = key
        self._document = to_base64(document)
        self._clock = clock
        self._entropy = entropy
        self._signer = HTTPMessageSigner(signature_algorithm=_OneVerdict)

    def __call__(self, asked: Outgoing) -> Mapping[str, str]:
        """Return the fields to send with a request."""
        fields = {KEY_FIELD: self._document}
        message = _Message(asked.method, asked.url, fields)
        prepared = self._signer.prepare(
            message,
            key_id=keyid_of(self._key.public),
            created=self._clock(),
            nonce=to_base64(self._entropy(_NONCE_BYTES)),
            label=_LABEL,
            tag=TAG,
            covered_component_ids=COMPONENTS,
            body=asked.body,
        )
        self._signer.apply(message, prepared, self._key.sign(prepared.signature_base))
        return fields


class RequestChecker:
    """Tells which member asks.

    Args:
        find_member: Return what is known of a followed member, or None for any other.
    """

    def __init__(
        self,
        find_member: Callable[[MemberId], Identity | None],
        *,
        clock: Callable[[], Instant],
    ) -> None:
        self._find_member = find_member
        self._clock = clock
        self._lock = threading.Lock()
        self._nonces: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._vouched: dict[bytes, tuple[MemberId, bytes, int]] = {}

    def check(self, request: Received) -> MemberId | None:
        """Return the member that signed, or None where nobody we follow did.

        Raises:
            VerificationFailed: The signature is wrong, stale, or was seen before.
        """
        if not request.values("signature-input") and not request.values("signature"):
            return None
        try:
            vouched = self._vouch(request)
            if vouched is None:
                return None
            member, key = vouched
            self._verify(request, key)
        except InvalidDocument as error:
            raise _refused(error.message) from None
        return member

    def _vouch(self, request: Received) -> tuple[MemberId, bytes] | None:
        """Return who vouches for the key a request brings along."""
        lines = request.values(KEY_FIELD.lower())
        if len(lines) != 1:
            raise _refused(f"it must bring its key in one {KEY_FIELD} field")
        document = from_base64(lines[0])
        name, now = sha256(document), self._clock()
        known = self._vouched.get(name)
        if known is not None and 0 <= to_posix(now) - known[2] < _TRUSTED_S:
            return known[:2]
        identity = self._find_member(read_key_document(document).member)
        if identity is None:
            return None
        found = open_key_document(document, identity, Purpose.TRANSPORT, now)
        if len(self._vouched) > 1000:
            self._vouched.clear()
        self._vouched[name] = (found.member, found.public, to_posix(now))
        return found.member, found.public

    def _verify(self, request: Received, key: bytes) -> None:
        verifier = HTTPMessageVerifier(
            signature_algorithm=_OneVerdict, key_resolver=_OneKey(key)
        )
        verifier.max_clock_skew = _NO_CLOCK  # this node's own clock judges, below
        message = _Message(request.method, request.url, _Lines(request.fields))
        try:
            [found] = verifier.verify(
                message,
                max_age=None,
                expect_tag=TAG,
                require_components=COMPONENTS,
                body=request.body,
            )
        except (HTTPMessageSignaturesException, InvalidSignature, ValueError) as error:
            raise _refused(str(error)) from None
        if found.body is None:
            raise _refused("it does not cover the body")
        self._take(found.parameters)

    def _take(self, parameters: Mapping[str, object]) -> None:
        """Note a signature's nonce, refusing one that was noted, and one of another time."""
        match parameters:
            case {"created": int(created), "nonce": str(nonce), "keyid": str(keyid)} if nonce:
                pass
            case _:
                raise _refused("it names no time or no nonce")
        now, skew = to_posix(self._clock()), int(SKEW.total_seconds())
        if abs(now - created) > skew:
            away = f"{abs(now - created)} seconds {'ago' if created < now else 'ahead'}"
            raise _refused(f"it was made {away} by the clock of this node")
        with self._lock:
            while self._nonces and next(iter(self._nonces.values())) < now - 2 * skew:
                self._nonces.popitem(last=False)
            if (keyid, nonce) in self._nonces:
                raise _refused("it was used before")
            if len(self._nonces) >= _MOST_NONCES:
                raise _refused("too many signed requests came at once; ask again later")
            self._nonces[keyid, nonce] = now


class _OneVerdict(HTTPSignatureAlgorithm):  # the library asks for its subclass
    """Ed25519 with the one verdict of every node (`ledger.signature`)."""

    algorithm_id = "ed25519"

    def __init__(
        self, public_key: bytes | None = None, private_key: bytes | None = None
    ) -> None:
        self._public_key = public_key or b""
        self._private_key = private_key

    def verify(self, signature: bytes, message: bytes) -> None:
        """Refuse a wrong signature."""
        if not is_valid(self._public_key, message, signature):
            raise InvalidSignature("the signature does not verify")


class _OneKey(HTTPSignatureKeyResolver):  # the library asks for its subclass
    """Knows one key, and names it by its digest."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> bytes | None:
        """Return the key of an id."""
        return self._key if key_id == keyid_of(self._key) else None


@dataclass(slots=True)
class _Message:
    """A request in the form the library reads."""

    method: str
    url: str
    headers: "dict[str, str] | _Lines"


@dataclass(slots=True)
class _Lines:
    """Field lines, repeated ones included."""

    lines: Sequence[tuple[str, str]]

    def items(self) -> Sequence[tuple[str, str]]:
        """Return every line."""
        return self.lines


def _refused(reason: str) -> ComityError:
    return VerificationFailed(
        f"the request's signature does not count: {' '.join(reason.split())}",
        code="node.request_signature",
        hint="set the clock right; or ask without a signature, what is public needs none",
    )
