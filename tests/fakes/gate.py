# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every way into the ledger and the node for bytes that others wrote, with sound examples."""

import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from tests.fakes.pair import NOW, PASSPHRASE, befriend, found, say, sync

from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.digest import Digest
from comity.kernel.instant import Instant
from comity.ledger import envelope, fork, note, policyfile, proof, statement
from comity.ledger.checkpoint import from_text as checkpoint_from
from comity.ledger.checkpoint import open_checkpoint
from comity.ledger.commitment import Access, AccessClass
from comity.ledger.commitment import from_json as commitment_from
from comity.ledger.cosignature import find_cosignature
from comity.ledger.disclosure import from_text as disclosure_from
from comity.ledger.disclosure import to_disclosure
from comity.ledger.erasure import consent_from, erasure_from
from comity.ledger.identity import bears_on_identity, open_identity
from comity.ledger.reading import read_entry
from comity.ledger.redaction import from_redacted, redact, to_redacted
from comity.ledger.tile import from_bundle, from_tile, to_bundle
from comity.node.care import manifest
from comity.node.care.backup import back_up
from comity.node.disk.storage import Disk
from comity.node.fetch.key import read_key_document
from comity.node.fetch.signature import Received, RequestChecker
from comity.node.keys.keys import open_keys
from comity.node.logs.log import CHECKPOINT
from comity.node.member import config
from comity.node.node import Node
from comity.node.secrets.sealed import open_stream, read_head, seal_stream
from comity.node.views.viewpoint import from_json as view_from
from comity.node.views.viewpoint import read_viewpoint
from comity.node.views.viewpoint import to_json as view_json

SECRET = bytes(range(32))
ASKED = b"""signature-input: comity=("@method");created=1;nonce="a";tag="b"
signature: comity=:AAAA:
comity-key: AAAA
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One reader of foreign bytes.

    Args:
        sound: What it reads without complaint, or at least well-formed.
    """

    read: Callable[[bytes], object]
    sound: tuple[bytes, ...]


def gates(folder: Path) -> dict[str, Gate]:
    """Return every gate, by name; two members are founded below the folder."""
    kh, br = found(folder, "kh"), found(folder, "br")
    with closing(kh), closing(br):
        befriend(kh, br)
        befriend(br, kh)
        say(kh, "note", {"number": 1})
        sync(kh, br)
        back_up(kh.folder, folder / "copy", NOW)
        return dict(chain(_ledger(kh, br), _node(kh, folder), _secrets(kh)))


def _ledger(kh: Node, br: Node) -> Iterator[tuple[str, Gate]]:
    entries = list(kh.log.entries())
    public = (kh.folder / CHECKPOINT).read_bytes()
    key, witness, identity = kh.keyset.log_key, br.keyset.witness_key, kh.identity
    opened = envelope.from_bytes(entries[-1])
    tree = kh.log.public_tree(len(entries))
    shown = proof.InclusionProof(index=1, path=tuple(tree.inclusion(1)), checkpoint=public)
    redacted = to_redacted(redact(entries, [1]))
    yield "note", Gate(read=note.from_bytes, sound=(public,))
    yield "checkpoint", Gate(read=lambda raw: open_checkpoint(raw, key), sound=(public,))
    yield (
        "checkpoint text",
        Gate(read=lambda raw: checkpoint_from(note.from_bytes(raw).text), sound=(public,)),
    )
    yield (
        "cosignature",
        Gate(read=lambda raw: find_cosignature(note.from_bytes(raw), witness), sound=(public,)),
    )
    yield (
        "tile bundle",
        Gate(
            read=lambda raw: [read_entry(one, kh.keyset) for one in from_bundle(raw)],
            sound=(to_bundle(entries),),
        ),
    )
    yield "tile", Gate(read=lambda raw: from_tile(raw, 4), sound=(bytes(128),))
    yield "redacted bundle", Gate(read=from_redacted, sound=(redacted,))
    yield "envelope", Gate(read=envelope.from_bytes, sound=(entries[-1],))
    yield "statement", Gate(read=statement.from_payload, sound=(opened.payload,))
    yield "first entry", Gate(read=open_identity, sound=(entries[0],))
    yield (
        "later entry",
        Gate(
            read=lambda raw: (bears_on_identity(raw), identity.extended(9, [raw])),
            sound=(entries[0], entries[-1]),
        ),
    )
    yield "tlog-proof", Gate(read=proof.from_bytes, sound=(shown.encoded,))
    yield "trust policy", Gate(read=policyfile.from_bytes, sound=(_policy(kh),))
    yield (
        "fork evidence",
        Gate(read=lambda raw: fork.judge_fork(fork.from_bytes(raw)), sound=_forks(kh, public)),
    )


def _policy(kh: Node) -> bytes:
    vkey = kh.keyset.witness_key.vkey
    return f"witness one {vkey}\ngroup all any one\nquorum all\n".encode()


def _forks(kh: Node, public: bytes) -> tuple[bytes, ...]:
    """Return evidence of the first form, and of the second with all it may hold."""
    zero = Digest(bytes(32))
    bare = fork.Fork(log_key=kh.keyset.log_key.vkey, smaller=public, larger=public)
    place = fork.Place(
        index=0, smaller=zero, smaller_path=(zero,), larger=zero, larger_path=(zero,)
    )
    shared = fork.Shared(size=1, root=zero, to_smaller=(zero,), to_larger=(zero,))
    keys = (kh.keyset.witness_key.vkey,)
    return (
        fork.to_bytes(bare),
        fork.to_bytes(replace(bare, prefix_root=zero, proof=(zero,))),
        fork.to_bytes(replace(bare, place=place, shared=shared, witness_keys=keys)),
    )


def _node(kh: Node, folder: Path) -> Iterator[tuple[str, Gate]]:
    settings = (kh.folder / "node.toml").read_bytes()
    keys = (kh.folder / "keys.sealed").read_bytes()
    copy = (folder / "copy" / manifest.FILE).read_bytes()
    view = to_canonical(view_json(read_viewpoint(Disk(kh.folder), NOW)))
    checker = RequestChecker(lambda _: kh.identity, clock=_clock)
    yield "node.toml", Gate(read=config.from_toml, sound=(settings,))
    yield "key file", Gate(read=lambda raw: open_keys(raw, PASSPHRASE), sound=(keys,))
    yield "manifest", Gate(read=manifest.from_json, sound=(copy,))
    yield (
        "view",
        Gate(read=lambda raw: view_from(from_canonical(raw), source="view"), sound=(view,)),
    )
    yield (
        "request signature",
        Gate(
            read=lambda raw: checker.check(_request(raw)),
            sound=(ASKED,),
        ),
    )
    yield "key document", Gate(read=read_key_document, sound=(b'{"member":"00"}',))


def _clock() -> Instant:
    return NOW


def _request(raw: bytes) -> Received:
    lines = (line.partition(": ") for line in raw.decode("latin-1").split("\n"))
    fields = tuple((name.lower(), value) for name, _, value in lines)
    return Received(method="GET", url="https://kh.example/checkpoint", fields=fields, body=b"")


def _secrets(kh: Node) -> Iterator[tuple[str, Gate]]:
    target = io.BytesIO()
    recipient = kh.keyset.agreement_key
    seal_stream(io.BytesIO(b"plain"), target, [recipient], None)
    sealed = target.getvalue()
    disclosure = to_disclosure(bytes(16), "name", {"a": [1, "b"]})
    kept = kh.blobs.kept.keep(
        b"report", salt=bytes(16), media="text/plain", access=Access(kind=AccessClass.MEMBERS)
    )
    commitment = to_canonical(kept.to_json())
    erasure = to_canonical(
        {
            "of": None, "blob": "00" * 32, "class": "secret", "basis": "why",
            "countersigned": None, "issued": "2026-11-22T08:00:00Z",
        }
    )  # fmt: skip
    yield (
        "sealed file",
        Gate(
            read=lambda raw: open_stream(io.BytesIO(raw), io.BytesIO(), [SECRET]),
            sound=(sealed,),
        ),
    )
    yield "sealed head", Gate(read=lambda raw: read_head(io.BytesIO(raw)), sound=(sealed,))
    yield (
        "disclosure",
        Gate(
            read=lambda raw: disclosure_from(raw.decode("latin-1")),
            sound=(disclosure.encoded.encode(),),
        ),
    )
    yield (
        "commitment",
        Gate(read=lambda raw: commitment_from(from_canonical(raw)), sound=(commitment,)),
    )
    for name, read in (("erasure", erasure_from), ("countersignature", consent_from)):
        yield name, Gate(read=_of_object(read), sound=(erasure,))


def _of_object(read: Callable[..., object]) -> Callable[[bytes], object]:
    def reading(raw: bytes) -> object:
        value = from_canonical(raw)
        return read(value) if isinstance(value, dict) else None

    return reading
