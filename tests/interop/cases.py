# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Named cases, honest and corrupted in every field, each with our own verdict."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from comity.errors import ComityError
from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_posix
from comity.kernel.merkle import Tree, leaf_hash, verify_consistency, verify_inclusion
from comity.ledger.base64text import to_base64
from comity.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign, find_cosignature
from comity.ledger.envelope import from_bytes as envelope_from_bytes
from comity.ledger.envelope import keyid_of, sign_payload, verify_envelope
from comity.ledger.mldsa import MlDsaKey
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    Note,
    NoteSignature,
    NoteSigner,
    from_vkey,
)
from comity.ledger.proof import InclusionProof, verify_proof
from comity.ledger.proof import from_bytes as proof_from_bytes
from comity.ledger.signature import SigningKey
from comity.ledger.statement import PAYLOAD_TYPE

NOW = from_posix(1_795_288_764)
STATEMENT_KEY = SigningKey.from_seed(bytes(range(1, 33)))
LOG_KEY = SigningKey.from_seed(bytes(range(32)))
LOG = NoteSigner.of("kh.example/log", ED25519, LOG_KEY)
OTHER = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(2, 34))))
WITNESS = NoteSigner.of(
    "br.example/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(range(3, 35)))
)
QUANTUM_KEY = MlDsaKey.from_seed(bytes(range(4, 36)))
QUANTUM = NoteSigner.of("br.example/q", COSIGNATURE_MLDSA, QUANTUM_KEY)
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 255, 256, 257, 700)
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(701)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question to another implementation, and what ours says.

    Args:
        accepted: Our verdict.
    """

    name: str
    question: Mapping[str, object]
    accepted: bool


def accepts(judge: Callable[[], object]) -> bool:
    """Tell whether ours accepts; it refuses by our own errors only."""
    try:
        judge()
    except ComityError:
        return False
    return True


def flipped(encoded: bytes, at: int) -> bytes:
    """Change one bit of one byte."""
    return encoded[:at] + bytes([encoded[at] ^ 1]) + encoded[at + 1 :]


def respelled(encoded: bytes, at: int) -> bytes:
    """Set a bit that says nothing in the last digit of a base64 text."""
    digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    other = digits[digits.index(encoded[at]) + 1]
    return encoded[:at] + bytes([other]) + encoded[at + 1 :]


def flips(
    encoded: bytes, *, step: int = 1, but: Sequence[int] = ()
) -> Iterator[tuple[str, bytes]]:
    """Yield the bytes with one byte changed, for every place but some."""
    for at in range(0, len(encoded), step):
        if at not in but:
            yield f"byte {at} flipped", flipped(encoded, at)


def signature_ends(encoded: bytes) -> list[int]:
    """Return where base64 digits with bits that say nothing stand at the end of lines.

    Go's packages read them as they come; `NARROWER` holds what that means.
    """
    places, at = list[int](), 0
    for line in encoded.split(b"\n"):
        if line.startswith("— ".encode()) and line.endswith(b"="):
            places.append(at + len(line.rstrip(b"=")) - 1)
        at += len(line) + 1
    return places


def signed(text: str, *signers: NoteSigner) -> Note:
    """Sign any text as logs do, whatever it says."""
    return Note(
        text=text,
        signatures=tuple(
            NoteSignature(
                name=one.key.name,
                key_id=one.key.key_id,
                signature=one.secret.sign(text.encode()),
            )
            for one in signers
        ),
    )


def checkpoint(size: int = 700, *extensions: str) -> Checkpoint:
    """Return the checkpoint of the first entries."""
    root = Tree.of(LEAVES[:size]).root
    return Checkpoint(
        origin=Origin(LOG.key.name), size=size, root=root, extensions=tuple(extensions)
    )


NOTE = sign_checkpoint(checkpoint(), LOG)
COSIGNED = NOTE.with_signatures([cosign(NOTE, WITNESS, NOW)])


# ---------------------------------------------------------------- checkpoints


def checkpoint_case(name: str, encoded: bytes, vkey: str = LOG.key.vkey) -> Case:
    """Ask whether a log's key signed a checkpoint."""
    return Case(
        name=f"checkpoint: {name}",
        question={"ask": "checkpoint", "note": encoded, "key": vkey},
        accepted=accepts(lambda: open_checkpoint(encoded, from_vkey(vkey))),
    )


def checkpoint_cases() -> Iterator[Case]:
    """Yield checkpoints: of every size, changed in every byte, and signed though malformed."""
    for size in SIZES:
        yield checkpoint_case(f"of size {size}", sign_checkpoint(checkpoint(size), LOG).encoded)
    yield checkpoint_case(
        "with extensions", sign_checkpoint(checkpoint(7, "a", "b c"), LOG).encoded
    )
    yield checkpoint_case("cosigned", COSIGNED.encoded)
    yield checkpoint_case("signed by two logs", signed(NOTE.text, LOG, WITNESS, OTHER).encoded)
    for name, changed in flips(NOTE.encoded, but=signature_ends(NOTE.encoded)):
        yield checkpoint_case(name, changed)
    for name, text in malformed_texts():
        yield checkpoint_case(name, signed(text, LOG).encoded)
    for name, encoded in malformed_notes():
        yield checkpoint_case(name, encoded)
    for name, vkey in foreign_keys():
        yield checkpoint_case(name, NOTE.encoded, vkey)


def malformed_texts() -> Iterator[tuple[str, str]]:
    """Yield texts a log's own key signs, and that are no checkpoints."""
    origin, size, root = NOTE.text.split("\n")[:3]
    spelled = {"0": "0", "leading zero": "0700", "plus": "+700", "minus": "-1", "empty": "",
               "a word": "many", "hex": "0x1", "point": "7.0", "space": " 700",
               "the largest": str(2**63 - 1), "too large": str(2**63), "huge": "9" * 40,
               "underscore": "7_0", "arabic": "٧٠٠"}  # fmt: skip
    for name, text in spelled.items():
        yield f"size spelled: {name}", f"{origin}\n{text}\n{root}\n"
    roots = {"short": root[:40], "long": root + "AAAA", "without padding": root[:-1],
             "url alphabet": to_base64(b"\xff" * 32).replace("/", "_"),
             "a space": f" {root}", "pad bits": root[:-2] + "t=", "hex": "ab" * 32,
             "31 bytes": to_base64(bytes(31)), "33 bytes": to_base64(bytes(33))}  # fmt: skip
    for name, text in roots.items():
        yield f"root spelled: {name}", f"{origin}\n{size}\n{text}\n"
    yield "another origin", f"br.example/log\n{size}\n{root}\n"
    yield "an origin in capitals", f"{origin.upper()}\n{size}\n{root}\n"
    yield "no origin", f"\n{size}\n{root}\n"
    yield "no root", f"{origin}\n{size}\n"
    yield "an empty extension", f"{origin}\n{size}\n{root}\n\n"
    yield "an empty line between", f"{origin}\n{size}\n\n{root}\n"
    yield "only an origin", f"{origin}\n"
    yield "nothing", "\n"


def malformed_notes() -> Iterator[tuple[str, bytes]]:
    """Yield notes around a good checkpoint."""
    whole = NOTE.encoded
    text, line = NOTE.text.encode(), NOTE.signatures[0].line.encode()
    wrong = replace(NOTE.signatures[0], signature=bytes(64)).line.encode()
    unknown = replace(NOTE.signatures[0], name="br.example/log").line.encode()
    short = f"— br.example/w {to_base64(b'1234')}\n".encode()
    yield "nothing at all", b""
    yield "no signature", text + b"\n"
    yield "no blank line", text + line
    yield "two blank lines", text + b"\n\n" + line
    yield "no last newline", whole[:-1]
    yield "bytes after", whole + b"x"
    yield "an empty line after", whole + b"\n"
    yield "carriage returns", whole.replace(b"\n", b"\r\n")
    yield "a control character", whole.replace(b"kh.", b"kh\x01")
    yield "not UTF-8", whole.replace(b"kh.", b"kh\xff")
    yield "a hyphen for the dash", whole.replace("—".encode(), b"-")
    yield "no space after the dash", whole.replace("— ".encode(), "—".encode())
    yield "no signature after the name", text + b"\n" + "— kh.example/log \n".encode()
    yield "the same line twice", whole + line
    yield "a wrong line first", text + b"\n" + wrong + line
    yield "only a wrong line", text + b"\n" + wrong
    yield "an unknown line first", text + b"\n" + unknown + line
    yield "only an unknown line", text + b"\n" + unknown
    yield "a signature of no bytes", whole + short
    yield "a name with a plus", whole + unknown.replace(b"br.", b"br+")
    yield "a name with a space", whole + unknown.replace(b"br.", "br\u2003".encode())
    yield "64 signatures", whole + b"".join(_strangers(63))
    yield "101 signatures", whole + b"".join(_strangers(100))


def _strangers(count: int) -> Iterator[bytes]:
    for number in range(count):
        stranger = replace(NOTE.signatures[0], name=f"stranger-{number}.example")
        yield stranger.line.encode()


def foreign_keys() -> Iterator[tuple[str, str]]:
    """Yield keys that did not sign, and texts that are no keys."""
    name, identifier, key = LOG.key.vkey.split("+", 2)
    yield "another key of that name", OTHER.key.vkey
    yield "the key under another name", replace(LOG.key, name="br.example/log").vkey
    yield "the key as a witness's", replace(LOG.key, kind=COSIGNATURE_ED25519).vkey
    yield "a key with another id", f"{name}+00000000+{key}"
    yield "a key with half an id", f"{name}+{identifier[:4]}+{key}"
    yield "half a key", f"{name}+{identifier}+{key[:-4]}"
    yield "a key of no name", f"+{identifier}+{key}"
    yield "no key", name
    yield "an empty text", ""


# ---------------------------------------------------------------- cosignatures


def cosigned_case(
    name: str, encoded: bytes, vkey: str = WITNESS.key.vkey, log: str = LOG.key.vkey
) -> Case:
    """Ask whether a witness cosigned what a log signed."""

    def judge() -> None:
        _, note = open_checkpoint(encoded, from_vkey(log))
        if find_cosignature(note, from_vkey(vkey)) is None:
            raise ComityError("the witness gave none", code="tests.none")

    return Case(
        name=f"cosigned: {name}",
        question={"ask": "cosigned", "note": encoded, "key": log, "witness": vkey},
        accepted=accepts(judge),
    )


def cosigned_cases() -> Iterator[Case]:
    """Yield cosigned checkpoints, honest and changed."""
    for size in SIZES:
        note = sign_checkpoint(checkpoint(size), LOG)
        line = cosign(note, WITNESS, NOW)
        yield cosigned_case(f"size {size}", note.with_signatures([line]).encoded)
    for name, changed in flips(COSIGNED.encoded, but=signature_ends(COSIGNED.encoded)):
        yield cosigned_case(name, changed)
    own, line = COSIGNED.signatures
    lines = {
        "the witness alone": (line,),
        "the log alone": (own,),
        "the witness first": (line, own),
        "the log's signature in the witness's name": (
            own, replace(line, signature=line.signature[:8] + own.signature)),
        "a signature without a time": (own, replace(line, signature=line.signature[8:])),
        "a signature cut short": (own, replace(line, signature=line.signature[:-1])),
        "a signature with a byte more": (own, replace(line, signature=line.signature + b"\0")),
        "another time": (own, replace(line, signature=bytes(7) + b"\1" + line.signature[8:])),
        "another witness": (own, replace(line, name="sg.example/w")),
        "another id": (own, replace(line, key_id=b"1234")),
    }  # fmt: skip
    for name, some in lines.items():
        yield cosigned_case(name, Note(text=NOTE.text, signatures=some).encoded)
    for name, seconds in {"second 1": 1, "year 9999": 253_402_300_799, "beyond": 2**63}.items():
        yield cosigned_case(f"time: {name}", cosigned_at(seconds))
    yield cosigned_case("no key of a witness", COSIGNED.encoded, LOG.key.vkey)
    yield cosigned_case("no key of a log", COSIGNED.encoded, log=WITNESS.key.vkey)
    other = sign_checkpoint(checkpoint(699), LOG)
    moved = other.with_signatures([cosign(NOTE, WITNESS, NOW)])
    yield cosigned_case("a cosignature of another checkpoint", moved.encoded)


def quantum_cases() -> Iterator[Case]:
    """Yield checkpoints cosigned by ML-DSA-44: the lines changed at every hundredth byte."""
    key = QUANTUM.key.vkey
    for size in SIZES:
        note = sign_checkpoint(checkpoint(size, *["an extension"] * (size % 2)), LOG)
        line = cosign(note, QUANTUM, NOW)
        yield cosigned_case(f"ML-DSA, size {size}", note.with_signatures([line]).encoded, key)
    both = COSIGNED.with_signatures([cosign(NOTE, QUANTUM, NOW)])
    yield cosigned_case("ML-DSA beside Ed25519", both.encoded, key)
    yield cosigned_case("Ed25519 beside ML-DSA", both.encoded)
    yield cosigned_case("ML-DSA, none given", COSIGNED.encoded, key)
    line = cosign(NOTE, QUANTUM, NOW)
    single = NOTE.with_signatures([line]).encoded
    for name, changed in flips(single, step=101, but=signature_ends(single)):
        yield cosigned_case(f"ML-DSA, {name}", changed, key)
    changes = {
        "cut short": line.signature[:-1],
        "with a byte more": line.signature + b"\0",
        "without a time": line.signature[8:],
        "another time": bytes(7) + b"\1" + line.signature[8:],
        "of Ed25519": COSIGNED.signatures[1].signature,
    }
    for name, raw in changes.items():
        wrong = NOTE.with_signatures([replace(line, signature=raw)])
        yield cosigned_case(f"ML-DSA, {name}", wrong.encoded, key)
    moved = sign_checkpoint(checkpoint(699), LOG).with_signatures([line])
    yield cosigned_case("ML-DSA, of another checkpoint", moved.encoded, key)
    name, identifier, digits = key.split("+", 2)
    yield cosigned_case("ML-DSA, half a key", single, f"{name}+{identifier}+{digits[:-4]}")
    renamed = replace(QUANTUM.key, name="sg.example/q")
    lines = [replace(line, name=renamed.name, key_id=renamed.key_id)]
    named = NOTE.with_signatures(lines).encoded
    yield cosigned_case("ML-DSA, in another's name", named, renamed.vkey)


def cosigned_at(seconds: int) -> bytes:
    """Cosign at any second, past or beyond what we can write."""
    message = f"cosignature/v1\ntime {seconds}\n{NOTE.text}".encode()
    stamp = seconds.to_bytes(8, "big")
    signature = stamp + WITNESS.secret.sign(message)
    line = NoteSignature(name=WITNESS.key.name, key_id=WITNESS.key.key_id, signature=signature)
    return NOTE.with_signatures([line]).encoded


# ---------------------------------------------------------------- proofs of trees


def hashes_changed(path: Sequence[Digest]) -> Iterator[tuple[str, tuple[Digest, ...]]]:
    """Yield a path as it is, and changed in every hash and in its length."""
    yield "as proven", tuple(path)
    for at in range(len(path)):
        wrong = Digest(flipped(path[at], 31))
        yield f"hash {at} flipped", (*path[:at], wrong, *path[at + 1 :])
        yield f"hash {at} left out", (*path[:at], *path[at + 1 :])
        yield f"hash {at} twice", (*path[: at + 1], *path[at:])
    yield "a hash more", (*path, LEAVES[0])
    yield "a hash before", (LEAVES[0], *path)
    if len(path) > 1:
        yield "turned round", tuple(reversed(path))


def inclusion_case(
    name: str, leaf: Digest, index: int, path: Sequence[Digest], *, size: int, root: Digest
) -> Case:
    """Ask whether a leaf stands in a tree."""
    return Case(
        name=f"inclusion: {name}",
        question={"ask": "inclusion", "leaf": leaf, "index": index, "path": list(path),
                  "size": size, "root": root},
        accepted=accepts(lambda: verify_inclusion(leaf, index, path, size=size, root=root)),
    )  # fmt: skip


def inclusion_cases() -> Iterator[Case]:
    """Yield proofs of leaves: first, last, in the middle; changed in every part."""
    for size in SIZES:
        tree = Tree.of(LEAVES[:size])
        for index in sorted({0, size // 3, size - 1}):
            told, leaf, path = f"{index} of {size}", LEAVES[index], tree.inclusion(index)
            for name, changed in hashes_changed(path):
                yield inclusion_case(
                    f"{told}: {name}", leaf, index, changed, size=size, root=tree.root
                )
            others = {
                "leaf flipped": (Digest(flipped(leaf, 0)), index, size, tree.root),
                "the next index": (leaf, index + 1, size, tree.root),
                "the index before": (leaf, index - 1, size, tree.root),
                "a leaf more": (leaf, index, size + 1, tree.root),
                "a leaf fewer": (leaf, index, size - 1, tree.root),
                "root flipped": (leaf, index, size, Digest(flipped(tree.root, 16))),
                "index beyond": (leaf, index + 2**40, size, tree.root),
            }
            for name, (one, at, count, root) in others.items():
                yield inclusion_case(f"{told}: {name}", one, at, path, size=count, root=root)


def consistency_case(
    name: str, first: int, second: int, path: Sequence[Digest], roots: tuple[Digest, Digest]
) -> Case:
    """Ask whether one tree is a prefix of another."""
    return Case(
        name=f"consistency: {name}",
        question={"ask": "consistency", "old": first, "size": second, "path": list(path),
                  "oldroot": roots[0], "root": roots[1]},
        accepted=accepts(
            lambda: verify_consistency(
                first, second, path, first_root=roots[0], second_root=roots[1]
            )
        ),
    )  # fmt: skip


def consistency_cases() -> Iterator[Case]:
    """Yield proofs of growth, changed in every part."""
    for second in SIZES:
        tree = Tree.of(LEAVES[:second])
        for first in sorted({1, second // 2, second * 2 // 3, second - 1, second} - {0}):
            told, path = f"{first} in {second}", tree.consistency(first)
            roots = (Tree.of(LEAVES[:first]).root, tree.root)
            for name, changed in hashes_changed(path):
                yield consistency_case(f"{told}: {name}", first, second, changed, roots)
            wrong = Digest(flipped(roots[0], 5)), Digest(flipped(roots[1], 5))
            others = {
                "first root flipped": (first, second, (wrong[0], roots[1])),
                "second root flipped": (first, second, (roots[0], wrong[1])),
                "roots exchanged": (first, second, (roots[1], roots[0])),
                "sizes exchanged": (second, first, roots),
                "a leaf more before": (first + 1, second, roots),
                "a leaf more after": (first, second + 1, roots),
                "a leaf fewer after": (first, second - 1, roots),
            }
            for name, (one, other, some) in others.items():
                yield consistency_case(f"{told}: {name}", one, other, path, some)


def proof_case(name: str, encoded: bytes, entry: bytes, vkey: str = LOG.key.vkey) -> Case:
    """Ask whether a whole proof holds."""
    return Case(
        name=f"proof: {name}",
        question={"ask": "proof", "note": encoded, "entry": entry, "key": vkey},
        accepted=accepts(
            lambda: verify_proof(proof_from_bytes(encoded), entry, from_vkey(vkey))
        ),
    )


def proof_of(index: int, extra: bytes = b"") -> InclusionProof:
    """Prove an entry under the cosigned checkpoint."""
    path = Tree.of(LEAVES[:700]).inclusion(index)
    return InclusionProof(index=index, path=path, checkpoint=COSIGNED.encoded, extra=extra)


def proof_cases() -> Iterator[Case]:
    """Yield C2SP tlog-proofs, whole and changed in every byte."""
    for index in (0, 1, 255, 256, 511, 512, 698, 699):
        yield proof_case(f"of entry {index}", proof_of(index).encoded, b"entry %d" % index)
        yield proof_case(f"of entry {index}, not its", proof_of(index).encoded, b"entry")
    encoded, entry = proof_of(650, b"a note beside it").encoded, b"entry 650"
    yield proof_case("with bytes beside it", encoded, entry)
    yield proof_case("by another log's key", encoded, entry, OTHER.key.vkey)
    start = encoded.index(b"index")  # what stands beside it nobody signed
    for name, changed in flips(encoded[start:], but=signature_ends(encoded[start:])):
        yield proof_case(name, encoded[:start] + changed, entry)
    for name, changed in {
        "no header": encoded[encoded.index(b"\n") + 1 :],
        "another version": encoded.replace(b"@v1", b"@v2"),
        "index with a zero": encoded.replace(b"index 650", b"index 0650"),
        "index negative": encoded.replace(b"index 650", b"index -650"),
        "no index": encoded.replace(b"index 650\n", b""),
        "extra of nothing": encoded.replace(to_base64(b"a note beside it").encode(), b""),
        "extra that is no base64": encoded.replace(b"extra ", b"extra *"),
        "no checkpoint": encoded[: encoded.index(b"\n\n")],
        "an empty checkpoint": encoded[: encoded.index(b"\n\n") + 2],
    }.items():
        yield proof_case(name, changed, entry)


# ---------------------------------------------------------------- envelopes

PAYLOAD = b'{"_type":"https://in-toto.io/Statement/v1","predicate":{"number":7},"subject":[]}'
ENVELOPE = sign_payload(PAYLOAD, PAYLOAD_TYPE, [STATEMENT_KEY])


def envelope_case(name: str, entry: bytes, public: bytes = STATEMENT_KEY.public) -> Case:
    """Ask whether a key signed an envelope."""
    keys = {keyid_of(public): public}
    return Case(
        name=f"envelope: {name}",
        question={"ask": "envelope", "entry": entry, "public": public},
        accepted=accepts(lambda: verify_envelope(envelope_from_bytes(entry), keys)),
    )


def envelope_cases() -> Iterator[Case]:
    """Yield DSSE envelopes, whole and changed in every byte."""
    yield envelope_case("as signed", ENVELOPE)
    yield envelope_case("by another key", ENVELOPE, LOG_KEY.public)
    both = sign_payload(PAYLOAD, PAYLOAD_TYPE, [LOG_KEY, STATEMENT_KEY])
    yield envelope_case("by two keys", both)
    yield envelope_case("another type", sign_payload(PAYLOAD, "text/plain", [STATEMENT_KEY]))
    digits = (b'","payloadType', b'"}]')
    ends = [len(ENVELOPE[: ENVELOPE.index(end)].rstrip(b"=")) - 1 for end in digits]
    for name, changed in flips(ENVELOPE, but=ends):
        yield envelope_case(name, changed)
    swapped = ENVELOPE.replace(to_base64(PAYLOAD).encode(), to_base64(PAYLOAD[::-1]).encode())
    yield envelope_case("another payload", swapped)


# ---------------------------------------------------------------- where we are narrower


def narrower_cases() -> Iterator[Case]:
    """Yield what Go's packages accept and our formats refuse: one value, one spelling."""
    whole, line = NOTE.encoded, NOTE.signatures[0]
    (at,) = signature_ends(whole)
    stranger = replace(line, name="br.example/log").line.encode()
    (end,) = signature_ends(stranger)
    wrong = replace(line, signature=bytes(64)).line.encode()
    name, identifier, key = LOG.key.vkey.split("+", 2)
    yield checkpoint_case("bits that say nothing", respelled(whole, at))
    yield checkpoint_case(
        "bits that say nothing, a stranger's", whole + respelled(stranger, end)
    )
    yield checkpoint_case("65 signatures", whole + b"".join(_strangers(64)))
    yield checkpoint_case("a wrong line after the right one", whole + wrong)
    hidden = stranger.replace(b"br.", "br\u200b".encode())
    yield checkpoint_case("a name that does not show", whole + hidden)
    yield checkpoint_case("a key id in capitals", whole, f"{name}+{identifier.upper()}+{key}")
    yield cosigned_case("cosigned at second 0", cosigned_at(0))
    yield cosigned_case("cosigned in the year 10000", cosigned_at(253_402_300_800))
    yield envelope_case("not canonical", ENVELOPE.replace(b",", b", ", 1))
    yield envelope_case("another order", _reordered())
    yield envelope_case(
        "bits that say nothing", respelled(ENVELOPE, ENVELOPE.index(b'=="}]') - 1)
    )
    yield proof_case("16 KiB beside it", proof_of(7, bytes(16_385)).encoded, b"entry 7")


def _reordered() -> bytes:
    before, _, after = ENVELOPE[1:-1].partition(b',"payloadType"')
    return b'{"payloadType"' + after + b"," + before + b"}"


def every_case() -> Iterator[Case]:
    """Yield every case on which one verdict is asked for."""
    yield from checkpoint_cases()
    yield from cosigned_cases()
    yield from quantum_cases()
    yield from inclusion_cases()
    yield from consistency_cases()
    yield from proof_cases()
    yield from envelope_cases()
    yield replace(checkpoint_case("of nothing", _empty()), name="checkpoint: of size 0")


def _empty() -> bytes:
    nothing = Checkpoint(origin=Origin(LOG.key.name), size=0, root=sha256())
    return sign_checkpoint(nothing, LOG).encoded
