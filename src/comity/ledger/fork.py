# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Evidence that a log told two stories: two checkpoints it signed that cannot both be true.

Of one size with two roots, the checkpoints suffice. Of two sizes, a consistency proof under
the larger one shows what the smaller one's root would have had to be; or two inclusion proofs
show two different entries in one place. Anyone judges the file offline, by the log's own key;
where a rotation stands between the two checkpoints, by the keysets that name both keys.
"""

from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json, from_canonical, to_canonical
from comity.kernel.digest import Digest
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId
from comity.kernel.merkle import verify_consistency, verify_inclusion
from comity.ledger.checkpoint import MAX_SIZE, Checkpoint, open_checkpoint
from comity.ledger.cosignature import find_cosignature
from comity.ledger.identity import MAX_KEYSETS, open_identity
from comity.ledger.note import Note, NoteKey, from_vkey

FORK_V1 = "https://comity.example/fork/v1"
FORK_V2 = "https://comity.example/fork/v2"
FORK_V3 = "https://comity.example/fork/v3"
MAX_BYTES = 11 * 2**20
"""More than two notes, 64 witnesses and all the keysets a log can have take as JSON, in which a
text at most doubles."""
_MAX_INDEX = min(MAX_SIZE, 2**53 - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Two different entries in one place, each proven under one of the checkpoints.

    Args:
        smaller: Leaf hash of the entry under the smaller checkpoint.
        smaller_path: Its inclusion proof.
    """

    index: int
    smaller: Digest
    smaller_path: tuple[Digest, ...]
    larger: Digest
    larger_path: tuple[Digest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """How far both stories agree: a root that both checkpoints extend.

    Args:
        to_smaller: Consistency proof from it to the smaller checkpoint.
    """

    size: int
    root: Digest
    to_smaller: tuple[Digest, ...]
    to_larger: tuple[Digest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fork:
    """Two signed checkpoints of one log that contradict each other.

    Args:
        log_key: The log's key, as a vkey; it signed both, or the smaller one.
        smaller: The checkpoint of the smaller (or same) size, signed.
        larger: The other one, signed.
        prefix_root: The root that *larger* implies at the smaller size; None when both
            sizes are one, or where a place shows the contradiction.
        proof: Consistency proof from *prefix_root* to *larger*.
        place: Where two different entries are proven.
        shared: How far both stories are shown to agree; None where nothing shows it.
        witness_keys: Keys whose cosignatures stand on both, as vkeys; whose they are, the
            reader must know.
        larger_key: Another key of the log, as a vkey, that signed the larger one; None where
            one key signed both.
        keysets: The member's keysets as entries, from its first on, up to the one that names
            the later of the two keys.
    """

    log_key: str
    smaller: bytes
    larger: bytes
    prefix_root: Digest | None = None
    proof: tuple[Digest, ...] = ()
    place: Place | None = None
    shared: Shared | None = None
    witness_keys: tuple[str, ...] = ()
    larger_key: str | None = None
    keysets: tuple[bytes, ...] = ()

    @property
    def log_keys(self) -> tuple[str, str]:
        """Return the keys that signed the smaller and the larger checkpoint."""
        return self.log_key, self.larger_key or self.log_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Conviction:
    """What evidence that convicts shows.

    Args:
        shared: How many entries both stories are shown to share; 0 where nothing shows it.
        both: Witnesses that cosigned both, which no honest one can.
        member: Whose log it is, where keysets in the evidence say so.
    """

    smaller: Checkpoint
    larger: Checkpoint
    shared: int
    both: tuple[NoteKey, ...]
    member: MemberId | None = None


def is_fork(content: bytes) -> bool:
    """Tell whether a file says that it is fork evidence."""
    return any(name.encode() in content for name in (FORK_V1, FORK_V2, FORK_V3))


def to_bytes(fork: Fork) -> bytes:
    """Write the evidence as a file anyone can check offline.

    What an earlier version can say is written in it, so that older readers read it.
    """
    more: dict[str, Json] = {}
    if fork.place is not None:
        more["place"] = _place_json(fork.place)
    if fork.shared is not None:
        more["shared"] = _shared_json(fork.shared)
    if fork.witness_keys:
        more["witness_keys"] = list(fork.witness_keys)
    version = FORK_V2 if more else FORK_V1
    if fork.larger_key is not None:
        version, more["larger_key"] = FORK_V3, fork.larger_key
        more["keysets"] = [one.decode(errors="replace") for one in fork.keysets]
    return to_canonical(
        {
            "type": version,
            "log_key": fork.log_key,
            "smaller": fork.smaller.decode(),
            "larger": fork.larger.decode(),
            "prefix_root": None if fork.prefix_root is None else fork.prefix_root.hex(),
            "proof": _hashes(fork.proof),
            **more,
        }
    )


def from_bytes(encoded: bytes) -> Fork:
    """Read the evidence without trusting it.

    Raises:
        InvalidDocument: Malformed.
    """
    faults: list[Fault] = []
    if len(encoded) > MAX_BYTES:
        faults.append(Fault(message=f"{len(encoded)} bytes; at most {MAX_BYTES}"))
        raise InvalidDocument(
            "not evidence of a fork", code="ledger.fork_evidence", faults=faults
        )
    fields = Fields(from_canonical(encoded), faults=faults)
    fields.choice("type", (FORK_V1, FORK_V2, FORK_V3))
    has_keys, has_kin = fields.has("witness_keys"), fields.has("larger_key")
    keysets = fields.texts("keysets") if has_kin else ()
    if len(keysets) > MAX_KEYSETS:
        fields.fault("keysets", f"holds more than {MAX_KEYSETS}")
    fork = Fork(
        log_key=fields.text("log_key"),
        smaller=fields.text("smaller").encode(errors="replace"),
        larger=fields.text("larger").encode(errors="replace"),
        prefix_root=fields.optional("prefix_root", fields.digest),
        proof=fields.digests("proof"),
        place=_place(fields.inner("place")) if fields.has("place") else None,
        shared=_shared(fields.inner("shared")) if fields.has("shared") else None,
        witness_keys=tuple(fields.texts("witness_keys")) if has_keys else (),
        larger_key=fields.text("larger_key") if has_kin else None,
        keysets=tuple(one.encode(errors="replace") for one in keysets),
    )
    fields.finish("not evidence of a fork", code="ledger.fork_evidence")
    return fork


def verify_fork(fork: Fork) -> tuple[Checkpoint, Checkpoint]:
    """Check that the evidence convicts: both signed by one log, and not both true.

    Raises:
        InvalidDocument: A part is malformed.
        VerificationFailed: It does not convict, and says why.
    """
    found = judge_fork(fork)
    return found.smaller, found.larger


def judge_fork(fork: Fork) -> Conviction:
    """Check that the evidence convicts, and return all that it shows.

    Raises:
        InvalidDocument: A part is malformed.
        VerificationFailed: It does not convict, or says more than it shows.
    """
    first, second = map(from_vkey, fork.log_keys)
    smaller, one = open_checkpoint(fork.smaller, first, place="smaller")
    larger, other = open_checkpoint(fork.larger, second, place="larger")
    if smaller.size > larger.size:
        raise _acquitted("the smaller checkpoint is the larger one")
    if fork.place is not None:
        _check_place(fork.place, smaller, larger)
    elif smaller.size == larger.size:
        if smaller.root == larger.root:
            raise _acquitted("both checkpoints say the same")
    else:
        _check_prefix(fork, smaller, larger)
    return Conviction(
        smaller=smaller,
        larger=larger,
        shared=_agreed(fork.shared, smaller, larger),
        both=tuple(_cosigner(vkey, one, other) for vkey in dict.fromkeys(fork.witness_keys)),
        member=None if fork.larger_key is None else _kin(fork.keysets, {first, second}),
    )


def convicts(fork: Fork) -> bool:
    """Tell whether the evidence convicts."""
    try:
        judge_fork(fork)
    except (InvalidDocument, VerificationFailed):
        return False
    return True


def _kin(keysets: tuple[bytes, ...], keys: set[NoteKey]) -> MemberId:
    """Return whose keys both are, as the member's own keysets show."""
    if not keysets:
        raise _acquitted("nothing shows that both keys are one log's")
    identity = open_identity(keysets[0], place="keysets[0]").extended(1, keysets[1:])
    if len(identity.tenures) != len(keysets):
        raise _acquitted("a keyset in it does not follow the one before")
    if not keys <= {one.keyset.log_key for one in identity.tenures}:
        raise _acquitted("its keysets do not name both keys")
    return identity.member


def _check_place(place: Place, smaller: Checkpoint, larger: Checkpoint) -> None:
    if place.smaller == place.larger:
        raise _acquitted(f"one entry stands at {place.index} under both checkpoints")
    verify_inclusion(
        place.smaller, place.index, place.smaller_path, size=smaller.size, root=smaller.root
    )
    verify_inclusion(
        place.larger, place.index, place.larger_path, size=larger.size, root=larger.root
    )


def _check_prefix(fork: Fork, smaller: Checkpoint, larger: Checkpoint) -> None:
    if fork.prefix_root is None or fork.prefix_root == smaller.root:
        raise _acquitted("nothing shows another root at the smaller size")
    if not smaller.size:
        raise _acquitted("a log of size 0 tells no story")
    verify_consistency(
        smaller.size,
        larger.size,
        fork.proof,
        first_root=fork.prefix_root,
        second_root=larger.root,
    )


def _agreed(shared: Shared | None, smaller: Checkpoint, larger: Checkpoint) -> int:
    if shared is None:
        return 0
    for proof, checkpoint in ((shared.to_smaller, smaller), (shared.to_larger, larger)):
        verify_consistency(
            shared.size,
            checkpoint.size,
            proof,
            first_root=shared.root,
            second_root=checkpoint.root,
        )
    return shared.size


def _cosigner(vkey: str, one: Note, other: Note) -> NoteKey:
    key = from_vkey(vkey)
    for note, place in ((one, "smaller"), (other, "larger")):
        if find_cosignature(note, key, place=place) is None:
            raise _acquitted(f"{key.name} did not cosign the {place} checkpoint")
    return key


def _acquitted(message: str) -> VerificationFailed:
    return VerificationFailed(message, code="ledger.fork_evidence", place="fork")


def _place(fields: Fields) -> Place:
    return Place(
        index=fields.integer("index", high=_MAX_INDEX),
        smaller=fields.digest("smaller"),
        smaller_path=fields.digests("smaller_path"),
        larger=fields.digest("larger"),
        larger_path=fields.digests("larger_path"),
    )


def _shared(fields: Fields) -> Shared:
    return Shared(
        size=fields.integer("size", high=_MAX_INDEX),
        root=fields.digest("root"),
        to_smaller=fields.digests("to_smaller"),
        to_larger=fields.digests("to_larger"),
    )


def _place_json(place: Place) -> dict[str, Json]:
    return {
        "index": place.index,
        "smaller": place.smaller.hex(),
        "smaller_path": _hashes(place.smaller_path),
        "larger": place.larger.hex(),
        "larger_path": _hashes(place.larger_path),
    }


def _shared_json(shared: Shared) -> dict[str, Json]:
    return {
        "size": shared.size,
        "root": shared.root.hex(),
        "to_smaller": _hashes(shared.to_smaller),
        "to_larger": _hashes(shared.to_larger),
    }


def _hashes(hashes: tuple[Digest, ...]) -> list[Json]:
    return [one.hex() for one in hashes]
