# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity bank`: what a person types, and what they get."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import comity.packs

BANKS = Path(comity.packs.__path__[0]) / "banks"
CORE = BANKS / "disaster-translation.toml"
CLAIM = BANKS / "disaster-translation.claim.toml"


def comity_bank(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the verb as a person would."""
    return subprocess.run(
        [sys.executable, "-m", "comity.cli", "bank", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the shipped bank once."""
    path = tmp_path_factory.mktemp("bank") / "bank.jsonl"
    done = comity_bank("build", CORE, "--seed", "7", "--out", path)
    assert done.returncode == 0, done.stderr
    return path


def test_a_bank_is_built_checked_and_described(bank: Path) -> None:
    """Two verbs stand between a hand-written core and a bank to commit to."""
    done = comity_bank("check", bank, "--claim", CLAIM, "--json")

    assert done.returncode == 0, done.stderr
    sheet = json.loads(done.stdout)
    assert sheet["size"] == 2_000
    assert {category["count"] for category in sheet["categories"]} == {250}
    assert 120 <= sheet["templates"] < 200
    assert sheet["near_duplicates"] == 2_000 - sheet["templates"]


def test_the_same_seed_builds_the_same_bytes(bank: Path, tmp_path: Path) -> None:
    """A keeper who kept core and seed kept the bank."""
    again, other = tmp_path / "again.jsonl", tmp_path / "other.jsonl"
    comity_bank("build", CORE, "--seed", "7", "--out", again)
    comity_bank("build", CORE, "--seed", "8", "--out", other)

    assert again.read_bytes() == bank.read_bytes() != other.read_bytes()


def test_people_see_what_varies_only(bank: Path) -> None:
    """A size alone would flatter the bank."""
    done = comity_bank("check", bank)

    assert "shelter" in done.stdout
    assert "items only vary another one" in done.stdout


def test_a_bank_that_is_there_is_not_written_over(bank: Path) -> None:
    """It may be the one that was committed to."""
    before = bank.read_bytes()
    refused = comity_bank("build", CORE, "--seed", "8", "--out", bank)

    assert (refused.returncode, bank.read_bytes()) == (2, before)
    assert "--replace" in refused.stderr


def test_every_fault_of_a_bank_is_said_at_once(tmp_path: Path) -> None:
    """Exit 2, each fault with its line."""
    path = tmp_path / "bank.jsonl"
    path.write_text('{"category": "Road"}\nnonsense\n', "utf-8")

    done = comity_bank("check", path)

    assert done.returncode == 2
    assert "line 1: 'Road' is no category name" in done.stderr
    assert "line 1: prompt is missing or no text" in done.stderr
    assert "line 2, column 1: not JSON" in done.stderr


def test_a_scorer_nobody_knows_is_guessed_at(tmp_path: Path) -> None:
    """It would be found out only when the first answer is scored."""
    path = tmp_path / "bank.jsonl"
    row = {"category": "road", "prompt": "?", "reference": "", "scorer": "declnes/1"}
    path.write_text(json.dumps(row), "utf-8")

    done = comity_bank("check", path, "--json")

    assert done.returncode == 2
    problem = json.loads(done.stderr)["error"]
    assert problem["code"] == "cli.bank"
    assert problem["faults"][0]["near"] == "declines/1"


def test_a_claim_of_another_bank_does_not_fit(bank: Path) -> None:
    """Categories and scorers must be the bank's own."""
    done = comity_bank("check", bank, "--claim", BANKS / "public-assistant.claim.toml")

    assert done.returncode == 2
    assert "the claim does not name the bank's category 'shelter'" in done.stderr
    assert "the claim names scorer 'declines/1', the bank has none of it" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check", "nowhere.jsonl"), "cannot read the bank"),
        (("build", "nowhere.toml", "--seed", "1", "--out", "b"), "cannot read the core"),
        (("build", CORE, "--seed", "1", "--out", "no/where/b"), "cannot write the bank"),
        (("build", CORE, "--seed", "1", "--out", "b", "--size", "200000"), "8 to 100000 items"),
        (("build", CLAIM, "--seed", "1", "--out", "b"), "a core has no field 'claim'"),
        (("build", CORE, "--out", "b"), "--seed"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    arguments: tuple[object, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, one clear sentence, no half-written file."""
    monkeypatch.chdir(tmp_path)

    done = comity_bank(*arguments)

    assert done.returncode == 2
    assert words in done.stderr + done.stdout
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_help_shows_an_example() -> None:
    """People copy examples."""
    done = comity_bank("build", "--help")

    assert (
        "comity bank build disaster-translation.toml --seed 7 --out bank.jsonl" in done.stdout
    )
