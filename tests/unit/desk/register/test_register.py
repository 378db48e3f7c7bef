# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register projects what logs say, counts it, and trusts none of it to be well formed."""

import pytest
from tests.fakes.world import World, build, system_predicate

from comity.desk.register.listing import (
    PAGE_ROWS,
    member_sheet,
    members_sheet,
    statement_sheet,
    systems_sheet,
)
from comity.desk.register.register import Register, open_register, quorum_of, state_of
from comity.desk.register.sheet import Quorum
from comity.desk.register.standing import tally_of
from comity.errors import NotFound
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId
from comity.node.views.view import Provenance


@pytest.fixture
def world() -> World:
    """Return a federation to add statements to."""
    return build()


@pytest.fixture
def register(world: World) -> Register:
    """Return its register."""
    return open_register(world.view())


def test_a_system_counts_categories_by_verdict_and_members_by_answer(
    world: World, register: Register
) -> None:
    """The row of a list says at a glance what was shown and who relies on it."""
    row = next(
        row for row in systems_sheet(register).systems if row.id == world.translator.hex()
    )

    assert (
        row.tally.findings, row.tally.shown, row.tally.not_shown, row.tally.insufficient
    ) == (1, 4, 2, 0)  # fmt: skip
    assert (row.tally.recognised, row.tally.declined) == (1, 1)
    assert (
        row.provider.name, row.provider.role, row.provider.example
    ) == ("Brisa Language Services", "provider", True)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "market", "expected"),
    [
        ("", "", ["Public Assistant", "Relief Translate EN–PT"]),
        ("RELIEF", "", ["Relief Translate EN–PT"]),
        ("救灾", "", ["Relief Translate EN–PT"]),
        ("brisa public", "", ["Public Assistant"]),
        ("", "EU", ["Relief Translate EN–PT"]),
        ("assistant", "EU", []),
        ("", "USA", []),
    ],
)
def test_search_finds_every_word_in_any_language_and_market(
    register: Register, query: str, market: str, expected: list[str]
) -> None:
    """Who searches in the language of the provider finds what the provider wrote."""
    found = systems_sheet(register, query=query, market=market)

    assert expected == [row.name["en"] for row in found.systems]
    assert len(expected) == found.total


@pytest.mark.parametrize("broken", ["name", "facts", "identity", "markets", "example"])
def test_a_registration_with_a_fault_counts_for_nothing_and_says_why(
    world: World, broken: str
) -> None:
    """One member's malformed statement neither breaks the page nor passes for a system."""
    predicate = {key: value for key, value in system_predicate().items() if key != broken}
    where = world.say(world.provider, "system", predicate, sha256(b"broken"))
    register = open_register(world.view())

    assert sha256(b"broken").hex() not in register.systems
    assert broken in statement_sheet(register, where.log, where.index).fault


def test_a_newer_registration_replaces_the_members_older_one(world: World) -> None:
    """The order in a log decides, not the time its author claims."""
    world.say(
        world.provider, "system", system_predicate(purpose={"en": "New."}), world.translator
    )
    register = open_register(world.view())

    held = register.systems[world.translator.hex()]
    assert [one.said.profile.purpose.by_tag["en"] for one in held] == ["New."]


def test_two_members_registering_one_version_stand_side_by_side(world: World) -> None:
    """Nobody can take a registration over by repeating its digest."""
    world.say(world.sgp, "system", system_predicate(name={"en": "Mine"}), world.translator)
    register = open_register(world.view())

    assert len(register.systems[world.translator.hex()]) == 2


def test_a_members_later_answer_replaces_its_earlier_one(world: World) -> None:
    """A regulator that changes its mind is counted once, as it now stands."""
    statement = world.ledger.find(world.recognition)
    assert statement is not None
    assert statement.statement is not None
    changed = {**statement.statement.predicate, "decision": "declined", "categories": []}
    world.say(world.bra, "recognition", changed, world.translator)
    tally = tally_of(open_register(world.view()), world.translator.hex())

    assert (tally.recognised, tally.declined) == (0, 2)


@pytest.mark.parametrize(
    ("cosigners", "met", "expected"),
    [
        ((), False, Quorum.UNWITNESSED),
        (("a",), False, Quorum.UNMET),
        (("a",), True, Quorum.MET),
    ],
)
def test_a_quorum_is_met_unmet_or_without_any_witness(
    cosigners: tuple[str, ...],
    met: bool,  # noqa: FBT001 - a row of the table
    expected: Quorum,
) -> None:
    """No witness at all is another thing than too few."""
    attested = Provenance(
        log_size=1,
        cosigners=tuple(map(MemberId, cosigners)),
        quorum_met=met,
        checked_at=None,
    )

    assert expected is quorum_of(attested)


def test_every_fact_says_where_it_stands_and_who_attests_it(
    world: World, register: Register
) -> None:
    """A page without provenance would ask for trust."""
    held = register.findings[world.finding.sha256.hex()]
    found = register.provenance(held.entry)

    assert (world.finding.log, world.finding.index) == (found.origin, found.index)
    assert Quorum.MET is found.quorum
    assert [actor.name for actor in found.cosigners] == [
        "Autoridade de IA",
        "Singapore AI Test Centre",
    ]
    assert found.issued is not None


def test_the_state_changes_with_any_log_and_not_with_the_time(world: World) -> None:
    """Entity tags rest on it: equal states must show equal registers."""
    before = state_of(world.view())
    assert before == state_of(build().view())

    world.say(world.bra, "seen", {"checkpoints": []})
    assert before != state_of(world.view())


def test_unknown_kinds_and_opaque_bytes_are_shown_as_such(world: World) -> None:
    """What this version does not know survives and blocks nothing."""
    register = open_register(world.view())
    rows = member_sheet(register, world.sgp.member).statements
    unknown = next(row for row in rows if "weather" in row.kind)
    opaque = next(row for row in rows if not row.kind)

    assert not unknown.known
    shown = statement_sheet(register, opaque.origin, opaque.index)
    assert shown.predicate is None
    assert shown.fault
    assert "not json" in shown.raw


def test_members_are_listed_with_the_runner_first(register: Register) -> None:
    """A reader must know whose picture this is."""
    members = members_sheet(register).members

    assert members[0].actor.name == "Khmer AI Office"
    assert members[0].seen_at is None
    assert len(members) == 4


def test_a_long_log_is_paged_newest_first(world: World) -> None:
    """A page stays light however long a log grows."""
    for number in range(PAGE_ROWS + 5):
        world.say(world.bra, "seen", {"checkpoints": [], "n": number})
    register = open_register(world.view())
    first = member_sheet(register, world.bra.member)
    last = member_sheet(register, world.bra.member, page=99)

    assert len(first.statements) == PAGE_ROWS
    assert first.row.size - 1 == first.statements[0].index
    assert (last.page, last.pages) == (2, 2)
    assert last.statements[-1].index == 0


def test_what_is_not_here_is_not_found(register: Register) -> None:
    """A wrong address is the reader's to correct, with a hint where to look."""
    with pytest.raises(NotFound, match="no log of that member") as caught:
        member_sheet(register, "nobody")
    assert caught.value.hint
    for index in (-1, 10**9):
        with pytest.raises(NotFound):
            statement_sheet(register, "khmer.example/log", index)
    with pytest.raises(NotFound):
        statement_sheet(register, "elsewhere.example/log", 0)


@pytest.mark.parametrize("predicate", [{}, {"issued": 7}, {"issued": "yesterday"}])
def test_a_claimed_time_that_is_none_is_shown_as_none(
    world: World, predicate: dict[str, Json]
) -> None:
    """When something was issued is its author's word and may be nonsense."""
    where = world.say(world.bra, "seen", {"issued": None, **predicate})
    sheet = statement_sheet(open_register(world.view()), where.log, where.index)

    assert sheet.row.issued is None
