# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A hostile member names itself so that who looks at it sees something else."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from tests.fakes.twostories import NOW, PASSPHRASE, found, meet

from comity.errors import STEERING
from comity.node.node import Node

NAME = "Ministry\x1b[2K\x1b[1A\u202egnihton\x07\x7f\x9b8m"


def comity(*arguments: str | Path) -> list[str]:
    """Return the words that run a verb."""
    return [str(Path(sys.executable).with_name("comity")), *map(str, arguments)]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a node that follows the hostile member in the folder `kh`."""
    monkeypatch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("COLUMNS", "300")
    hostile = Node.create(
        tmp_path / "kh",
        name=NAME,
        role="regulator",
        jurisdiction="KHM",
        origin="kh.example/log",
        passphrase=PASSPHRASE,
        now=NOW,
        entropy=os.urandom,
        example=True,
    )
    node = found(tmp_path / "br", NOW)
    peer = meet(node, found(tmp_path / "id", NOW))
    node.follow(peer, NOW)
    named = type(peer)(
        member=hostile.member, name="kh", url=str(hostile.public_folder),
        log_key=hostile.keyset.log_key,
    )  # fmt: skip
    node.add_peer(named)
    node.follow(named, NOW)
    for one in (hostile, node):
        one.close()
    return node.folder


def test_a_name_steers_no_terminal(reader: Path) -> None:
    """Erased lines and turned text would show another member, or another verdict."""
    hostile = reader.parent / "kh"
    for words in (
        comity("verify", hostile / "public"),
        comity("node", "show", hostile),
        comity("view", "show", reader),
        comity("view", "diff", reader, hostile),
    ):
        done = subprocess.run(words, capture_output=True, check=False)
        text = done.stdout.decode()
        assert not done.stderr, done.stderr
        assert "\\u001b[2K\\u001b[1A\\u202egnihton" in text
        assert not STEERING.search(text)


def test_json_is_json_whatever_a_name_holds(reader: Path) -> None:
    """An escape that JSON does not know would break every program that reads it."""
    words = comity("view", "show", reader, "--json")
    text = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    assert NAME in {log["name"] for log in json.loads(text)["logs"]}
    assert not STEERING.search(text)


def test_a_real_terminal_gets_colours_and_none_of_the_names_codes(reader: Path) -> None:
    """Where rich writes its own codes, those of a name are still escaped."""
    ours, theirs = pty.openpty()
    words = comity("view", "show", reader)
    with subprocess.Popen(words, stdout=theirs, env={**os.environ, "TERM": "xterm"}) as run:
        os.close(theirs)
        shown = bytearray()
        try:
            while part := os.read(ours, 65536):
                shown += part
        except OSError:  # the other end is closed
            pass
        assert run.wait() == 0
    os.close(ours)
    assert b"\x1b[1m" in shown
    assert b"\x1b[2K" not in shown
    assert b"\x1b[1A" not in shown
