# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Keys change hands, are lost and stolen, and names are vouched for: by the command line."""

from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tests.fakes.town import Ran, comity

from comity.node.care.audit import verify_log
from comity.node.fetch.source import FolderSource

Pair: TypeAlias = tuple[Path, Path]


def done(*words: object) -> Ran:
    """Run a verb that must succeed, in JSON."""
    ran = comity(*words, "--json")
    assert ran.code == 0, ran.err
    return ran


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Return two members' folders that follow each other on one disk."""
    kh, br = tmp_path / "kh", tmp_path / "br"
    for folder, country in ((kh, "KHM"), (br, "BRA")):
        done(
            "node", "init", folder, "--name", folder.name, "--role", "regulator",
            "--jurisdiction", country, "--origin", f"{folder.name}.example/log", "--example",
        )  # fmt: skip
    for one, other in ((kh, br), (br, kh)):
        done("node", "peer", one, other / "public")
    return kh, br


def shown(node: Path, *member: str) -> Any:
    """Return what a node shows of a member."""
    return done("identity", "show", *member, "--node", node).json


def test_a_name_is_shown_with_whose_word_stands_behind_it(pair: Pair) -> None:
    """And as nobody's where nobody vouches for it."""
    kh, _ = pair
    done("node", "follow", kh, "--no-seen")
    before = comity("identity", "show", "br", "--node", kh)
    assert "nobody this node follows vouches for this name" in before.out
    ran = done("identity", "endorse", "br", "--checked", "by telephone", "--node", kh)
    assert ran.json["reference"]["log"] == "kh.example/log"
    after = comity("identity", "show", "br", "--node", kh)
    assert "vouched for by kh as 'br' (BRA)" in after.out
    assert ": by telephone" in after.out
    assert "nobody" not in after.out
    (word,) = shown(kh, "br")["endorsements"]
    assert word["standing"] == "stands"
    done("withdraw", f"kh.example/log#{ran.json['reference']['index']}",
         "--reason", "it was the wrong number", "--node", kh)  # fmt: skip
    assert shown(kh, "br")["endorsements"] == []


def test_a_new_name_is_not_vouched_for_by_an_old_word(pair: Pair) -> None:
    """The word is shown with the name it was given to."""
    kh, br = pair
    done("node", "follow", kh, "--no-seen")
    done("identity", "endorse", "br", "--checked", "in person", "--node", kh)
    done("identity", "rotate", "--name", "Ministry of Everything", "--node", br)
    done("node", "follow", kh, "--no-seen")
    ran = comity("identity", "show", "br", "--node", kh)
    assert "Ministry of Everything" in ran.out
    assert "nobody this node follows vouches for this name" in ran.out
    assert "under another name than it has now" in ran.out


def test_a_follower_sees_every_rotation(pair: Pair) -> None:
    """With the first keys still written in its settings."""
    kh, br = pair
    for number in range(3):
        done("identity", "rotate", "--node", br)
        done("node", "follow", kh, "--no-seen")
        keysets = shown(kh, "br")["keysets"]
        assert [one["sequence"] for one in keysets] == list(range(number + 2))
    assert verify_log(FolderSource(br / "public")).keyset.sequence == 3


def test_officers_sign_on_machines_of_their_own(pair: Pair, tmp_path: Path) -> None:
    """Prepare, sign twice without any node, log."""
    kh, _ = pair
    keys = [tmp_path / f"{name}.key" for name in ("director", "deputy", "safe")]
    for key in keys:
        done("identity", "root-new", key, "--name", key.stem)
        assert key.stat().st_mode & 0o777 == 0o600
    draft = tmp_path / "rotation.draft"
    roots = [word for key in keys for word in ("--root", f"{key}.pub")]
    done("identity", "rotate", *roots, "--threshold", "2", "--prepare", draft, "--node", kh)
    early = comity("identity", "log", draft, "--node", kh)
    assert early.code == 2
    assert "0 of the 2 signatures of the new root" in early.err
    assert "carry the file to the others" in early.err
    for key in keys[1:]:
        ran = comity("identity", "sign", draft, "--key", key)
        assert (ran.code, "sequence: 1" in ran.out) == (0, True)
    done("identity", "log", draft, "--node", kh)
    assert shown(kh)["keysets"][1]["root"]["threshold"] == 2
    alone = comity("identity", "rotate", "--node", kh)
    assert alone.code == 2
    assert "signatures of the old root" in alone.err
    assert "carry the file" not in alone.err  # there is none yet
    assert "nothing was logged; give --prepare FILE" in alone.err


def test_a_statement_of_two_officers_goes_round(pair: Pair, tmp_path: Path) -> None:
    """The node's own key and the officer's; one alone is refused."""
    kh, _ = pair
    key = tmp_path / "maria.key"
    done("identity", "root-new", key, "--name", "testing", "--purpose", "statement")
    done("identity", "rotate", "--statement-key", "own", "--statement-key", f"{key}.pub",
         "--node", kh)  # fmt: skip
    done("identity", "rotate", "--officers", "note=2", "--node", kh)
    said = tmp_path / "note.json"
    said.write_text('{"predicateType": "note", "subject": [], "predicate": {"text": "x"}}')
    alone = comity("publish", said, "--node", kh)
    assert alone.code == 2
    assert "needs the signatures of 2 officers" in alone.err
    draft = tmp_path / "note.draft"
    done("identity", "prepare", said, "--to", draft, "--node", kh)
    root = tmp_path / "root.key"
    done("identity", "root-new", root, "--name", "director")
    wrong = comity("identity", "sign", draft, "--key", root)
    assert (wrong.code, "does not sign a note" in wrong.err) == (2, True)
    done("identity", "sign", draft, "--key", key)
    assert done("identity", "log", draft, "--node", kh).json["reference"]["index"] == 3


def test_a_theft_is_shown_wherever_the_log_is_read(pair: Pair) -> None:
    """Here and at a follower."""
    kh, br = pair
    done("identity", "compromise", "--keys", "statement", "--last-good", "0",
         "--reason", "a stolen laptop", "--node", br)  # fmt: skip
    done("identity", "rotate", "--node", br)
    done("node", "follow", kh, "--no-seen")
    ran = comity("identity", "show", "br", "--node", kh)
    assert "entry 1 disputes" in ran.out
    assert "a stolen laptop" in ran.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "nobody"), "no member called 'nobody'"),
        (("endorse", "kh", "--checked", "x"), "nobody vouches for itself"),
        (("endorse", "nobody", "--checked", "x"), "no member called"),
        (("endorse", "kh", "--checked", "x", "--until", "2001-01-01"), "over already"),
        (("endorse", "kh", "--checked", "x", "--until", "tomorrow"), "tomorrow"),
        (("rotate", "--lost"), "their own root"),
        (("rotate", "--officers", "policy", "--officers", "=2"), "'=2'"),
        (("rotate", "--root", "missing.pub"), "missing.pub"),
        (("rotate", "--root", "00" * 32), "low-order"),
        (("rotate", "--officers", "policy=5"), "1 to the 1 statement keys"),
        (
            ("compromise", "--keys", "x", "--keys", "y", "--last-good", "0", "--reason", "z"),
            "'y'",
        ),
        (("compromise", "--keys", "log", "--last-good", "9", "--reason", "z"), "from 0 to"),
        (("log", "missing.draft"), "missing.draft"),
        (("prepare", "missing.json", "--to", "new.draft"), "missing.json"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_logged(
    pair: Pair, words: tuple[str, ...], said: str
) -> None:
    """Exit 2 and one sentence."""
    kh, _ = pair
    ran = comity("identity", *words, "--node", kh)
    assert ran.code == 2
    assert said in ran.err
    assert verify_log(FolderSource(kh / "public")).size == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sign", "DRAFT", "--key", "missing.key"), "missing.key"),
        (("sign", "DRAFT", "--key", "x", "--token", "hsm:2"), "--key or with --token"),
        (("sign", "DRAFT", "--token", "hsm:2"), "needs its public key"),
        (("sign", "DRAFT", "--token", "carrier-pigeon:2", "--public", "ab" * 32), "no signer"),
        (("sign", "missing.draft"), "missing.draft"),
        (("sign", "GARBAGE"), "JSON"),
    ],
)
def test_a_signature_that_cannot_be_made_leaves_the_draft_alone(
    pair: Pair, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """Each with its reason."""
    kh, _ = pair
    draft, garbage = tmp_path / "a.draft", tmp_path / "garbage"
    done("identity", "rotate", "--prepare", draft, "--node", kh)
    garbage.write_bytes(b"\x00 no draft")
    before = draft.read_bytes()
    places = {"DRAFT": draft, "GARBAGE": garbage}
    ran = comity("identity", *(places.get(word, word) for word in words))
    assert ran.code == 2
    assert said in ran.err
    assert draft.read_bytes() == before
