# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What holds of every statement, bundle, note, tree and proof."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.dynasty import Dynasty

from comity.errors import ComityError, VerificationFailed
from comity.kernel.canonical import Json, from_canonical
from comity.kernel.digest import Digest
from comity.kernel.ids import Origin
from comity.kernel.merkle import leaf_hash, root_of, verify_consistency
from comity.ledger import checkpoint, envelope, fork, keyset, note, proof, statement, tile
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.checkpoint import Checkpoint
from comity.ledger.envelope import keyid_of, sign_payload, verify_envelope
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.proof import InclusionProof
from comity.ledger.reading import outline_logged, read_entry, read_logged, to_outline
from comity.ledger.signature import SigningKey, is_valid
from comity.ledger.statement import PAYLOAD_TYPE, Statement, Subject
from comity.ledger.tree import Edge, StoredTree

texts = st.text(st.characters(codec="utf-8"), max_size=12)
keys = st.text(st.characters(codec="ascii"), max_size=8)
json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=8,
)
objects: st.SearchStrategy[Mapping[str, Json]] = st.dictionaries(keys, json_values, max_size=4)
digests = st.binary(min_size=32, max_size=32).map(Digest)
seeds = st.binary(min_size=32, max_size=32)
subjects = st.builds(
    Subject,
    name=st.none() | texts,
    digest=st.dictionaries(keys, texts, min_size=1, max_size=2),
    extra=st.dictionaries(
        keys.filter(lambda k: k not in {"name", "digest"}), texts, max_size=2
    ),
)
statements = st.builds(
    Statement,
    predicate_type=texts.filter(bool),
    predicate=objects,
    subjects=st.lists(subjects, max_size=3).map(tuple),
)
checkpoints = st.builds(
    Checkpoint,
    origin=st.from_regex(r"[a-z.]{1,9}/log", fullmatch=True).map(Origin),
    size=st.integers(0, 2**63 - 1),
    root=digests,
)

SOLE, SEVERAL = Dynasty(), Dynasty(officers=["maria"], needed={"policy": 2})
IDENTITIES = (SOLE.identity(), SEVERAL.identity())
SIGNERS = (SOLE.statement(0), SEVERAL.statement(0), SigningKey.from_seed(bytes(32)))


@given(statements)
def test_every_statement_comes_back(said: Statement) -> None:
    """Encoding loses nothing."""
    assert statement.from_payload(statement.to_payload(said)) == said


@given(statements, seeds)
def test_every_signed_statement_is_read(said: Statement, seed: bytes) -> None:
    """Through envelope and signature and back."""
    key = SigningKey.from_seed(seed)
    entry = sign_payload(statement.to_payload(said), PAYLOAD_TYPE, [key])
    opened = envelope.from_bytes(entry)
    verify_envelope(opened, {keyid_of(key.public): key.public})
    assert opened.encoded == entry
    assert read_entry(entry, None).statement == said


@given(seeds, st.binary(max_size=64), st.integers(0, 511))
def test_every_flipped_bit_of_a_signature_is_refused(
    seed: bytes, message: bytes, bit: int
) -> None:
    """Ed25519 as ruled here is not malleable by a bit."""
    key = SigningKey.from_seed(seed)
    signature = bytearray(key.sign(message))
    assert is_valid(key.public, message, bytes(signature))
    signature[bit // 8] ^= 1 << bit % 8
    assert not is_valid(key.public, message, bytes(signature))


@given(st.binary(max_size=40), st.integers(0, 60), st.sampled_from("AQgw=/"))
def test_one_value_has_one_base64(raw: bytes, at: int, letter: str) -> None:
    """Whatever letter stands elsewhere, two texts never stand for one value."""
    text = to_base64(raw)
    changed = text[:at] + letter + text[at + 1 :]
    with contextlib.suppress(ComityError):
        assert (from_base64(changed) == raw) is (changed == text)
        assert to_base64(from_base64(changed)) == changed


@given(st.text(max_size=40))
def test_what_decodes_from_base64_is_its_own_encoding(text: str) -> None:
    """No two texts stand for one value."""
    try:
        raw = from_base64(text)
    except ComityError:
        return
    assert to_base64(raw) == text


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_every_bundle_comes_back(entries: list[bytes]) -> None:
    """Empty entries included."""
    assert tile.from_bundle(tile.to_bundle(entries)) == tuple(entries)


@given(checkpoints, seeds)
def test_every_signed_checkpoint_opens(made: Checkpoint, seed: bytes) -> None:
    """Text, note and signature agree for any size and root."""
    signer = NoteSigner.of(made.origin, ED25519, SigningKey.from_seed(seed))
    signed = checkpoint.sign_checkpoint(made, signer)
    assert checkpoint.open_checkpoint(signed.encoded, signer.key)[0] == made
    assert note.from_bytes(signed.encoded) == signed


@given(st.integers(0, 2**60), st.lists(digests, max_size=63), st.binary(max_size=40))
def test_every_proof_comes_back(index: int, path: list[Digest], extra: bytes) -> None:
    """Whatever it claims; whether it is true is another question."""
    made = InclusionProof(index=index, path=tuple(path), checkpoint=b"x", extra=extra)
    assert proof.from_bytes(made.encoded) == made


@given(st.lists(st.integers(1, 400), min_size=1, max_size=4))
def test_a_tree_grown_in_steps_proves_each_step(steps: list[int]) -> None:
    """However appends are grouped, every earlier root is proven a prefix of every later."""
    edge, roots = Edge(), {0: Edge().root}
    tiles: dict[tile.Tile, Sequence[Digest]] = {}
    for step in steps:
        leaves = [leaf_hash(b"%d" % at) for at in range(edge.size, edge.size + step)]
        tiles.update(edge.extend(leaves))
        roots[edge.size] = edge.root
    tiles.update(edge.partial_tiles())
    assert edge.root == root_of(leaf_hash(b"%d" % at) for at in range(edge.size))
    tree = StoredTree(edge.size, tiles.__getitem__)
    for first, first_root in roots.items():
        for second, second_root in roots.items():
            if first <= second:
                steps_between = tree.consistency(first, second)
                verify_consistency(
                    first,
                    second,
                    steps_between,
                    first_root=first_root,
                    second_root=second_root,
                )


@given(st.integers(2, 600), st.data())
def test_a_changed_past_is_never_proven(size: int, draw: st.DataObject) -> None:
    """No consistency proof leads from one story to another."""
    changed = draw.draw(st.integers(0, size - 2))
    first = draw.draw(st.integers(changed + 1, size - 1))
    honest = [leaf_hash(b"%d" % at) for at in range(size)]
    other = [*honest[:changed], leaf_hash(b"changed"), *honest[changed + 1 :]]
    edge = Edge()
    tiles = dict(edge.extend(other))
    tiles.update(edge.partial_tiles())
    tree = StoredTree(size, tiles.__getitem__)
    with pytest.raises(VerificationFailed):
        verify_consistency(
            first,
            size,
            tree.consistency(first),
            first_root=root_of(honest[:first]),
            second_root=edge.root,
        )


PARSERS: list[Callable[[bytes], object]] = [
    envelope.from_bytes,
    statement.from_payload,
    note.from_bytes,
    proof.from_bytes,
    fork.from_bytes,
    tile.from_bundle,
    lambda raw: tile.from_tile(raw, 3),
    lambda raw: checkpoint.from_text(raw.decode("utf-8", errors="replace")),
    lambda raw: note.from_vkey(raw.decode("utf-8", errors="replace")),
    lambda raw: note.from_lines(raw.decode("utf-8", errors="replace")),
]
HINTS = [
    b"",
    b"\xe2\x80\x94 name AAAAAAAA\n",
    b"c2sp.org/tlog-proof@v1\nindex 0\n\n",
    b'{"payload":"e30=","payloadType":"t","signatures":[{"keyid":"k","sig":"AA=="}]}',
    b'{"_type":"https://in-toto.io/Statement/v1","predicate":{},"predicateType":"t","subject":[]}',
    b"o\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n",
    b"a+00000000+AQ==",
    b"[" * 2000,
]


@pytest.mark.parametrize("parse", PARSERS)
@given(
    st.binary(max_size=200), st.sampled_from(HINTS), st.integers(0, 300), st.binary(max_size=4)
)
def test_a_parser_raises_nothing_but_ours(
    parse: Callable[[bytes], object], noise: bytes, hint: bytes, at: int, patch: bytes
) -> None:
    """Noise, and nearly right input with a few bytes changed."""
    for raw in (noise, hint[:at] + patch + hint[at + len(patch) :], hint + noise):
        with contextlib.suppress(ComityError):
            parse(raw)


@given(objects)
def test_a_keyset_reader_raises_nothing_but_ours(predicate: Mapping[str, Json]) -> None:
    """Whatever a member's first entry says."""
    with pytest.raises(ComityError):
        keyset.from_predicate(predicate)


@given(st.binary(max_size=300))
def test_an_entry_of_any_bytes_is_read_or_opaque(raw: bytes) -> None:
    """Reading an entry never raises at all."""
    reading = read_entry(raw, None)
    assert (reading.statement is None) == bool(reading.fault)


@given(json_values)
def test_the_canonical_bytes_of_a_statement_are_unique(value: Json) -> None:
    """What is signed can be re-encoded from what was read, byte for byte."""
    payload = statement.to_payload(Statement(predicate_type="t", predicate={"v": value}))
    assert statement.to_payload(statement.from_payload(payload)) == payload
    assert from_canonical(payload)


@given(statements, st.integers(0, 2), st.integers(0, 2000), st.binary(max_size=2))
def test_an_outline_says_what_a_reading_says(
    said: Statement, by: int, at: int, noise: bytes
) -> None:
    """The index reads a quicker way; it must hold what the slow way finds, faults included."""
    if at % 2:
        said = replace(said, predicate_type=statement.to_predicate_type("policy"))
    encoded = sign_payload(statement.to_payload(said), PAYLOAD_TYPE, SIGNERS[: by + 1][-1:])
    place = at % len(encoded)
    for entry in (encoded, encoded[:place] + noise + encoded[place + len(noise) :]):
        for identity in IDENTITIES:  # the second asks for two officers for some kinds
            assert outline_logged(entry, 1, identity) == to_outline(
                read_logged(entry, 1, identity)
            )


@given(json_values)
def test_a_value_has_an_outline_just_where_it_is_a_statement(value: Json) -> None:
    """Near misses too: every field wrong in turn."""
    subject: dict[str, Json] = {"digest": {"sha256": "ab"}, "name": "a"}
    right: dict[str, Json] = {
        "_type": statement.STATEMENT_TYPE,
        "subject": [subject],
        "predicateType": "k:a",
        "predicate": {},
    }
    changed: list[Json] = [{**right, name: value} for name in right]
    changed += [{**right, "subject": [{**subject, name: value}]} for name in subject]
    tried: list[Json] = [value, right, *changed]
    for one in tried:
        try:
            found = statement.from_value(one)
        except ComityError:
            assert statement.find_outline(one) is None
        else:
            digests = [
                each.digest["sha256"] for each in found.subjects if "sha256" in each.digest
            ]
            assert statement.find_outline(one) == (found.predicate_type, digests)
