# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx2
import pytest

from comity.cli.app import run

PASSPHRASE = "for tests only"  # noqa: S105 - it protects nothing


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run every verb in an empty folder with the passphrase in the environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
    return tmp_path


def init(name: str, *more: str) -> int:
    """Found an example node."""
    return run(
        ["node", "init", name, "--name", name, "--role", "regulator", "--jurisdiction", "KHM",
         "--origin", f"{name}.example/log", "--example", *more]
    )  # fmt: skip


def said(capsys: pytest.CaptureFixture[str]) -> object:
    """Return what a verb printed as JSON."""
    return json.loads(capsys.readouterr().out)


@contextmanager
def served(name: str) -> Iterator[str]:
    """Serve a node in a process of its own and say where."""
    command = [sys.executable, "-m", "comity.cli", "node", "serve", name, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


def test_nodes_in_processes_publish_follow_and_check(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The way an operator goes, over HTTP between real processes."""
    assert (init("kh"), init("br")) == (0, 0)
    Path("note.json").write_text('{"predicateType":"note","predicate":{"n":1}}')
    with ExitStack() as stack:
        kh, br = stack.enter_context(served("kh")), stack.enter_context(served("br"))
        assert run(["node", "peer", "kh", br, "--name", "Brazil"]) == 0
        assert run(["node", "peer", "br", kh, "--name", "Cambodia"]) == 0
        capsys.readouterr()
        assert run(["publish", "note.json", "--node", "kh", "--json"]) == 0
        published = said(capsys)
        assert isinstance(published, dict)
        assert published["quorum_met"]
        assert published["references"][0]["index"] == 1
        assert run(["node", "follow", "br", "--json"]) == 0
        visits = said(capsys)
        assert isinstance(visits, list)
        assert [(one["size"], one["quorum_met"]) for one in visits] == [(2, True)]
        assert httpx2.get(f"{kh}/tile/entries/000.p/2").status_code == 200
    assert run(["node", "fsck", "br"]) == 0
    assert "1 followed log" in capsys.readouterr().out
    assert run(["node", "follow", "br"]) == 2
    assert "unreachable" in capsys.readouterr().out
    assert (place / "br").is_dir()


def test_a_copy_with_a_flipped_byte_is_refused_with_exit_1(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Wrong is another exit code than unreachable."""
    init("kh")
    init("br")
    shutil.copytree("kh/public", "copy")
    run(["node", "peer", "br", "copy", "--name", "copy"])
    bundle = Path("copy/tile/entries/000.p/1")
    content = bytearray(bundle.read_bytes())
    content[500] ^= 1
    bundle.write_bytes(bytes(content))
    capsys.readouterr()
    assert run(["node", "follow", "br"]) == 1
    assert "tile/entries/000.p/1" in capsys.readouterr().out


def test_fsck_names_the_place_and_exits_1(capsys: pytest.CaptureFixture[str]) -> None:
    """For a person and for a program."""
    init("kh")
    (Path("kh/public/tile/0/000.p/1")).write_bytes(bytes(32))
    capsys.readouterr()
    assert run(["node", "fsck", "kh"]) == 1
    assert "public/tile/0/000.p/1, byte 0" in capsys.readouterr().out
    assert run(["node", "fsck", "kh", "--json"]) == 1
    report = said(capsys)
    assert isinstance(report, dict)
    assert report["problems"][0]["place"] == "public/tile/0/000.p/1, byte 0"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["node", "fsck", "nowhere"], "holds no node"),
        (["node", "follow", "nowhere"], "holds no node"),
        (["node", "follow", "kh", "nobody"], "no peer is called"),
        (["node", "peer", "kh", "nowhere"], "no folder"),
        (["node", "peer", "kh", "ftp://x"], "neither an http"),
        (["node", "peer", "kh", "http://127.0.0.1:9"], "cannot be reached"),
        (["node", "peer", "kh", "br.example"], "such as https://br.example"),
        (["node", "peer", "kh", "127.0.0.1:8081"], "such as http://127.0.0.1:8081"),
        (["node", "peer", "kh", "kh"], "this node itself"),
        (["node", "init", "new", "--name", "x", "--role", "regulator", "--jurisdiction", "KH",
          "--origin", "https://x"], "did you mean 'KHM'"),
        (["view", "show", "khh"], "did you mean kh?"),
        (["node", "init", "kh", "--name", "x", "--role", "regulator", "--jurisdiction", "KHM",
          "--origin", "x"], "not empty"),
        (["publish", "missing.json", "--node", "kh"], "no file"),
        (["publish", "bad.json", "--node", "kh"], "did you mean"),
        (["node", "serve", "kh", "--port", "99999"], "cannot listen"),
        (["node", "follow", "kh", "--passphrase-file", "wrong.txt"], "passphrase"),
        (["node", "follow", "kh", "--passphrase-file", "missing.txt"], "passphrase"),
    ],
)  # fmt: skip
def test_bad_input_is_said_plainly_with_exit_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], word: str
) -> None:
    """Never a traceback, never half a change."""
    init("kh")
    Path("wrong.txt").write_text("wrong\n")
    Path("bad.json").write_text('{"predicate_type": "x", "predicate": {}}')
    before = Path("kh/log/journal").read_bytes()
    capsys.readouterr()
    assert run(arguments) == 2
    assert word in capsys.readouterr().err
    assert Path("kh/log/journal").read_bytes() == before


def test_another_member_than_announced_is_refused_with_exit_1() -> None:
    """The id learnt over another channel is what decides."""
    init("kh")
    init("br")
    assert run(["node", "peer", "kh", "br", "--member", "0" * 16]) == 1
    assert run(["node", "peer", "kh", "br", "--member", "abc"]) == 1


def test_without_any_passphrase_nothing_is_asked_of_a_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A script gets an answer, not a prompt nobody sees."""
    init("kh")
    monkeypatch.delenv("COMITY_PASSPHRASE")
    capsys.readouterr()
    assert run(["node", "follow", "kh"]) == 2
    assert "no passphrase was given" in capsys.readouterr().err


def test_what_is_public_is_shown_without_a_passphrase(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who a node is and how its copies stand are read, and nothing is signed."""
    init("kh")
    init("br")
    run(["node", "peer", "kh", "br"])
    run(["node", "follow", "kh", "--no-seen"])
    Path("note.json").write_text('{"predicateType":"note","predicate":{"n":1}}')
    run(["publish", "note.json", "--node", "kh"])
    monkeypatch.delenv("COMITY_PASSPHRASE")
    capsys.readouterr()
    assert run(["node", "show", "kh", "--json"]) == 0
    shown = said(capsys)
    assert isinstance(shown, dict)
    assert (shown["name"], shown["origin"], shown["entries"]) == ("kh", "kh.example/log", 2)
    assert run(["node", "peers", "kh", "--json"]) == 0
    peers = said(capsys)
    assert isinstance(peers, list)
    assert [(one["name"], one["size"], one["whole"]) for one in peers] == [("br", 1, True)]
    for verb in ("show", "peers"):
        assert run(["node", verb, "nowhere"]) == 2
        assert "holds no node" in capsys.readouterr().err


def test_a_taken_port_is_said() -> None:
    """The commonest failure of a server."""
    init("kh")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert run(["node", "serve", "kh", "--port", str(taken.getsockname()[1])]) == 2


def test_publishing_no_file_gathers_cosignatures_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """For when a witness was away the first time."""
    init("kh")
    capsys.readouterr()
    assert run(["publish", "--node", "kh", "--json"]) == 0
    published = said(capsys)
    assert isinstance(published, dict)
    assert (published["references"], published["size"]) == ([], 1)
