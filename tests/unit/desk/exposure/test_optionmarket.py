# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Options that are each buyer's own: at home for whoever plans, and for nobody else."""

from fractions import Fraction
from pathlib import Path

import pytest

from comity.desk.exposure.diversifying import Asked, diversify_sheet
from comity.desk.exposure.diversifysheet import DiversifySheet
from comity.desk.supply.grounds import Wanted, gather
from comity.errors import InvalidDocument
from comity.files.options import read_options

TEXT = """
title = "t"
unit = "m"
source = "s"
basis = "weak"
pooled_onboarding = 1.5

[[option]]
layer = "cloud"
name = "at home"
jurisdiction = "own"
territory = "own"
owner = "own"
cost = 9
onboarding = 1
capacity = "60%"

[[option]]
layer = "cloud"
name = "zone"
supplier = "Far Hosting"
jurisdiction = "USA"
territory = "own"
owner = "USA"
cost = 1
onboarding = 1
"""


def planned(folder: Path, *states: str, text: str = TEXT) -> DiversifySheet:
    """Plan for states of which nobody stated anything."""
    path = folder / "options.toml"
    path.write_text(text, "utf-8")
    grounds = tuple(gather(Wanted(state=code, records=False)) for code in states)
    return diversify_sheet(
        Asked(grounds=grounds, options=read_options(path), bloc="b", ceiling=Fraction(1, 2))
    )


@pytest.mark.parametrize("state", ["KHM", "LAO", "USA"])
def test_own_is_at_home_for_whoever_buys(tmp_path: Path, state: str) -> None:
    """Half of it, where the other is foreign; nothing of it, where the cheap one is home."""
    (row,) = planned(tmp_path, state).states
    (cloud,) = row.layers
    shares = {one.name: (one.share, one.jurisdiction) for one in cloud.purchases if one.share}

    if state == "USA":
        assert shares == {"zone": (Fraction(1), "USA")}
    else:
        assert shares == {"at home": (Fraction(1, 2), state), "zone": (Fraction(1, 2), "USA")}
    assert cloud.after[0].code == state
    assert cloud.after[0].share.most == 1
    assert cloud.excess == 0


def test_each_of_a_bloc_has_its_own_and_onboards_it_itself(tmp_path: Path) -> None:
    """A supplier that all share is paid once and a half; one's own is not shared."""
    sheet = planned(tmp_path, "KHM", "LAO", "VNM")

    assert sheet.onboarding == 3 * 1 + Fraction(3, 2)
    for row in sheet.states:
        (cloud,) = row.layers
        assert {one.jurisdiction for one in cloud.purchases} == {row.state, "USA"}
        assert {bar.code for bar in cloud.after} == {row.state, "USA"}
    assert sheet.is_checked


def test_one_plans_alone_as_within_a_bloc(tmp_path: Path) -> None:
    """The word for all buyers and the code for one mean the same."""
    alone, together = planned(tmp_path, "KHM"), planned(tmp_path, "KHM", "LAO")

    (one,), (other,) = alone.states[0].layers, together.states[0].layers
    assert (one.purchases, one.after, one.peak) == (other.purchases, other.after, other.peak)


def test_a_supplier_known_to_be_another_state_s_is_nobody_s_own(tmp_path: Path) -> None:
    """Else its jurisdiction would be unknown, and the option no help to anybody."""
    text = TEXT.replace('name = "at home"', 'name = "at home"\nsupplier = "Far Power"') + (
        '[[supply]]\nlayer = "cloud"\nname = "p"\nsupplier = "far power"\n'
        'jurisdiction = "KHM"\n'
    )
    assert planned(tmp_path, "KHM", text=text).states[0].layers[0].excess == 0
    for states in (("LAO",), ("KHM", "LAO")):
        with pytest.raises(InvalidDocument, match="nothing to plan") as caught:
            planned(tmp_path, *states, text=text)
        assert "'Far Power' stands under KHM" in str(caught.value.faults[0])
