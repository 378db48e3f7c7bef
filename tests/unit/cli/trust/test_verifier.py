# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The archive: the one-file verifier with the scorers beside it, alone on a bare machine."""

import io
import subprocess
import venv
import zipfile
from pathlib import Path

import pytest
from tests.fakes.forgery import Lie, forge

from comity.assess.scorers.plain import PLAIN
from comity.assess.scorers.scorer import SCORERS
from comity.cli.trust.verifier import archive, script

SCORING = {"chrf/1", "facts-kept/1"}
"""Give scores, which the one-file verifier leaves open with all of their plan."""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the interpreter of an empty environment: no pip, no packages."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    return folder / "venv" / "bin" / "python"


def run(python: Path, program: Path, dossier: bytes) -> tuple[int, list[str]]:
    """Run the program alone on a dossier beside it."""
    file = program.with_name("finding.json")
    file.write_bytes(dossier)
    ran = subprocess.run(
        [str(python), "-I", "-S", str(program), str(file)],
        capture_output=True,
        check=False,
        cwd=program.parent,
        env={"LC_ALL": "C"},
        timeout=60,
    )
    assert ran.stderr == b""
    return ran.returncode, ran.stdout.decode("ascii").splitlines()


def written(folder: Path, name: str, content: bytes) -> Path:
    """Write a program."""
    (folder / name).write_bytes(content)
    return folder / name


def test_the_archive_scores_again_what_the_file_alone_leaves_open(
    bare: Path, tmp_path: Path
) -> None:
    """Nothing of a finding by a scorer of plain text rests on the tester's word."""
    dossier = forge(Lie(scorer="answers/1"))
    alone = run(bare, written(tmp_path, "comity_verify.py", script()), dossier)
    packed = run(bare, written(tmp_path, "comity_verify.pyz", archive()), dossier)

    assert (alone[0], alone[1][-1]) == (3, "NOT WHOLLY CHECKED")
    assert any(line.startswith("open    scores at answers/1") for line in alone[1])
    assert (packed[0], packed[1][-1]) == (0, "VERIFIED")


def test_the_archive_refutes_what_its_scorer_does_not_find(bare: Path, tmp_path: Path) -> None:
    """An outcome told otherwise is found at its record."""

    def kinder(records: list[dict[str, object]]) -> list[dict[str, object]]:
        row = next(n for n, record in enumerate(records) if not record["passed"])
        return [*records[:row], {**records[row], "passed": True}, *records[row + 1 :]]

    dossier = forge(Lie(scorer="answers/1", records=kinder))
    code, said = run(bare, written(tmp_path, "comity_verify.pyz", archive()), dossier)

    assert code == 1
    assert any(line.startswith("REFUTED scores at records[") for line in said)


def test_every_scorer_that_needs_no_model_is_in_the_archive() -> None:
    """A scorer left out would leave findings half checked on a bare machine."""
    needs_none = {name for name, scorer in SCORERS.items() if scorer.model is None}
    with zipfile.ZipFile(io.BytesIO(archive())) as packed:
        names = packed.namelist()

    assert set(PLAIN) == needs_none - SCORING
    assert names[0] == "__main__.py"
    assert all(name.startswith("comity/") for name in names[1:])


def test_the_archive_is_the_same_on_every_day() -> None:
    """Whoever compares two copies compares bytes."""
    assert archive() == archive()
