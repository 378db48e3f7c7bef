# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whose word stands behind a name, and until when."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from tests.unit.node.conftest import PASSPHRASE, entropy_of

from comity.desk.log.membership import Membership, endorse, find_member, membership_of
from comity.desk.log.node import introduce
from comity.errors import InvalidDocument, NotFound, NotPermitted
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant, from_posix, from_rfc3339, to_posix
from comity.node.node import Node
from comity.node.rotation import (
    Change,
    Theft,
    log_draft,
    prepare_compromise,
    prepare_rotation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = from_rfc3339("2026-11-21T19:19:24Z")
LATER = from_posix(to_posix(NOW) + 86_400)


def office(folder: Path, name: str) -> Node:
    """Found a regulator's node."""
    node = Node.create(
        folder / name,
        name=name,
        role="regulator",
        jurisdiction="KHM",
        origin=f"{name}.example/log",
        passphrase=PASSPHRASE,
        now=NOW,
        entropy=entropy_of(name),
        example=True,
    )
    node.publish(NOW)
    return node


def read(reader: Node, *authors: Node) -> None:
    """Let one node follow others as they are now."""
    for author in authors:
        author.publish(NOW)
        if reader.config.find_peer(author.member) is None:
            place = str(author.public_folder)
            reader.add_peer(introduce(place, member=None, name=None, counts=False)[0])
        reader.follow(author.member, NOW)


@pytest.fixture
def kh(tmp_path: Path) -> Iterator[Node]:
    """Return the office that looks."""
    with closing(office(tmp_path, "kh")) as node:
        yield node


@pytest.fixture
def br(tmp_path: Path, kh: Node) -> Iterator[Node]:
    """Return the office that is looked at."""
    with closing(office(tmp_path, "br")) as node:
        read(kh, node)
        yield node


def standings(reader: Node, member: MemberId, now: Instant = NOW) -> list[str]:
    """Return how each word for a member stands."""
    return [one.standing for one in shown(reader, member, now).vouched]


def shown(reader: Node, member: MemberId, now: Instant = NOW) -> Membership:
    """Return a member as a node shows it."""
    return membership_of(reader.view(), member, now)


def test_a_word_stands_until_its_end(kh: Node, br: Node) -> None:
    """Then it is still shown, and speaks for nothing."""
    endorse(kh, br.member, checked="in person", until=LATER, now=NOW)
    assert standings(kh, br.member) == ["stands"]
    assert standings(kh, br.member, LATER) == ["over"]


def test_a_newer_word_of_one_member_replaces_its_older_one(kh: Node, br: Node) -> None:
    """One member, one voice."""
    endorse(kh, br.member, checked="by letter", until=None, now=NOW)
    endorse(kh, br.member, checked="in person", until=None, now=NOW)
    (word,) = shown(kh, br.member).vouched
    assert word.said.checked == "in person"


def test_a_word_survives_a_rotation_and_not_a_new_name(kh: Node, br: Node) -> None:
    """The key compared is still one of the member's; the name is another."""
    endorse(kh, br.member, checked="in person", until=None, now=NOW)
    draws = entropy_of("names")
    log_draft(br, prepare_rotation(br, Change(), PASSPHRASE, NOW, draws))
    read(kh, br)
    assert standings(kh, br.member) == ["stands"]
    with closing(Node.open(br.folder, PASSPHRASE)) as again:
        renamed = Change(name="Ministry of Everything")
        log_draft(again, prepare_rotation(again, renamed, PASSPHRASE, NOW, draws))
        read(kh, again)
    assert standings(kh, br.member) == ["other name"]


def test_a_word_of_another_counts_only_under_a_quorum(
    kh: Node, br: Node, tmp_path: Path
) -> None:
    """Here nobody witnesses, so it is shown as not counted."""
    with closing(office(tmp_path, "sg")) as sg:
        read(sg, br)
        endorse(sg, br.member, checked="in person", until=None, now=NOW)
        read(kh, sg)
        assert standings(kh, br.member) == ["not counted"]
        assert not shown(kh, br.member).standing


def test_nobody_vouches_for_itself(kh: Node) -> None:
    """Nor for whom it does not follow, nor without saying how."""
    with pytest.raises(NotPermitted):
        endorse(kh, kh.member, checked="x", until=None, now=NOW)
    with pytest.raises(NotFound):
        endorse(kh, MemberId("ab" * 32), checked="x", until=None, now=NOW)


def test_a_word_that_does_not_say_how_is_refused(kh: Node, br: Node) -> None:
    """It would look checked."""
    with pytest.raises(InvalidDocument, match="checked"):
        endorse(kh, br.member, checked="  ", until=None, now=NOW)
    assert kh.log.size == 1


def test_a_member_is_found_by_name_log_and_the_start_of_its_id(kh: Node, br: Node) -> None:
    """As people say it, spaces of the fingerprint included."""
    fingerprint = shown(kh, br.member).fingerprint
    for text in ("br", "br.example/log", br.member, br.member[:8], fingerprint):
        assert find_member(kh, text) == br.member
    for text in ("sg", br.member[:7], "", "ff" * 32):
        with pytest.raises(NotFound):
            find_member(kh, text)


def test_the_stretch_a_compromise_may_dispute_ends_with_its_keys(kh: Node, br: Node) -> None:
    """From after the last good entry to the rotation; to the end while they are in force."""
    theft = Theft(keys=("statement",), last_good=0, reason="stolen")
    log_draft(br, prepare_compromise(br, theft, NOW))
    read(kh, br)
    assert [stretch[1:] for stretch in shown(kh, br.member).disputed] == [(1, 1)]
    log_draft(br, prepare_rotation(br, Change(), PASSPHRASE, NOW, entropy_of("stretch")))
    read(kh, br)
    assert [stretch[1:] for stretch in shown(kh, br.member).disputed] == [(1, 1)]
