# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Why two nodes see different things."""

from dataclasses import replace

import pytest

from comity.desk.log.difference import differences
from comity.kernel.ids import MemberId, Origin
from comity.kernel.instant import from_rfc3339
from comity.node.logs.following import Mode
from comity.node.views.viewpoint import Sight, Viewpoint

NOW = from_rfc3339("2026-11-21T19:19:24Z")
BR, KH, SG = MemberId("b" * 64), MemberId("c" * 64), MemberId("d" * 64)
SIGHT = Sight(
    origin=Origin("sg.example/log"),
    member=SG,
    name="Singapore",
    is_own=False,
    size=500,
    root="ab" * 32,
    counted_size=400,
    cosigners=(BR,),
    needed=2,
    witnesses=(BR, KH),
    checked_at=NOW,
    mode=Mode.FULL,
    chosen=(),
    held=500,
    forked_from=None,
    evidence=(),
    unreadable=(),
)


def view(name: str, *sights: Sight) -> Viewpoint:
    """Return what a node sees."""
    return Viewpoint(member=BR if name == "Brazil" else KH, name=name, at=NOW, sights=sights)


def kinds(first: Viewpoint, second: Viewpoint) -> list[str]:
    """Return the kinds of differences, checked to be the same the other way round."""
    found = [one.kind for one in differences(first, second)]
    assert sorted(found) == sorted(one.kind for one in differences(second, first))
    return found


def test_two_nodes_that_see_the_same_differ_in_nothing() -> None:
    """Nor does one with itself."""
    assert kinds(view("Brazil", SIGHT), view("Cambodia", SIGHT)) == []


def test_a_log_only_one_follows_is_named_first() -> None:
    """The commonest reason of all."""
    (found,) = differences(view("Brazil", SIGHT), view("Cambodia"))
    assert found.kind == "followed"
    assert found.text.startswith("Brazil sees the log of Singapore, 500 entries; Cambodia does")


@pytest.mark.parametrize(
    ("changed", "kind", "said"),
    [
        ({"size": 450, "held": 450}, "size", "Cambodia lacks the last 50"),
        ({"root": "cd" * 32}, "contradiction", "two stories"),
        ({"counted_size": 300}, "counted", "Brazil up to 400 and for Cambodia up to 300"),
        ({"member": BR}, "member", "two logs with one name"),
        ({"forked_from": 7, "evidence": ("ef" * 32,)}, "fork", "from entry 7 on; Brazil does"),
        ({"mode": Mode.HASHES, "held": 256}, "held", "256 of 500 entries of Singapore"),
        (
            {"mode": Mode.SELECTED, "chosen": ("finding",), "held": 300},
            "held",
            "it keeps only finding",
        ),
        ({"held": 256}, "held", "the rest is still to come"),
        ({"unreadable": (3, 9)}, "unreadable", "Cambodia cannot read entries 3, 9"),
    ],
)
def test_each_reason_is_said_in_plain_words(
    changed: dict[str, object], kind: str, said: str
) -> None:
    """One cause, one sentence, whichever side is asked first."""
    first = view("Brazil", SIGHT)
    second = view("Cambodia", replace(SIGHT, **changed))  # type: ignore[arg-type]  # by name
    assert kinds(first, second) == [kind]
    (found,) = differences(first, second)
    assert said in found.text


def test_rules_are_told_with_the_names_of_those_who_count() -> None:
    """Two quorums are two answers, and neither is wrong."""
    other = replace(SIGHT, counted_size=0, needed=1, witnesses=(SG,), cosigners=())
    (found,) = differences(view("Brazil", SIGHT), view("Cambodia", other))
    assert "Brazil asks for 2 of bbbbbbbbbbbbbbbb, cccccccccccccccc" in found.text
    assert "Cambodia asks for 1 of Singapore; on its newest checkpoint it counts nobody" in (
        found.text
    )


def test_what_is_not_known_is_no_difference() -> None:
    """A node without an index says nothing of what it can read."""
    other = replace(SIGHT, unreadable=None)
    assert kinds(view("Brazil", replace(SIGHT, unreadable=(3,))), view("Cambodia", other)) == []


def test_one_node_on_two_days_is_told_apart() -> None:
    """By which file was named first."""
    before, after = view("Brazil", replace(SIGHT, size=400, held=400)), view("Brazil", SIGHT)
    (found,) = differences(before, after)
    assert found.text.startswith("Brazil (second) has 500 entries")
