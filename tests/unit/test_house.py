# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The house keeps its own rules: headers, sizes, and nothing of any one machine."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SPDX = "# SPDX-FileCopyrightText: The Comity authors\n# SPDX-License-Identifier: Apache-2.0\n"


ONE_FILE = ROOT / "src" / "comity" / "verifier" / "comity_verify.py"
"""The verifier that travels alone: one file is its point, so it may be three files long."""


def tracked(*endings: str) -> list[Path]:
    """Return the files git knows or would take, by ending."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = (ROOT / name for name in listed if name.endswith(endings))
    return [path for path in paths if path.exists()]


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a module with its length in lines."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            yield node.name, node.end_lineno - node.lineno + 1


@pytest.fixture(scope="module", autouse=True)
def _in_a_checkout() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of files to look at")


def test_every_module_says_its_licence() -> None:
    """A file that travels alone still says who may use it."""
    silent = [p for p in tracked(".py") if not p.read_text("utf-8").startswith(SPDX)]

    assert silent == []


def test_no_file_is_larger_than_a_reader_can_hold() -> None:
    """Four hundred lines is where a noun has become two."""
    sources = [p for p in tracked(".py") if (ROOT / "src") in p.parents and p != ONE_FILE]
    large = [(p.name, n) for p in sources if (n := p.read_text("utf-8").count("\n")) > 400]

    assert large == []
    assert ONE_FILE.read_text("utf-8").count("\n") <= 1_600


def test_no_function_is_longer_than_forty_lines() -> None:
    """A function that does not fit one look does more than one thing."""
    sources = [p for p in tracked(".py") if (ROOT / "src") in p.parents]
    long = [(p.name, *f) for p in sources for f in functions(p) if f[1] > 40]

    assert long == []


def test_no_lock_file_names_a_host() -> None:
    """A lock pins hashes; where packages come from is the installer's business."""
    locks = tracked(".lock")

    assert locks
    assert [p.name for p in locks if "://" in p.read_text("utf-8")] == []
    assert tracked("uv.lock", "package-lock.json") == []
