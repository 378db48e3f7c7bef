# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who asks: told by a signature that is right, fresh, and used once."""

import dataclasses
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.node.conftest import entropy_of

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.ids import Origin
from comity.kernel.instant import Instant, from_rfc3339
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.identity import Identity
from comity.ledger.signature import SigningKey, is_valid
from comity.node.fetch.http import Outgoing
from comity.node.fetch.key import (
    LIFETIME,
    Purpose,
    derive,
    key_document,
    open_key_document,
    read_key_document,
)
from comity.node.fetch.signature import Received, RequestChecker, RequestSigner, _Message
from comity.node.keys.keys import Keys, generate

NOW = from_rfc3339("2026-11-21T19:19:24Z")
ASKED = Outgoing(method="POST", url="https://br.example/add-checkpoint?x=1", body=b"old 0\n")


def keys_of(name: str) -> tuple[Keys, Identity]:
    """Return the keys of a member and what others know of it."""
    keys = generate(Origin(f"{name}.example/log"), entropy_of(name))
    keyset = keys.to_keyset(
        name=name, role="regulator", jurisdiction="KHM", example=True, issued=NOW
    )
    return keys, Identity.of(keyset)


KEYS, IDENTITY = keys_of("kh")
MEMBER = IDENTITY.member
DOCUMENT = key_document(KEYS, MEMBER, Purpose.TRANSPORT, NOW)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> Instant:
        """Return it."""
        return self.now


def checker(clock: Callable[[], Instant] = lambda: NOW) -> RequestChecker:
    """Return what a node uses that follows one member."""
    return RequestChecker({MEMBER: IDENTITY}.get, clock=clock)


def signer(
    document: bytes = DOCUMENT,
    key: SigningKey | None = None,
    clock: Callable[[], Instant] = lambda: NOW,
) -> RequestSigner:
    """Return what a member signs its requests with."""
    made = key or derive(KEYS, Purpose.TRANSPORT)
    return RequestSigner(made, document, clock=clock, entropy=entropy_of("nonces"))


def received(asked: Outgoing, fields: Mapping[str, str]) -> Received:
    """Return a request as the other side sees it."""
    lines = [(name.lower(), value) for name, value in fields.items()]
    lines.append(("host", asked.url.split("/")[2]))
    return Received(method=asked.method, url=asked.url, fields=lines, body=asked.body)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("body", [b"", b"old 0\n"])
@pytest.mark.parametrize(
    "url", ["https://br.example/checkpoint", "http://127.0.0.1:81/a?b=c&d", "https://[::1]/"]
)
def test_a_signed_request_says_who_asks(method: str, body: bytes, url: str) -> None:
    """Whatever is asked, of whom, with or without a body."""
    asked = Outgoing(method=method, url=url, body=body)
    assert checker().check(received(asked, signer()(asked))) == MEMBER


def test_anybody_may_ask_without() -> None:
    """What is public stays public."""
    assert checker().check(received(ASKED, {})) is None


def test_a_stranger_is_nobody() -> None:
    """A member this node does not follow asks as anybody does."""
    keys, identity = keys_of("br")
    document = key_document(keys, identity.member, Purpose.TRANSPORT, NOW)
    fields = signer(document, derive(keys, Purpose.TRANSPORT))(ASKED)
    assert checker().check(received(ASKED, fields)) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"url": "https://br.example/add-checkpoint?x=2"},
        {"url": "https://br.example/add-checkpoint"},
        {"url": "https://br.example/checkpoint?x=1"},
        {"url": "https://cd.example/add-checkpoint?x=1"},
        {"body": b"old 1\n"},
        {"body": b""},
    ],
)
def test_nothing_of_a_request_may_change_on_its_way(changed: dict[str, object]) -> None:
    """Nor may it be turned to another node, path, query or body."""
    request = dataclasses.replace(received(ASKED, signer()(ASKED)), **changed)  # type: ignore[arg-type]  # fields of the class
    with pytest.raises(VerificationFailed) as refused:
        checker().check(request)
    assert refused.value.code == "node.request_signature"


def test_a_scheme_may_change_on_its_way() -> None:
    """A proxy ends TLS in front of the node."""
    request = received(ASKED, signer()(ASKED))
    turned = dataclasses.replace(request, url=request.url.replace("https", "http"))
    assert checker().check(turned) == MEMBER


@pytest.mark.parametrize("seconds", [-301, 301, -86_400, 10**9])
def test_a_request_of_another_time_is_refused(seconds: int) -> None:
    """Five minutes either way, by the clock of who is asked; the refusal says how far off."""
    fields = signer()(ASKED)
    late = checker(lambda: NOW + timedelta(seconds=seconds))
    with pytest.raises(VerificationFailed, match=r"seconds (ago|ahead)|does not hold"):
        late.check(received(ASKED, fields))


def test_a_request_counts_once() -> None:
    """Who listens in gains nothing by saying it again, for as long as it would be fresh."""
    clock = Clock()
    door = checker(clock)
    request = received(ASKED, signer()(ASKED))
    assert door.check(request) == MEMBER
    for later in (0, 299, 300):
        clock.now = NOW + timedelta(seconds=later)
        with pytest.raises(VerificationFailed, match="used before"):
            door.check(request)
    assert checker().check(request) == MEMBER, "another node has not seen it"


def test_nonces_are_forgotten_when_they_can_do_no_harm() -> None:
    """Else the memory fills."""
    clock = Clock()
    door, sign = checker(clock), signer(clock=clock)
    for _ in range(50):
        assert door.check(received(ASKED, sign(ASKED))) == MEMBER
    clock.now = NOW + timedelta(seconds=601)
    assert door.check(received(ASKED, sign(ASKED))) == MEMBER
    assert len(door._nonces) == 1


@pytest.mark.parametrize(
    ("field", "edit"),
    [
        ("Signature-Input", lambda text: text.replace('"@path" ', "")),
        ("Signature-Input", lambda text: text.replace('"content-digest" ', "")),
        ("Signature-Input", lambda text: text.replace("comity-node", "other")),
        ("Signature-Input", lambda text: text.replace("ed25519", "hmac-sha256")),
        ("Signature-Input", lambda text: text.replace(";nonce=", ";nounce=")),
        ("Signature-Input", lambda text: text.replace("created=", "expires=")),
        ("Signature-Input", lambda text: text + ", " + text.replace("comity=", "b=", 1)),
        ("Signature-Input", lambda _: ""),
        ("Signature-Input", lambda _: "comity=()"),
        ("Signature-Input", lambda _: "\x00"),
        ("Signature", lambda _: "comity=:AAAA:"),
        ("Signature", lambda text: text.replace("=", "", 1)),
        ("Content-Digest", lambda text: text.replace("sha-256", "md5")),
        ("Content-Digest", lambda _: "sha-256=:AAAA:"),
        ("Comity-Key", lambda text: text[:-4]),
        ("Comity-Key", lambda _: "%%%"),
        ("Comity-Key", lambda _: to_base64(b"{}")),
    ],
)
def test_a_field_that_was_edited_is_refused(field: str, edit: Callable[[str], str]) -> None:
    """By our error, whatever the edit."""
    fields = dict(signer()(ASKED))
    fields[field] = edit(fields[field])
    with pytest.raises(VerificationFailed) as refused:
        checker().check(received(ASKED, fields))
    assert refused.value.code == "node.request_signature"


@given(field=st.sampled_from(["signature", "signature-input", "comity-key"]), text=st.text())
def test_no_field_breaks_the_door(field: str, text: str) -> None:
    """A parser of strangers' words raises nothing but ours."""
    fields = dict(signer()(ASKED))
    request = received(ASKED, fields)
    lines = [(name, text if name == field else value) for name, value in request.fields]
    with pytest.raises(VerificationFailed):
        checker().check(dataclasses.replace(request, fields=lines))


def test_a_key_nobody_vouches_for_is_refused() -> None:
    """For another purpose, another member's, too old, or not the key that signed."""
    stranger, _ = keys_of("br")
    for document, key in [
        (key_document(KEYS, MEMBER, Purpose.RECEIPT, NOW), derive(KEYS, Purpose.RECEIPT)),
        (key_document(stranger, MEMBER, Purpose.TRANSPORT, NOW), None),
        (key_document(KEYS, MEMBER, Purpose.TRANSPORT, NOW - LIFETIME * 2), None),
        (key_document(KEYS, MEMBER, Purpose.TRANSPORT, NOW + LIFETIME), None),
        (DOCUMENT, derive(stranger, Purpose.TRANSPORT)),
        (DOCUMENT, KEYS.statement),
    ]:
        with pytest.raises(VerificationFailed):
            checker().check(received(ASKED, signer(document, key)(ASKED)))


def test_each_purpose_has_a_key_of_its_own() -> None:
    """Derived ones too; the same key file always gives the same."""
    found = {
        *(derive(KEYS, purpose).public for purpose in Purpose),
        KEYS.statement.public,
        KEYS.log.key.public,
        KEYS.witness.key.public,
    }
    assert len(found) == 5
    assert derive(KEYS, Purpose.TRANSPORT) == derive(KEYS, Purpose.TRANSPORT)


def test_a_document_of_a_key_says_what_anyone_can_check() -> None:
    """With the member's statement key, which its log states."""
    found = open_key_document(DOCUMENT, IDENTITY, Purpose.TRANSPORT, NOW)
    assert (found.member, found.until) == (MEMBER, NOW + LIFETIME)
    assert found.public == derive(KEYS, Purpose.TRANSPORT).public
    assert read_key_document(DOCUMENT) == found
    for garbage in (b"", b"{}", DOCUMENT[:-1], DOCUMENT.replace(b"payload", b"poyload")):
        with pytest.raises(InvalidDocument):
            read_key_document(garbage)


# RFC 9421, appendix B.1.4, B.2 and B.2.6: the key, the request and the signature over it.
RFC_KEY = "JrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs="
RFC_BASE = b"""\
"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")\
;created=1618884473;keyid="test-key-ed25519\""""
RFC_SIGNATURE = (
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
)
RFC_COVERED = ("date", "@method", "@path", "@authority", "content-type", "content-length")
RFC_FIELDS = {
    "Host": "example.com",
    "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
    "Content-Type": "application/json",
    "Content-Length": "18",
}


def test_the_published_signature_verifies_under_our_one_verdict() -> None:
    """RFC 9421, appendix B.2.6."""
    key, signature = from_base64(RFC_KEY), from_base64(RFC_SIGNATURE)
    assert is_valid(key, RFC_BASE, signature)
    assert not is_valid(key, RFC_BASE.replace(b"POST", b"PUT"), signature)


def test_what_we_sign_is_what_the_standard_says() -> None:
    """The bytes under the signature of RFC 9421, appendix B.2.6, made by our signer's parts."""
    message = _Message("POST", "https://example.com/foo?param=Value&Pet=dog", RFC_FIELDS)
    prepared = signer()._signer.prepare(
        message,
        key_id="test-key-ed25519",
        created=from_rfc3339("2021-04-20T02:07:53Z"),
        include_alg=False,
        covered_component_ids=RFC_COVERED,
    )
    assert prepared.signature_base == RFC_BASE


def test_the_digest_of_a_body_is_the_published_one() -> None:
    """RFC 9530, appendix D: the digest of `{"hello": "world"}` and a line feed."""
    asked = Outgoing(method="POST", url="https://x.example/", body=b'{"hello": "world"}\n')
    fields = signer()(asked)
    expected = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
    assert fields["Content-Digest"] == expected
