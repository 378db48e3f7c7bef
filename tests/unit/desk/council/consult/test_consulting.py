# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias, cast

import pytest
from tests.fakes.pair import NOW, pair, sync

from comity.council.consult.consultation import Addition, Consultation, Stratum
from comity.council.consult.opinion import LeftOut, Opinion
from comity.council.consult.outcome import State
from comity.desk.case.afterwards import withdraw
from comity.desk.council.consult.conclusion import conclude, find_conclusion, load, verify
from comity.desk.council.consult.consulting import (
    Manner,
    Standing,
    add_opinions,
    find_consultation,
    gather,
    hand_in,
    open_consultation,
    stratum_of,
)
from comity.desk.council.consult.sheet import sheet_of
from comity.desk.log.record import record
from comity.desk.log.shelf import Said, ViewShelf
from comity.errors import Conflict, InvalidDocument, NotFound, NotPermitted, VerificationFailed
from comity.files.answertable import answers_from_csv
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant, from_posix, to_posix
from comity.kernel.reference import Reference, to_reference_json
from comity.ledger.commitment import Access, AccessClass
from comity.node.node import Node

LATER = from_posix(to_posix(NOW) + 1_000)
CLOSES = from_posix(to_posix(NOW) + 10_000)
Whole: TypeAlias = "tuple[Node, Node, Standing, Said]"
WIDE = Access(kind=AccessClass.PUBLIC)


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """Return two members that follow each other."""
    with pair(tmp_path) as both:
        yield both


@pytest.fixture
def standing(nodes: tuple[Node, Node]) -> Standing:
    """Return a consultation that kh convened; it signs for two groups and br for one."""
    return opened(*nodes)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """Return two members, a consultation of theirs and its result; more may be logged."""
    with pair(tmp_path_factory.mktemp("whole")) as (kh, br):
        standing = opened(kh, br)
        yield kh, br, standing, concluded(kh, br, standing)


def opened(kh: Node, br: Node) -> Standing:
    """Open the consultation."""
    asked = Consultation(
        question="Which?",
        kind="regions",
        strata=(
            Stratum(name="coast", signer=kh.member),
            Stratum(name="hills", signer=kh.member),
            Stratum(name="river", signer=br.member),
        ),
        opens=NOW,
        closes=CLOSES,
        opinions=(
            Opinion(name="a", text="This.", language="en"),
            Opinion(name="b", text="That.", language="en"),
        ),
    )
    open_consultation(kh, asked, now=NOW)
    sync(kh, br)
    return again(kh)


def again(node: Node) -> Standing:
    """Return the consultation as it stands at a node."""
    return find_consultation(ViewShelf(node.view()), "kh.example/log#1")


def manner(now: Instant = LATER) -> Manner:
    """Return a manner whose dice always fall alike."""
    return Manner(now=now, access=WIDE, entropy=lambda size: bytes(range(size)))


def hand(
    node: Node, standing: Standing, group: str, people: int = 20, *, now: Instant = LATER
) -> Reference:
    """Hand in a group's answers: all agree with a, and half with b."""
    lines = ["participant,opinion,answer"]
    for number in range(people):
        lines += [f"p{number},a,agree", f"p{number},b,{'agree' if number % 2 else 'disagree'}"]
    table = answers_from_csv("\n".join(lines).encode(), standing.names, "t")
    stratum = next(one for one in standing.asked.strata if one.name == group)
    return hand_in(node, standing, stratum, table, manner(now))[0]


def concluded(kh: Node, br: Node, standing: Standing) -> Said:
    """Hand in what all three groups say, conclude, and return the result."""
    for node, group in ((kh, "coast"), (kh, "hills"), (br, "river")):
        hand(node, standing, group)
    sync(kh, br)
    take_over(br, kh)
    conclude(kh, ViewShelf(kh.view()), standing, manner())
    return find_conclusion(ViewShelf(kh.view()), "kh.example/log#1")


def take_over(one: Node, other: Node) -> None:
    """Give a node the blobs of another, as it would be served them over HTTP."""
    for name in one.blobs.kept.names():
        piece = one.blobs.serve(name, None)
        assert piece is not None
        held = one.blobs.kept.get(name)
        limit = max(256, 1 << (len(held.content) - 1).bit_length())
        other.blobs.kept.take(name, piece, limit=limit)


def test_what_all_groups_agree_on_is_agreed(
    nodes: tuple[Node, Node], standing: Standing
) -> None:
    """The whole way, and every number on the sheet."""
    kh, br = nodes
    said = concluded(kh, br, standing)
    verified = verify(kh, ViewShelf(kh.view()), said)
    assert all(step.is_done for step in verified.steps)
    sheet = sheet_of(verified.concluded, {kh.member: "kh"})
    assert [(row.opinion.name, row.state) for row in sheet.rows] == [
        ("a", State.AGREED),
        ("b", State.UNDECIDED),
    ]
    first = sheet.rows[0]
    assert (first.bound, [bar.missing for bar in first.strata]) == (838869, [0, 0, 0])
    assert [bar.missing for bar in sheet.rows[1].strata] == [None, None, None]
    assert [part.signer for part in sheet.parts] == ["kh", "kh", br.member[:16]]
    assert sum(dot.people for dot in sheet.dots) == 60


def test_only_the_newest_count_of_a_groups_own_node_counts(
    nodes: tuple[Node, Node], standing: Standing
) -> None:
    """Others, and those out of time, are listed with the reason."""
    kh, br = nodes
    first = hand(kh, standing, "coast")
    second = hand(kh, standing, "coast", 30)
    hand(br, standing, "river")
    of_another = next(iter(ViewShelf(br.view()).of_kind("consultation-votes")))
    for changes in (
        {"stratum": "coast"},
        {"stratum": "moon"},
        {"issued": "2031-01-01T00:00:00Z"},
    ):
        predicate = {**of_another.statement.predicate, **changes}
        record(
            br, "consultation-votes", predicate, subject=standing.reference.sha256, now=LATER
        )
    sync(kh, br)
    found = gather(ViewShelf(kh.view()), standing)
    assert found.counted["coast"].said.reference == second
    assert found.counted["coast"].count.people == 30
    assert found.counted["river"].count.people == 20
    said = " ".join(found.refused)
    for words in (
        f"entry {first.index} does not count: kh.example/log entry {second.index} replaced it",
        "another member's node signs for 'coast'",
        "no group is called 'moon'",
        "when nothing was asked",
    ):
        assert words in said


def test_a_withdrawn_count_counts_no_more(nodes: tuple[Node, Node], standing: Standing) -> None:
    """A node that handed in the wrong file takes it back."""
    kh, _ = nodes
    reference = hand(kh, standing, "coast")
    withdraw(kh, reference, "The wrong file.", now=LATER)
    assert gather(ViewShelf(kh.view()), standing).counted == {}


def test_a_result_rests_on_what_stands(nodes: tuple[Node, Node], standing: Standing) -> None:
    """A withdrawn count under it is said; a withdrawn result is passed over."""
    kh, _ = nodes
    count = hand(kh, standing, "coast")
    reference, _ = conclude(kh, ViewShelf(kh.view()), standing, manner())
    withdraw(kh, count, "The wrong file.", now=LATER)
    shelf = ViewShelf(kh.view())
    remarks = load(kh, shelf, find_conclusion(shelf, "kh.example/log#1")).gathered.refused
    assert remarks == (
        "the consultation-votes at kh.example/log entry 2 was withdrawn: The wrong file.",
    )
    withdraw(kh, reference, "It rests on the wrong file.", now=LATER)
    with pytest.raises(NotFound):
        find_conclusion(ViewShelf(kh.view()), "kh.example/log#1")


def test_a_result_may_not_count_what_does_not_count(
    nodes: tuple[Node, Node], standing: Standing
) -> None:
    """A convener that sneaks in a count of another's group is found out."""
    kh, _ = nodes
    hand(kh, standing, "coast")
    conclude(kh, ViewShelf(kh.view()), standing, manner())
    shelf = ViewShelf(kh.view())
    honest = find_conclusion(shelf, "kh.example/log#1")
    (own,) = shelf.of_kind("consultation-votes")
    subject = standing.reference.sha256
    forged = {**own.statement.predicate, "stratum": "river"}
    cited = record(kh, "consultation-votes", forged, subject=subject, now=LATER)
    predicate = {**honest.statement.predicate, "votes": [to_reference_json(cited)]}
    record(kh, "consultation-result", predicate, subject=subject, now=LATER)
    shelf = ViewShelf(kh.view())
    with pytest.raises(VerificationFailed, match="another member's node signs for 'river'"):
        verify(kh, shelf, find_conclusion(shelf, "kh.example/log#1"))


def test_opinions_are_added_and_left_out_by_the_convener_alone(
    nodes: tuple[Node, Node], standing: Standing
) -> None:
    """What was answered before it was left out is passed over in the count."""
    kh, br = nodes
    hand(kh, standing, "coast")
    other = Opinion(name="c", text="Both.", language="en")
    gone = LeftOut(name="b", sha256=sha256(b"That."), reason="Repeated.")
    addition = Addition(added=(other,), left_out=(gone,))
    with pytest.raises(NotPermitted):
        add_opinions(br, standing, addition, now=LATER)
    add_opinions(kh, standing, addition, now=LATER)
    now = again(kh)
    assert now.names == ("a", "c")
    _, found = conclude(kh, ViewShelf(kh.view()), now, manner())
    assert found.result.opinions == ("a", "c")
    assert found.result.by_stratum.agree.sum(axis=1).tolist() == [20, 0, 0]
    said = find_conclusion(ViewShelf(kh.view()), "kh.example/log#1")
    assert all(step.is_done for step in verify(kh, ViewShelf(kh.view()), said).steps)
    for bad in (addition, replace(addition, added=())):
        with pytest.raises(InvalidDocument):
            add_opinions(kh, now, bad, now=LATER)


def test_nothing_is_said_out_of_time(nodes: tuple[Node, Node], standing: Standing) -> None:
    """A closed consultation takes neither answers nor opinions."""
    kh, _ = nodes
    with pytest.raises(Conflict):
        hand(kh, standing, "coast", now=CLOSES)
    addition = Addition(added=(Opinion(name="c", text="C.", language="en"),), left_out=())
    with pytest.raises(Conflict):
        add_opinions(kh, standing, addition, now=CLOSES)
    with pytest.raises(InvalidDocument, match="nobody answers"):
        hand(kh, standing, "coast", 0)


def test_whose_group_it_is_is_said(nodes: tuple[Node, Node], standing: Standing) -> None:
    """A node that signs for one group need not name it."""
    kh, br = nodes
    assert stratum_of(br, again(br), "").name == "river"
    with pytest.raises(InvalidDocument, match="signs for coast, hills"):
        stratum_of(kh, standing, "")
    with pytest.raises(InvalidDocument, match="did you mean 'coast'"):
        stratum_of(kh, standing, "cost")
    with pytest.raises(NotPermitted):
        stratum_of(kh, standing, "river")


def test_a_result_that_is_not_there_is_said_to_be_missing(
    nodes: tuple[Node, Node], standing: Standing
) -> None:
    """And what makes one."""
    kh, _ = nodes
    assert standing.names == ("a", "b")
    with pytest.raises(NotFound, match="nobody has concluded"):
        find_conclusion(ViewShelf(kh.view()), "kh.example/log#1")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"agreed": ["a", "b"], "undecided": []}, "lists other opinions"),
        ({"agreed": [], "contested": ["a"]}, "lists other opinions"),
        ({"votes": [], "people": 0}, "are not those its node signed"),
        ({"people": 61}, "says 61 people, and the groups signed 60"),
    ],
)
def test_a_conclusion_that_does_not_follow_is_refused(
    whole: Whole, changes: Mapping[str, Json], words: str
) -> None:
    """A convener cannot announce another list than the counts have."""
    kh, _, standing, honest = whole
    predicate = {**honest.statement.predicate, **changes}
    subject = standing.reference.sha256
    reference = record(kh, "consultation-result", predicate, subject=subject, now=LATER)
    said = find_conclusion(ViewShelf(kh.view()), f"kh.example/log#{reference.index}")
    with pytest.raises(VerificationFailed, match=words):
        verify(kh, ViewShelf(kh.view()), said)


def test_a_count_left_out_of_a_result_is_remarked(
    nodes: tuple[Node, Node], standing: Standing
) -> None:
    """A convener who concludes before the last group is in says so without wanting to."""
    kh, br = nodes
    hand(kh, standing, "coast")
    conclude(kh, ViewShelf(kh.view()), standing, manner())
    hand(br, standing, "river")
    sync(kh, br)
    shelf = ViewShelf(kh.view())
    said = find_conclusion(shelf, "kh.example/log#1")
    remarks = load(kh, shelf, said).gathered.refused
    assert remarks == ("br.example/log entry 1 of river is not in the result",)


def test_labels_of_other_people_are_found_out(whole: Whole) -> None:
    """Found groups are recounted from the published labels, not taken on trust."""
    kh, _, standing, honest = whole
    other = kh.blobs.kept.keep(
        b"stratum,participant,group,side\ncoast,0,0,0\n",
        salt=bytes(16),
        media="text/csv",
        access=WIDE,
    )
    predicate = {**honest.statement.predicate, "labels": cast("Json", other.to_json())}
    subject = standing.reference.sha256
    reference = record(kh, "consultation-result", predicate, subject=subject, now=LATER)
    said = find_conclusion(ViewShelf(kh.view()), f"kh.example/log#{reference.index}")
    with pytest.raises(VerificationFailed, match="other people"):
        verify(kh, ViewShelf(kh.view()), said)
