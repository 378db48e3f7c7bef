# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever holds a file, a folder or an address checks it, with no node and no passphrase."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.fakes.town import comity
from tests.functional.conftest import Story

from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.ledger.checkpoint import Checkpoint, sign_checkpoint
from comity.ledger.fork import Fork, to_bytes
from comity.ledger.note import ED25519, NoteSigner
from comity.ledger.signature import SigningKey


def test_a_dossier_says_what_was_checked_and_what_was_not(story: Story) -> None:
    """Every check with a tick, whose keys it rests on, and the limits."""
    ran = comity("verify", story.town.path("finding.json"))

    assert ran.code == 0
    assert ran.out.count("✓") == 10
    for name in ("maker", "kh", "br", "sg"):
        assert f"  {name} (" in ran.out
    assert "cosigned by" in ran.out
    assert "not checked" in ran.out
    assert "compare the member ids" in ran.out


def test_a_continuations_dossier_checks_both_tests(story: Story) -> None:
    """The first regulator's part is re-derived too."""
    ran = comity("verify", story.town.path("both.json"), "--json")

    names = [check["name"] for check in ran.json["checks"]]
    assert names[:2] == ["first plan", "first designs"]
    assert all(check["holds"] for check in ran.json["checks"])


@pytest.mark.parametrize("share", [0.02, 0.2, 0.4, 0.6, 0.8, 0.97])
def test_a_flipped_byte_is_refused_with_place_and_reason(
    story: Story, tmp_path: Path, share: float
) -> None:
    """Exit 1 where it reads and does not verify, 2 where it does not read any more."""
    content = bytearray(story.town.path("finding.json").read_bytes())
    content[int(len(content) * share)] ^= 1
    copy = tmp_path / "copy.json"
    copy.write_bytes(bytes(content))

    ran = comity("verify", copy)

    assert ran.code in {1, 2}
    assert ran.err.startswith("error: ")
    assert ":" in ran.err.splitlines()[0].removeprefix("error: ")


def test_a_changed_answer_is_named_by_its_record(story: Story, tmp_path: Path) -> None:
    """The reader sees which answer was changed."""
    whole = story.town.path("finding.json").read_bytes()
    copy = tmp_path / "copy.json"
    copy.write_bytes(whole.replace(b'\\"passed\\":true', b'\\"passed\\":false', 1))

    ran = comity("verify", copy)

    assert ran.code == 1
    assert "records[0].passed: scores: exact/1 does not find that this answer failed" in ran.err


def test_a_nodes_folder_checks_its_mirrors_and_every_finding(story: Story) -> None:
    """A stick with one member's folder carries all that member relied on."""
    ran = comity("verify", story.town.path("br"), "--json")

    assert ran.code == 0
    assert {log["name"] for log in ran.json["logs"]} == {"kh", "br", "sg", "maker"}
    assert all(one["verified"] for one in ran.json["findings"] if not one["not_checked"])
    assert sum(bool(one["verified"]) for one in ran.json["findings"]) >= 2


def test_an_address_checks_the_log_and_the_copies_it_serves(story: Story) -> None:
    """What a server says of others is verified, not believed."""
    ran = comity("verify", story.town.urls["br"], "--json")

    assert ran.code == 0
    assert {log["name"] for log in ran.json["logs"]} == {"kh", "br", "sg", "maker"}
    assert sum(bool(one["verified"]) for one in ran.json["findings"]) >= 2
    whole = {log["name"]: log["held_whole_by"] for log in ran.json["logs"]}
    assert whole == {
        "br": None,
        "kh": "br.example/log/mirror",
        "sg": "br.example/log/mirror",
        "maker": "br.example/log/mirror",
    }


@contextmanager
def static(folder: Path) -> Iterator[str]:
    """Serve a folder as any web server would."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def test_an_address_that_offers_dossiers_checks_its_findings_by_them(
    story: Story, tmp_path: Path
) -> None:
    """And says whose keys are known from nowhere else; a changed one is refused."""
    shutil.copytree(story.town.path("kh") / "public", tmp_path / "site")
    digest = story.ran["report"].json["reference"]["sha256"]
    offered = tmp_path / "site" / "dossiers" / f"{digest}.json"
    offered.parent.mkdir()
    shutil.copy(story.town.path("finding.json"), offered)
    with static(tmp_path / "site") as url:
        whole = comity("verify", url)
        offered.write_bytes(offered.read_bytes().replace(b"say of", b"say it", 1))
        changed = comity("verify", url)

    assert whole.code == 0
    assert "maker is known only from the dossier" in whole.out
    assert "✓ scores" in whole.out
    assert changed.code == 1
    assert "✗ its dossier/" in changed.out


def test_static_files_alone_say_what_could_not_be_checked(story: Story) -> None:
    """A log without the others' proves that it is whole, and no finding."""
    ran = comity("verify", story.town.path("kh") / "public")

    assert ran.code == 0
    assert "entries, all of them" in ran.out
    assert "? not checked: the application at maker.example/log" in ran.out
    assert "no copies of other members' logs" in ran.out


@pytest.mark.parametrize("name", ["public", "mirror", "blob"])
def test_a_changed_file_in_a_folder_is_named(story: Story, tmp_path: Path, name: str) -> None:
    """The others are checked all the same."""
    folder = tmp_path / "br"
    shutil.copytree(story.town.path("br"), folder)
    where = {
        "public": folder / "public" / "tile" / "entries",
        "mirror": next((folder / "peers").iterdir()) / "tile" / "entries",
        "blob": folder / "public" / "blob",
    }[name]
    for file in [path for path in where.rglob("*") if path.is_file()]:
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(bytes(content))

    ran = comity("verify", folder, "--json")

    assert ran.code == 1
    said = [*ran.json["failures"], *(one["failure"] for one in ran.json["findings"])]
    assert any(one and one["place"] and one["message"] for one in said)


def evidence(roots: tuple[bytes, bytes]) -> bytes:
    """Return two checkpoints of one size by one key."""
    signer = NoteSigner.of("liar.example/log", ED25519, SigningKey.from_seed(bytes(32)))
    notes = [
        sign_checkpoint(
            Checkpoint(origin=Origin("liar.example/log"), size=7, root=sha256(root)), signer
        ).encoded
        for root in roots
    ]
    return to_bytes(Fork(log_key=signer.key.vkey, smaller=notes[0], larger=notes[1]))


def test_evidence_of_a_fork_convicts_or_does_not(tmp_path: Path) -> None:
    """Two stories by one key convict; one story told twice does not."""
    file = tmp_path / "fork.json"
    file.write_bytes(evidence((b"one", b"other")))
    convicted = comity("verify", file)
    file.write_bytes(evidence((b"one", b"one")))
    acquitted = comity("verify", file)

    assert (convicted.code, acquitted.code) == (0, 1)
    assert "signed two stories" in convicted.out
    assert "both checkpoints say the same" in acquitted.err


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("nowhere.json", "cannot read"),
        ("empty", "no log stands in"),
        ("text.json", "neither a dossier nor evidence of a fork"),
        ("ftp://kh.example", "neither an http(s) address nor a folder"),
        ("http://127.0.0.1:1", "cannot be reached"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, said: str
) -> None:
    """Exit 2, which is not a verdict."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.json").write_text("hello", "utf-8")

    ran = comity("verify", target)

    assert ran.code == 2
    assert said in ran.err


def test_a_dossier_is_not_written_over_by_mistake(story: Story) -> None:
    """Who means it says so."""
    out = story.town.path("finding.json")
    words = ("dossier", story.cited("report"), "--node", story.town.path("sg"), "--out", out)

    refused, replaced = comity(*words), comity(*words, "--replace")

    assert (refused.code, replaced.code) == (2, 0)
    assert "is there already" in refused.err
    assert list(out.parent.glob(".finding.json*")) == []
