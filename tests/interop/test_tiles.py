# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Go's tlog package reads our folders of tiles, and refuses them where we do."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from tests.fakes.federation import Federation
from tests.interop.auditor import Auditor, raw
from tests.interop.cases import LOG, accepts, flipped
from tests.interop.conftest import Serve

from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.statement import Statement, to_predicate_type
from comity.ledger.tile import bundle_path, from_bundle, to_bundle
from comity.ledger.tree import Edge
from comity.node.care.audit import Policy, verify_log
from comity.node.disk.storage import Disk
from comity.node.fetch.source import FolderSource
from comity.node.logs.tiles import TileFolder

Change = Callable[[bytes], bytes]


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 700, 65_536, 66_100])
def test_go_recomputes_the_root_of_our_tiles(
    auditor: Auditor, tmp_path: Path, size: int
) -> None:
    """Every tile under the signed root, every entry under its leaf hash, up to three levels."""
    disk = Disk(tmp_path)
    groups = (
        [b"entry %d" % number for number in range(start, min(start + 256, size))]
        for start in range(0, size, 256)
    )
    _, end = TileFolder(disk, "").write(Edge(), groups)
    checkpoint = Checkpoint(origin=Origin(LOG.key.name), size=size, root=end.root)
    disk.replace("checkpoint", sign_checkpoint(checkpoint, LOG).encoded)

    said = auditor.ask(ask="folder", folder=str(tmp_path), key=LOG.key.vkey)

    assert said["ok"], said
    assert (said["size"], raw(said, "root")) == (size, end.root)
    for kind in ("entries", "hashes"):
        again = auditor.ask(ask="rehash", folder=str(tmp_path), type=kind)
        assert raw(again, "root") == end.root


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Federation]:
    """Return a member whose log fills more than one tile."""
    federation = Federation(tmp_path_factory.mktemp("written"))
    federation.found("kh", "regulator", "KHM")
    kind = to_predicate_type("note")
    said = [Statement(predicate_type=kind, predicate={"number": n}) for n in range(299)]
    federation.kh.append(said, federation.now())
    federation.kh.publish(federation.now())
    yield federation
    federation.close()


def tampered(files: list[str]) -> Iterator[tuple[str, str, Change]]:
    """Yield what may happen to the files of a log."""
    for name in files:
        for where in (0.0, 0.33, 0.77, 1.0):
            yield f"{name} flipped at {where}", name, partial(_flipped, where)
        yield f"{name} cut short", name, lambda held: held[:-1]
        yield f"{name} with a byte more", name, lambda held: held + b"\0"
        yield f"{name} emptied", name, lambda _: b""
    bundle = bundle_path(0)
    yield "two entries exchanged", bundle, lambda held: _listed(held, [0, 2, 1])
    yield "the first entry twice", bundle, lambda held: _listed(held, [0, 0, 1, 2])
    yield "an entry left out", bundle, lambda held: _listed(held, [0, 2])
    yield "another entry", bundle, lambda held: held.replace(b"payload", b"payl0ad", 1)


def _flipped(where: float, held: bytes) -> bytes:
    return flipped(held, int((len(held) - 1) * where))


def _listed(bundle: bytes, order: list[int]) -> bytes:
    entries = from_bundle(bundle)
    return to_bundle([*(entries[at] for at in order), *entries[3:]])


def test_go_refuses_the_folders_we_refuse(written: Federation, auditor: Auditor) -> None:
    """Whatever a mirror changes, in whatever file, both see it."""
    folder, vkey = written.kh.public_folder, written.kh.keyset.log_key.vkey
    files = sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )
    policy = Policy(member=written.kh.member, log_key=written.kh.keyset.log_key)
    verdicts: list[tuple[str, bool, bool]] = []
    for name, path, change in [("as it is", files[0], bytes), *tampered(files)]:
        whole = (folder / path).read_bytes()
        (folder / path).write_bytes(change(whole))
        said = auditor.ask(ask="folder", folder=str(folder), key=vkey)
        ours = accepts(lambda: verify_log(FolderSource(folder), policy))
        (folder / path).write_bytes(whole)
        verdicts.append((name, ours, bool(said["ok"])))

    assert [name for name, ours, theirs in verdicts if ours != theirs] == []
    assert [name for name, ours, _ in verdicts if ours] == ["as it is"]
    assert len(verdicts) > 30


def test_go_audits_our_log_over_http(
    written: Federation, auditor: Auditor, serve: Serve
) -> None:
    """The same files as its own client asks for them, and none that is not there."""
    key = written.kh.keyset.log_key.vkey
    url = serve(written.kh, written.now)

    whole = auditor.ask(ask="folder", folder=url, key=key)
    mirrored = auditor.ask(ask="folder", folder=f"{url}/mirrors/{'0' * 64}", key=key)

    assert whole["ok"], whole
    assert whole["size"] == 300
    assert "404" in str(mirrored["error"])
