# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The commands in README and docs run, in their order; what they show as files is read.

CONTRIBUTING.md says what the first word of a fence promises.
"""

import ast
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import pytest

from comity.files.bank import bank_from_jsonl
from comity.files.core import core_from_toml
from comity.files.library import shipped_library
from comity.files.policy import Known, policy_from_toml
from comity.files.profile import profile_from_toml
from comity.files.rule import rule_from_toml
from comity.files.subject import subject_from_toml
from comity.files.toml import read_toml
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_rfc3339
from comity.node.keys.signers import from_toml as signers_from_toml
from comity.node.member.config import from_toml as settings_from_toml

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
TUTORIAL = ROOT / "docs" / "tutorial" / "first-hour.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LANGUAGES = {"sh", "console", "text", "toml", "json", "comity", "python"}
NOW = "2026-11-21T00:00:00Z"


def _fences(page: Path) -> list[tuple[str, str]]:
    """Return every block of a page as its language and its text."""
    text = page.read_text("utf-8")
    return re.findall(r"^```([^\n`]*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def _blocks(page: Path, language: str) -> list[str]:
    return [block for word, block in _fences(page) if word == language]


def _params() -> Iterator[object]:
    """Yield every page with commands; all but the README's run in the long battery."""
    for page in PAGES:
        if _blocks(page, "sh"):
            marks = [] if page == README else [pytest.mark.long]
            if page == TUTORIAL:
                marks += [pytest.mark.models, pytest.mark.xdist_group("models")]
            yield pytest.param(page, marks=marks, id=page.stem)


def _with_free_ports(script: str) -> str:
    """Put free ports in the place of those the page names."""
    with ExitStack() as stack:
        for port in sorted(set(re.findall(r"\b80[0-9]{2}\b", script))):
            bound = stack.enter_context(socket.socket())
            bound.bind(("127.0.0.1", 0))
            script = re.sub(rf"\b{port}\b", str(bound.getsockname()[1]), script)
    return script


def _checkout(folder: Path) -> Path:
    """Make a folder that holds the checkout's files and may be written to."""
    folder.mkdir()
    for path in ROOT.iterdir():
        if not path.name.startswith("."):
            (folder / path.name).symlink_to(path)
    return folder


def _run(script: str, folder: Path, *, timeout_s: float) -> tuple[int, str]:
    """Run a script in bash; whatever it left in the background is stopped."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    extra = {"PATH": path, "TMPDIR": str(folder.parent), "MAKEFLAGS": "n", "COLUMNS": "96"}
    log = folder.parent / "out"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            ["bash", "-e", "-u", "-o", "pipefail", "-c", script],
            cwd=folder,
            env=os.environ | extra,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as shell,
    ):
        try:
            code = shell.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            _stop_group(shell.pid)
    return code, log.read_text("utf-8")


def _stop_group(group: int) -> None:
    """End every process of one group, politely first."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for _ in range(50):
            try:
                os.killpg(group, number)
            except ProcessLookupError:
                return
            time.sleep(0.1)


@pytest.mark.parametrize("page", list(_params()))
def test_every_sh_block_of_a_page_runs(page: Path, tmp_path: Path) -> None:
    """Who copies the commands of a page, in order, into one shell, is led to its end."""
    script = _with_free_ports("\n".join(_blocks(page, "sh")))

    code, out = _run(script, _checkout(tmp_path / "checkout"), timeout_s=300)

    assert code == 0, out[-3000:]
    assert "Traceback" not in out


@pytest.mark.models
@pytest.mark.xdist_group("models")
def test_the_first_hour_shows_what_its_commands_are() -> None:
    """Its story needs every verb that carries a test from one state to another."""
    said = "\n".join(_blocks(TUTORIAL, "sh"))
    verbs = (
        "determine", "node init", "node serve", "node peer", "node follow", "node fsck",
        "publish", "system register", "bank build", "bank commit", "policy set",
        "assess apply", "assess plan", "assess reveal", "assess run", "assess report",
        "assess status", "assess hand-over", "assess take-over", "assess continue",
        "recognise", "dossier", "verify",
    )  # fmt: skip

    assert [verb for verb in verbs if f"comity {verb} " not in said] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_fence_says_what_it_is(page: Path) -> None:
    """A block nobody can place is a block nobody checks."""
    assert [word for word, _ in _fences(page) if word not in LANGUAGES] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_illustration_begins_with_a_prompt(page: Path) -> None:
    """Nobody takes it for a block to paste."""
    wrong = [block for block in _blocks(page, "console") if not block.startswith("$ ")]

    assert wrong == []


def _policy(text: str) -> object:
    known = Known(members=dict.fromkeys(("kh", "sg"), MemberId("0" * 64)), categories={})
    return policy_from_toml(text, known, from_rfc3339(NOW))


NODE_TOML = b'origin = "x"\n[quorum]\ncounts_when = "all"\ncounts_self = true\n'

READERS: dict[str, Callable[[str], object]] = {
    "docs/how-to/rely-on-a-finding.md": _policy,
    "docs/how-to/encode-a-law.md": lambda text: read_toml(text, source="scenarios"),
    "docs/reference/banks.md": core_from_toml,
    "docs/reference/subjects.md": subject_from_toml,
    "docs/how-to/use-inspect.md": subject_from_toml,
    "docs/how-to/rotate-a-key.md": lambda text: signers_from_toml(text.encode()),
    "docs/how-to/run-a-node.md": lambda text: settings_from_toml(NODE_TOML + text.encode()),
    "docs/how-to/write-a-rule.md": rule_from_toml,
    "docs/reference/profile.md": lambda text: profile_from_toml(text, shipped_library()),
}
"""Who reads the `toml` of a page; test_pack_docs.py runs the scenarios."""


@pytest.mark.parametrize(
    "page", [page for page in PAGES if _blocks(page, "toml")], ids=lambda page: page.stem
)
def test_the_toml_of_a_page_is_read_by_its_reader(page: Path) -> None:
    """An example with a fault would teach the fault."""
    read = READERS[page.relative_to(ROOT).as_posix()]

    assert all(read(text) for text in _blocks(page, "toml"))


@pytest.mark.parametrize(
    "page", [page for page in PAGES if _blocks(page, "json")], ids=lambda page: page.stem
)
def test_the_json_of_a_page_is_a_line_of_a_bank(page: Path) -> None:
    """The one kind of JSON people write by hand here."""
    for text in _blocks(page, "json"):
        assert bank_from_jsonl(text.encode())


@pytest.mark.parametrize(
    "page", [page for page in PAGES if _blocks(page, "python")], ids=lambda page: page.stem
)
def test_the_python_of_a_page_is_python(page: Path) -> None:
    """And imports only what is there."""
    for text in _blocks(page, "python"):
        tree = ast.parse(text)
        ours = [
            (node.module, name.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("comity")
            for name in node.names
        ]
        assert all(hasattr(import_module(str(where)), name) for where, name in ours)
