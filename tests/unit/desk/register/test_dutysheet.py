# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A question about duties is answered, or every fault of it is named by its field."""

import datetime as dt
from dataclasses import replace

import pytest

from comity.desk.register.dutysheet import (
    Query,
    as_error,
    duties_sheet,
    known_markets,
    questions_of,
)
from comity.desk.register.sheet import Plain

QUERY = Query(
    markets=("EU", "CHN"),
    on=dt.date(2026, 11, 21),
    role="provider",
    answers={"generates": ["text"]},
)


def test_every_norm_is_counted_once() -> None:
    """Counts and clauses tell the same story, and only binding norms count as binding."""
    sheet = duties_sheet(replace(QUERY, show="CHN", questions=0))
    china = next(one for one in sheet.markets if one.market == "CHN")
    applying = [duty.force for duty in sheet.duties if duty.status == "applies"]
    permits = [duty.permits for duty in sheet.duties
               if duty.status == "applies" and duty.force == "binding"]  # fmt: skip

    counted = china.cannot_tell + china.not_yet + china.does_not_apply
    assert len(sheet.duties) == counted + len(applying)
    assert china.permits == sum(permits)
    assert china.applies == applying.count("binding") - china.permits
    assert china.unbinding == len(applying) - applying.count("binding")


def test_an_open_norm_names_the_facts_that_would_tell() -> None:
    """Who reads "cannot tell" must learn what to ask."""
    sheet = duties_sheet(replace(QUERY, questions=0))
    open_norms = [duty for duty in sheet.duties if duty.status == "cannot tell"]

    assert open_norms
    assert all(duty.unsettled for duty in open_norms)
    named = {name for duty in open_norms for name in duty.unsettled}
    assert named <= set(sheet.labels)


def test_an_answer_to_the_first_question_leaves_less_open() -> None:
    """The questions come best first: of yes and no, one at least must tell something."""
    before = duties_sheet(replace(QUERY, questions=1))
    first = before.questions[0]
    after = [
        duties_sheet(replace(QUERY, answers={**QUERY.answers, first.fact: answer}, questions=0))
        for answer in (True, False)
    ]

    assert first.kind == "bool"
    assert min(sum(one.cannot_tell for one in sheet.markets) for sheet in after) < sum(
        one.cannot_tell for one in before.markets
    )


def test_a_market_without_packs_is_not_a_market_without_law() -> None:
    """Silence of ours is said to be ours."""
    sheet = duties_sheet(replace(QUERY, markets=("EU", "NRU"), questions=0))

    assert [one.held for one in sheet.markets] == [True, False]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"markets": ("Atlantis",)}, "market"),
        ({"markets": ()}, "market"),
        ({"markets": ("FRA",)}, "market"),
        ({"role": "emperor"}, "role"),
        ({"answers": {"no_such_fact": True}}, "no_such_fact"),
        ({"answers": {"generates": "text"}}, "generates"),
        ({"answers": {"markets": ["EU"]}}, "markets"),
        ({"answers": {"asked_on": "2026-01-01"}}, "asked_on"),
    ],
)
def test_a_fault_is_named_by_its_field(changed: dict[str, Plain], field: str) -> None:
    """A form can lead its reader to the field to correct."""
    sheet = duties_sheet(replace(QUERY, **changed))

    assert [field] == [fault.field for fault in sheet.faults]
    assert not sheet.markets
    assert field in str(as_error(sheet.faults))


def test_several_faults_are_named_at_once() -> None:
    """Nobody should have to send a form five times to learn five faults."""
    answers = {"no_such_fact": True, "generates": ["music", "smell"]}
    sheet = duties_sheet(replace(QUERY, role="emperor", answers=answers))

    assert [fault.field for fault in sheet.faults] == [
        "no_such_fact",
        "generates",
        "generates",
        "role",
    ]


def test_the_form_offers_what_the_packs_hold() -> None:
    """A market on the form has packs behind it."""
    assert {"EU", "CHN", "VNM", "BRA", "KHM", "WAICO"} <= set(known_markets())


def test_names_of_no_fact_ask_nothing() -> None:
    """Names come from a browser and may be anything."""
    assert [one.fact for one in questions_of(["generates", "<b>", "asked_on_"])] == [
        "generates"
    ]


def test_an_answer_for_one_market_counts_there_alone() -> None:
    """A provider states its dates by market."""
    everywhere = duties_sheet(replace(QUERY, markets=("EU", "CHN"), questions=0))
    there = duties_sheet(
        replace(
            QUERY,
            markets=("EU", "CHN"),
            in_market={"CHN": {"is_ai_system": False}},
            questions=0,
        )
    )
    assert there.markets[0] == everywhere.markets[0]
    assert there.markets[1].does_not_apply > everywhere.markets[1].does_not_apply
    wrong = duties_sheet(replace(QUERY, in_market={"CHN": {"is_ai_sistem": False}}))
    assert [fault.field for fault in wrong.faults] == ["is_ai_sistem"]
