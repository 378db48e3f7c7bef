# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.dynasty import ORIGIN, Dynasty

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign
from comity.ledger.envelope import MAX_ENTRY_BYTES, MAX_PAYLOAD_BYTES
from comity.ledger.fork import (
    FORK_V1,
    FORK_V2,
    FORK_V3,
    MAX_BYTES,
    Fork,
    Place,
    Shared,
    convicts,
    from_bytes,
    is_fork,
    judge_fork,
    to_bytes,
    verify_fork,
)
from comity.ledger.identity import MAX_KEYSETS, MAX_ROTATION_BYTES
from comity.ledger.mldsa import MlDsaKey
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    MAX_NOTE_BYTES,
    NoteSigner,
)
from comity.ledger.note import from_bytes as note_from_bytes
from comity.ledger.signature import SigningKey

SIGNER = NoteSigner.of("a.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
ONE = [leaf_hash(b"one %d" % number) for number in range(9)]
OTHER = [*ONE[:2], leaf_hash(b"changed"), *ONE[3:]]


def signed(tree: Tree) -> bytes:
    """Return the signed checkpoint of a tree."""
    checkpoint = Checkpoint(origin=Origin("a.example/log"), size=tree.size, root=tree.root)
    return sign_checkpoint(checkpoint, SIGNER).encoded


SAME_SIZE = Fork(
    log_key=SIGNER.key.vkey, smaller=signed(Tree.of(ONE)), larger=signed(Tree.of(OTHER))
)
TWO_SIZES = Fork(
    log_key=SIGNER.key.vkey,
    smaller=signed(Tree.of(ONE[:5])),
    larger=signed(Tree.of(OTHER)),
    prefix_root=Tree.of(OTHER[:5]).root,
    proof=Tree.of(OTHER).consistency(5),
)


@pytest.mark.parametrize("fork", [SAME_SIZE, TWO_SIZES])
def test_two_stories_convict_their_log_offline(fork: Fork) -> None:
    """Anyone with the file and no network sees that the log lied."""
    again = from_bytes(to_bytes(fork))
    assert again == fork
    smaller, larger = verify_fork(again)
    assert smaller.size <= larger.size
    assert convicts(again)


def test_an_honest_log_cannot_be_convicted() -> None:
    """One checkpoint twice, or a true prefix, is no evidence."""
    tree = Tree.of(ONE)
    twice = dataclasses.replace(SAME_SIZE, larger=SAME_SIZE.smaller)
    prefix = dataclasses.replace(
        TWO_SIZES,
        larger=signed(tree),
        prefix_root=Tree.of(ONE[:5]).root,
        proof=tree.consistency(5),
    )
    for honest in (twice, prefix, dataclasses.replace(TWO_SIZES, prefix_root=None)):
        assert not convicts(honest)


def test_an_invented_prefix_root_does_not_convict() -> None:
    """The consistency proof must lead from it to the signed root."""
    tree = Tree.of(ONE)
    framed = dataclasses.replace(
        TWO_SIZES, larger=signed(tree), prefix_root=sha256(b"x"), proof=tree.consistency(5)
    )
    with pytest.raises(VerificationFailed):
        verify_fork(framed)


def test_a_stranger_s_signature_does_not_convict() -> None:
    """Both checkpoints must bear the log's own key."""
    stranger = NoteSigner.of("a.example/log", ED25519, SigningKey.from_seed(bytes(32)))
    assert not convicts(dataclasses.replace(SAME_SIZE, log_key=stranger.key.vkey))


def test_the_sizes_must_stand_in_order() -> None:
    """Evidence has one form."""
    turned = dataclasses.replace(TWO_SIZES, smaller=TWO_SIZES.larger, larger=TWO_SIZES.smaller)
    assert not convicts(turned)


@pytest.mark.parametrize(
    "encoded", [b"", b"{}", b"[]", to_bytes(SAME_SIZE).replace(b"v1", b"v9")]
)
def test_a_malformed_file_is_refused(encoded: bytes) -> None:
    """Every refusal is our error."""
    with pytest.raises(InvalidDocument):
        from_bytes(encoded)


def at_place(index: int, size: int) -> Fork:
    """Return two inclusion proofs at one index, under checkpoints of two sizes."""
    one, other = Tree.of(ONE[:size]), Tree.of(OTHER)
    return Fork(
        log_key=SIGNER.key.vkey,
        smaller=signed(one),
        larger=signed(other),
        place=Place(
            index=index,
            smaller=ONE[index],
            smaller_path=one.inclusion(index),
            larger=OTHER[index],
            larger_path=other.inclusion(index),
        ),
    )


@pytest.mark.parametrize("size", [3, 4, 5, 8, 9])
def test_two_entries_in_one_place_convict(size: int) -> None:
    """Under checkpoints of any two sizes, and without any consistency proof."""
    found = judge_fork(from_bytes(to_bytes(at_place(2, size))))
    assert (found.smaller.size, found.larger.size) == (size, 9)


def test_one_entry_in_one_place_convicts_nobody() -> None:
    """Nor does a path that leads elsewhere, or a place beyond the smaller log."""
    assert not convicts(at_place(1, 5))
    honest = at_place(2, 5)
    assert honest.place is not None
    for change in ({"larger": sha256(b"x")}, {"index": 3}, {"smaller_path": ()}):
        place = dataclasses.replace(honest.place, **change)
        assert not convicts(dataclasses.replace(honest, place=place))
    beyond = dataclasses.replace(honest.place, index=7)
    assert not convicts(dataclasses.replace(honest, place=beyond))


def shared(size: int) -> Shared:
    """Return how far the two stories of two sizes agree."""
    return Shared(
        size=size,
        root=Tree.of(OTHER[:size]).root,
        to_smaller=Tree.of(ONE[:5]).consistency(size),
        to_larger=Tree.of(OTHER).consistency(size),
    )


def test_how_far_both_agree_is_proven_not_said() -> None:
    """Two entries are shared; a third never was, and cannot be claimed."""
    agreeing = dataclasses.replace(TWO_SIZES, shared=shared(2))
    assert judge_fork(from_bytes(to_bytes(agreeing))).shared == 2
    assert judge_fork(TWO_SIZES).shared == 0
    assert not convicts(dataclasses.replace(TWO_SIZES, shared=shared(3)))


WITNESSES = (
    NoteSigner.of("b/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32))),
    NoteSigner.of("b/w", COSIGNATURE_MLDSA, MlDsaKey.from_seed(bytes(32))),
)


def cosigned(*signers: NoteSigner, only_smaller: bool = False) -> Fork:
    """Return evidence whose checkpoints carry cosignatures."""
    now = from_rfc3339("2026-11-21T19:19:24Z")
    notes = [note_from_bytes(raw) for raw in (TWO_SIZES.smaller, TWO_SIZES.larger)]
    more = [note.with_signatures([cosign(note, one, now) for one in signers]) for note in notes]
    larger = TWO_SIZES.larger if only_smaller else more[1].encoded
    return dataclasses.replace(
        TWO_SIZES,
        smaller=more[0].encoded,
        larger=larger,
        witness_keys=tuple(one.key.vkey for one in signers),
    )


def test_a_witness_that_cosigned_both_is_named_by_either_key() -> None:
    """Its own misbehaviour is evidence too."""
    found = judge_fork(from_bytes(to_bytes(cosigned(*WITNESSES))))
    assert found.both == tuple(one.key for one in WITNESSES)


def test_a_witness_that_cosigned_one_story_cannot_be_accused() -> None:
    """It did what it should; the file that says otherwise is refused."""
    with pytest.raises(VerificationFailed, match="did not cosign the larger"):
        judge_fork(cosigned(WITNESSES[0], only_smaller=True))


def test_what_the_first_format_says_is_written_in_it() -> None:
    """Older readers read it; only what they cannot know needs the second."""
    assert FORK_V1.encode() in to_bytes(TWO_SIZES)
    assert FORK_V2.encode() in to_bytes(at_place(2, 5))
    assert is_fork(to_bytes(TWO_SIZES))
    assert is_fork(to_bytes(at_place(2, 5)))
    assert not is_fork(b"{}")


def test_evidence_is_bounded() -> None:
    """Larger than two checkpoints and their proofs can be is malformed."""
    with pytest.raises(InvalidDocument):
        from_bytes(b" " * (MAX_BYTES + 1))


@given(
    st.sampled_from([to_bytes(one) for one in (SAME_SIZE, TWO_SIZES, at_place(2, 5))]),
    st.integers(0, 2000),
    st.binary(max_size=6),
)
def test_whatever_is_changed_is_judged_or_refused(encoded: bytes, at: int, new: bytes) -> None:
    """Only our errors, and what still convicts says what it said before."""
    at %= len(encoded)
    try:
        fork = from_bytes(encoded[:at] + new + encoded[at + len(new) :])
    except InvalidDocument:
        return
    if convicts(fork):
        assert judge_fork(fork).smaller.origin == "a.example/log"


KH = Dynasty(name="a")


def rotated(first: int = 0, second: int = 1) -> Fork:
    """Return two stories, one signed before a rotation and the other long after it."""
    one, other = Tree.of(ONE[:5]), Tree.of(OTHER)

    def note(tree: Tree, number: int) -> bytes:
        return sign_checkpoint(
            Checkpoint(origin=ORIGIN, size=tree.size, root=tree.root), KH.log(number)
        ).encoded

    return Fork(
        log_key=KH.log(first).key.vkey,
        smaller=note(one, first),
        larger=note(other, second),
        prefix_root=Tree.of(OTHER[:5]).root,
        proof=other.consistency(5),
        larger_key=KH.log(second).key.vkey,
        keysets=(KH.first(), *(KH.rotation(at + 1) for at in range(max(first, second)))),
    )


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 0), (1, 3), (0, 3)])
def test_keysets_join_the_keys_of_two_stories(first: int, second: int) -> None:
    """A rotation between the two checkpoints hides no lie, and the file needs nothing else."""
    fork = rotated(first, second)
    again = from_bytes(to_bytes(fork))
    assert again == fork
    assert FORK_V3.encode() in to_bytes(fork)
    assert is_fork(to_bytes(fork))
    assert judge_fork(again).member == KH.identity().member


@pytest.mark.parametrize(
    "changes",
    [
        {"keysets": ()},
        {"keysets": rotated().keysets[:1]},
        {"keysets": rotated().keysets[1:]},
        {"keysets": (KH.first(), KH.rotation(2))},
        {"keysets": (KH.first(), KH.rotation(1, KH.statement(0)))},
        {"keysets": (Dynasty(name="thief").first(), KH.rotation(1))},
        {"keysets": (KH.first(), b"{}")},
        {"larger_key": None},
        {"larger_key": Dynasty(name="thief").log(1).key.vkey},
    ],
)
def test_two_keys_of_which_nothing_shows_that_they_are_one_log_s_convict_nobody(
    changes: dict[str, object],
) -> None:
    """Whoever has a key of one's own and the name of a log must not convict it."""
    fork = dataclasses.replace(rotated(), **changes)  # type: ignore[arg-type]  # that is the point
    assert not convicts(fork)


def test_evidence_that_does_not_convict_is_named_so() -> None:
    """Whoever sends it may have made it up."""
    with pytest.raises(VerificationFailed) as refused:
        judge_fork(dataclasses.replace(rotated(), keysets=()))
    assert refused.value.code == "ledger.fork_evidence"


def test_keysets_are_bounded() -> None:
    """A file of them without an end would cost whoever judges it."""
    keysets = (b"{}",) * (MAX_KEYSETS + 1)
    with pytest.raises(InvalidDocument, match=f"holds more than {MAX_KEYSETS}"):
        from_bytes(to_bytes(dataclasses.replace(rotated(), keysets=keysets)))


def test_the_largest_evidence_there_can_be_is_read() -> None:
    """Nobody escapes by long notes or keysets; quotes, which JSON doubles, take the most."""
    note, name = b'"' * MAX_NOTE_BYTES, '"' * (MAX_NOTE_BYTES // 64)
    keysets = (b'"' * MAX_ENTRY_BYTES, *[b'"' * MAX_ROTATION_BYTES] * (MAX_KEYSETS - 1))
    largest = dataclasses.replace(
        at_place(2, 5),
        smaller=note,
        larger=note,
        proof=(sha256(b"x"),) * 64,
        shared=shared(2),
        witness_keys=tuple(f"{name}{number:04}{'k' * 1760}" for number in range(64)),
        larger_key='"' * MAX_PAYLOAD_BYTES,
        keysets=keysets,
    )
    encoded = to_bytes(largest)
    assert len(encoded) > 0.8 * MAX_BYTES
    assert from_bytes(encoded) == largest
