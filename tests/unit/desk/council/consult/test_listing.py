# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Consultations as a register shows them: read again from public counts, or not shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.forum import TEXTS, Forum, gather
from tests.fakes.pair import NOW, pair, sync
from tests.fakes.world import World, build

from comity.council.consult.consultation import Consultation, Stratum
from comity.council.consult.opinion import Opinion
from comity.desk.council.consult.conclusion import conclude
from comity.desk.council.consult.consulting import (
    Manner,
    find_consultation,
    hand_in,
    open_consultation,
)
from comity.desk.council.consult.listing import answer_of, consultations_sheet, find_report
from comity.desk.log.shelf import ViewShelf
from comity.desk.register.lookout import Lookout, lookout_of
from comity.desk.register.register import Register
from comity.errors import NotFound
from comity.files.answertable import answers_from_csv
from comity.kernel.canonical import Json
from comity.kernel.instant import from_posix, to_posix
from comity.kernel.reference import Reference, to_reference_json
from comity.ledger.commitment import Access, AccessClass
from comity.node.node import Node

LATER = from_posix(to_posix(NOW) + 1_000)
CLOSES = from_posix(to_posix(NOW) + 10_000)


@pytest.fixture
def world() -> World:
    """Return a federation."""
    return build()


@pytest.fixture
def forum(world: World) -> Forum:
    """Return what its members asked."""
    return gather(world)


def register_of(world: World) -> Register:
    """Return the register of a federation."""
    return Lookout(world.view).register()


def hexed(reference: Reference) -> str:
    """Return what an address names."""
    return reference.sha256.hex()


def test_a_result_is_derived_again_from_its_public_counts(world: World, forum: Forum) -> None:
    """The lists on a page follow from integers, not from the convener's word."""
    report = find_report(register_of(world), hexed(forum.concluded))

    assert report.sheet is not None
    assert (report.why, len(report.sheet.rows)) == ("", len(TEXTS))
    assert report.sheet.remarks == ()


def test_lists_that_do_not_follow_are_not_shown(world: World, forum: Forum) -> None:
    """A convener who moves an opinion into the agreed list is found out by every reader."""
    result = next(
        one
        for one in world.ledger.said[world.khm.member]
        if one is not None and one.kind == "consultation-result"
    )
    said: dict[str, Json] = dict(result.predicate)
    agreed, undecided = said["agreed"], said["undecided"]
    assert isinstance(agreed, list)
    assert isinstance(undecided, list)
    forged = {**said, "agreed": [*agreed, *undecided], "undecided": []}
    world.say(world.khm, "consultation-result", forged, forum.concluded.sha256)
    report = find_report(register_of(world), hexed(forum.concluded))

    assert report.sheet is None
    assert "does not hold" in report.why


def test_another_members_result_does_not_take_the_conveners_place(
    world: World, forum: Forum
) -> None:
    """Anybody may conclude; whose conclusion is shown is not up to who comes last."""
    own = find_report(register_of(world), hexed(forum.concluded)).result
    result = next(
        one
        for one in world.ledger.said[world.khm.member]
        if one is not None and one.kind == "consultation-result"
    )
    world.say(world.sgp, "consultation-result", result.predicate, forum.concluded.sha256)

    assert find_report(register_of(world), hexed(forum.concluded)).result == own


def test_a_withdrawn_consultation_is_shown_no_more(world: World, forum: Forum) -> None:
    """What its convener took back is not asked any longer."""
    of: dict[str, Json] = {"of": to_reference_json(forum.open), "reason": "Asked twice."}
    world.say(world.khm, "withdrawal", of, forum.open.sha256)
    register = register_of(world)

    assert len(consultations_sheet(register).consultations) == 2
    with pytest.raises(NotFound):
        find_report(register, hexed(forum.open))


def test_a_malformed_consultation_hides_no_other(world: World, forum: Forum) -> None:
    """One bad line in one log must not take the list away."""
    world.say(world.sgp, "consultation", {"question": 7})

    rows = consultations_sheet(register_of(world)).consultations
    assert {row.id for row in rows} == {
        hexed(one) for one in (forum.concluded, forum.open, forum.broken)
    }


def test_the_answer_holds_what_was_asked_and_why_nothing_came(
    world: World, forum: Forum
) -> None:
    """A program is told the reason, too."""
    register = register_of(world)
    answer = answer_of(register, find_report(register, hexed(forum.open)))

    assert answer.report is None
    assert answer.why == "nobody has concluded it yet"
    assert len(answer.asked["opinions"]) == len(TEXTS)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[tuple[Node, Reference]]:
    """Return a real node that asked, counted and published, and what it asked."""
    with pair(tmp_path) as (kh, br):
        asked = Consultation(
            question="Which?",
            kind="regions",
            strata=(
                Stratum(name="coast", signer=kh.member),
                Stratum(name="hills", signer=kh.member),
            ),
            opens=NOW,
            closes=CLOSES,
            opinions=(Opinion(name="a", text="This.", language="en"),),
        )
        where = open_consultation(kh, asked, now=NOW)
        standing = find_consultation(ViewShelf(kh.view()), f"{where.log}#{where.index}")
        open_to_all = Access(kind=AccessClass.PUBLIC)
        members = Access(kind=AccessClass.MEMBERS)
        for stratum in asked.strata:
            lines = ["participant,opinion,answer", *(f"p{n},a,agree" for n in range(20))]
            table = answers_from_csv("\n".join(lines).encode(), standing.names, "t")
            manner = Manner(now=LATER, access=members, entropy=lambda n: bytes(range(n)))
            hand_in(kh, standing, stratum, table, manner)
        manner = Manner(now=LATER, access=open_to_all, entropy=lambda n: bytes(range(n)))
        conclude(kh, ViewShelf(kh.view()), standing, manner)
        sync(kh, br)
        yield kh, where


def test_a_node_reads_the_counts_it_keeps_for_everybody(node: tuple[Node, Reference]) -> None:
    """The document of counts is public; the tables of answers are not needed for a page."""
    own, where = node
    report = find_report(lookout_of(own, lambda: LATER).register(), hexed(where))

    assert report.sheet is not None, report.why
    assert [row.state.value for row in report.sheet.rows] == ["agreed"]


def test_what_a_node_keeps_for_members_alone_is_on_no_page(
    node: tuple[Node, Reference],
) -> None:
    """A page is read by anybody, so it may open only what anybody may read."""
    own, _ = node
    find = lookout_of(own, lambda: LATER).register().view.find_public
    tables = [
        said.statement.predicate["table"]
        for said in ViewShelf(own.view()).of_kind("consultation-votes")
    ]

    assert tables
    for table in tables:
        assert isinstance(table, dict)
        assert find(bytes.fromhex(str(table["sha256"]))) is None  # type: ignore[arg-type] # 32 bytes
