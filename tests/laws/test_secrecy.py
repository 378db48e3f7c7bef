# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Laws of what is concealed, committed to, taken out: nothing leaks, no root moves."""

import io
import random
from collections.abc import Callable
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey

from comity.desk.log.disclosing import verify_disclosure_file
from comity.errors import ComityError, InvalidDocument, VerificationFailed
from comity.kernel.canonical import MAX_INTEGER, Json, from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.merkle import leaf_hash, root_of
from comity.ledger.commitment import AccessClass, bucket_of, commit, from_json, verify_content
from comity.ledger.disclosure import (
    conceal,
    disclose,
    from_base64url,
    from_text,
    reveal,
    to_base64url,
    to_disclosure,
)
from comity.ledger.erasure import consent_from, erasure_from
from comity.ledger.redaction import (
    HEADER,
    Erased,
    from_redacted,
    is_erased,
    leaf_of,
    redact,
    restored,
    to_redacted,
)
from comity.node.secrets.kept import from_piece
from comity.node.secrets.sealed import open_stream, seal_stream

NAMES = st.text("abcdefgh", min_size=1, max_size=4)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=6)
SEEDS = st.integers(0, 2**32)
BUNDLES = st.lists(st.binary(max_size=40), min_size=1, max_size=256)
KEY = PrivateKey(bytes(range(32)))


def salts_of(seed: int) -> Callable[[int], bytes]:
    """Return bytes that look random and follow from a seed."""
    return random.Random(seed).randbytes  # noqa: S311 - a repeatable test


@given(OBJECTS, SEEDS, st.data(), st.integers(0, 12))
def test_any_choice_of_disclosures_opens_exactly_those_fields(
    fields: dict[str, Json], seed: int, data: st.DataObject, at_least: int
) -> None:
    """What is chosen is back in its place; of the rest only the number of digests shows."""
    names = sorted(fields)
    concealed = data.draw(st.lists(st.sampled_from(names), unique=True))
    shown, made = conceal(fields, concealed, salts_of(seed), at_least=at_least)
    chosen = data.draw(st.lists(st.sampled_from(concealed), unique=True)) if concealed else []
    opened = reveal(shown, disclose(made, chosen))
    hidden = set(concealed) - set(chosen)
    assert opened == {name: part for name, part in fields.items() if name not in hidden}
    digests = cast("list[str]", shown.get("_sd", []))
    assert len(digests) == max(len(concealed), at_least)
    assert from_canonical(to_canonical(shown)) == shown


@given(NAMES, VALUES, st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_equal_values_have_unequal_digests(
    name: str, value: Json, salt: bytes, other: bytes
) -> None:
    """A digest tells nothing of its value to who has not the salt: it is no function of it."""
    one, two = to_disclosure(salt, name, value), to_disclosure(other, name, value)
    assert (one.digest == two.digest) == (salt == other)
    assert from_text(one.encoded) == one


@given(OBJECTS, SEEDS, VALUES)
def test_no_disclosure_opens_another_statement(
    fields: dict[str, Json], seed: int, value: Json
) -> None:
    """Whatever it says."""
    shown, _ = conceal(fields, list(fields), salts_of(seed))
    foreign = to_disclosure(bytes(16), "zz", value)
    with pytest.raises(VerificationFailed):
        reveal(shown, [foreign])


@given(BUNDLES, st.data())
def test_taking_out_any_entries_moves_no_root(
    entries: list[bytes], data: st.DataObject
) -> None:
    """Nor any neighbour; and who holds an entry fills its gap to the byte."""
    places = st.integers(0, len(entries) - 1)
    gone = data.draw(st.sets(places, min_size=1))
    read = from_redacted(to_redacted(redact(entries, gone)))
    assert root_of(map(leaf_of, read)) == root_of(map(leaf_hash, entries))
    assert {at for at, entry in enumerate(read) if is_erased(entry)} == gone
    assert all(read[at] == entry for at, entry in enumerate(entries) if at not in gone)
    assert restored(read, dict(enumerate(entries))) == tuple(entries)


@given(BUNDLES, st.data())
def test_an_altered_redaction_is_refused_or_leads_elsewhere(
    entries: list[bytes], data: st.DataObject
) -> None:
    """No byte of it may be another."""
    gone = data.draw(st.sets(st.integers(0, len(entries) - 1), min_size=1))
    encoded = to_redacted(redact(entries, gone))
    at = data.draw(st.integers(0, len(encoded) - 1))
    changed = encoded[:at] + bytes([encoded[at] ^ data.draw(st.integers(1, 255))])
    changed += encoded[at + 1 :]
    try:
        read = from_redacted(changed)
    except InvalidDocument:
        return
    assert root_of(map(leaf_of, read)) != root_of(map(leaf_hash, entries))


@given(st.lists(st.binary(max_size=40), max_size=20), st.data())
def test_a_redacted_bundle_has_one_spelling(parts: list[bytes], data: st.DataObject) -> None:
    """What reads writes the same bytes again."""
    entries = [*parts, Erased.of(sha256(b"gone"))]
    data.draw(st.randoms(use_true_random=False)).shuffle(entries)
    assert to_redacted(from_redacted(to_redacted(entries))) == to_redacted(entries)


@given(st.binary(max_size=300), st.binary(min_size=16, max_size=24))
def test_a_commitment_opens_to_its_content_only(content: bytes, salt: bytes) -> None:
    """And bounds its size from above, by less than twice."""
    made, opening = commit(
        salt, sha256(content), size=len(content), media="a/b", access=AccessClass.NAMED
    )
    verify_content(made.sha256, opening, sha256(content))
    with pytest.raises(VerificationFailed):
        verify_content(made.sha256, opening, sha256(content, b"."))
    assert len(content) <= made.bucket == bucket_of(len(content))
    assert from_json(made.to_json()) == made


@given(st.binary(max_size=400), st.data())
def test_sealing_round_trips_and_finds_any_change(content: bytes, data: st.DataObject) -> None:
    """Opened is what was sealed, or nothing."""
    target = io.BytesIO()
    seal_stream(io.BytesIO(content), target, [bytes(KEY.public_key)], None)
    file, plain = target.getvalue(), io.BytesIO()
    open_stream(io.BytesIO(file), plain, [bytes(KEY)])
    assert plain.getvalue() == content
    at = data.draw(st.integers(0, len(file) - 1))
    with pytest.raises(ComityError):
        open_stream(
            io.BytesIO(file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]),
            io.BytesIO(),
            [bytes(KEY)],
        )


def _opened(content: bytes) -> object:
    return open_stream(io.BytesIO(content), io.BytesIO(), [bytes(KEY)])


def _erasure(content: bytes) -> object:
    return erasure_from(cast("dict[str, Json]", from_canonical(content)))


def _consent(content: bytes) -> object:
    return consent_from(cast("dict[str, Json]", from_canonical(content)))


def _disclosure(content: bytes) -> object:
    return from_text(to_base64url(content))


PARSERS: tuple[Callable[[bytes], object], ...] = (
    from_redacted,
    from_piece,
    verify_disclosure_file,
    _opened,
    _erasure,
    _consent,
    _disclosure,
)
STARTS = (b"", HEADER, b'{"about":null,"format":"comity-sealed/1","wraps":["', b'["s",')


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(st.sampled_from(STARTS), st.binary(max_size=200))
def test_every_parser_refuses_in_our_own_words(
    parse: Callable[[bytes], object], start: bytes, rest: bytes
) -> None:
    """Whatever the bytes, no other error comes out."""
    try:
        parse(start + rest)
    except ComityError:
        return


@given(OBJECTS.map(to_canonical), st.sampled_from(PARSERS))
def test_every_parser_survives_well_formed_json(
    content: bytes, parse: Callable[[bytes], object]
) -> None:
    """Of any shape."""
    try:
        parse(content)
    except ComityError:
        return


@given(VALUES)
def test_a_value_is_a_commitment_or_refused(value: Json) -> None:
    """A reader of commitments is total."""
    try:
        assert from_json(value).to_json() == value
    except InvalidDocument:
        return


@given(st.text(max_size=60))
def test_base64url_has_one_spelling(text: str) -> None:
    """Else one disclosure would have two digests."""
    try:
        assert to_base64url(from_base64url(text)) == text
    except InvalidDocument:
        return


@given(VALUES, VALUES)
def test_revealing_is_total(value: Json, other: Json) -> None:
    """A stranger's statement and disclosures are refused in our words, or opened."""
    made = [to_disclosure(bytes(16), "a", other), to_disclosure(bytes(16), None, other)]
    for held in ([], made[:1], made):
        try:
            reveal({"b": value, "_sd": [one.digest for one in made]}, held)
        except ComityError:
            continue
