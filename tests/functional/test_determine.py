# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity determine` and `comity pack`, as people use and misuse them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from comity.cli.app import run

PROFILE = """\
system = "relief-translator"
version = "1.0"
roles = ["provider"]
markets = ["EU"]
name = "Relief translator"

[facts]
is_ai_system = true
generates = ["text"]
placed_on_market = 2026-09-01
offered_to_public = true
"""
ALL = "EU,CHN,VNM,BRA,KHM,WAICO"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Return a profile that answers little."""
    path = tmp_path / "relief.toml"
    path.write_text(PROFILE, "utf-8")
    return path


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


def _determine(profile: Path, *words: str) -> int:
    return run(["determine", str(profile), *words])


def _json(profile: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert _determine(profile, "--json", *words) == 0
    plain: dict[str, Any] = json.loads(capsys.readouterr().out)
    return plain


def test_every_market_is_told_with_its_groups(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What binds, what is soft, what is no law yet, what cannot be told."""
    assert _determine(profile, "--in", ALL, "--on", "2026-11-21") == 0
    out = capsys.readouterr().out
    for market in ALL.split(","):
        assert market in out
    for said in ("Cannot be told", "Soft law that speaks to it (binds nobody)",
                 "Bills that would bind it (not law)", "Questions that settle most",
                 "is never taken for no"):  # fmt: skip
        assert said in out


def test_no_binding_duty_comes_from_a_bill_a_draft_or_soft_law(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Brazil's is a bill, WAICO's soft law, Cambodia's plans a draft."""
    plain = _json(profile, capsys, "--in", "BRA,WAICO", "--on", "2026-11-21")
    rulings = plain["determination"]["rulings"]
    assert {ruling["force"] for ruling in rulings} == {"soft", "bill"}


def test_a_profile_without_answers_is_told_no_no(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Absent never means no: nothing "does not apply" to a system nobody described."""
    path = tmp_path / "x.toml"
    path.write_text('system = "x"', "utf-8")
    plain = _json(path, capsys, "--in", ALL, "--on", "2026-11-21")
    on_the_day_alone = [
        ruling
        for ruling in plain["determination"]["rulings"]
        if ruling["status"] == "does not apply"
        and any("asked_on" not in clause["answers"] for clause in ruling["decided_by"])
    ]
    assert on_the_day_alone == []
    assert {"cannot tell"} <= {each["status"] for each in plain["determination"]["rulings"]}
    assert plain["questions"]


def test_two_runs_print_the_same_bytes(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A determination can be cited."""
    _determine(profile, "--json", "--in", ALL, "--on", "2026-11-21")
    first = capsys.readouterr().out
    _determine(profile, "--json", "--in", ALL, "--on", "2026-11-21")
    assert capsys.readouterr().out == first


def test_markets_and_roles_of_the_profile_stand_where_none_is_asked(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the command line takes precedence."""
    plain = _json(profile, capsys, "--on", "2026-11-21")
    assert (plain["determination"]["markets"], plain["determination"]["roles"]) == (
        ["EU"],
        ["provider"],
    )
    asked = _json(profile, capsys, "--on", "2026-11-21", "--role", "deployer,importer")
    assert asked["determination"]["roles"] == ["deployer", "importer"]


def test_a_market_without_a_pack_is_told_apart_from_one_without_law(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, and with exit code 0: the question was sound."""
    assert _determine(profile, "--in", "NRU", "--on", "2026-11-21") == 0
    assert "That is not to say it has no law" in capsys.readouterr().out


def test_one_norm_is_explained_clause_by_clause(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Scope, each exception, each answer, each gap."""
    asked = ("--on", "2026-11-21", "--explain", "eu.aia.50.2")
    assert _determine(profile, *asked) == 0
    out = capsys.readouterr().out
    assert "generates has any of [audio, image, text, video]: yes" in out
    assert "unless assistive_editing_only: cannot tell" in out
    assert _determine(profile, *asked, "--json") == 0
    (plain,) = json.loads(capsys.readouterr().out)
    assert plain["norm"] == "eu.aia.50.2"


def test_all_lists_what_does_not_apply(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without it, the count alone is printed."""
    _determine(profile, "--in", "EU", "--on", "2020-01-01", "--all", "--questions", "0")
    long = capsys.readouterr().out
    _determine(profile, "--in", "EU", "--on", "2020-01-01", "--questions", "0")
    short = capsys.readouterr().out
    assert len(long) > len(short)
    assert "Questions that settle most" not in short


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--in", "EU,XX"], "'XX' is no market"),
        (["--in", "WAIKO"], "did you mean 'WAICO'?"),
        (["--in", "FRA"], "is a member state of the EU"),
        (["--on", "2026-02-30"], "is not a date like 2026-11-21"),
        (["--on", "tomorrow"], "is not a date like 2026-11-21"),
        (["--role", "provder"], "did you mean 'provider'?"),
        (["--explain", "eu.aia.50.22"], "did you mean 'eu.aia.50.2'?"),
        (["--explain", "chn.lbl.8"], "ask with --in CHN"),
        (["--explain", "eu.aia.4.1", "--role", "user"], "ask with --role"),
        (["--nonsense"], "nonsense"),
    ],
)
def test_a_question_with_a_fault_is_told_and_ends_with_two(
    profile: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    """A clear sentence, a near miss, no half of an answer."""
    assert _determine(profile, *words) == 2
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert "Binds now" not in captured.out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("system = ", "line 1"),
        ('system = "x"\n[facts]\nis_ai_sistem = true', "did you mean 'is_ai_system'?"),
        ('system = "x"\n[facts]\ntraining_compute = 5', "the unit is missing"),
        ('system = "x"\n[facts]\ntraining_compute = nan', "nan is no exact number"),
        ('system = "x"\n[facts]\ntraining_compute = "1e400 FLOP"', "not an exact number"),
        ('system = "x"\n[facts]\ndeep_fake = true\ndeep_fake = false', "stands twice"),
    ],
)
def test_a_profile_with_a_fault_is_told_with_its_place_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    """All faults, each with line and column."""
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    assert _determine(path, "--in", "EU") == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_missing_profile_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And with JSON asked for, the error is JSON."""
    assert _determine(tmp_path / "none.toml", "--json") == 2
    problem = json.loads(capsys.readouterr().err)
    assert problem["error"]["code"] == "files.no_profile"


def test_the_packs_that_ship_have_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    """`comity pack check` is what an encoder runs."""
    assert run(["pack", "check"]) == 0
    assert "0 faults" in capsys.readouterr().out


def test_a_pack_with_a_fault_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, column, near miss; exit 2."""
    path = tmp_path / "law.md"
    path.write_text('```comity\npack eu.x\n  titel "X"\n```\n', "utf-8")
    assert run(["pack", "check", str(path)]) == 2
    out = capsys.readouterr().out
    assert f"{path}: line 3, column 3" in out
    assert "`pack` needs a `market` clause" in out


def test_scenarios_that_disagree_end_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They say what was found and which clauses decided."""
    path = tmp_path / "law.scenarios.toml"
    path.write_text(
        '[[scenario]]\nname = "N"\nsource = "S"\non = 2026-11-21\nrole = "provider"\n'
        'market = "EU"\n[scenario.facts]\nis_ai_system = false\n'
        '[scenario.expect]\napplies = ["eu.aia.50.1"]\n',
        "utf-8",
    )
    assert run(["pack", "scenarios", str(path)]) == 1
    assert "is expected to be 'applies', is 'does not apply'" in capsys.readouterr().out


def test_the_command_is_a_process_of_its_own(profile: Path) -> None:
    """The entry point, its exit code, and nothing on the other stream."""
    command = [sys.executable, "-m", "comity.cli", "determine", str(profile)]
    asked = [*command, "--in", "EU", "--on", "2026-11-21", "--json"]
    done = subprocess.run(asked, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["determination"]["system"] == "relief-translator"


CHANGES = """
[facts.VNM]
placed_on_market = 2026-03-01

[[change]]
on = 2027-02-01
[change.facts]
is_ai_system = false
"""


def test_the_facts_of_one_day_are_held_against_the_law_of_another(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three dates, each said; a change counts from its first day."""
    profile.write_text(profile.read_text("utf-8") + CHANGES, "utf-8")
    asked = ("--in", "VNM", "--on", "2027-03-01")
    now = _json(profile, capsys, *asked)["determination"]
    then = _json(profile, capsys, *asked, "--facts-on", "2027-01-31")["determination"]
    assert (now["on"], now["facts_on"], now["known_on"]) == ("2027-03-01", "2027-03-01", None)
    assert (then["on"], then["facts_on"]) == ("2027-03-01", "2027-01-31")
    assert {each["status"] for each in now["rulings"]} != {
        each["status"] for each in then["rulings"]
    }
    placed = {
        clause["answers"]["placed_on_market"]
        for ruling in then["rulings"]
        for clause in ruling["decided_by"]
        if "placed_on_market" in clause["answers"]
    }
    assert placed == {"2026-03-01"}


def test_what_was_not_yet_recorded_was_not_known(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named with its day, and is not called "no law"."""
    asked = ("--in", "KHM", "--on", "2026-11-21", "--known-on", "2026-01-01")
    plain = _json(profile, capsys, *asked)["determination"]
    assert (plain["known_on"], plain["rulings"]) == ("2026-01-01", [])
    assert {each["market"] for each in plain["unrecorded"]} == {"KHM"}
    assert _determine(profile, *asked) == 0
    out = capsys.readouterr().out
    assert "packs as known on 2026-01-01" in out
    assert "Not yet recorded on 2026-01-01: khm." in out
    assert "That is not to say it has no law" in out


def test_duties_stand_under_the_title_of_their_law(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With reasons, exceptions and source; more than thirty are told in brief."""
    more = "defence_or_security_only = false\ninteracts_with_people = true\n"
    profile.write_text(profile.read_text("utf-8") + more, "utf-8")
    assert _determine(profile, "--in", "VNM", "--on", "2026-11-21") == 0
    full = capsys.readouterr().out
    said = (
        "Law on Artificial Intelligence", "because is_ai_system",
        "nobody researched exceptions", "unless vnm.ai.in_transition: no",
    )  # fmt: skip
    assert [each for each in said if each not in full] == []
    assert _determine(profile, "--in", "VNM,CHN,EU,KAZ,KOR", "--on", "2026-11-21") == 0
    brief = capsys.readouterr().out
    assert "--all prints the reasons of each" in brief
    assert "because is_ai_system" not in brief


def test_texts_of_bodies_are_pointed_to(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Signing is not joining; a body asked about is not pointed to."""
    assert _determine(profile, "--in", "KHM", "--on", "2026-11-21") == 0
    out = capsys.readouterr().out
    assert "ASEAN (KHM: member)" in out
    assert "WAICO (KHM: signatory, which is not membership)" in out
    assert _determine(profile, "--in", "KHM,WAICO", "--on", "2026-11-21") == 0
    assert "signatory" not in capsys.readouterr().out


def test_a_determination_is_written_for_other_tools(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """OSCAL assessment results that compliance-trestle loads."""
    results = pytest.importorskip("trestle.oscal.assessment_results")
    assert _determine(profile, "--in", "EU", "--on", "2026-11-21", "--format", "oscal") == 0
    path = tmp_path / "results.json"
    path.write_text(capsys.readouterr().out, "utf-8")
    loaded = results.AssessmentResults.oscal_read(path)
    assert loaded.results[0].observations


def test_packs_of_ones_own_stand_beside_those_that_come_along(
    profile: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A ministry's draft is asked about before it is anybody's law."""
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "draft.md").write_text(
        '```comity\npack nru.x\n  title "A draft"\n  market NRU\n  status draft\n'
        '  version 2026-11-01\n\nnorm nru.x.1\n  title "Watch"\n  who provider\n'
        '  must human_oversight\n  when is_ai_system\n  cite "1"\n  basis text\n'
        '  source "S"\n```\n',
        "utf-8",
    )
    plain = _json(
        profile, capsys, "--in", "NRU,EU", "--packs", str(folder), "--on", "2026-11-21"
    )
    first = plain["determination"]["rulings"][0]
    assert (first["norm"], first["pack"], first["status"]) == ("nru.x.1", "nru.x", "applies")


def _row_of(market: str, out: str) -> list[str]:
    return next(line for line in out.splitlines() if line.startswith(f"{market} ")).split()


def test_a_permission_is_no_duty(profile: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """That anyone may complain under Article 85 is counted and listed apart."""
    more = "defence_or_security_only = false\n"
    profile.write_text(profile.read_text("utf-8") + more, "utf-8")
    asked = ("--in", "EU", "--role", "deployer", "--on", "2026-11-21")
    assert _determine(profile, *asked) == 0
    out = capsys.readouterr().out
    _, binds, permits, *_ = _row_of("EU", out)
    permitted = out[out.index(f"Permits (no duty): {permits}") : out.index("Not yet in force")]
    assert "eu.aia.85" in permitted
    assert "eu.aia.85" not in out.replace(permitted, "")
    assert binds == "·" or f"Binds now: {binds}" in out


def test_a_norm_that_binds_in_two_roles_is_told_once(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two roles make no second duty; a norm names the roles in which it says the same."""
    asked = ("--in", "CHN", "--role", "provider,deployer", "--on", "2026-11-21")
    assert _determine(profile, *asked, "--explain", "chn.lbl.10.tamper") == 0
    out = capsys.readouterr().out
    assert "in CHN as provider, deployer:" in out
    assert out.count("Do not delete, alter, forge or hide labels") == 1
    assert _determine(profile, *asked) == 0
    assert capsys.readouterr().out.count("chn.lbl.10.tamper") == 1


def test_a_market_is_told_with_the_packs_it_rests_on(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is not held is not said to be absent."""
    assert _determine(profile, "--in", "KOR", "--on", "2026-11-21") == 0
    out = capsys.readouterr().out
    assert "Rests on kor.ai alone. Other texts of KOR are not held" in out


def test_a_source_is_shown_without_the_copy_it_was_read_in(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A repository's name tells a reader nothing; for a machine it stays."""
    asked = ("--in", "KOR", "--explain", "kor.ai.31.1")
    assert _determine(profile, *asked) == 0
    out = capsys.readouterr().out
    assert "law.go.kr text of Act 21311" in out
    assert "legalize-kr" not in out
    assert _determine(profile, "--in", "KOR", "--json") == 0
    assert "legalize-kr" in capsys.readouterr().out


def test_lines_end_where_their_words_end(
    profile: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Spaces to the edge of the terminal are no words."""
    assert _determine(profile, "--in", "EU,CHN", "--all") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("    ") and line.endswith(" ")] == []
