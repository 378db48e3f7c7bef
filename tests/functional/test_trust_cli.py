# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity trust`: whose cosignatures count, where two readers part, what convicts a log."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.fakes.twostories import NOW, PASSPHRASE, Town, found, meet

from comity.cli.app import run
from comity.desk.log.trusting import reader_at
from comity.desk.log.trustpolicy import default_threshold, read_blocs
from comity.errors import InvalidDocument
from comity.ledger.fork import to_bytes

NAMES = ("br", "eg", "id", "kh")


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return four nodes, of which two follow all others."""
    nodes = [found(tmp_path / name, NOW) for name in NAMES]
    for node in nodes[:2]:
        for other in nodes:
            if other is not node:
                node.follow(meet(node, other), NOW)
    for node in nodes:
        node.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
    return tmp_path


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """Return a log with two stories and who follows each."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
    with closing(Town(tmp_path)) as made:
        yield made


def asked(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict:  # type: ignore[type-arg]
    """Run a verb and return its JSON."""
    assert run([*arguments, "--json"]) == code
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


def test_a_policy_is_written_and_used_at_once(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both keys of each member as one voice; the settings name the file."""
    before = asked(capsys, "trust", "show", "br")
    assert before["policy"] is False
    written = asked(capsys, "trust", "policy", "br")
    assert written["weakest"]["needed"] == 3
    text = (folders / "br" / "trust.policy").read_text(encoding="utf-8")
    assert len(re.findall("^witness ", text, re.MULTILINE)) == 8
    assert (folders / "br" / "node.toml").read_text(encoding="utf-8").startswith("policy =")
    after = asked(capsys, "trust", "show", "br")
    assert after["policy"] is True
    assert after["counted"] == ["eg", "id", "kh", "br"]
    assert after["rule"] == "3 of eg; id; kh; br"
    assert {(one["needed"], one["witnesses"]) for one in after["logs"]} == {(3, 3)}


def test_a_policy_is_never_written_over_unasked(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An operator's own edits are theirs."""
    assert run(["trust", "policy", "br"]) == 0
    own = folders / "br" / "trust.policy"
    own.write_text("quorum none\n")
    assert run(["trust", "policy", "br"]) == 2
    assert "--replace" in capsys.readouterr().err
    assert own.read_text() == "quorum none\n"
    asked(capsys, "trust", "policy", "br", "--needed", "2", "--replace")
    assert asked(capsys, "trust", "show", "br")["rule"].startswith("2 of ")


@pytest.mark.usefixtures("folders")
def test_a_policy_weaker_than_what_stood_before_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """All three had to sign; now one does, and nobody has to lie for two stories."""
    found = asked(capsys, "trust", "policy", "br", "--needed", "1")["weaker"]
    assert {one["name"] for one in found} == set(NAMES)
    assert {(one["before"]["needed"], one["now"]["needed"]) for one in found} == {(3, 1)}
    assert {(one["before"]["lying"], one["now"]["lying"]) for one in found} == {(2, -1)}
    assert run(["trust", "policy", "br", "--needed", "1", "--replace"]) == 0
    assert "weaker" not in capsys.readouterr().out
    assert asked(capsys, "trust", "policy", "br", "--replace")["weaker"] == []
    assert run(["trust", "policy", "br", "--needed", "1", "--replace"]) == 0
    said = capsys.readouterr().out
    assert "weaker than before for the log of br, eg, id, kh:" in said
    assert "comity trust show br" in said


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize(
    "wrong",
    [
        ("--needed", "9"),
        ("--needed", "0"),
        ("--bloc", "KHM"),
        ("--bloc", "a=KHM", "--bloc", "b=KHM"),
        ("--bloc", "a=KHM", "--needed", "2"),
    ],
)
def test_what_cannot_be_a_policy_is_refused(wrong: tuple[str, ...]) -> None:
    """And nothing is written."""
    assert run(["trust", "policy", "br", *wrong]) == 2
    assert not Path("br/trust.policy").exists()


@pytest.mark.usefixtures("folders")
def test_blocs_are_groups(capsys: pytest.CaptureFixture[str]) -> None:
    """A majority of each bloc, reachable when one of it owns the log."""
    asked(capsys, "trust", "policy", "br", "--bloc", "asean=KHM,VNM")
    assert "group bloc-asean 3 " in Path("br/trust.policy").read_text(encoding="utf-8")


def test_two_readers_are_compared_with_an_example(
    folders: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """How many may lie, by search and by the formula, and who would sign what."""
    same = asked(capsys, "trust", "compare", "br", "eg")
    assert (same["safe_while_lying"], same["by_formula"]) == (3, 3)
    run(["trust", "policy", "br", "--needed", "2"])
    run(["trust", "policy", "eg", "--needed", "2"])
    capsys.readouterr()
    split = asked(capsys, "trust", "compare", "br", "eg", code=1)
    assert split["safe_while_lying"] == split["by_formula"] == -1
    assert split["split"]["colluders"] == []
    owned = asked(capsys, "trust", "compare", "br", "eg", "--log", "kh")
    assert owned["safe_while_lying"] == 0
    assert run(["trust", "compare", "br/trust.policy", "eg"]) == 1
    assert "nobody has to lie" in capsys.readouterr().out
    assert run(["trust", "compare", "br", "eg", "--log", "nobody"]) == 2
    assert reader_at(folders / "br").is_policy


def test_evidence_is_reported_once_and_judged_by_anyone(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kept, told of, served as a blob; the file judges itself without any node."""
    Path("fork.json").write_bytes(to_bytes(town.fork))
    found_once = asked(capsys, "trust", "report", "br", "fork.json", "--no-publish")
    assert found_once["reference"] is not None
    assert found_once["fork"] == town.liar.origin
    again = asked(capsys, "trust", "report", "br", "fork.json")
    assert again["reference"] is None
    verdict = asked(capsys, "verify", "fork.json")
    assert (verdict["verified"], verdict["shared"]) == (True, 0)
    Path("fork.json").write_bytes(b"{}")
    assert run(["trust", "report", "br", "fork.json"]) == 2


def test_evidence_of_a_stranger_is_not_taken(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who follows nobody of that key has nobody to convict."""
    Path("fork.json").write_bytes(to_bytes(town.fork))
    found(Path("za"), NOW).close()
    assert run(["trust", "report", "za", "fork.json"]) == 2
    assert "follows no log" in capsys.readouterr().err


@pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 2), (3, 3), (4, 3), (7, 5), (13, 9)])
def test_the_default_is_that_of_the_specification(n: int, k: int) -> None:
    """docs/spec/trust.md, 1 + floor(2n/3)."""
    assert default_threshold(n) == k


def test_blocs_are_read_with_every_fault() -> None:
    """Two in one go."""
    assert read_blocs(["a=KHM,VNM", "b=BRA"]) == {"KHM": "a", "VNM": "a", "BRA": "b"}
    with pytest.raises(InvalidDocument) as caught:
        read_blocs(["a=KHM", "b=KHM", "nonsense"])
    assert len(caught.value.faults) == 2


def test_following_finds_the_proof_and_every_list_says_so(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """What another holds convicts the log; the list of peers names how far it counts."""
    town.tell()
    town.listen()
    town.grow()
    assert run(["node", "follow", "br", "id", "--no-seen"]) == 0
    assert "kh.example/log told two stories: evidence/" in capsys.readouterr().out
    assert run(["node", "peers", "br", "--json"]) == 0
    (forked,) = [one for one in json.loads(capsys.readouterr().out) if one["forked"]]
    assert (forked["name"], forked["forked"]["shared"]) == ("kh", 3)
    assert run(["node", "peers", "br"]) == 0
    assert "told two stories; what counts ends at 3" in capsys.readouterr().out


def test_following_tells_a_suspicion_as_one(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who said so shows nothing more: it convicts nobody."""
    town.tell()
    shutil.rmtree(town.second.public_folder / "mirrors")
    town.listen()
    town.grow()
    assert run(["node", "follow", "br", "id", "--no-seen"]) == 0
    assert "nothing proves it" in capsys.readouterr().out
