# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages of exposure: light, harmless, sourced, with every unknown said."""

import gzip
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.fakes.world import build as build_world
from tests.unit.desk.exposure.test_page import inventory

from comity.desk.register.lookout import Lookout
from comity.exposure.material.layer import LAYERS
from comity.kernel.canonical import Json
from comity.web.app import build
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site

CODES = ("USA", "CHN", "FRA", "DEU", "JPN", "KOR", "TWN", "SGP", "IND", "ZAF", None)
HOSTILE = "<script>alert(1)</script>"
PATHS = (
    "exposure",
    "exposure/KHM",
    "exposure/MNG",
    "exposure/USA",
    "exposure/KHM/scenarios/usa-chip-controls",
    "exposure/KHM/scenarios/china-export-catalogue",
    "exposure/MNG/scenarios/euv-supplier-lost",
)


def _rows() -> list[dict[str, Json]]:
    return [
        {
            "layer": layer,
            "name": f"{layer} of {code}",
            "supplier": f"{HOSTILE} {code}",
            "jurisdiction": code,
            "share_ppm": 80_000,
        }
        for layer in LAYERS
        for code in CODES
    ]


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """Return a browser without a script, on a state with a supplier of every kind."""
    world = build_world()
    world.say(world.khm, "inventory", inventory(*_rows()))
    site = Site(lookout=Lookout(world.view), renderer=load_renderer())
    with TestClient(build(site)) as client:
        yield client


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_is_light_and_has_no_script(client: TestClient, tag: str) -> None:
    """15 KB gzipped, stylesheet included, even with ninety-nine suppliers."""
    sheet = len(gzip.compress(client.get("/static/comity.css").content))
    for path in PATHS:
        answer = client.get(f"/{tag}/{path}")

        assert answer.status_code == 200, path
        assert len(gzip.compress(answer.content)) + sheet <= 15_000, path
        assert "<script" not in answer.text
        assert " style=" not in answer.text
        assert answer.text.count("<h1") == 1
        assert client.get(f"/{tag}/{path}.json").status_code == 200


def test_every_state_leads_to_a_page_and_every_scenario_too(client: TestClient) -> None:
    """No link of these pages leads nowhere."""
    listed = re.findall(r'href="(/en/exposure/[A-Z]+)"', client.get("/en/exposure").text)
    found = re.findall(r'href="(/en/exposure/KHM/[^"]+)"', client.get("/en/exposure/KHM").text)
    stated = re.findall(r'href="(/en/statements/[^"]+)"', client.get("/en/exposure/KHM").text)

    assert "/en/exposure/KHM" in listed
    assert len(found) == 6
    assert stated
    for path in (*listed, *found, *stated):
        assert client.get(path).status_code == 200, path


def test_an_unknown_is_drawn_named_and_written_as_an_interval(client: TestClient) -> None:
    """Nobody may read a gap as a zero."""
    text = client.get("/en/exposure/MNG").text

    assert "url(#p-open)" in text
    assert "not stated" in text
    assert "0–100\u00a0%" in text
    assert "Nobody speaks of" in text
    assert "What is unknown" in text


def test_of_a_state_nobody_speaks_of_everything_is_unknown(client: TestClient) -> None:
    """An empty page must not look like independence."""
    text = client.get("/en/exposure/USA").text

    assert "everything is unknown" in text
    assert "<figure" not in text


def test_every_picture_has_a_name_and_stands_beside_its_table(client: TestClient) -> None:
    """What is drawn is written, too."""
    text = client.get("/en/exposure/KHM").text

    assert text.count('role="img" aria-label="') == text.count('<svg viewBox="0 0 4') == 2
    assert "The same as a table" in text


def test_a_shock_says_who_is_hit_when_and_what_is_hidden(client: TestClient) -> None:
    """The chain behind a missing machine shows in no list of suppliers."""
    text = client.get("/en/exposure/MNG/scenarios/euv-supplier-lost").text

    assert "may stop" in text
    assert "hidden" in text
    assert "TSMC" in text
    assert "from a secondary source" in text
    assert "pessimistic run" in text


def test_a_shock_that_removes_nothing_says_so(client: TestClient) -> None:
    """A whole page of "works" would be a promise nobody can give."""
    text = client.get("/en/exposure/MNG/scenarios/usa-chip-controls").text

    assert "It removes nothing that anybody stated here" in text


@pytest.mark.parametrize(
    ("path", "status", "word"),
    [
        ("exposure/XX", 422, "XX"),
        ("exposure/MNG/scenarios/none", 404, "usa-chip-controls"),
    ],
)
def test_what_is_not_here_is_an_error_page(
    client: TestClient, path: str, status: int, word: str
) -> None:
    """A reader is told what there is instead."""
    answer = client.get(f"/en/{path}")

    assert answer.status_code == status
    assert word in answer.text
    assert client.get(f"/en/{path}.json").status_code == status


def test_an_address_without_a_language_finds_one(client: TestClient) -> None:
    """Addresses are passed on by mouth."""
    answer = client.get("/exposure/MNG", follow_redirects=False)

    assert answer.status_code == 302
    assert answer.headers["location"].endswith("/exposure/MNG")
