# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whoever reads is asked for no passphrase; whoever signs is, before anything is done."""

import json
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from comity.cli.app import run
from comity.cli.passphrase import VARIABLE
from comity.kernel.instant import from_rfc3339
from comity.node.node import Node

READS = (
    "assess status",
    "assess standing",
    "council list",
    "identity show",
    "blob list",
    "blob erasures",
    "cooperate list",
    "node reindex",
)
"""Verbs that need no more than a node: those that read a statement go the same way."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a new node."""
    place = tmp_path_factory.mktemp("session") / "kh"
    draws = count()
    with closing(
        Node.create(
            place,
            name="Example office",
            role="regulator",
            jurisdiction="KHM",
            origin="kh.example/log",
            passphrase="for tests only",  # noqa: S106 - it protects nothing
            now=from_rfc3339("2026-11-21T19:19:24Z"),
            entropy=lambda size: bytes((next(draws), *range(1, size))),
            example=True,
        )
    ):
        return place


@pytest.fixture(autouse=True)
def _nobody_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no passphrase in the environment and no terminal, as in a job at night."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr("sys.stdin", None)


@pytest.mark.parametrize("verb", READS)
def test_reading_asks_for_no_passphrase(
    verb: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What they say is public or follows from public keys."""
    place = [str(folder)] if verb == "node reindex" else ["--node", str(folder)]
    assert run([*verb.split(), *place, "--json"]) == 0
    json.loads(capsys.readouterr().out)


def test_signing_asks_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before it is looked whether what is to be signed makes sense."""
    code = run(["withdraw", "kh.example/log#0", "--reason", "x", "--node", str(folder)])
    assert code == 2
    assert "no passphrase was given" in capsys.readouterr().err
