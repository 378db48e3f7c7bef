# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A memo says what its sheets say, each figure with its base, and no more."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from comity.desk.cooperation.pairing import Asked as Pairing
from comity.desk.cooperation.pairing import match_sheet
from comity.desk.exposure.diversifying import Asked, diversify_sheet
from comity.desk.exposure.exposing import exposure_sheet
from comity.desk.exposure.leverage import ASSUMPTIONS, Between, leverage_sheet
from comity.desk.exposure.memo import READING, Given, Memo, to_markdown
from comity.desk.exposure.shocking import shock_sheet
from comity.desk.supply.grounds import Grounds, Wanted, gather
from comity.exposure.material.layer import LAYERS
from comity.exposure.shock.scenario import Scenario
from comity.files.options import read_options
from comity.files.pack import SHIPPED
from comity.kernel.localtext import LocalText

TODAY = dt.date(2026, 11, 22)
OPTIONS = SHIPPED / "exposure" / "examples" / "options.toml"
TEMPLATE = SHIPPED / "exposure" / "template.csv"
HEAD = "state,as_of,layer,name,supplier,jurisdiction,share,source\n"
NEEDS = """\
example = true

[[need]]
id = "hosting"
by = "KHM"
title = "A <b>place</b> to run"
what = "compute"
sector = "any"

[[offer]]
id = "hall"
by = "LAO"
title = "A hall | next door"
what = "compute"
sector = "any"
markets = ["KHM"]
"""


def scenario(*layers: str, title: str = "a shock") -> Scenario:
    """Return the loss of layers."""
    return Scenario(id="x", title=LocalText(by_tag={"en": title}), layers=layers)


def memo_of(grounds: Grounds, *scenarios: Scenario, files: tuple[Path, ...] = ()) -> Memo:
    """Make a memo without options over what was gathered."""
    pairing = Pairing(on=TODAY, files=files, records=not files, state="KHM")
    return Memo(
        on=TODAY,
        version="9.9",
        given=(Given(kind="inventory", name="a_b.csv", sha256="ab" * 32, as_of=TODAY),),
        exposure=exposure_sheet(grounds),
        shocks=tuple(shock_sheet(grounds, one) for one in scenarios),
        diversify=None,
        leverage=leverage_sheet(grounds, Between(state="KHM")),
        match=match_sheet(pairing),
    )


@pytest.fixture(scope="module")
def grounds() -> Grounds:
    """Return what the template states."""
    return gather(Wanted(state="KHM", inventories=(TEMPLATE,), records=False))


@pytest.fixture(scope="module")
def full(grounds: Grounds) -> Memo:
    """Return the memo of the template with the options that come along."""
    read = read_options(OPTIONS)
    plan = diversify_sheet(Asked(grounds=(grounds,), options=read, ceiling=Fraction(2, 5)))
    return replace(memo_of(grounds, scenario("chips")), diversify=plan)


def test_the_figures_are_those_of_the_sheets(full: Memo) -> None:
    """A memo computes nothing: what show, shock and diversify say stands in it."""
    text = to_markdown(full)

    assert "| cloud | USA 80 %, KHM 20 % | 80 % | 64 % | 6,800 | 20 % / 20 % / 0 % |" in text
    assert "| talent | KHM 60–100 %, not stated 40 % | 0–40 %" in text
    assert "| KHM chips | stops | 0 % | 0 % | at least 365 days |" in text
    assert (
        "Layer cloud: 44.4 % stays on one jurisdiction, 4.44 % too much, which is proved."
        in text
    )
    assert "own capacity of 10 % of the layer, which keeps" in text
    assert full.to_json()["memo"] == text


def test_what_is_unknown_is_asked_for_by_name(full: Memo) -> None:
    """The reader learns whom to ask next."""
    text = to_markdown(full)

    assert "nobody speaks of standard" in text
    assert "nobody says what these suppliers rest on: Accelerator Firm" in text
    assert "| USA | 100 % | KHM chips, KHM cloud, KHM application | unknown |" in text


def test_an_example_says_so_before_anything_else(full: Memo) -> None:
    """Nobody decides by a form that was never filled in."""
    assert to_markdown(full).split("\n")[2].startswith("> **An example")
    assert full.is_example


def test_assumptions_and_sources_stand_at_the_end(full: Memo) -> None:
    """Whoever doubts a figure finds what it rests on, with digest and day."""
    text = to_markdown(full)

    assert all(f"- {one}\n" in text for one in (*READING, *ASSUMPTIONS))
    digest = "ab" * 32
    assert rf"inventory, as of 2026-11-22): a\_b.csv, SHA-256 {digest}." in text
    assert "made up for this example (known from: weak)" in text


def test_a_shock_on_nothing_and_on_everything_says_so(grounds: Grounds) -> None:
    """Neither silence nor ruin is left to be guessed."""
    nothing = to_markdown(memo_of(grounds, scenario("standard")))
    everything = to_markdown(memo_of(grounds, scenario(*LAYERS)))

    assert "It removes nothing that anybody stated here" in nothing
    assert "It removes everything that is stated here" in everything
    assert "removes everything" not in nothing


def test_nothing_given_is_not_nothing_needed() -> None:
    """A state nobody speaks of gets a memo that says exactly that."""
    text = to_markdown(memo_of(Grounds(state="KHM", bills=(), supplies=(), origins=())))

    assert "everything is unknown, which is not the same as nothing" in text
    assert "No options were given" in text
    assert "No partner is named" in text


def test_no_name_is_more_than_a_name(tmp_path: Path) -> None:
    """A supplier's name in a stranger's sheet draws no table, link, heading or tag."""
    name = "<img src=x> [a](http://b) | # c"
    rows = f'KHM,2026-11-22,cloud,"{name}","{name}",USA,50%,"{name}"\n'
    sheet = tmp_path / "evil.csv"
    sheet.write_text(HEAD + rows, "utf-8")
    grounds = gather(Wanted(state="KHM", inventories=(sheet,), records=False))
    text = to_markdown(memo_of(grounds, scenario("cloud", title=name)))

    for line in text.splitlines():
        assert "<img" not in line.replace(r"\<", "")
        assert "](" not in line.replace(r"\](", "")
        assert "http://" not in line
    assert r"\<img src=x\>" in text


def test_each_row_of_a_table_has_as_many_cells_as_its_head(full: Memo) -> None:
    """A cell that is empty or escaped shifts no figure under another's name."""
    width = 0
    for line in to_markdown(full).splitlines():
        cells = line.replace(r"\|", "").count("|")
        assert width in {0, cells} or not cells
        width = cells


def test_a_pair_stands_with_what_it_does_to_dependence(
    grounds: Grounds, tmp_path: Path
) -> None:
    """Help that creates a dependence is shown as that."""
    needs = tmp_path / "needs.toml"
    needs.write_text(NEEDS, "utf-8")
    found = memo_of(grounds, files=(needs,))
    text = to_markdown(found)

    assert r"Need A \<b\>place\</b\> to run: Offer A hall \| next door, by" in text
    assert "Dependence: " in text
    assert found.is_example
