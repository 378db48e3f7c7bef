# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is exported is read by programs we did not write."""

import base64
import json
import os
import random
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import cbor2
import pytest
from cwt import COSE, COSEHeaders, COSEKey
from scitt_cose.receipt import verify_receipt
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from comity.cli.app import run
from comity.kernel.digest import sha256
from comity.kernel.instant import from_rfc3339
from comity.kernel.merkle import leaf_hash
from comity.ledger.statement import Statement, Subject, to_predicate_type
from comity.node.fetch.key import Purpose, open_key_document
from comity.node.fetch.source import FolderSource
from comity.node.member.config import Peer
from comity.node.node import Node

PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing
NOW = from_rfc3339("2026-11-21T19:19:24Z")
ABOUT = sha256(b"a system")


class Beside(FolderSource):
    """A node in the same process that cosigns when asked."""

    def __init__(self, node: Node) -> None:
        super().__init__(node.public_folder)
        self._witness = node.witness

    def post(self, _path: str, body: bytes, *, limit: int) -> tuple[int, bytes]:
        """Ask its witness."""
        answer = self._witness.add_checkpoint(body, NOW)
        assert len(answer.body) <= limit
        return answer.status, answer.body


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder with a node whose log of 300 entries is cosigned."""
    folder = tmp_path_factory.mktemp("export")
    before = os.environ.get("COMITY_PASSPHRASE")
    os.environ["COMITY_PASSPHRASE"] = PASSPHRASE
    with ExitStack() as stack:
        br = stack.enter_context(closing(found(folder, "br")))
        found(folder, "kh").close()
        kh = Node.open(folder / "kh", PASSPHRASE, connect=lambda _peer: Beside(br))
        stack.enter_context(closing(kh))
        kh.add_peer(peer_of(br))
        br.add_peer(peer_of(kh))
        kh.append([said(number) for number in range(299)], NOW)
        assert kh.publish(NOW).tally.is_met
        yield folder
    if before is None:
        del os.environ["COMITY_PASSPHRASE"]
    else:
        os.environ["COMITY_PASSPHRASE"] = before


def found(folder: Path, name: str) -> Node:
    """Found an example node."""
    return Node.create(
        folder / name,
        name=name,
        role="regulator",
        jurisdiction="KHM",
        origin=f"{name}.example/log",
        passphrase=PASSPHRASE,
        now=NOW,
        entropy=random.Random(name).randbytes,  # noqa: S311 - the same keys on every run
        example=True,
    )


def peer_of(node: Node) -> Peer:
    """Write a node down as a peer whose cosignatures count."""
    return Peer(
        member=node.member,
        name=node.keyset.name,
        url=str(node.public_folder),
        log_key=node.keyset.log_key,
        witness_key=node.keyset.witness_key,
    )


def said(number: int) -> Statement:
    """Return a small statement."""
    subjects = (Subject.of(ABOUT),) if number else ()
    return Statement(
        predicate_type=to_predicate_type("note"),
        predicate={"number": number},
        subjects=subjects,
    )


@pytest.mark.parametrize("index", [0, 1, 17, 255, 256, 299])
def test_a_receipt_is_read_by_scitt_cose(folder: Path, tmp_path: Path, index: int) -> None:
    """RFC 9942 as another program understands it: entry, index, root, issuer, subject."""
    where = f"kh.example/log#{index}"
    command = ["export", "receipt", where, "--node", str(folder / "kh"), "--to", str(tmp_path)]
    assert run(command) == 0
    entry = (tmp_path / f"entry-{index}.dsse.json").read_bytes()
    receipt = (tmp_path / f"entry-{index}.receipt.cose").read_bytes()
    key = (tmp_path / "receipt-key.pem").read_bytes()
    checked = verify_receipt(receipt, leaf_entry_hex=entry.hex(), log_public_key_pem=key)
    assert checked.ok, checked.errors
    assert (checked.tree_size, checked.leaf_index) == (300, index)
    assert checked.issuer == "https://kh.example/log"
    about = f"subject/{ABOUT.hex()}" if index > 1 else f"entry/{sha256(entry).hex()}"
    if index:
        assert checked.subject == f"tag:comity.example,2026:{about}"
    for other in (entry + b" ", entry[:-1]):
        assert not verify_receipt(
            receipt, leaf_entry_hex=other.hex(), log_public_key_pem=key
        ).ok
    broken = receipt[:-1] + bytes([receipt[-1] ^ 1])
    assert not verify_receipt(broken, leaf_entry_hex=entry.hex(), log_public_key_pem=key).ok


def test_a_receipt_is_read_by_cwt(folder: Path, tmp_path: Path) -> None:
    """The signature over the detached root, by a second library."""
    command = ["export", "receipt", "kh.example/log#3", "--node", str(folder / "kh")]
    assert run([*command, "--to", str(tmp_path)]) == 0
    receipt = (tmp_path / "entry-3.receipt.cose").read_bytes()
    key = COSEKey.from_pem(
        (tmp_path / "receipt-key.pem").read_text(),
        kid=cbor2.loads(cbor2.loads(receipt).value[0])[int(COSEHeaders.KID)],
    )
    note = (folder / "kh/public/checkpoint").read_text().split("\n")
    root = base64.b64decode(note[2])
    assert COSE.new().decode(receipt, key, detached_payload=root) == root
    with pytest.raises(Exception, match="verify"):
        COSE.new().decode(receipt, key, detached_payload=leaf_hash(b"another root"))


def test_the_key_of_receipts_is_vouched_for(folder: Path, tmp_path: Path) -> None:
    """By the member's statement key; it is neither that key nor the log's."""
    command = ["export", "receipt", "kh.example/log#3", "--node", str(folder / "kh")]
    assert run([*command, "--to", str(tmp_path)]) == 0
    with closing(Node.open(folder / "kh", PASSPHRASE)) as node:
        [own] = [log for log in node.view().members() if log.is_own]
        document = (tmp_path / "receipt-key.dsse.json").read_bytes()
        at = from_rfc3339("2126-01-01T00:00:00Z")  # it stays good: receipts are kept
        found_key = open_key_document(document, own.identity, Purpose.RECEIPT, at)
    receipt = cbor2.loads((tmp_path / "entry-3.receipt.cose").read_bytes())
    assert cbor2.loads(receipt.value[0])[4] == sha256(found_key.public)


def test_a_bundle_is_read_by_securesystemslib(folder: Path, tmp_path: Path) -> None:
    """Each line an envelope that DSSE's own library verifies, under the member's key."""
    target = tmp_path / "some.intoto.jsonl"
    places = ["kh.example/log#0", "kh.example/log#17", "kh.example/log#299"]
    command = ["export", "bundle", *places, "--node", str(folder / "kh"), "--to", str(target)]
    assert run(command) == 0
    with closing(Node.open(folder / "kh", PASSPHRASE)) as node:
        [(keyid, public)] = node.keyset.statement_keys.items()
    key = SSlibKey(keyid, "ed25519", "ed25519", {"public": public.hex()})
    lines = target.read_text().splitlines()
    assert len(lines) == 3
    for line in lines:
        envelope = Envelope.from_dict(json.loads(line))
        assert envelope.payload_type == "application/vnd.in-toto+json"
        assert set(envelope.verify([key], 1)) == {keyid}
        assert json.loads(envelope.payload)["_type"] == "https://in-toto.io/Statement/v1"
        envelope.payload += b" "
        with pytest.raises(VerificationError):
            envelope.verify([key], 1)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["receipt", "kh.example/log"], "names no entry"),
        (["receipt", "kh.example/log#x"], "names no entry"),
        (["receipt", "#1"], "names no entry"),
        (["receipt", "kh.example/log#999"], "holds no entry"),
        (["receipt", "br.example/log#0"], "another member"),
        (["bundle"], "no entry"),
        (["bundle", "kh.example/log#1", "kh.example/log#999"], "holds no entry"),
    ],
)
def test_bad_input_is_said_and_nothing_is_written(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    word: str,
) -> None:
    """Exit 2, one sentence, no file."""
    target = tmp_path / "out"
    command = ["export", *arguments, "--node", str(folder / "kh"), "--to", str(target)]
    assert run(command) == 2
    assert word in capsys.readouterr().err
    assert not target.exists()


def test_what_is_not_cosigned_has_no_receipt_yet(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A receipt never covers what the log may still have to take back."""
    with closing(found(tmp_path, "lone")):
        pass
    assert folder.is_dir()
    command = ["export", "receipt", "lone.example/log#0", "--node", str(tmp_path / "lone")]
    assert run([*command, "--to", str(tmp_path / "out")]) == 2
    assert "enough cosignatures" in capsys.readouterr().err
