# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One file that a court's expert reads, copies to a bare machine and runs."""

import ast
import json
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from tests.fakes.forgery import Lie, forge
from tests.fakes.verdict import of_one_file

from comity.assess.scorers import pattern
from comity.ledger.signature import SigningKey
from comity.verifier import comity_verify
from comity.verifier.comity_verify import is_signature

FILE = Path(comity_verify.__file__)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an empty environment: no pip, no packages."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    return folder / "venv" / "bin" / "python"


def run(python: Path, folder: Path, content: bytes, *options: str) -> tuple[int, str]:
    """Run a copy of the file alone, without site packages and without our paths."""
    copy, dossier = folder / "comity_verify.py", folder / "finding.json"
    copy.write_bytes(FILE.read_bytes())
    dossier.write_bytes(content)
    ran = subprocess.run(
        [str(python), "-I", "-S", str(copy), str(dossier), *options],
        capture_output=True,
        check=False,
        cwd=folder,
        env={"LC_ALL": "C"},
        timeout=60,
    )
    assert ran.stderr == b""
    return ran.returncode, ran.stdout.decode("ascii")


def test_it_verifies_a_dossier_in_an_empty_environment(bare: Path, tmp_path: Path) -> None:
    """Nothing installed, nothing of ours beside it, no network asked for."""
    code, said = run(bare, tmp_path, forge())

    assert code == 0
    assert said.splitlines()[-1] == "VERIFIED"
    assert said.count("holds   ") == 10
    assert "keys of kh, member " in said
    assert "not checked: that the answers are what the system said" in said


def test_it_says_where_it_refutes(bare: Path, tmp_path: Path) -> None:
    """Exit 1, and the place."""

    def kinder(records: list[dict[str, object]]) -> list[dict[str, object]]:
        row = next(n for n, record in enumerate(records) if not record["passed"])
        return [*records[:row], {**records[row], "passed": True}, *records[row + 1 :]]

    code, said = run(bare, tmp_path, forge(Lie(records=kinder)))

    assert code == 1
    assert "REFUTED scores at records[" in said


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", b"[" * 5_000, b"9" * 5_000])
def test_it_says_what_it_cannot_read(bare: Path, tmp_path: Path, content: bytes) -> None:
    """Exit 2, which is no verdict, and never a traceback."""
    code, said = run(bare, tmp_path, content)

    assert (code, said.splitlines()[-1]) == (2, "UNREADABLE")


def unknown(said: dict[str, object]) -> dict[str, object]:
    """Add a field that a later version may know."""
    return {**said, "moon_phase": "full"}


def test_it_says_what_it_does_not_know(bare: Path, tmp_path: Path) -> None:
    """Exit 3: a plan of a later version is neither verified nor refuted by this file."""
    code, said = run(bare, tmp_path, forge(Lie(said={"plan": unknown})), "--json")

    found = json.loads(said)
    assert (code, found["verdict"]) == (3, "not wholly checked")
    (left,) = [check for check in found["checks"] if not check["holds"]]
    assert (left["place"], left["holds"]) == ("plan.moon_phase", None)


def test_without_a_file_it_explains_itself(bare: Path, tmp_path: Path) -> None:
    """Whoever finds it on a stick learns what it is."""
    code, said = run(bare, tmp_path, forge(), "--help")

    assert code == 2
    assert "Check a Comity dossier with Python alone" in said


def test_it_imports_nothing_but_the_standard_library() -> None:
    """And reads as Python 3.8, the oldest a court's machine may have."""
    tree = ast.parse(FILE.read_text("utf-8"), feature_version=(3, 8))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }

    assert names <= sys.stdlib_module_names
    assert not any(isinstance(node, ast.Match) for node in ast.walk(tree))
    later = ("removeprefix", "removesuffix", "bit_count", "strict", "pairwise", "batched")
    words = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    words |= {node.arg or "" for node in ast.walk(tree) if isinstance(node, ast.keyword)}
    assert words.isdisjoint(later)


def test_every_edge_vector_has_the_verdict_of_libsodium(shared: Path) -> None:
    """A signature that one of the two programs takes and the other refuses splits readers."""
    vectors = json.loads((shared / "vectors" / "cctv_ed25519.json").read_bytes())
    from comity.ledger.signature import is_valid  # noqa: PLC0415 - the other program

    differing = []
    for vector in vectors:
        key, signature = bytes.fromhex(vector["key"]), bytes.fromhex(vector["sig"])
        case = key, vector["msg"].encode(), signature
        if is_signature(*case) != is_valid(*case):
            differing.append(vector["number"])

    assert len(vectors) == 914
    assert differing == []


def test_wycheproof_verdicts_are_reproduced(shared: Path) -> None:
    """A second published suite, with its own expected results."""
    suite = json.loads((shared / "vectors" / "wycheproof_ed25519.json").read_bytes())
    wrong = [
        test["tcId"]
        for group in suite["testGroups"]
        for test in group["tests"]
        if is_signature(
            bytes.fromhex(group["publicKey"]["pk"]),
            bytes.fromhex(test["msg"]),
            bytes.fromhex(test["sig"]),
        )
        != (test["result"] == "valid")
    ]

    assert wrong == []


@pytest.mark.parametrize("length", [0, 1, 63, 1_000])
def test_signatures_of_ours_verify_and_changed_ones_do_not(length: int) -> None:
    """Key, message and signature all take part."""
    key = SigningKey.from_seed(bytes(range(32)))
    message = bytes(length)
    signature = key.sign(message)

    assert is_signature(key.public, message, signature)
    assert not is_signature(key.public, message + b"!", signature)
    assert not is_signature(key.public, message, signature[:-1] + b"\x7f")
    assert not is_signature(key.public[:-1], message, signature)
    assert not is_signature(key.public, message, b"")


def test_no_flipped_byte_passes() -> None:
    """Wherever a byte of the file changes, the file no longer verifies."""
    whole = forge()
    passed = []
    for position in range(0, len(whole), 37):
        copy = bytearray(whole)
        copy[position] ^= 1 << (position % 7)
        if of_one_file(bytes(copy)) not in {"refuted", "unreadable"}:
            passed.append(position)

    assert passed == []


def test_others_texts_do_not_reach_the_terminal_raw(bare: Path, tmp_path: Path) -> None:
    """A place named by a liar could otherwise clear the screen and write a verdict."""

    def hostile(said: dict[str, object]) -> dict[str, object]:
        rows = [{"name": "rescue", "design": 0}, {"name": "\x1b[2Jshelter\u202e", "design": 0}]
        return {**said, "categories": rows}

    code, said = run(bare, tmp_path, forge(Lie(said={"plan": hostile})))

    assert code == 1
    assert "\x1b" not in said


def test_simple_expressions_are_scored_as_comity_scores_them() -> None:
    """A scorer's id never changes its meaning, whoever runs it."""
    patterns = (
        "yes|yes, always", "(?i)NO", "a+b", "a+b+", "(a)", "[(]", r"\(", "[", "x?y?z?q?",
        "a{2}", "", "^42$", "[]a]", "[^]]", r"\d\d", "*",
    )  # fmt: skip
    answers = ("yes", "no", "aab", "(a)", "(", "42", "aa", "", "x" * 5_000 + "42")
    differing = [
        (reference, answer)
        for reference in patterns
        for answer in answers
        if comity_verify.is_found(reference, answer) != pattern.is_found(reference, answer)
    ]

    assert differing == []


@pytest.mark.parametrize("field", ["about", "kind"])
def test_designs_it_does_not_know_are_neither_verified_nor_refuted(field: str) -> None:
    """A claim of a population, or of scores, has numbers this file does not compute."""

    def other(said: dict[str, list[dict[str, object]]]) -> dict[str, object]:
        word = {"about": "population", "kind": "score/1"}[field]
        return {**said, "designs": [{**said["designs"][0], field: word}]}

    assert of_one_file(forge(Lie(said={"plan": other}))) == "open"
