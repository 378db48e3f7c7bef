# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from tests.fakes.twostories import NOW, PASSPHRASE, found, meet

from comity.cli.app import run

Ask = Callable[..., dict[str, object]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return kh, which follows br, and eg, which it does not know."""
    folder = tmp_path_factory.mktemp("made")
    with closing(found(folder / "kh", NOW)) as kh, closing(found(folder / "br", NOW)) as br:
        kh.follow(meet(kh, br), NOW)
    found(folder / "eg", NOW).close()
    return folder


@pytest.fixture(autouse=True)
def nodes(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of them to work in."""
    place = shutil.copytree(made, tmp_path / "nodes")
    monkeypatch.chdir(place)
    monkeypatch.setenv("COMITY_PASSPHRASE", PASSPHRASE)
    return place


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Return how to change a peer of kh and read what it says."""

    def asked(*arguments: str) -> dict[str, object]:
        capsys.readouterr()
        assert run(["node", "peer", "kh", *arguments, "--json"]) == 0
        return cast("dict[str, object]", json.loads(capsys.readouterr().out))

    return asked


def now(said: dict[str, object]) -> dict[str, object]:
    """Return a peer's settings as a verb says they are now."""
    return cast("dict[str, object]", said["now"])


def test_limits_and_mode_change_without_a_passphrase(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is given changes, and giving 0 takes a limit off."""
    monkeypatch.delenv("COMITY_PASSPHRASE")
    said = ask("br", "--mode", "hashes", "--statements-a-day", "5", "--bytes-a-day", "99")
    assert now(said) == {
        **cast("dict[str, object]", said["before"]),
        "mode": "hashes",
        "statements_a_day": 5,
        "bytes_a_day": 99,
    }
    back = ask("br", "--statements-a-day", "0", "--bytes-a-day", "0", "--mode", "full")
    assert now(back) == said["before"]


def test_an_address_changes_where_the_same_member_stands(ask: Ask) -> None:
    """Another member there would be another peer."""
    Path("br").rename("moved")
    assert now(ask("br", "--address", "moved"))["address"] == str(Path("moved").resolve())
    before = Path("kh/node.toml").read_bytes()
    assert run(["node", "peer", "kh", "br", "--address", "eg"]) == 1
    assert Path("kh/node.toml").read_bytes() == before


def test_whose_cosignatures_count_no_more_can_count_again(ask: Ask) -> None:
    """Its key comes from its log, not from memory."""
    said = ask("br", "--no-counts")
    assert now(said)["counts"] is False
    again = ask("br", "--counts", "--address", "br")
    assert now(again)["counts"] is True
    assert Path("kh/node.toml").read_text().count("witness = ") == 1


def test_a_log_followed_by_hashes_says_what_is_not_read_of_it(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stolen key would count on here, and its reader should know."""
    ask("br", "--mode", "hashes")
    assert run(["view", "show", "kh", "--json"]) == 0
    view = json.loads(capsys.readouterr().out)
    view["logs"][1]["held"] = 0  # as of a log of more than its first bundle
    Path("view.json").write_text(json.dumps(view))
    assert run(["view", "show", "view.json"]) == 0
    said = capsys.readouterr().out
    assert "br: what it says of rotated or stolen keys is not read here" in said


def test_a_removed_peer_is_gone_and_its_copy_stays(ask: Ask) -> None:
    """What was verified is not thrown away, and it can come back."""
    said = ask("br", "--remove")
    assert said["now"] is None
    assert (Path("kh/peers") / str(said["member"])).is_dir()
    assert run(["node", "peer", "kh", "br", "--remove"]) == 2
    assert run(["node", "peer", "kh", "br"]) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", "--remove"], ["no peer is called 'nobody'"]),
        (["br"], ["a peer already", "--remove"]),
        (["br", "--remove", "--mode", "full", "--member", "ab"], ["beside it", "--member"]),
        (["eg", "--address", "x"], ["name it first"]),
        (["br", "--mode", "selected"], ["--select"]),
        (["br", "--statements-a-day=-1", "--bytes-a-day=-2"], ["-1", "-2"]),
        (["br", "--name", "eg", "--address", "nowhere"], ["no folder"]),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: list[str]
) -> None:
    """All of it at once."""
    before = Path("kh/node.toml").read_bytes()
    capsys.readouterr()
    assert run(["node", "peer", "kh", *arguments]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert all(word in said for word in words), said
    assert Path("kh/node.toml").read_bytes() == before
