# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import Digest, sha256
from comity.kernel.instant import from_rfc3339
from comity.ledger.envelope import keyid_of, sign_payload
from comity.ledger.keyset import (
    Keyset,
    from_predicate,
    open_first_entry,
    to_predicate,
    to_statement,
)
from comity.ledger.note import COSIGNATURE_ED25519, ED25519, NoteKey
from comity.ledger.signature import LOW_ORDER, SigningKey
from comity.ledger.statement import PAYLOAD_TYPE, Statement, to_payload

KEY = SigningKey.from_seed(bytes(range(32)))
LOG_KEY = SigningKey.from_seed(bytes(range(1, 33)))
WITNESS_KEY = SigningKey.from_seed(bytes(range(2, 34)))
KEYSET = Keyset(
    name="AI Office",
    role="regulator",
    jurisdiction="KHM",
    example=True,
    log_key=NoteKey(name="kh.example/log", kind=ED25519, public=LOG_KEY.public),
    statement_keys={keyid_of(KEY.public): KEY.public},
    witness_key=NoteKey(
        name="kh.example/log/witness", kind=COSIGNATURE_ED25519, public=WITNESS_KEY.public
    ),
    agreement_key=bytes(range(32)),
    sequence=0,
    next_digest=Digest(bytes(32)),
    issued=from_rfc3339("2026-11-21T19:19:24Z"),
)


def entry_of(statement: Statement, key: SigningKey = KEY) -> bytes:
    """Sign a statement as a log's entry."""
    return sign_payload(to_payload(statement), PAYLOAD_TYPE, [key])


def test_a_keyset_comes_back_and_unknown_fields_survive() -> None:
    """A newer keyset read by an older node keeps its digest, so its member keeps its id."""
    row: Json = {"keyid": keyid_of(KEY.public), "ed25519": KEY.public.hex(), "for": "findings"}
    predicate = {**to_predicate(KEYSET), "later": [1], "statement_keys": [row]}
    found = from_predicate(predicate)
    assert to_predicate(found) == predicate
    assert found.digest == sha256(to_canonical(predicate))
    assert found == KEYSET


def test_a_member_is_the_digest_of_its_first_keyset() -> None:
    """Self-certifying: any change of a key makes another member."""
    other = dataclasses.replace(KEYSET, agreement_key=bytes(32))
    assert len({KEYSET.member, other.member}) == 2
    assert KEYSET.member == KEYSET.digest.hex()


def test_a_later_keyset_names_no_member() -> None:
    """A rotation must not look like a new member."""
    with pytest.raises(VerificationFailed):
        _ = dataclasses.replace(KEYSET, sequence=1).member


def test_the_first_entry_opens_with_its_own_keys() -> None:
    """The subject is the keyset's digest, as the specification says."""
    keyset, envelope = open_first_entry(entry_of(to_statement(KEYSET)))
    assert keyset == KEYSET
    assert KEYSET.member.encode() in envelope.payload


@pytest.mark.parametrize("wrong", ["stranger", "sequence", "kind", "not an envelope"])
def test_a_log_that_begins_otherwise_is_refused(wrong: str) -> None:
    """Without a self-signed keyset nothing in the log can be attributed."""
    match wrong:
        case "stranger":
            entry = entry_of(to_statement(KEYSET), SigningKey.from_seed(bytes(32)))
        case "sequence":
            entry = entry_of(to_statement(dataclasses.replace(KEYSET, sequence=1)))
        case "kind":
            statement = Statement(predicate_type="other", predicate=to_predicate(KEYSET))
            entry = entry_of(statement)
        case _:
            entry = b"hello"
    with pytest.raises(VerificationFailed) as refused:
        open_first_entry(entry, place="tile/entries/000, entry 0")
    assert refused.value.place == "tile/entries/000, entry 0"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("role", "king"),
        ("jurisdiction", "kh"),
        ("log_key", "x"),
        ("witness_key", KEYSET.log_key.vkey),
        ("statement_keys", []),
        ("statement_keys", [{"keyid": "0" * 64, "ed25519": KEY.public.hex()}]),
        ("agreement_key", "00"),
        ("agreement_key", min(LOW_ORDER).hex()[:10]),
        ("sequence", -1),
        ("next", None),
        ("issued", "yesterday"),
        ("example", "no"),
        ("name", ""),
    ],
)
def test_each_field_is_checked(name: str, value: Json) -> None:
    """A keyset with a wrong field would be refused by others later; better now."""
    with pytest.raises(InvalidDocument) as refused:
        from_predicate({**to_predicate(KEYSET), name: value})
    assert any(name in fault.message for fault in refused.value.faults)


def test_a_low_order_key_is_no_statement_key() -> None:
    """Anybody could sign with it."""
    low = min(LOW_ORDER)
    rows: Json = [{"keyid": sha256(low).hex(), "ed25519": low.hex()}]
    with pytest.raises(InvalidDocument, match="low-order"):
        from_predicate({**to_predicate(KEYSET), "statement_keys": rows})


@pytest.mark.parametrize("other", [LOG_KEY, WITNESS_KEY])
def test_one_key_has_one_purpose(other: SigningKey) -> None:
    """Who lends a key for one purpose must not lend it for another."""
    rows: Json = [{"keyid": keyid_of(other.public), "ed25519": other.public.hex()}]
    with pytest.raises(InvalidDocument, match="two purposes"):
        from_predicate({**to_predicate(KEYSET), "statement_keys": rows})


def test_a_statement_key_is_listed_once() -> None:
    """Of two rows with one id, readers could take either."""
    keyid = keyid_of(KEY.public)
    rows: Json = [
        {"keyid": keyid, "ed25519": WITNESS_KEY.public.hex()},
        {"keyid": keyid, "ed25519": KEY.public.hex()},
    ]
    with pytest.raises(InvalidDocument, match="names one key twice"):
        from_predicate({**to_predicate(KEYSET), "statement_keys": rows})


def test_all_faults_are_listed_at_once() -> None:
    """An operator mends a keyset in one round."""
    with pytest.raises(InvalidDocument) as refused:
        from_predicate({"name": 1})
    assert len(refused.value.faults) >= 10
