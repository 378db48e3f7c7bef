# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The page of Python in docs/how-to/verify-by-hand.md refuses what was changed.

That the page's commands run in order, test_docs_run.py shows.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.fakes.federation import Federation

from comity.kernel.canonical import to_canonical
from comity.ledger.keyset import to_predicate
from comity.ledger.statement import Statement

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "verify-by-hand.md"
Change = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def fetched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what curl fetches, and the page."""
    folder = tmp_path_factory.mktemp("fetched")
    federation = Federation(folder / "members")
    kh = federation.found("kh", "regulator", "KHM")
    br = federation.found("br", "regulator", "BRA")
    kind = "https://kh.example/notice/v1"
    said = [Statement(predicate_type=kind, predicate={"notice": n}) for n in range(299)]
    kh.append(said, federation.now())
    kh.publish(federation.now())
    federation.close()
    public = kh.public_folder
    bundles = [public / "tile/entries/000", public / "tile/entries/001.p/44"]
    (folder / "checkpoint").write_bytes((public / "checkpoint").read_bytes())
    (folder / "entries").write_bytes(b"".join(one.read_bytes() for one in bundles))
    (folder / "keyset").write_bytes(to_canonical(to_predicate(kh.keyset)))
    (folder / "witness-keyset").write_bytes(to_canonical(to_predicate(br.keyset)))
    script = re.search(r"(?ms)<<'PAGE'\n(.*?)^PAGE$", PAGE.read_text("utf-8"))
    assert script is not None
    (folder / "by_hand.py").write_text(script[1])
    return folder


@pytest.fixture
def folder(fetched: Path, tmp_path: Path) -> Path:
    """Return a copy that may be changed."""
    for path in fetched.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    return tmp_path


def run(folder: Path) -> tuple[int, str]:
    """Run the page as on a bare machine."""
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "by_hand.py"],
        cwd=folder,
        capture_output=True,
        check=False,
        text=True,
    )
    return ran.returncode, ran.stdout + ran.stderr


def is_signed(folder: Path, name: str) -> bool:
    """Ask openssl as the page does."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not here")
    command = f"pkeyutl -verify -rawin -pubin -keyform DER -inkey {name}.der"
    files = f"-in {name}.signed -sigfile {name}.sig"
    ran = subprocess.run(
        [openssl, *command.split(), *files.split()],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    return ran.returncode == 0


def test_a_log_of_more_than_one_bundle_leads_to_its_root(folder: Path) -> None:
    """And every signature verifies: the log's, the witness's, the statements'."""
    code, said = run(folder)

    assert code == 0, said
    assert "300 entries lead to the root" in said
    names = ("log_key", "witness_key", "entry-0", "entry-255", "entry-256", "entry-299")
    assert [name for name in names if not is_signed(folder, name)] == []
    assert len(list(folder.glob("entry-*.sig"))) == 300


def changes() -> Iterator[tuple[str, Change, str]]:
    """Yield what may be changed on the way, and what the page says."""
    yield (
        "entries",
        lambda held: held.replace(b"payloadType", b"payloadTypf", 1),
        "another root",
    )
    yield "entries", lambda held: held[: held.rindex(b'{"payload"') - 2], "not as many"
    yield "checkpoint", lambda held: held.replace(b"\n300\n", b"\n299\n"), "not as many"
    yield "checkpoint", lambda held: held.replace(b"kh.example", b"us.example"), "another log"
    yield "keyset", lambda held: held.replace(b'"example":true', b'"example":false'), "Error"


@pytest.mark.parametrize(("name", "change", "says"), list(changes()))
def test_the_page_refuses_what_was_changed(
    folder: Path, name: str, change: Change, says: str
) -> None:
    """Entries, size, name and keyset each take part."""
    path = folder / name
    before = path.read_bytes()
    path.write_bytes(change(before))

    code, said = run(folder)

    assert before != path.read_bytes()
    assert code == 1
    assert says in said


def test_openssl_refuses_a_signature_of_another_time(folder: Path) -> None:
    """A cosignature's time is signed with it."""
    run(folder)
    path = folder / "witness_key.signed"
    path.write_bytes(re.sub(rb"time (\d)", rb"time 9\1", path.read_bytes()))

    assert is_signed(folder, "log_key")
    assert not is_signed(folder, "witness_key")
