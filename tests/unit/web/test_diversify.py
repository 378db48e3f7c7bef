# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The page of a way out: made-up options said so, what stays named, nothing dear to ask for."""

import gzip
from collections.abc import Iterator
from fractions import Fraction

import pytest
from starlette.testclient import TestClient
from tests.fakes.world import build as build_world

from comity.api.app import build as build_api
from comity.desk.exposure.diversifysheet import Point
from comity.desk.register.lookout import Lookout
from comity.web.app import build
from comity.web.diversify import HEIGHT, WIDTH, draw_curve
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site

LOOKOUT = Lookout(build_world().view)
PAGE = "exposure/MNG/diversify"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Return a browser without a script."""
    with TestClient(build(Site(lookout=LOOKOUT, renderer=load_renderer()))) as client:
        yield client


def point(ceiling: int, cost: int, *, excess: int = 0) -> Point:
    """Return a point of a curve, in per cent."""
    return Point(
        ceiling=Fraction(ceiling, 100),
        cost=Fraction(cost),
        unsure=Fraction(0),
        excess=Fraction(excess, 100),
        suppliers=3,
    )


@pytest.mark.parametrize("tag", TAGS)
def test_the_page_is_light_and_has_no_script(client: TestClient, tag: str) -> None:
    """15 KB gzipped, stylesheet included."""
    sheet = len(gzip.compress(client.get("/static/comity.css").content))
    answer = client.get(f"/{tag}/{PAGE}")

    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) + sheet <= 15_000
    assert "<script" not in answer.text


def test_nobody_may_take_the_example_for_prices(client: TestClient) -> None:
    """No public price is known, and a page must not seem to hold any."""
    text = client.get(f"/en/{PAGE}").text
    first = text.split('class="note"')[1].split("</div>")[0]

    assert "example" in first
    assert "made up" in first


def test_what_no_purchase_fixes_stands_with_what_would(client: TestClient) -> None:
    """A minister who cannot buy a way out must see what else there is."""
    text = client.get(f"/en/{PAGE}").text
    stays = text.split('id="irreducible"')[1].split('id="curve"')[0]

    assert "stays above the ceiling" in stays
    assert "an alliance with" in stays
    assert "own capacity" in stays
    assert "What every plan takes for granted" in text


def test_a_looser_ceiling_costs_no_more(client: TestClient) -> None:
    """The form beside the plan works without a script, and tells the truth."""
    costs = [
        float(client.get(f"/en/{PAGE}.json?ceiling={each}").json()["diversification"]["cost"])
        for each in (40, 80)
    ]

    assert costs[1] <= costs[0]


@pytest.mark.parametrize("ceiling", ["41", "0", "x", "999999999999", "-40"])
def test_a_page_plans_only_for_a_few_ceilings(client: TestClient, ceiling: str) -> None:
    """Each plan is work; whoever wants another has the command line."""
    answer = client.get(f"/en/{PAGE}?ceiling={ceiling}")

    assert answer.status_code == 422
    assert "comity exposure diversify" in answer.text


def test_the_page_as_json_equals_the_interface(client: TestClient) -> None:
    """One projection, two doors."""
    with TestClient(build_api(LOOKOUT)) as api:
        found = api.get("/exposure/MNG/diversify?ceiling=60").json()

    assert client.get(f"/zh/{PAGE}.json?ceiling=60").json() == found
    assert found["diversification"]["options"]["example"] is True


def test_a_curve_rises_to_the_left_and_keeps_within_its_paper() -> None:
    """A tighter ceiling costs more: the eye must see the same."""
    drawn = draw_curve([point(100, 10), point(50, 15), point(20, 20, excess=5)])

    assert [x for x, _ in drawn.kept] == sorted(x for x, _ in drawn.kept)
    assert drawn.kept[0][1] < drawn.kept[1][1]
    assert len(drawn.missed) == 1
    assert drawn.most == "20"
    for x, y in (*drawn.kept, *drawn.missed):
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT


def test_plans_that_cost_nothing_are_drawn_on_the_ground() -> None:
    """A division by nothing must not lose the page."""
    assert draw_curve([point(100, 0)]).most == "0"
    assert draw_curve([]).kept == ()
