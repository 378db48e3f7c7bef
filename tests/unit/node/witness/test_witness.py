# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The status table of tlog-witness v1.0.0, clause by clause.

Pinned to that version: later drafts answer 422 where it says 409 for another root at the same
size.
"""

import multiprocessing
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Thread

import pytest

from comity.kernel.digest import Digest, sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.merkle import Tree, leaf_hash
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.cosignature import cosign, find_cosignature
from comity.ledger.fork import Fork, judge_fork
from comity.ledger.mldsa import MlDsaKey
from comity.ledger.note import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA,
    ED25519,
    Note,
    NoteKey,
    NoteSignature,
    NoteSigner,
    from_lines,
)
from comity.ledger.signature import SigningKey
from comity.node.witness.witness import (
    MAX_REQUEST_BYTES,
    SIZE_TYPE,
    TEXT_TYPE,
    Witness,
    to_request,
)

NOW = from_rfc3339("2026-11-21T19:19:24Z")
LOG = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(range(32))))
STRANGER = NoteSigner.of("kh.example/log", ED25519, SigningKey.from_seed(bytes(32)))
SIGNER = NoteSigner.of("br.example/w", COSIGNATURE_ED25519, SigningKey.from_seed(bytes(32)))
SECOND = NoteSigner.of("br.example/w", COSIGNATURE_MLDSA, MlDsaKey.from_seed(bytes(32)))
SIGNERS = (SIGNER, SECOND)
LEAVES = [leaf_hash(b"%d" % number) for number in range(20)]
OTHER = [*LEAVES[:2], leaf_hash(b"other"), *LEAVES[3:]]


def tree(size: int, leaves: list[Digest] | None = None) -> Tree:
    """Return the tree of the first leaves."""
    return Tree.of((leaves or LEAVES)[:size])


def note(grown: Tree, signer: NoteSigner = LOG, origin: str = "kh.example/log") -> Note:
    """Return the signed checkpoint of a tree."""
    checkpoint = Checkpoint(origin=Origin(origin), size=grown.size, root=grown.root)
    return sign_checkpoint(checkpoint, signer)


def request(old: int, grown: Tree, signed: Note | None = None) -> bytes:
    """Return an honest request to cosign a tree."""
    return to_request(old, grown.consistency(old), signed or note(grown))


def find_keys(origin: Origin, _size: int) -> tuple[NoteKey, ...]:
    """Know one log."""
    return (LOG.key,) if origin == LOG.key.name else ()


def forged(key: NoteKey) -> NoteSignature:
    """Return a signature in a key's name that it never made."""
    return NoteSignature(name=key.name, key_id=key.key_id, signature=bytes(64))


def of(origin: str, size: int, root: bytes = b"x") -> Note:
    """Return a signed checkpoint that says anything."""
    checkpoint = Checkpoint(origin=Origin(origin), size=size, root=sha256(root))
    return sign_checkpoint(checkpoint, LOG)


@pytest.fixture
def convicted() -> list[Fork]:
    """Return the evidence that the witness kept."""
    return []


@pytest.fixture
def witness(tmp_path: Path, convicted: list[Fork]) -> Iterator[Witness]:
    """Return a witness that knows one log and has cosigned it at size 7."""
    made = Witness(tmp_path / "w.sqlite", SIGNERS, find_keys, convicted.append)
    with closing(made):
        made.add_checkpoint(request(0, tree(7)), NOW)
        yield made


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One clause of the specification, a request that meets it, and the answer it demands."""

    says: str
    body: bytes
    status: int


FORKED = Tree.of(OTHER)
GROWN = tree(9)
EMPTY_LINE = b"\n\n"
HEAD = b"old 7\n"
STRANGER_SIGNED = note(GROWN, STRANGER)
ELSEWHERE = note(GROWN, NoteSigner.of("xx.example/log", ED25519, LOG.secret), "xx.example/log")
BOTH = note(GROWN).with_signatures(STRANGER_SIGNED.signatures)
COSIGNED = note(GROWN).with_signatures(
    [cosign(note(GROWN), NoteSigner.of("x/w", COSIGNATURE_ED25519, STRANGER.secret), NOW)]
)
SPOILT = note(GROWN).with_signatures([forged(LOG.key)])
PROOF = GROWN.consistency(7)
CLAUSES = [
    Clause(says="growth that is proven is cosigned", body=request(7, GROWN), status=200),
    Clause(says="the same once more is cosigned anew", body=request(7, tree(7)), status=200),
    Clause(
        says="a checkpoint may carry several signatures, unknown ones are ignored",
        body=to_request(7, PROOF, BOTH),
        status=200,
    ),
    Clause(
        says="cosignatures of others are signatures by unknown keys",
        body=to_request(7, PROOF, COSIGNED),
        status=200,
    ),
    Clause(says="an empty body is malformed", body=b"", status=400),
    Clause(says="a body without an empty line", body=b"old 7\nx", status=400),
    Clause(
        says="the old size line is the first",
        body=EMPTY_LINE + note(GROWN).encoded,
        status=400,
    ),
    Clause(
        says="one space after old",
        body=b"old  7\n\n" + note(tree(7)).encoded,
        status=400,
    ),
    Clause(says="no leading zeroes", body=b"old 07\n\n" + note(tree(7)).encoded, status=400),
    Clause(says="no sign", body=b"old +7\n\n" + note(tree(7)).encoded, status=400),
    Clause(
        says="a size that no log has",
        body=b"old 99999999999999999999\n\n" + note(tree(7)).encoded,
        status=400,
    ),
    Clause(
        says="lines end in a newline alone",
        body=b"old 7\r\n\r\n" + note(tree(7)).encoded,
        status=400,
    ),
    Clause(
        says="each proof line is base64",
        body=HEAD + b"!!!!\n\n" + note(GROWN).encoded,
        status=400,
    ),
    Clause(
        says="of one hash",
        body=HEAD + b"AAAA\n\n" + note(GROWN).encoded,
        status=400,
    ),
    Clause(
        says="at most 63 proof lines",
        body=to_request(7, (sha256(),) * 64, note(GROWN)),
        status=400,
    ),
    Clause(says="a checkpoint follows", body=HEAD + b"\nnothing", status=400),
    Clause(
        says="and it is signed by somebody",
        body=HEAD + b"\n" + GROWN.root.hex().encode() + b"\n",
        status=400,
    ),
    Clause(
        says="larger than 64 KiB is malformed",
        body=request(7, GROWN) + b"x" * MAX_REQUEST_BYTES,
        status=400,
    ),
    Clause(
        says="an unknown origin is 404, whoever signed",
        body=to_request(7, PROOF, ELSEWHERE),
        status=404,
    ),
    Clause(
        says="an unknown key is 403",
        body=to_request(7, PROOF, STRANGER_SIGNED),
        status=403,
    ),
    Clause(
        says="a wrong signature in the log's name is 403",
        body=to_request(7, PROOF, SPOILT),
        status=403,
    ),
    Clause(
        says="a cosignature is no signature of the log",
        body=to_request(7, PROOF, Note(text=COSIGNED.text, signatures=COSIGNED.signatures[1:])),
        status=403,
    ),
    Clause(
        says="403 comes before 400 for the sizes: who is unknown learns nothing",
        body=to_request(9, (), note(tree(3), STRANGER)),
        status=403,
    ),
    Clause(
        says="an old size larger than the checkpoint is 400",
        body=to_request(9, (), note(tree(3))),
        status=400,
    ),
    Clause(says="another old size is 409", body=request(0, GROWN), status=409),
    Clause(says="a smaller one too", body=request(3, GROWN), status=409),
    Clause(says="a larger one too", body=request(8, GROWN), status=409),
    Clause(
        says="409 before 422: the proof is not looked at",
        body=to_request(3, (sha256(),), note(GROWN)),
        status=409,
    ),
    Clause(
        says="another root at the same size is 409 in this version",
        body=request(7, tree(7, OTHER)),
        status=409,
    ),
    Clause(
        says="a proof that does not verify is 422",
        body=to_request(7, FORKED.consistency(7), note(FORKED)),
        status=422,
    ),
    Clause(says="a proof that is missing", body=to_request(7, (), note(GROWN)), status=422),
    Clause(
        says="a proof that is too long",
        body=to_request(7, (*PROOF, sha256()), note(GROWN)),
        status=422,
    ),
    Clause(
        says="a proof to the same size must be empty",
        body=to_request(7, PROOF, note(tree(7))),
        status=422,
    ),
]
FROM_NOTHING = [
    Clause(says="a first checkpoint needs no proof", body=request(0, tree(3)), status=200),
    Clause(
        says="the proof must be empty if the old size is zero",
        body=to_request(0, tree(3).consistency(2), note(tree(3))),
        status=422,
    ),
    Clause(says="zero if it never cosigned one", body=request(2, tree(3)), status=409),
    Clause(says="a log of nothing", body=request(0, Tree.of(())), status=200),
    Clause(
        says="has the root of nothing",
        body=to_request(0, (), of("kh.example/log", 0)),
        status=422,
    ),
]


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.says)
def test_each_clause_has_its_status(witness: Witness, clause: Clause) -> None:
    """From a log cosigned at size 7; only 200 changes what is remembered."""
    answer = witness.add_checkpoint(clause.body, NOW)
    assert answer.status == clause.status
    (seen,) = witness.seen()
    if answer.status == 200:
        lines = from_lines(answer.body.decode())
        assert [line.key_id for line in lines] == [one.key.key_id for one in SIGNERS]
        assert (seen.size, seen.root) == (tree(seen.size).size, tree(seen.size).root)
    else:
        assert (seen.size, seen.root) == (7, tree(7).root)
    if answer.status == 409:
        assert (answer.body, answer.media_type) == (b"7\n", SIZE_TYPE)
    else:
        assert answer.media_type == TEXT_TYPE
        assert answer.body.endswith(b"\n")


@pytest.mark.parametrize("clause", FROM_NOTHING, ids=lambda clause: clause.says)
def test_each_clause_of_a_first_time_has_its_status(tmp_path: Path, clause: Clause) -> None:
    """From a log never cosigned."""
    with closing(Witness(tmp_path / "n.sqlite", SIGNERS, find_keys)) as fresh:
        answer = fresh.add_checkpoint(clause.body, NOW)
        assert answer.status == clause.status
        assert len(fresh.seen()) == (answer.status == 200)
        if answer.status == 409:
            assert answer.body == b"0\n"


def test_growth_is_cosigned_by_each_key(witness: Witness) -> None:
    """200, with lines the log can put under its checkpoint."""
    for old, size in ((7, 7), (7, 9), (9, 20)):
        answer = witness.add_checkpoint(request(old, tree(size)), NOW)
        assert answer.status == 200
        signed = note(tree(size)).with_signatures(from_lines(answer.body.decode()))
        for one in SIGNERS:
            found = find_cosignature(signed, one.key)
            assert found is not None
            assert found.at == NOW
    (seen,) = witness.seen()
    assert (seen.size, seen.root) == (20, tree(20).root)


def test_what_was_cosigned_is_remembered(witness: Witness, tmp_path: Path) -> None:
    """Across a restart; otherwise a log could be told two stories a day apart."""
    witness.close()
    with closing(Witness(tmp_path / "w.sqlite", SIGNERS, find_keys)) as again:
        assert again.add_checkpoint(request(0, tree(3)), NOW).body == b"7\n"


def test_a_log_that_rotated_is_known_by_any_key_it_may_sign_with(tmp_path: Path) -> None:
    """Both keys sign for a while; one that is trusted suffices, none that is not."""
    keys = (STRANGER.key, LOG.key)
    with closing(Witness(tmp_path / "r.sqlite", SIGNERS, lambda *_: keys)) as both:
        assert both.add_checkpoint(request(0, tree(3)), NOW).status == 200
        signed = note(tree(5), STRANGER)
        assert both.add_checkpoint(request(3, tree(5), signed), NOW).status == 200
        spoilt = note(tree(7)).with_signatures([forged(STRANGER.key)])
        assert both.add_checkpoint(request(5, tree(7), spoilt), NOW).status == 403


@pytest.mark.parametrize(
    "body",
    [
        request(7, tree(7, OTHER)),
        to_request(7, FORKED.consistency(7), note(FORKED)),
    ],
)
def test_two_stories_told_to_a_witness_convict_their_log(
    witness: Witness, convicted: list[Fork], body: bytes
) -> None:
    """The log signed both and sent both; the proof it sent shows what it denies."""
    witness.add_checkpoint(body, NOW)
    (fork,) = convicted
    assert judge_fork(fork).smaller.root == tree(7).root


def test_a_proof_that_only_fails_convicts_nobody(
    witness: Witness, convicted: list[Fork]
) -> None:
    """A log that errs in its proof has not told two stories."""
    for proof in ((), (*PROOF, sha256()), (sha256(),) * len(PROOF)):
        assert witness.add_checkpoint(to_request(7, proof, note(GROWN)), NOW).status == 422
    assert convicted == []


def test_two_updates_at_once_never_go_back(witness: Witness) -> None:
    """Exactly one of two racing updates from the same size is cosigned."""
    bodies = [request(7, tree(size)) for size in range(8, 16)]
    statuses: list[int] = []
    start = Barrier(len(bodies))

    def race(body: bytes) -> None:
        start.wait()
        statuses.append(witness.add_checkpoint(body, NOW).status)

    threads = [Thread(target=race, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 7


def _race(
    path: Path, turns: int, gate: "Barrier", results: "multiprocessing.Queue[int]"
) -> None:
    """Push one log forward as fast as can be, from what the witness says it knows."""
    with closing(Witness(path, SIGNERS, find_keys)) as made:
        gate.wait()
        for turn in range(turns):
            (seen,) = made.seen()
            grown = tree(min(20, seen.size + 1 + turn % 2))
            answer = made.add_checkpoint(request(seen.size, grown), NOW)
            if answer.status == 200:
                results.put(grown.size)


def test_two_processes_at_once_never_go_back(witness: Witness, tmp_path: Path) -> None:
    """Two witness processes over one record: every cosigned size is larger than all before."""
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(3), context.Queue()
    path = tmp_path / "w.sqlite"
    racers = [context.Process(target=_race, args=(path, 20, gate, results)) for _ in range(2)]
    for racer in racers:
        racer.start()
    gate.wait()
    sizes = [7]
    while sizes[-1] < 20:
        (seen,) = witness.seen()
        assert seen.size >= sizes[-1]
        sizes.append(seen.size)
    for racer in racers:
        racer.join()
    assert [racer.exitcode for racer in racers] == [0, 0]
    cosigned = [results.get() for _ in range(results.qsize())]
    grown = [size for size in cosigned if size < 20]
    assert len(set(grown)) == len(grown)
