# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove certify` and `check`, between two states that do not trust each other."""

import json
from pathlib import Path

import pytest

from comity.cli.app import run

EMPTY = (
    b'{"axioms":[],"conditions":[1,2],"definitions":{},"facts":{},"format":'
    b'"comity.certificate/1","norms":[{"meaning":"","norm":""},{"meaning":"","norm":""}],'
    b'"proof":[],"relation":"disjoint"}'
)
PAIR = ("eu.aia.50.4.a", "eu.aia.50.4.a.art")


def _certified(path: Path) -> Path:
    assert run(["prove", "certify", "disjoint", *PAIR, "--out", str(path)]) == 0
    return path


def test_a_certificate_is_checked_without_the_solver(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says whether it speaks of the packs held here."""
    path = _certified(tmp_path / "proof.json")
    capsys.readouterr()
    assert run(["prove", "check", str(path), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["holds"]
    assert plain["differs"] == []
    assert [each["norm"] for each in plain["norms"]] == list(PAIR)


def test_a_claim_that_is_not_true_shows_a_system(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, and nobody has to paste a model into a test."""
    assert run(["prove", "certify", "within", *reversed(PAIR)]) == 1
    assert "deep_fake = true" in capsys.readouterr().out


def test_a_certificate_of_other_rules_is_told_apart(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A proof can hold and still be about something else."""
    path = _certified(tmp_path / "proof.json")
    plain = json.loads(path.read_text("utf-8"))
    plain["norms"][0]["meaning"] = "00" * 32
    plain["norms"][1]["norm"] = "eu.aia.gone"
    path.write_text(json.dumps(plain, sort_keys=True, separators=(",", ":")), "utf-8")
    assert run(["prove", "check", str(path)]) == 1
    out = capsys.readouterr().out
    assert "means something else here" in out
    assert "no norm is named eu.aia.gone here" in out


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"{}", 2),
        (b"[", 2),
        (b'{"a":1,"a":2}', 2),
        (b"[" * 100_000, 2),
        (EMPTY.replace(b'"axioms":[]', b'"axioms":[3]'), 2),
        (EMPTY, 1),
    ],
)  # fmt: skip
def test_what_is_no_certificate_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: bytes, code: int
) -> None:
    """With a sentence, whatever the bytes."""
    path = tmp_path / "proof.json"
    path.write_bytes(text)
    assert run(["prove", "check", str(path)]) == code
    assert capsys.readouterr().err.startswith("error: ")


def test_a_name_that_is_no_norm_has_its_near_miss(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is written."""
    assert run(["prove", "certify", "disjoint", "eu.aia.50.4.b", "eu.aia.504b"]) == 2
    assert "did you mean" in capsys.readouterr().err
