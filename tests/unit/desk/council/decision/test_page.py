# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Decisions cut from the register: what counts, who stands where, what stays hidden."""

import datetime as dt
from dataclasses import replace

import pytest
from tests.fakes.parliament import Parliament, seated, stranger
from tests.fakes.world import NOW

from comity.council.decision.result import State
from comity.desk.council.decision.page import (
    PAGE_ROWS,
    CouncilSheet,
    ProposalSheet,
    council_sheet,
    proposal_sheet,
)
from comity.desk.council.decision.sheet import NOT_SHOWN
from comity.desk.register.register import Register, open_register
from comity.errors import NotFound
from comity.kernel.digest import sha256
from comity.kernel.instant import Instant
from comity.node.logs.evidence import Forked


@pytest.fixture(scope="module")
def parliament() -> Parliament:
    """Return a federation with proposals."""
    return seated()


@pytest.fixture(scope="module")
def register(parliament: Parliament) -> Register:
    """Return its register."""
    return open_register(parliament.world.view())


@pytest.fixture(scope="module")
def listed(register: Register) -> CouncilSheet:
    """Return the list."""
    return council_sheet(register)


@pytest.fixture(scope="module")
def adopted(register: Register, parliament: Parliament) -> ProposalSheet:
    """Return the decision that is taken."""
    return proposal_sheet(register, parliament.adopted.sha256.hex())


def test_what_is_still_open_comes_before_what_is_closed(
    listed: CouncilSheet, parliament: Parliament
) -> None:
    """A reader looks first at what can still be voted on."""
    assert [row.id for row in listed.proposals][-1] == parliament.adopted.sha256.hex()
    assert [row.state for row in listed.proposals] == [
        State.VOTING,
        State.VOTING,
        State.ADOPTED,
    ]
    assert (listed.total, listed.pages) == (3, 1)


def test_each_row_says_who_proposed_and_where_it_stands(
    listed: CouncilSheet, parliament: Parliament
) -> None:
    """No figure without its source."""
    for row in listed.proposals:
        assert row.proposer.id == parliament.world.khm.member
        assert row.provenance.origin == parliament.adopted.log
        assert row.provenance.sha256 == row.id


def test_a_page_that_is_not_there_is_the_nearest_one(register: Register) -> None:
    """A link kept for a year must lead somewhere."""
    assert council_sheet(register, page=9).page == 1
    assert len(council_sheet(register).proposals) <= PAGE_ROWS


def test_a_decision_counts_what_counts_and_flags_the_rest(
    adopted: ProposalSheet, parliament: Parliament
) -> None:
    """A ballot for another text is no yes, and is not passed over either."""
    assert adopted.row.adopted
    assert adopted.row.counts == {"yes": 2, "no": 1, "silent, not reached": 2}
    flags = {flag.member.id: flag for flag in adopted.flags}
    assert "text" in flags[parliament.world.provider.member].words
    assert flags[parliament.world.provider.member].index is not None


def test_every_seat_leads_to_what_it_said(
    adopted: ProposalSheet, parliament: Parliament
) -> None:
    """Silence has no statement; every answer has one."""
    seats = {seat.member.id: seat for seat in adopted.seats}
    assert seats[stranger("LAO")].index is None
    assert not seats[stranger("LAO")].member.known
    said = seats[parliament.world.sgp.member]
    assert (said.answer, said.reason) == ("no", "Too short\u202e for small offices.")
    assert said.origin == "singapore.example/log"


def test_a_state_whose_seats_differ_is_shown_as_such(adopted: ProposalSheet) -> None:
    """One square cannot be two colours; it says so instead of choosing."""
    assert adopted.states == {
        "BRA": "mixed",
        "KHM": "yes",
        "LAO": "silent, not reached",
        "SGP": "no",
    }


def test_groups_are_counted_apart(adopted: ProposalSheet) -> None:
    """Which region carried it is the first question of a small one."""
    asia = next(group for group in adopted.groups if group.name == "region:Asia")
    assert (asia.seats, dict(asia.counts)) == (
        3,
        {"no": 1, "silent, not reached": 1, "yes": 1},
    )


def test_what_a_count_rests_on_is_named(adopted: ProposalSheet) -> None:
    """Another reader of the same checkpoints must be able to count again."""
    assert {"khmer.example/log", "singapore.example/log"} <= {
        log.origin for log in adopted.logs
    }
    assert all(len(log.root) == 64 for log in adopted.logs)
    assert any("flip" in sentence for sentence in adopted.account)


def test_no_choice_is_told_before_its_time(register: Register, parliament: Parliament) -> None:
    """A vote that is shown at its close shows only who has voted until then."""
    secret = proposal_sheet(register, parliament.secret.sha256.hex())
    assert not secret.revealed
    assert secret.outcome is None
    assert (secret.row.counts, secret.account) == ({}, ())
    assert {seat.answer for seat in secret.seats} == {
        NOT_SHOWN,
        "silent, not reached",
        "silent",
    }
    assert all(seat.index is None for seat in secret.seats)
    assert secret.row.said == 1


def test_what_is_not_here_is_said_to_be_missing(register: Register) -> None:
    """No digest and a wrong one are refused alike."""
    for digest in ("", "none", "00" * 32):
        with pytest.raises(NotFound) as refused:
            proposal_sheet(register, digest)
        assert refused.value.code == "council.no_proposal"


def test_a_state_is_counted_once_however_many_ask(
    register: Register, parliament: Parliament
) -> None:
    """A public page must not let strangers have a node count the same votes all day."""
    digest = parliament.long.sha256.hex()
    first = proposal_sheet(register, digest)
    assert proposal_sheet(register, digest) is first
    assert council_sheet(register, page=7) is council_sheet(register)

    later = replace(register, view=parliament.world.view(Instant(NOW + dt.timedelta(days=8))))
    assert proposal_sheet(later, digest).row.state is State.REJECTED
    assert council_sheet(later).proposals[-1].state is State.ADOPTED


def test_a_forked_log_stands_first_among_what_a_count_rests_on() -> None:
    """Who tells two stories may have voted twice; what others had received in time stands."""
    found = seated()
    ledger, singapore = found.world.ledger, found.world.sgp.member
    place = next(n for n, log in enumerate(ledger.logs) if log.member == singapore)
    forked = Forked(shared=2, evidence=(sha256(b"evidence"),), both=())
    ledger.logs[place] = replace(ledger.logs[place], forked=forked)
    sheet = proposal_sheet(open_register(found.world.view()), found.adopted.sha256.hex())

    assert sheet.logs[0].origin == "singapore.example/log"
    assert sheet.logs[0].is_forked
    seat = next(seat for seat in sheet.seats if seat.member.id == singapore)
    assert seat.member.forked
    assert seat.answer == "no"
    flagged = [flag.words for flag in sheet.flags if flag.member.id == singapore]
    assert any("told two stories" in words for words in flagged)
