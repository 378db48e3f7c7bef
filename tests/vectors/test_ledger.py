# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The exact bytes of what we sign: a change here is a change of the format."""

import base64

from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign
from comity.ledger.envelope import keyid_of, sign_payload
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteSigner
from comity.ledger.proof import InclusionProof
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE, Statement, Subject, to_payload
from comity.node.disk.journal import to_frame

NOW = from_rfc3339("2026-11-21T19:19:24Z")
KEY = SigningKey.from_seed(bytes(range(32)))
LOG = NoteSigner.of("kh.example/log", ED25519, KEY)
WITNESS = NoteSigner.of("br.example/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32)))
STATEMENT = Statement(
    predicate_type="https://comity.example/note/v1",
    predicate={"issued": "2026-11-21T19:19:24Z", "text": "ស្ថានភាព", "number": 7},
    subjects=(Subject.of(sha256(b"model"), name="translator"),),
)
ENTRY = sign_payload(to_payload(STATEMENT), PAYLOAD_TYPE, [KEY])
TREE = Tree.of([leaf_hash(ENTRY), leaf_hash(b"second"), leaf_hash(b"third")])
NOTE = sign_checkpoint(Checkpoint(origin=Origin("kh.example/log"), size=3, root=TREE.root), LOG)


def test_the_payload_of_a_statement() -> None:
    """In-toto Statement v1 in RFC 8785."""
    assert to_payload(STATEMENT).decode() == (
        '{"_type":"https://in-toto.io/Statement/v1","predicate":{"issued":'
        '"2026-11-21T19:19:24Z","number":7,"text":"ស្ថានភាព"},"predicateType":'
        '"https://comity.example/note/v1","subject":[{"digest":{"sha256":'
        '"9372c470eeadd5ecd9c3c74c2b3cb633f8e2f2fad799250a0f70d652b6b825e4"},'
        '"name":"translator"}]}'
    )


def test_the_entry_of_a_log() -> None:
    """DSSE in one spelling; the digest is what references carry."""
    signature = (
        "A/80J+maEuzUJRYb2OpdFjootB+oQ9wBK+/izZZAXV6SqiF++3DzBFCS7Ybt"
        "wpgG/gSVuXf37Y4xtXlnjZUcCg=="
    )
    payload = base64.b64encode(to_payload(STATEMENT)).decode()
    assert ENTRY.decode() == (
        f'{{"payload":"{payload}","payloadType":"application/vnd.in-toto+json",'
        f'"signatures":[{{"keyid":"{keyid_of(KEY.public)}","sig":"{signature}"}}]}}'
    )
    assert (
        sha256(ENTRY).hex()
        == "1c185f1a9b71a5abb8a53a6105e5631e73b9d175776ff32ba28ec1f42ccfa411"
    )


def test_the_keys_of_a_keyset() -> None:
    """Key ids and vkeys of a known seed."""
    assert (
        keyid_of(KEY.public)
        == "56475aa75463474c0285df5dbf2bcab73da651358839e9b77481b2eab107708c"
    )
    assert (
        LOG.key.vkey == "kh.example/log+766c8791+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    )
    assert (
        WITNESS.key.vkey == "br.example/w+654cd68b+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
    )


def test_a_cosigned_checkpoint() -> None:
    """Signed note, tlog-checkpoint, tlog-cosignature."""
    cosigned = NOTE.with_signatures([cosign(NOTE, WITNESS, NOW)])
    assert cosigned.encoded.decode() == (
        "kh.example/log\n"
        "3\n"
        "gB55QVxW3ZvX9zg5eDe0xfsa4VlBmsIBvsmHhI7Dgts=\n"
        "\n"
        "— kh.example/log dmyHkRVBJhiPbGgwnm7OD4FA06Q3J2V3iTAVhwhHfEJbxS+9QY/rO"
        "Bt9pAWJyT4jtjz2+TIyrigNKCsvWe4YaCYBGQA=\n"
        "— br.example/w ZUzWiwAAAABrAe68dMS5E+++bxYuLrPOEj42ekrBP22FKXwxDZfhmNm"
        "nigKkzluAfLf9UwbSjXBq0WMRF5w3fOvCqFub9/MkKJkKDg==\n"
    )


def test_the_proof_of_an_entry() -> None:
    """C2SP tlog-proof."""
    proof = InclusionProof(index=0, path=TREE.inclusion(0), checkpoint=NOTE.encoded)
    assert (
        sha256(proof.encoded).hex()
        == "afb822028f0f45a59fb1820e35f89d2e1714a9ea3f683bac7f6a689e345a6719"
    )


def test_a_frame_of_the_journal() -> None:
    """Length, checksum, bundle."""
    assert to_frame([b"one", b""]).hex() == "00000007b433f3a9d8f474fc00036f6e650000"
