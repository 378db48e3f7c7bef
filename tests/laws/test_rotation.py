# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who may change a member's keys: the same verdicts as TUF's, and what no thief can do."""

import json
import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from securesystemslib.signer import Key, Signature, SSlibKey
from tests.fakes.dynasty import BEGIN, DAY, Dynasty, pair, root_of, saying, signed
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Role, Snapshot, Targets, Timestamp
from tuf.api.metadata import Root as TufRoot
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from comity.kernel.instant import from_posix
from comity.ledger import revocation
from comity.ledger.doubt import doubts_of
from comity.ledger.envelope import keyid_of, sign_payload
from comity.ledger.keyset import Root, to_statement
from comity.ledger.note import Secret
from comity.ledger.reading import read_logged
from comity.ledger.revocation import Compromise
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE, Statement, to_payload

NAMES = tuple("abcdefgh")
OTHERS = (Timestamp.type, Snapshot.type, Targets.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """A key that signs something else than what it is asked to."""

    pair: SigningKey

    @property
    def public(self) -> bytes:
        """Return the public key it signs in the name of."""
        return self.pair.public

    def sign(self, message: bytes) -> bytes:
        """Return a signature that does not verify."""
        return self.pair.sign(message + b"!")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """One change of root, as two systems judge it.

    Args:
        good: Names of keys that sign; *bad* ones sign wrongly.
        twice: A key whose signature stands there twice.
    """

    old: Root
    new: Root
    step: int
    good: Sequence[str]
    bad: Sequence[str]
    twice: str | None = None

    def for_us(self) -> bool:
        """Tell whether our history of keysets takes it."""
        dynasty = Dynasty(roots={0: self.old, 1: self.new, 2: self.new})
        keyset = replace(dynasty.keyset(1), sequence=self.step)
        signers: list[Secret] = [
            *map(pair, self.good),
            *(Wrong(pair=pair(name)) for name in self.bad),
        ]
        payload = to_payload(to_statement(keyset))
        entry = sign_payload(payload, PAYLOAD_TYPE, signers or [pair("stranger")])
        if self.twice is not None:
            entry = _doubled(entry, keyid_of(pair(self.twice).public))
        found = dynasty.identity().extended(1, [entry])
        return len(found.tenures) == 2

    def for_tuf(self) -> bool:
        """Tell whether python-tuf's client takes it."""
        trusted = TrustedMetadataSet(
            _root(self.old, 1, _members(self.old)), EnvelopeType.METADATA
        )
        encoded = _root(self.new, 1 + self.step, self.good, self.bad)
        if self.twice is not None:
            encoded = _doubled(encoded, keyid_of(pair(self.twice).public))
        try:
            trusted.update_root(encoded)
        except RepositoryError:
            return False
        return True


def _doubled(encoded: bytes, keyid: str) -> bytes:
    value = json.loads(encoded)
    value["signatures"] += [one for one in value["signatures"] if one["keyid"] == keyid][:1]
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _members(root: Root) -> list[str]:
    return [name for name in NAMES if keyid_of(pair(name).public) in root.keys]


def _root(root: Root, version: int, good: Collection[str], bad: Collection[str] = ()) -> bytes:
    """Write the same root as TUF's metadata, signed by the same keys."""
    keys: dict[str, Key] = {
        keyid: SSlibKey(keyid, "ed25519", "ed25519", {"public": key.hex()})
        for keyid, key in root.keys.items()
    }
    any_key = next(iter(keys))
    roles = {name: Role([any_key], 1) for name in OTHERS}
    roles["root"] = Role(list(keys), root.threshold)
    said: Metadata[TufRoot] = Metadata(TufRoot(version=version, keys=keys, roles=roles))
    for name in (*good, *bad):
        one, message = pair(name), said.signed_bytes
        made = one.sign(message + (b"!" if name in bad else b""))
        keyid = keyid_of(one.public)
        said.signatures[keyid] = Signature(keyid, made.hex())
    return said.to_bytes()


@st.composite
def roots(draw: st.DrawFn) -> Root:
    """Draw a root of one to five keys."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    threshold = draw(st.integers(min_value=1, max_value=len(names)))
    return root_of(threshold, *map(pair, names))


@st.composite
def rotations(draw: st.DrawFn) -> Rotation:
    """Draw a rotation signed by some, wrongly by some, once in a while twice by one."""
    signers = draw(st.lists(st.sampled_from(NAMES), max_size=8, unique=True))
    cut = draw(st.integers(min_value=0, max_value=len(signers)))
    cut = len(signers) if draw(st.booleans()) else cut
    twice = draw(st.sampled_from([None, None, None, *signers]))
    return Rotation(
        old=draw(roots()),
        new=draw(roots()),
        step=draw(st.sampled_from([1, 1, 1, 1, 0, 2])),
        good=signers[:cut],
        bad=signers[cut:],
        twice=twice,
    )


@given(rotations())
@settings(max_examples=400, deadline=None)
def test_our_verdict_on_a_rotation_is_tufs(rotation: Rotation) -> None:
    """Thresholds of both roots, missing, wrong and repeated signatures, wrong numbers."""
    assert rotation.for_us() == rotation.for_tuf()


def test_the_comparison_meets_rotations_of_both_kinds() -> None:
    """An oracle that always refused would agree with anything."""
    dice, seen = random.Random(7), set[bool]()  # noqa: S311 - a spread of cases, no secret
    for _ in range(60):
        names = dice.sample(NAMES, 3)
        root = root_of(dice.randint(1, 3), *map(pair, names))
        good = dice.sample(names, dice.randint(1, 3))
        rotation = Rotation(old=root, new=root, step=1, good=good, bad=())
        assert rotation.for_us() == rotation.for_tuf()
        seen.add(rotation.for_us())
    assert seen == {True, False}


@pytest.mark.parametrize(("threshold", "count"), [(1, 1), (1, 3), (2, 3), (3, 3), (3, 5)])
def test_no_subset_below_the_threshold_rotates_and_every_one_at_it_does(
    threshold: int, count: int
) -> None:
    """All subsets of the officers, with every other key of the member signing beside them."""
    root = root_of(threshold, *map(pair, NAMES[:count]))
    dynasty = Dynasty(roots={0: root, 1: root})
    stolen = (dynasty.statement(0), dynasty.statement(1), dynasty.log(0).secret)
    for some in _subsets(NAMES[:count]):
        statement = to_statement(dynasty.keyset(1))
        entry = signed(statement, *map(pair, some), *stolen)
        found = dynasty.identity().extended(1, [entry])
        assert (len(found.tenures) == 2) == (len(some) >= threshold)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_log_its_reader_neither_fails_nor_changes_its_mind(
    data: st.DataObject,
) -> None:
    """Any order of honest, stolen and garbled entries: earlier readings stay as they were."""
    dynasty = Dynasty()
    entries = [
        dynasty.first(),
        *data.draw(st.lists(st.sampled_from(_entries(dynasty)), max_size=8)),
    ]
    whole = dynasty.identity().extended(0, entries)
    for size in range(1, len(entries) + 1):
        part = dynasty.identity().extended(0, entries[:size])
        assert part == whole.until(size)
        for index, entry in enumerate(entries[:size]):
            assert read_logged(entry, index, part) == read_logged(entry, index, whole)
            assert part.log_keys_for(index + 1) == whole.log_keys_for(index + 1)


@given(st.integers(min_value=0, max_value=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_exactly_what_stolen_keys_signed_after_the_last_good_entry_is_disputed(
    last_good: int, by_stolen: list[bool]
) -> None:
    """Never an entry before it, never one that other keys signed."""
    dynasty = Dynasty(officers=["maria"])
    own, maria = dynasty.statement(0), pair("maria")
    said = Compromise(
        entry=0,
        sequence=0,
        keys=frozenset([keyid_of(maria.public)]),
        last_good=last_good,
        reason="stolen",
        issued=from_posix(BEGIN),
    )
    entries = [
        dynasty.first(),
        *(signed(saying(at), maria if hers else own) for at, hers in enumerate(by_stolen)),
        signed(revocation.to_statement(said, dynasty.keyset(0)), own),
    ]
    identity = dynasty.identity().extended(0, entries)
    for index, entry in enumerate(entries[:-1]):
        disputed = any(
            one.kind == "disputed" for one in doubts_of(entry, index, None, identity)
        )
        assert disputed == (index > 0 and index > last_good and by_stolen[index - 1])


@given(st.integers(min_value=-3 * DAY, max_value=4 * DAY))
def test_a_claim_to_have_been_issued_before_the_keys_were_is_seen(seconds: int) -> None:
    """By the log's own order, within five minutes of a slow clock."""
    dynasty = Dynasty()
    identity = dynasty.identity().extended(1, [dynasty.rotation(1)])
    claimed = {"issued": _written(BEGIN + seconds)}
    statement = replace(saying(1), predicate=claimed)
    entry = signed(statement, dynasty.statement(1))
    late = [one.entry for one in doubts_of(entry, 2, statement, identity)]
    assert late == ([1] if seconds < DAY - 300 else [])


def _written(seconds: int) -> str:
    return from_posix(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def _subsets(names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for size in range(len(names) + 1):
        yield from combinations(names, size)


def _entries(dynasty: Dynasty) -> list[bytes]:
    """Return honest and dishonest entries of one member's log."""
    thief = Dynasty(name="thief")
    stolen: Statement = to_statement(replace(thief.keyset(1), log_key=dynasty.log(1).key))
    return [
        signed(saying(1), dynasty.statement(0)),
        signed(saying(2), dynasty.statement(1)),
        signed(saying(3), dynasty.statement(2)),
        dynasty.rotation(1),
        dynasty.rotation(2),
        dynasty.rotation(1, dynasty.statement(0)),
        signed(stolen, dynasty.statement(0), thief.statement(1)),
        dynasty.rotation(1)[:-1],
        b"",
    ]
