# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Cooperation among three nodes: an offer, two needs, a project, and what is taken back."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.federation import Federation

from comity.desk.case.afterwards import withdraw
from comity.desk.cooperation.cooperating import Cited, Kind, Who, board, board_in, joined, say
from comity.desk.cooperation.pairing import Asked, match_sheet, states_of
from comity.desk.cooperation.sheet import MatchSheet
from comity.desk.law.demonstrating import hint_sheets
from comity.desk.log.shelf import ViewShelf
from comity.errors import InvalidDocument
from comity.exposure.cooperate.match import Method
from comity.files.cooperation import read_cooperation, shipped_records
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.reference import Reference
from comity.node.node import Node

DAY = dt.date(2027, 1, 15)
OFFER = """
[[offer]]
id        = "places"
title     = "Training for test officers"
what      = "training places"
sector    = "any"
goals     = ["4.4"]
amount    = 30
unit      = "places"
terms     = ["local_training"]
languages = ["en", "km"]

[[offer.material]]
layer        = "talent"
name         = "teachers"
jurisdiction = "BRA"
share_ppm    = 100000
"""
NEED = """
[[need]]
id     = "officers"
title  = "Officers who can test"
what   = "training places"
sector = "public services"
goals  = ["4.4"]
amount = {amount}
unit   = "places"
terms  = ["local_training", "exit_clause"]
"""
PROJECT = """
[[project]]
id      = "school"
title   = "A school for test officers"
kind    = "training"
parties = ["Ministry of posts"]
status  = "agreed"
goals   = ["4.4"]
"""


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


def said(town: Federation, node: Node, text: str, cited: Cited | None = None) -> Reference:
    """Write a file, say the one thing in it, and have everyone follow."""
    path = town.folder / "said.toml"
    path.write_text(text, "utf-8")
    kind: Kind = "offer" if "[[offer]]" in text else "need" if "[[need]]" in text else "project"
    folder = read_cooperation(path)
    logged = say(node, folder, kind, now=town.now(), cited=cited or Cited())
    town.publish(*town.nodes.values())
    return logged.references[0]


def matched(node: Node, method: Method = "stable") -> MatchSheet:
    """Match what one node sees."""
    view = node.view()
    members = {
        log.member: Who(name=log.name, seat=log.keyset.jurisdiction) for log in view.members()
    }
    return match_sheet(Asked(on=DAY, method=method), ViewShelf(view), members)


def test_three_members_come_from_needs_to_a_project_and_back(town: Federation) -> None:
    """The whole way: matched alike everywhere, capacity shared, withdrawals respected."""
    offer = said(town, town.br, OFFER)
    need = said(town, town.kh, NEED.format(amount=20))
    said(town, town.sg, NEED.format(amount=20))

    sheets = {name: matched(town.nodes[name]) for name in ("kh", "br", "sg")}
    assert sheets["kh"] == sheets["br"] == sheets["sg"]
    assert sorted(pair.amount or 0 for pair in sheets["kh"].pairs) == [10, 20]
    assert [one.missing for one in sheets["kh"].alone] == [10]
    first = sheets["kh"].pairs[0]
    assert (first.offer.standing.by, first.merit.lacking) == ("br", ("exit_clause",))
    assert first.to_json()["dependence"] != "unknown"

    said(town, town.kh, PROJECT, Cited(offers=(offer,), needs=(need,)))
    (project,) = board(town.sg).projects
    assert project.parties == (str(town.kh.member), "Ministry of posts")
    assert [word for _, word in project.rests_on] == ["offer", "need"]

    withdraw(town.br, offer, "The places are gone.", now=town.now())
    town.publish(*town.nodes.values())
    seen = board(town.sg)
    assert (len(seen.offers), len(seen.needs), seen.withdrawn) == (0, 2, 1)
    assert [word for _, word in seen.projects[0].rests_on] == ["offer, taken back", "need"]
    assert matched(town.kh).pairs == ()


def test_coverage_meets_one_of_two_in_full_rather_than_both_in_part(town: Federation) -> None:
    """Thirty places, two needs of twenty: one is met whole, the other not at all."""
    said(town, town.br, OFFER)
    said(town, town.kh, NEED.format(amount=20))
    said(town, town.sg, NEED.format(amount=20))

    sheet = matched(town.kh, "coverage")

    assert [pair.amount for pair in sheet.pairs] == [20]
    assert [one.missing for one in sheet.alone] == [20]
    assert [one.left for one in sheet.spare] == [10]


def test_what_stands_is_not_said_again_unless_it_was_taken_back(town: Federation) -> None:
    """Running a file twice must not fill a log that is kept for ever."""
    offer = said(town, town.br, OFFER)
    folder = read_cooperation(town.folder / "said.toml")
    again = say(town.br, folder, "offer", now=town.now())
    withdraw(town.br, offer, "A mistake.", now=town.now())
    anew = say(town.br, folder, "offer", now=town.now())

    assert (again.references, again.standing) == ((), 1)
    assert len(anew.references) == 1


def test_a_node_speaks_for_its_own_member_alone(town: Federation) -> None:
    """What others offer they say themselves; every such row is named at once."""
    text = OFFER.replace('id        = "places"', 'id = "places"\nby = "CHN"')
    path = town.folder / "theirs.toml"
    path.write_text(text + text.replace('"places"\nby', '"more"\nby'), "utf-8")

    with pytest.raises(InvalidDocument) as caught:
        say(town.kh, read_cooperation(path), "offer", now=town.now())
    with pytest.raises(InvalidDocument, match="no need"):
        say(town.kh, read_cooperation(path), "need", now=town.now())

    assert len(caught.value.faults) == 2


def test_a_project_may_cite_what_is_not_here(town: Federation) -> None:
    """Nobody follows everyone; the board says that it cannot see it."""
    unseen = Reference(log=Origin("far.example/log"), index=3, sha256=sha256(b"far"))
    said(town, town.kh, PROJECT, Cited(systems=(unseen,)))

    assert board(town.br).projects[0].rests_on == (
        ("far.example/log entry 3", "system that is not here"),
    )


def test_no_public_pledge_without_a_recipient_is_paired(tmp_path: Path) -> None:
    """Five thousand places were pledged to nobody by name: a need of twenty stays unmet."""
    path = tmp_path / "ours.toml"
    path.write_text(NEED.format(amount=20).replace("id     =", 'by = "KHM"\nid ='), "utf-8")

    sheet = match_sheet(Asked(on=dt.date(2026, 11, 22), files=(path,), records=True))

    assert sheet.pairs == ()
    reasons = {row.standing.place: why for row, why in sheet.alone[0].reasons}
    assert reasons["pledges.toml#training-places-2026"] == ("nobody said for whom it is",)
    assert "it is over" in reasons["pledges.toml#seminars-2025"]


def test_what_was_opened_for_a_body_reaches_its_members(tmp_path: Path) -> None:
    """The centre at Nanning is for ASEAN: Cambodia may ask it, Brazil has one of its own."""
    text = (
        '[[need]]\nid = "c"\nby = "{by}"\ntitle = "A centre"\nwhat = "centre"\nsector = "any"\n'
    )
    found = {}
    for by in ("KHM", "IND", "LSO", "BRA"):
        path = tmp_path / f"{by}.toml"
        path.write_text(text.format(by=by), "utf-8")
        sheet = match_sheet(Asked(on=dt.date(2026, 11, 22), files=(path,), records=True))
        found[by] = [pair.offer.standing.place for pair in sheet.pairs]

    assert found == {
        "KHM": ["pledges.toml#nanning-centre"],
        "IND": ["pledges.toml#centre-brics-2026"],
        "LSO": ["pledges.toml#centre-au-2026"],
        "BRA": ["pledges.toml#brazil-centre"],
    }


def test_a_body_stands_for_its_members_and_not_for_its_partners() -> None:
    """A partner of BRICS is no member, and a contested member is not claimed."""
    assert {"BRICS", "BRA", "CHN"} <= states_of(("BRICS",))
    assert not {"KAZ", "SAU"} & states_of(("BRICS",))
    assert "DEU" in states_of(("EU",))


def test_every_record_says_where_it_is_from_and_what_is_unknown() -> None:
    """Bright Power in Brazil and the BRICS network are unverified, and say so."""
    found = board_in(shipped_records(), "record")
    rows = [
        *(row.standing for row in found.offers),
        *(row.standing for row in found.projects),
    ]

    assert all(row.source and row.basis and row.unknown for row in rows)
    unverified = {row.place for row in rows if row.unverified}
    assert unverified == {
        "pledges.toml#brics-industry-network",
        "projects.toml#bright-power-brazil",
    }
    assert joined([found, found]).to_json()["withdrawn"] == 0


def test_each_demonstration_project_owes_what_the_facts_say() -> None:
    """Section 4 of the facts, put to the packs; what is supposed is marked."""
    sheets = hint_sheets()

    wrong = [
        (sheet.profile, one.norm, one.found)
        for sheet in sheets
        for one in sheet.norms
        if not one.agrees
    ]
    assert wrong == []
    profiles = {row.profile for row in board_in(shipped_records(), "record").projects}
    assert {sheet.profile for sheet in sheets} == profiles
    assert all(sheet.hypothetical for sheet in sheets if sheet.market in {"BRA", "EU"})
