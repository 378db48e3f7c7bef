# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.pair import NOW, pair, say, sync

from comity.desk.log.disclosing import (
    is_disclosure_file,
    to_disclosure_file,
    verify_disclosure_file,
)
from comity.desk.log.secret import (
    agreement_keys,
    commitments_in,
    conceal_fields,
    disclosures_of,
    fetch_blob,
    forget_disclosures,
    keep_blob,
    log_concealed,
    new_file,
    open_file,
    open_held,
    seal_file,
    to_digest,
)
from comity.errors import (
    Conflict,
    InvalidDocument,
    NotFound,
    NotPermitted,
    StorageFailed,
    VerificationFailed,
)
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.kernel.reference import Reference
from comity.ledger.base64text import from_base64, to_base64
from comity.ledger.commitment import Access, AccessClass
from comity.ledger.statement import Statement
from comity.node.node import Node
from comity.node.secrets.sealed import open_stream

VISIT: dict[str, Json] = {"place": "Kep", "inspector": "office 7", "findings": ["wrong", 3]}


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """Return two nodes that follow each other."""
    with pair(tmp_path) as found:
        yield found


def visit(node: Node, *names: str) -> Reference:
    """Log a statement with concealed fields."""
    plain = Statement(predicate_type="https://kh.example/visit/v1", predicate=VISIT)
    statement, made = conceal_fields(plain, names, os.urandom, at_least=4)
    return log_concealed(node, statement, made, NOW)


def test_a_file_of_disclosed_fields_verifies_alone(nodes: tuple[Node, Node]) -> None:
    """With the field in its place, the others closed, and the member it is of."""
    kh, _ = nodes
    reference = visit(kh, "inspector", "findings")
    kh.publish(NOW)
    content = to_disclosure_file(kh, reference, ["findings"])
    assert is_disclosure_file(content)
    assert b"office 7" not in content
    found = verify_disclosure_file(content)
    assert found.predicate["findings"] == ["wrong", 3]
    assert "inspector" not in found.predicate
    assert (found.reference, found.identity.member) == (reference, kh.member)
    assert (found.shown, found.hidden) == (("findings",), 3)


def test_a_changed_file_of_disclosed_fields_is_refused(nodes: tuple[Node, Node]) -> None:
    """Another value, another entry, no first entry, another checkpoint, another statement."""
    kh, br = nodes
    reference, other = visit(kh, "findings"), visit(kh, "inspector")
    kh.publish(NOW)
    content = to_disclosure_file(kh, reference, ["findings"])
    elsewhere = from_canonical(to_disclosure_file(kh, other, ["inspector"]))
    theirs = visit(br, "findings")
    br.publish(NOW)
    foreign = from_canonical(to_disclosure_file(br, theirs, ["findings"]))
    value = from_canonical(content)
    assert isinstance(value, dict)
    assert isinstance(elsewhere, dict)
    assert isinstance(foreign, dict)
    first, last = value["entries"]
    entry = from_base64(str(last["entry"]))
    changed = to_base64(entry.replace(b"keyid", b"keyix"))
    for wrong in (
        {**value, "disclosures": elsewhere["disclosures"]},
        {**value, "entries": [last]},
        {**value, "entries": [first, first]},
        {**value, "entries": [first, {**last, "entry": changed}]},
        {**value, "entries": foreign["entries"]},
        {**value, "entries": [*foreign["entries"], last]},
    ):
        with pytest.raises(VerificationFailed):
            verify_disclosure_file(to_canonical(wrong))
    for malformed in ({**value, "entries": []}, {**value, "format": "x"}, {}):
        with pytest.raises(InvalidDocument):
            verify_disclosure_file(to_canonical(malformed))


def test_only_what_is_concealed_and_published_is_disclosed(nodes: tuple[Node, Node]) -> None:
    """Of one's own statements, by the names of their fields."""
    kh, br = nodes
    reference = visit(kh, "findings")
    with pytest.raises(Conflict, match="not published"):
        to_disclosure_file(kh, reference, ["findings"])
    kh.publish(NOW)
    with pytest.raises(InvalidDocument, match="place"):
        to_disclosure_file(kh, reference, ["place"])
    plain = say(kh, "note", {"text": "open"})
    with pytest.raises(NotFound, match="nothing in this statement"):
        to_disclosure_file(kh, plain, ["text"])
    sync(kh, br)
    with pytest.raises(InvalidDocument, match="no statement of this member"):
        to_disclosure_file(br, reference, ["findings"])


def test_what_is_forgotten_opens_nothing_any_more(nodes: tuple[Node, Node]) -> None:
    """The statement stays; its digests are random numbers then."""
    kh, _ = nodes
    reference = visit(kh, "findings")
    entry = kh.view().get(reference)
    assert entry.statement is not None
    assert len(disclosures_of(kh, entry.statement)) == 1
    assert forget_disclosures(kh, entry.statement)
    assert not forget_disclosures(kh, entry.statement)
    with pytest.raises(NotFound):
        disclosures_of(kh, entry.statement)


def test_a_file_is_sealed_for_members_and_oneself(
    nodes: tuple[Node, Node], tmp_path: Path
) -> None:
    """And for nobody else, whole or not at all."""
    kh, br = nodes
    plain, sealed = tmp_path / "plain", tmp_path / "sealed"
    plain.write_bytes(b"evidence" * 30_000)
    about = say(kh, "note", {})
    size = seal_file(kh, plain, sealed, [br.member], about)
    assert size == sealed.stat().st_size > 240_000
    for number, node in enumerate((kh, br)):
        assert open_file(node, sealed, tmp_path / f"opened {number}").about == about
        assert (tmp_path / f"opened {number}").read_bytes() == plain.read_bytes()
    with pytest.raises(Conflict, match="there already"):
        seal_file(kh, plain, sealed, [br.member], None)
    own = tmp_path / "own"
    seal_file(kh, plain, own, [], None)
    with pytest.raises(NotPermitted):
        open_file(br, own, tmp_path / "never")
    cut = tmp_path / "cut"
    cut.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(VerificationFailed):
        open_file(br, cut, tmp_path / "never")
    assert not [path for path in tmp_path.iterdir() if "never" in path.name]


def test_nothing_is_sealed_for_who_is_not_followed(nodes: tuple[Node, Node]) -> None:
    """Its key is known from its log alone."""
    kh, _ = nodes
    with pytest.raises(NotFound, match="not known"):
        agreement_keys(kh, [MemberId("ab" * 32)])


@pytest.mark.parametrize("kind", [AccessClass.NAMED, AccessClass.SEALED])
def test_a_kept_blob_opens_for_its_reader(
    nodes: tuple[Node, Node], tmp_path: Path, kind: AccessClass
) -> None:
    """Handed over, or sealed as well; the author opens its own."""
    kh, br = nodes
    access = Access(kind=kind, readers=frozenset([br.member]))
    made = keep_blob(kh, b"report", media="text/plain", access=access, salts=os.urandom)
    for number, node in enumerate((kh, br)):
        piece = kh.blobs.serve(made.sha256, br.member)
        assert piece is not None
        held = node.blobs.kept.take(made.sha256, piece, limit=made.bucket)
        open_held(node, held, tmp_path / str(number))
        assert (tmp_path / str(number)).read_bytes() == b"report"


def test_a_class_with_readers_needs_them_and_no_other_takes_any(
    nodes: tuple[Node, Node],
) -> None:
    """A blob for nobody is a mistake."""
    kh, br = nodes
    for kind, readers in (
        (AccessClass.NAMED, frozenset[MemberId]()),
        (AccessClass.MEMBERS, frozenset([br.member])),
    ):
        with pytest.raises(InvalidDocument, match="--to"):
            keep_blob(
                kh,
                b"x",
                media="a/b",
                access=Access(kind=kind, readers=readers),
                salts=os.urandom,
            )


def test_a_blob_is_fetched_from_its_author_only(nodes: tuple[Node, Node]) -> None:
    """A folder serves no blob that has readers; whoever is no peer serves nothing."""
    kh, br = nodes
    access = Access(kind=AccessClass.MEMBERS)
    made = keep_blob(kh, b"report", media="text/plain", access=access, salts=os.urandom)
    assert fetch_blob(kh, kh.member, made).content == b"report"
    for member in (kh.member, MemberId("ab" * 32)):
        with pytest.raises(NotFound):
            fetch_blob(br, member, made)


def test_commitments_are_found_wherever_they_stand(nodes: tuple[Node, Node]) -> None:
    """Malformed ones are none."""
    kh, _ = nodes
    access = Access(kind=AccessClass.MEMBERS)
    made = keep_blob(kh, b"report", media="text/plain", access=access, salts=os.urandom)
    value: Json = {"a": [{"b": made.to_json()}, {**made.to_json(), "bucket": 3}], "c": 1}
    assert list(commitments_in(value)) == [made]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """Neither under its name nor beside it."""
    with pytest.raises(StorageFailed), new_file(tmp_path / "no" / "file"):
        pass
    with pytest.raises(InvalidDocument), new_file(tmp_path / "file") as file:
        open_stream(io.BytesIO(b"half of nothing"), file, [])
    assert list(tmp_path.iterdir()) == []


def test_digits_name_one_blob_or_none() -> None:
    """At least eight, and of one only."""
    one, two = sha256(b"1"), sha256(b"2")
    assert to_digest(one.hex()[:8], [one, two]) == one
    assert to_digest(one.hex()[:7], [one, two]) is None
    assert to_digest("ff" * 8, [one, two]) is None
