# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The page of leverage: assumptions in sight, no unknown drawn as nothing, one projection."""

import gzip
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient
from tests.fakes.world import build as build_world
from tests.unit.desk.exposure.test_page import inventory
from tests.unit.web.test_exposure import HOSTILE, _rows

from comity.api.app import build as build_api
from comity.desk.exposure.leverage import ASSUMPTIONS
from comity.desk.register.lookout import Lookout
from comity.web.app import build
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site

PAGE = "exposure/KHM/leverage"


@pytest.fixture(scope="module")
def lookout() -> Lookout:
    """Return a view of a state with a supplier of every kind."""
    world = build_world()
    world.say(world.khm, "inventory", inventory(*_rows()))
    return Lookout(world.view)


@pytest.fixture(scope="module")
def client(lookout: Lookout) -> Iterator[TestClient]:
    """Return a browser without a script."""
    with TestClient(build(Site(lookout=lookout, renderer=load_renderer()))) as client:
        yield client


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("query", ["", "?bloc=asean"])
def test_the_page_is_light_and_has_no_script(client: TestClient, tag: str, query: str) -> None:
    """15 KB gzipped, stylesheet included, even with ninety-nine suppliers."""
    sheet = len(gzip.compress(client.get("/static/comity.css").content))
    answer = client.get(f"/{tag}/{PAGE}{query}")

    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) + sheet <= 15_000
    assert HOSTILE not in answer.text
    assert "<script" not in answer.text


def test_the_assumptions_stand_on_the_page_before_any_figure(client: TestClient) -> None:
    """Whoever reads a figure must have met what it takes for granted."""
    before = unescape(client.get(f"/en/{PAGE}").text.split("<figure")[0])

    for said in ASSUMPTIONS:
        assert said in before


def test_what_nobody_stated_of_a_partner_is_unknown(client: TestClient) -> None:
    """A partner without an inventory must not look as if it lost nothing."""
    text = client.get(f"/en/{PAGE}?bloc=asean").text

    assert "? unknown" in text
    assert "if the whole bloc leaves" in text
    assert "? unknown" in client.get("/en/exposure/FJI/leverage").text


def test_the_state_s_page_leads_here_and_names_the_worst_to_lose(client: TestClient) -> None:
    """A page nobody finds is no page."""
    text = client.get("/en/exposure/KHM").text

    assert f'href="/en/{PAGE}"' in text
    assert "Whom it would be worst to lose" in text
    assert client.get("/en/exposure/KHM.json").json()["worst"]["single"]


@pytest.mark.parametrize("bloc", ["x", "un", "../bodies/asean.toml", "mercosur.toml"])
def test_only_blocs_of_the_state_are_looked_at(client: TestClient, bloc: str) -> None:
    """A name in an address must never open a file."""
    answer = client.get(f"/en/{PAGE}", params={"bloc": bloc})

    assert answer.status_code == 422
    assert "comity exposure leverage" in answer.text


def test_the_page_as_json_equals_the_interface(client: TestClient, lookout: Lookout) -> None:
    """One projection, two doors."""
    with TestClient(build_api(lookout)) as api:
        found = api.get("/exposure/KHM/leverage?bloc=asean").json()

    assert client.get(f"/zh/{PAGE}.json?bloc=asean").json() == found
    assert found["leverage"]["assumptions"]
    assert "asean" in found["blocs"]
