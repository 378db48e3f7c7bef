# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Replay for people: blocs by name, notes on what the figures leave out, a node's own past."""

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from tests.fakes.federation import Federation

from comity.council.decision.docket import Ballot
from comity.council.decision.electorate import Electorate
from comity.council.decision.proposal import propose
from comity.council.decision.statement import to_ballot_json, to_motion_json
from comity.council.replay.history import Item, history_of
from comity.council.rule.floor import Answer, Base, Weights
from comity.council.rule.procedure import Procedure
from comity.council.rule.rule import Leaf, Share, without_hegemon
from comity.desk.council.replay.past import past_of
from comity.desk.council.replay.replaying import Named, Past, replayed, restricted
from comity.desk.log.record import record
from comity.errors import InvalidDocument, NotFound
from comity.files.body import get_body, get_weights
from comity.files.history import open_history
from comity.files.rollcall import Reading, RollCall
from comity.files.rule import get_rule

HALF = Procedure(adopts=Leaf(need=Share(of=Base.MEMBERS, least=Fraction(1, 2), strict=True)))
MAJORITY = Named(name="half", procedure=HALF)
HEGEMON = Named(name="regions", procedure=Procedure(adopts=without_hegemon()))


def shipped(name: str) -> Past:
    """Return a history that comes with Comity."""
    return Past(name=name, call=open_history(name, Reading()))


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Federation]:
    """Return three members that follow each other."""
    federation = Federation(folder=tmp_path)
    try:
        for name, country in (("kh", "KHM"), ("br", "BRA"), ("sg", "SGP")):
            federation.found(name, "regulator", country)
        yield federation
    finally:
        for node in federation.nodes.values():
            node.close()


def with_a_member_that_left() -> Past:
    """Return two votes of the Council, made up: one of 2015 and one after a member left."""
    yes, no = Answer.YES, Answer.NO
    items = {
        Item(id="2015/1"): {"DEU": yes, "FRA": no, "GBR": no},
        Item(id="2021/1"): {"DEU": yes, "FRA": no},
    }
    history = history_of(items, missing=None)
    return Past(name="votes", call=RollCall(history=history, flags=(), unrecorded=0))


def test_a_table_of_weights_weighs_every_seat_in_place_of_the_bodys() -> None:
    """A member that has left since had a weight when it voted; two vintages are not mixed."""
    rule = Named(name="eu", procedure=get_rule("eu-council").procedure)
    past, body = with_a_member_that_left(), get_body("eu")
    with pytest.raises(InvalidDocument, match="cannot be replayed"):
        replayed(past, rule, body=body)

    weighed = replayed(past, rule, body=body, weights=get_weights("population-2024"))
    made_up = Weights(name="population", unit="person", source="made up",
                      values={"DEU": 98, "FRA": 1, "GBR": 1})  # fmt: skip
    other = replayed(past, rule, body=body, weights=made_up)

    assert [row.state.is_adopted for row in weighed.items] == [False, False]
    assert "in no group of European Union, 27 member states, but counted: GBR" in weighed.notes
    assert [row.source for row in other.weights] == ["made up"]
    assert "population: one set of figures for every year, made up" in other.notes


def test_weights_that_no_rule_counts_by_are_refused() -> None:
    """A table under another name would be passed over in silence."""
    votes = Weights(name="populations", unit="person", source="made up", values={"DEU": 1})
    rule = Named(name="eu", procedure=get_rule("eu-council").procedure)
    with pytest.raises(InvalidDocument) as refused:
        replayed(with_a_member_that_left(), rule, body=get_body("eu"), weights=votes)
    assert [fault.near for fault in refused.value.faults] == ["population"]
    with pytest.raises(InvalidDocument, match="would change nothing"):
        replayed(with_a_member_that_left(), MAJORITY, weights=votes)


def test_a_vote_that_was_decided_by_one_state_names_it() -> None:
    """The nature restoration law passed by Austria's change of mind, and others as large."""
    rule = get_rule("eu-council")

    sheet = replayed(
        shipped("eu-council"),
        Named(name="eu", procedure=rule.procedure),
        body=get_body("eu"),
        blocs=["deu+fra", "ita"],
    )

    assert (sheet.rule.as_recorded, sheet.rule.recorded) == (3, 3)
    assert "AUT" in {row.name for row in sheet.seats}
    assert [(row.name, row.could_block) for row in sheet.blocs] == [("deu+fra", 2), ("ita", 0)]


def test_blocs_are_groups_bodies_and_seats_by_any_case() -> None:
    """An official types asean, Africa or CHN+IND."""
    sheet = replayed(
        shipped("un-general-assembly"),
        HEGEMON,
        body=get_body("un"),
        blocs=["asean", "Africa", "CHN+IND"],
    )

    assert [len(row.seats) for row in sheet.blocs] == [11, 54, 2]


def test_every_bloc_nobody_knows_is_listed_with_a_near_one() -> None:
    """All at once, not one a run."""
    with pytest.raises(InvalidDocument) as refused:
        replayed(
            shipped("un-general-assembly"), HEGEMON, body=get_body("un"),
            blocs=["aseen", "chn+zzz"],
        )  # fmt: skip

    assert [fault.near == "asean" for fault in refused.value.faults] == [True, False]


def test_two_rules_stand_side_by_side_and_differ_with_reasons() -> None:
    """One state one vote adopts what two thirds of people would not."""
    eu = Named(name="eu", procedure=get_rule("eu-council").procedure)

    sheet = replayed(
        shipped("un-general-assembly"), HEGEMON, against=eu, body=get_body("un")
    )  # fmt: skip

    assert [row.item for row in sheet.differences] == ["A/RES/68/262", "A/RES/ES-11/1"]
    assert all(row.against is not None for row in sheet.items)
    assert sheet.differences[0].one.reason.parts


def test_the_notes_say_who_is_in_no_group_and_of_when_the_weights_are() -> None:
    """A figure whose gaps are not said is a wrong figure."""
    rule = get_rule("un-security-council")

    sheet = replayed(
        shipped("un-security-council"),
        Named(name="sc", procedure=rule.procedure),
        body=get_body("un-security-council"),
    )

    said = "\n".join(sheet.notes)
    assert "in no group of United Nations Security Council" in said
    assert "without a seat, or taking no part" in said
    assert "World Bank, 2024" in said


def test_only_the_seats_of_a_body_can_be_asked_for() -> None:
    """What ASEAN's rule would have made of ASEAN's votes in the Assembly."""
    sheet = replayed(
        shipped("un-general-assembly"), MAJORITY, body=get_body("asean"), only_body=True
    )

    assert sheet.past.seats == 11
    assert {row.seats for row in sheet.items} == {11}


def test_a_sheet_is_plain_json_and_its_items_a_table() -> None:
    """What a page or a spreadsheet takes."""
    sheet = replayed(shipped("asean-consensus"), MAJORITY)

    again = json.loads(json.dumps(sheet.to_json()))
    rows = list(sheet.to_rows())

    assert again["rule"]["items"] == len(rows) - 1 == 2
    assert len({len(row) for row in rows}) == 1


def test_a_restricted_history_keeps_its_items() -> None:
    """Items nobody is left to vote on are still there, and fail."""
    past = history_of({Item(id="one"): {"KHM": Answer.YES}}, missing=None)

    assert restricted(past, set()).items == past.items


def test_a_bloc_of_nobody_in_the_history_changes_nothing() -> None:
    """ASEAN has no seat in the Council of the Union."""
    call = RollCall(
        history=history_of({Item(id="one"): {"DEU": Answer.YES}}, missing=None),
        flags=(),
        unrecorded=0,
    )

    sheet = replayed(Past(name="one", call=call), MAJORITY, blocs=["asean"])

    assert (sheet.blocs[0].seats, sheet.blocs[0].could_block) == ((), 0)


def put(town: Federation, title: str, votes: dict[str, Answer]) -> None:
    """Let kh propose and members vote."""
    members = {name: node.member for name, node in town.nodes.items()}
    electorate = Electorate(
        members=frozenset(members.values()),
        groups={"region:Asia": frozenset({members["kh"]})},
        states={members["kh"]: "KHM", members["br"]: "BRA", members["sg"]: "SGP"},
    )
    motion = propose(title, title, HALF, electorate)
    text = motion.proposal.text
    at = record(town.kh, "proposal", to_motion_json(motion), subject=text, now=town.now())
    town.publish(town.kh)
    for name, choice in votes.items():
        ballot = Ballot(proposal=at, text=text, choice=choice, sequence=0)
        record(town.nodes[name], "ballot", to_ballot_json(ballot), subject=text, now=town.now())
    town.publish(*town.nodes.values())


def test_a_node_replays_what_its_logs_decided(town: Federation) -> None:
    """The past of a body that decides here needs no file."""
    put(town, "First", {"kh": Answer.YES, "br": Answer.YES})
    put(town, "Second", {"kh": Answer.YES, "sg": Answer.YES, "br": Answer.NO})

    past = past_of(town.kh.view(), town.now())
    sheet = replayed(past, get_named("consensus"), against=MAJORITY, blocs=["asia", "kh+br"])

    assert past.call.history.seats == ("BRA", "KHM", "SGP")
    assert [row.title for row in sheet.items] == ["First", "Second"]
    assert [row.state.is_adopted for row in sheet.items] == [True, False]
    assert [row.recorded for row in sheet.items] == [True, True]
    assert [row.seats for row in sheet.blocs] == [("kh",), ("br", "kh")]


def test_a_node_where_nothing_is_decided_says_so(town: Federation) -> None:
    """An empty table would look like a body that never agrees."""
    with pytest.raises(NotFound, match="nothing has been decided"):
        past_of(town.kh.view(), town.now())


def get_named(name: str) -> Named:
    """Return a shipped rule."""
    return Named(name=name, procedure=get_rule(name).procedure)
