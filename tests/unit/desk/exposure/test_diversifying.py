# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Diversification and leverage over what is stated: bars, unknowns, and what stays."""

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from comity.desk.exposure.diversifying import Asked, diversify_sheet
from comity.desk.exposure.diversifysheet import DiversifySheet
from comity.desk.exposure.leverage import Between, leverage_sheet
from comity.desk.supply.grounds import Grounds, Wanted, gather
from comity.errors import InvalidDocument
from comity.exposure.measure.interval import ANYTHING, known
from comity.exposure.shock.sharing import Assumption
from comity.files.options import read_options
from comity.files.pack import SHIPPED

EXAMPLE = SHIPPED / "exposure" / "examples" / "options.toml"
HEAD = "state,as_of,layer,name,supplier,jurisdiction,share,territory,owner,substitutability\n"
KHM = (
    "KHM,2026-11-21,cloud,own,Example Hosting,KHM,20%,KHM,KHM,0%\n"
    "KHM,2026-11-21,cloud,far,Far Hosting,USA,80%,SGP,USA,0%\n"
    "KHM,2026-11-21,model,weights,Gone Models,USA,,,,0%\n"
    "KHM,2026-11-21,talent,people,University,KHM,100%,,,0%\n"
)
USA = "USA,2026-11-21,data,texts,Khmer Texts,KHM,30%,,,0%\n"
FIRM = Assumption(substitute_ppm=0, need_ppm=1_000_000)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Return two inventories."""
    folder = tmp_path_factory.mktemp("inventories")
    for name, rows in (("khm.csv", KHM), ("usa.csv", USA)):
        (folder / name).write_text(HEAD + rows, "utf-8")
    return folder / "khm.csv", folder / "usa.csv"


def grounds_of(state: str, files: tuple[Path, ...]) -> Grounds:
    """Gather what files state."""
    return gather(Wanted(state=state, inventories=files, records=False))


@pytest.fixture(scope="module")
def sheet(files: tuple[Path, ...]) -> DiversifySheet:
    """Return one state's plan at 40 %, with its curve."""
    return diversify_sheet(
        Asked(
            grounds=(grounds_of("KHM", files),),
            options=read_options(EXAMPLE),
            ceiling=Fraction(2, 5),
            has_curve=True,
            assumed=FIRM,
        )
    )


def test_bars_before_and_after_are_the_cascade_s(sheet: DiversifySheet) -> None:
    """Before: what is stated. After: 80 % of each cloud rests on chips, too."""
    cloud = next(one for one in sheet.states[0].layers if one.layer == "cloud")

    assert {bar.code: bar.share for bar in cloud.before} == {
        "SGP": known(Fraction(4, 5)),
        "USA": known(Fraction(4, 5)),
        "KHM": known(Fraction(1, 5)),
    }
    assert cloud.peak == Fraction(4, 9)
    assert max(bar.share.most for bar in cloud.after) == Fraction(4, 9)


def test_what_stays_is_named_with_what_would_help(sheet: DiversifySheet) -> None:
    """Both chip makers' states clash with each other; trusting one leaves less."""
    cloud = next(one for one in sheet.states[0].layers if one.layer == "cloud")

    assert cloud.excess == cloud.proved == Fraction(4, 9) - Fraction(2, 5)
    assert cloud.relief is not None
    assert cloud.relief.clashing == ("the ceiling on CHN", "the ceiling on USA")
    assert dict(cloud.relief.alliances)["CHN"] == 0
    assert cloud.relief.own == Fraction(1, 10)


def test_an_unknown_layer_is_open_before_and_costs_at_its_worst(
    sheet: DiversifySheet,
) -> None:
    """Nobody says who runs the applications: everything may have to be moved."""
    (state,) = sheet.states
    application = next(one for one in state.layers if one.layer == "application")

    assert all(bar.share == ANYTHING for bar in application.before)
    assert all(row.was == ANYTHING for row in application.purchases)
    assert state.unsure == Fraction(1, 10)
    assert state.left_out == ("Gone Models (model)",)
    assert state.no_options == ("talent",)


def test_the_curve_is_in_the_sheet(sheet: DiversifySheet) -> None:
    """Looser is never dearer; what cannot be kept is said at each point."""
    costs = [point.cost for point in sheet.points]

    assert costs == sorted(costs)
    assert sheet.points[0].excess == 0
    assert sheet.points[-1].excess == Fraction(1, 2) - Fraction(1, 10)
    assert sheet.is_checked


def test_the_sheet_is_plain_json(sheet: DiversifySheet) -> None:
    """A page draws from it alone."""
    written = json.loads(json.dumps(sheet.to_json()))

    assert written["options"]["example"] is True
    assert written["checked"] is True
    assert written["states"][0]["layers"][0]["before"][0]["jurisdiction"] == "SGP"
    assert len(written["pareto"]) == 10
    assert written["assumptions"]


def test_a_bloc_pays_once_and_says_what_it_saves(files: tuple[Path, ...]) -> None:
    """Two states, one and a half fees in the place of two."""
    states = tuple(grounds_of(code, files) for code in ("KHM", "LAO"))
    asked = Asked(
        grounds=states, options=read_options(EXAMPLE), bloc="two", ceiling=Fraction(1, 2)
    )
    found = diversify_sheet(replace(asked, has_alone=True))
    bare = diversify_sheet(asked)

    assert found.alone is not None
    assert found.cost < found.alone
    assert found.onboarding < sum(one.onboarding for one in found.states)
    assert (found.is_alone_left_out, bare.is_alone_left_out) == (False, True)
    assert (bare.alone, bare.cost) == (None, found.cost)
    assert bare.to_json()["alone_left_out"] is True


def test_nobody_and_no_ceiling_are_refused() -> None:
    """Both faults at once."""
    asked = Asked(grounds=(), options=read_options(EXAMPLE), ceiling=Fraction(0))

    with pytest.raises(InvalidDocument) as caught:
        diversify_sheet(asked)
    assert len(caught.value.faults) == 2


def test_leverage_counts_both_ways_as_far_as_anybody_stated(files: tuple[Path, ...]) -> None:
    """One side's inventory says what it would lose; nobody states Singapore's."""
    found = leverage_sheet(grounds_of("", files), Between(state="KHM"), FIRM)
    by_name = {one.partner: one for one in found.partners}
    usa, sgp = by_name["USA"], by_name["SGP"]

    assert usa.worst == known(Fraction(1))
    assert usa.partner_loses is not None
    assert usa.partner_loses[0].lost.least == Fraction(3, 10)
    assert usa.partner_loses[0].lost.most == 1
    assert sgp.partner_loses is None
    assert sgp.to_json()["partner_loses"] is None
    assert [one.name for one in usa.alternatives] == ["Example Hosting"]


def test_a_bloc_changes_both_sides(files: tuple[Path, ...]) -> None:
    """The partner loses more when all leave; silent members are named."""
    between = Between(state="LAO", partners=("USA",), bloc="two", members=("KHM", "LAO", "VNM"))
    (usa,) = leverage_sheet(grounds_of("", files), between, FIRM).partners

    assert usa.loses == ()
    assert usa.worst is None
    assert usa.partner_loses is not None
    assert usa.partner_loses_bloc is not None
    assert usa.partner_loses[0].lost.least == 0
    assert usa.partner_loses_bloc[0].lost.least == Fraction(3, 10)
    assert [name for name, _ in usa.members_lose] == ["KHM"]
    assert usa.silent_members == ("VNM",)
