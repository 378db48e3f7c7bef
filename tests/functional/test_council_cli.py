# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A decision from the command line: what a delegate types, and what is read back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.town import comity

pytestmark = pytest.mark.xdist_group("council")

NAMES = ("kh", "br", "sg")
AFTER = ("--as-of", "2099-01-01T00:00:00Z")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder of three members with a proposal on which two have voted."""
    folder = tmp_path_factory.mktemp("hall")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("COLUMNS", "200")
        for name in NAMES:
            office = ("--role", "regulator", "--jurisdiction", "KHM", "--example")
            origin = f"{name}.example/log"
            do("node", "init", name, "--name", name, "--origin", origin, *office)
        for name in NAMES:
            for other in NAMES:
                if name != other:
                    do("node", "peer", name, other)
            do("publish", "--node", name)
        Path("text.md").write_text("Within 72 hours.", "utf-8")
        rows = "".join(
            f'[[members]]\nmember = "{name}"\ngroups = ["region:{region}"]\n'
            for name, region in (("kh", "Asia"), ("sg", "Asia"), ("br", "Latin America"))
        )
        Path("members.toml").write_text(rows, "utf-8")
        do("council", "propose", "text.md", "--title", "Notice", "--rule", "without-hegemon",
           "--electorate", "members.toml", "--days", "7", "--node", "kh")  # fmt: skip
        follow()
        do("council", "vote", "kh.example/log#1", "yes", "--node", "br")
        words = ("abstain", "--reason", "No mandate yet.")
        do("council", "vote", "kh.example/log#1", *words, "--node", "sg")
        follow()
        for name in NAMES:
            do("council", "receive", "--node", name)
        follow()
        yield folder


def do(*words: str) -> str:
    """Run a verb that must succeed and return what it printed."""
    ran = comity(*words)
    assert ran.code == 0, ran.err
    return " ".join(ran.out.split())


def follow() -> None:
    """Let everybody follow everybody."""
    for name in NAMES:
        do("node", "follow", name, "--no-seen")


@pytest.mark.usefixtures("hall")
def test_a_count_reads_as_a_delegate_would_say_it() -> None:
    """Who stands where, what decided, what abstaining did, what would flip it."""
    said = do("council", "tally", "kh.example/log#1", "--node", "kh", *AFTER)

    assert "Notice: rejected" in said
    assert "sg abstain No mandate yet." in said
    assert "✗ more than half of the members are in favour: 1 of 3" in said
    assert "1 member abstained" in said
    assert "It would flip with 1 seat" in said
    assert "Read from 3 logs" in said


@pytest.mark.usefixtures("hall")
def test_every_member_prints_the_same_count_as_json() -> None:
    """Whoever programs against it gets every figure a page would draw."""
    words = ("council", "tally", "kh.example/log#1", *AFTER, "--json", "--node")
    found = [comity(*words, name).json for name in NAMES]
    for one in found:
        del one["logs"]

    assert found[0] == found[1] == found[2]
    assert found[0]["counts"] == {"abstain": 1, "silent": 1, "yes": 1}
    assert found[0]["outcome"]["flip"]["count"] == 1
    assert [one["name"] for one in found[0]["members"]] == ["br", "kh", "sg"]


@pytest.mark.usefixtures("hall")
def test_a_proposal_is_listed_and_shown() -> None:
    """With its words, its rule in words, and who may vote."""
    assert "kh.example/log#1 Notice voting 2 of 3" in do("council", "list", "--node", "sg")
    said = do("council", "show", "kh.example/log#1", "--node", "br")

    assert "Within 72 hours." in said
    assert "May vote: br, kh, sg" in said
    assert "region:Asia: kh, sg" in said


@pytest.mark.usefixtures("hall")
def test_a_result_is_counted_again_by_who_holds_its_logs() -> None:
    """Exit 0 where it is the same; it names what is lacking and exits 1 where it is not."""
    made = comity("council", "result", "kh.example/log#1", *AFTER, "--node", "kh", "--json")
    place = made.json["reference"]
    cited = f"{place['log']}#{place['index']}"
    do("node", "follow", "br", "--no-seen")
    assert "found the same" in do("council", "compare", cited, "--node", "br")

    do("council", "mandate", "mekong", "kh", "--node", "sg")
    do("node", "follow", "kh", "--no-seen")
    made = comity("council", "result", "kh.example/log#1", *AFTER, "--node", "kh", "--json")
    do("node", "follow", "br", "kh", "--no-seen")
    place = made.json["reference"]
    ran = comity("council", "compare", f"{place['log']}#{place['index']}", "--node", "br")
    assert ran.code == 1
    assert "lacks entr" in ran.out


@pytest.mark.usefixtures("hall")
def test_a_count_of_a_day_to_come_says_so() -> None:
    """What it finds is no result yet."""
    asked = ("council", "tally", "kh.example/log#1", "--node", "kh")

    assert "nothing is decided yet: so it stands now" in comity(*asked).out
    later = comity(*asked, "--as-of", "2098-01-01T00:00:00Z").out
    assert "that instant is to come: so it stands then if nobody says more" in later


def test_what_cannot_be_voted_is_refused_with_the_nearest_word() -> None:
    """Exit 2, and nothing is signed."""
    ran = comity("council", "vote", "kh.example/log#1", "abstian", "--node", "br", "--json")

    assert ran.code == 2
    assert "did you mean 'abstain'" in ran.err
