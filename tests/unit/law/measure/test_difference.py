# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from tests.fakes.regimes import ANSWERS, determined, determined_on

from comity.law.determine import Determination
from comity.law.fact import Answer, Silence
from comity.law.measure.difference import Cause, Causes, Change, Difference, differences
from comity.law.pack import Library, Unrecorded

NOW = dt.date(2026, 11, 22)
LAW, PACKS, FACTS = (frozenset({cause}) for cause in Cause)


def _differences(
    *markets: str,
    days: tuple[dt.date, dt.date] = (NOW, NOW),
    facts: tuple[Mapping[str, Answer], Mapping[str, Answer]] = ({}, {}),
    before: Library | None = None,
) -> dict[str, Difference]:
    def asked(causes: Causes) -> Determination:
        answers = {**ANSWERS, **facts[Cause.FACTS in causes]}
        library = None if Cause.PACKS in causes else before
        return determined_on(days[Cause.LAW in causes], markets, answers, library)

    return {each.ruling.norm.name: each for each in differences(asked)}


def test_a_day_that_passed_is_the_law() -> None:
    """The reader is told which day."""
    found = _differences("EU", days=(NOW, dt.date(2027, 1, 2)))
    assert list(found) == ["eu.one.later"]
    later = found["eu.one.later"]
    assert (later.change, later.causes) == (Change.DUE, (LAW,))
    assert later.passed == (dt.date(2027, 1, 1),)


def test_a_norm_that_ends_is_told_as_well() -> None:
    """Work that is no longer owed can stop."""
    found = _differences("EU", days=(dt.date(2026, 8, 1), NOW))["eu.one.over"]
    assert (found.change, found.causes) == (Change.ENDED, (LAW,))
    assert found.passed == (dt.date(2026, 9, 1),)


def test_a_span_after_a_date_is_the_law_although_no_day_is_named() -> None:
    """Six months after the system came to market, whenever that was."""
    found = _differences("BRA", days=(NOW, dt.date(2027, 5, 2)))["bra.one.since"]
    assert (found.change, found.causes, found.passed) == (Change.DUE, (LAW,), ())


def test_an_answer_that_changed_is_the_facts() -> None:
    """The reader is told which answer, and from what to what."""
    found = _differences("CHN", facts=({}, {"talks": True}))["chn.one.names"]
    assert (found.change, found.causes) == (Change.DUE, (FACTS,))
    (fact,) = found.facts
    assert (fact.fact, fact.before, fact.after) == ("talks", False, True)


def test_what_was_known_and_is_not_known_any_more_is_told() -> None:
    """A duty does not vanish because somebody doubts the answer."""
    found = _differences("CHN", facts=({"talks": True}, {"talks": Silence.DISPUTED}))
    assert found["chn.one.names"].change is Change.OPEN
    back = _differences("CHN", facts=({"talks": Silence.NOT_KNOWN}, {"talks": False}))
    assert back["chn.one.names"].change is Change.SETTLED


def test_two_causes_that_act_only_together_are_told_together() -> None:
    """Neither the day nor the answer alone would have done it."""
    came = {"placed_on_market": dt.date(2026, 6, 1)}
    found = _differences(
        "BRA",
        days=(dt.date(2026, 11, 22), dt.date(2026, 12, 22)),
        facts=({"placed_on_market": dt.date(2026, 11, 1)}, {**came}),
    )["bra.one.since"]
    assert found.causes == (LAW | FACTS,)


def test_two_causes_that_would_each_do_are_both_told() -> None:
    """Correcting one of them would change nothing."""
    found = _differences(
        "BRA",
        days=(dt.date(2026, 12, 2), dt.date(2027, 6, 2)),
        facts=(
            {"placed_on_market": dt.date(2026, 11, 1)},
            {"placed_on_market": dt.date(2026, 5, 1)},
        ),
    )["bra.one.since"]
    assert set(found.causes) == {LAW, FACTS}


def test_a_norm_that_asks_otherwise_is_the_packs() -> None:
    """A correction of a pack reaches whoever relied on the old one."""
    library = determined("EU").library
    old = _asking(library, "eu.one.logs", "eu.one.care")
    found = _differences("EU", before=old)
    assert list(found) == ["eu.one.logs"]
    assert (found["eu.one.logs"].change, found["eu.one.logs"].causes) == (
        Change.ASKS_OTHERWISE, (PACKS,),
    )  # fmt: skip


def test_a_pack_first_recorded_in_between_is_told_from_a_new_law() -> None:
    """What already bound before anybody wrote it down here is no news of the law."""
    library = determined("CHN").library
    day = dt.date(2026, 11, 21)
    nothing = Library(
        vocabulary=library.vocabulary,
        packs=tuple(pack for pack in library.packs if pack.market != "CHN"),
        definitions=library.definitions,
        unrecorded=tuple(
            Unrecorded(name=pack.name, market=pack.market, version=day)
            for pack in library.packs if pack.market == "CHN"
        ),
    )  # fmt: skip
    found = _differences("CHN", before=nothing)["chn.one.logs"]
    assert (found.change, found.causes) == (Change.DUE, (PACKS,))
    assert found.is_by_recording
    assert found.recorded is not None
    assert found.recorded.version == day


def test_two_equal_days_differ_in_nothing() -> None:
    """And nothing is worked out twice."""
    asked: list[Causes] = []

    def same(causes: Causes) -> Determination:
        asked.append(causes)
        return determined("EU", "CHN")

    assert differences(same) == ()
    assert len(asked) == 2


def _asking(library: Library, norm: str, other: str) -> Library:
    """Return the library with one norm asking what another asks."""
    demands = next(n for p in library.packs for n in p.norms if n.name == other).demands
    packs = tuple(
        replace(pack, norms=tuple(
            replace(n, demands=demands) if n.name == norm else n for n in pack.norms
        ))
        for pack in library.packs
    )  # fmt: skip
    return Library(vocabulary=library.vocabulary, packs=packs, definitions=library.definitions)
