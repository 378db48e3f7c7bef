# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The board of cooperation as a page: sourced, unverified said so, and who fits whom."""

import copy
import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.fakes.world import build as build_world

from comity.api.app import build as build_api
from comity.desk.log.schema import get_schema
from comity.desk.register.lookout import Lookout
from comity.kernel.canonical import Json
from comity.web.app import build
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site

HOSTILE = "<script>alert(1)</script>"
DAYS = {"from": "2026-01-01", "until": "2027-12-31"}


def _said(kind: str, **changes: Json) -> dict[str, Json]:
    """Return the example of a kind, for compute, with fields changed."""
    example: dict[str, Any] = copy.deepcopy(dict(get_schema(kind).example))
    predicate = example["predicate"]
    return {
        **predicate, "what": "compute", "unit": "GPU hours", "amount": 100, "sector": "any",
        **DAYS, **changes,
    }  # fmt: skip


@pytest.fixture(scope="module")
def lookout() -> Lookout:
    """Return a register in which a need and an offer fit."""
    world = build_world()
    offer = _said("offer", markets=["KHM"], title={"en": f"Hours {HOSTILE}"})
    world.say(world.bra, "offer", {**offer, "materials": []})
    need = _said("need", markets=["KHM"], title={"en": "Hours for a ministry"})
    world.say(world.khm, "need", {**need, "requires": []})
    return Lookout(world.view)


@pytest.fixture(scope="module")
def client(lookout: Lookout) -> Iterator[TestClient]:
    """Return a browser without a script."""
    with TestClient(build(Site(lookout=lookout, renderer=load_renderer()))) as client:
        yield client


@pytest.mark.parametrize("tag", TAGS)
def test_the_board_is_light_and_has_no_script(client: TestClient, tag: str) -> None:
    """15 KB gzipped, stylesheet included, with every record that comes along."""
    sheet = len(gzip.compress(client.get("/static/comity.css").content))
    answer = client.get(f"/{tag}/cooperation")

    assert answer.status_code == 200
    assert len(gzip.compress(answer.content)) + sheet <= 15_000
    assert "<script" not in answer.text


def test_a_pair_stands_with_what_it_does_to_dependence(client: TestClient) -> None:
    """Help is help, and an edge to whoever helps."""
    pairs = client.get("/en/cooperation").text.split('id="matches"')[1].split('id="offers"')[0]

    assert "Hours for a ministry" in pairs
    assert "What it does to dependence" in pairs
    assert "Brazil" in pairs


def test_public_records_carry_source_basis_and_what_nobody_verified(
    client: TestClient,
) -> None:
    """A pledge must not read as a signed offer."""
    projects = client.get("/en/cooperation").text.split('id="projects"')[1]
    bright = projects.split("Bright Power in Brazil")[1].split("</section>")[0]

    assert "unverified" in bright
    assert "Unknown:" in bright
    assert "weak, to be checked" in bright
    assert "projects.toml#bright-power-brazil" in bright


def test_what_a_member_says_leads_to_its_statement(client: TestClient) -> None:
    """Whoever doubts an offer reads it as it was signed."""
    text = client.get("/en/cooperation").text.split('id="offers"')[1].split("</section>")[0]
    link = text.split('href="')[1].split('"')[0]

    assert client.get(link).status_code == 200


def test_a_member_that_calls_itself_by_a_code_is_no_state() -> None:
    """Only what comes along names states by codes; a member's name is its own word."""
    world = build_world()
    copycat = world.ledger.found("UNESCO", "regulator", "BRA")
    offer = _said("offer", markets=["KHM"], title={"en": "Help from afar"})
    world.say(copycat, "offer", {**offer, "materials": []})
    site = Site(lookout=Lookout(world.view), renderer=load_renderer())
    with TestClient(build(site)) as client:
        card = client.get("/zh/cooperation").text.split("Help from afar")[1]

    assert "<bdi>UNESCO</bdi>" in card.split("</section>")[0]


def test_the_page_as_json_equals_the_interface(client: TestClient, lookout: Lookout) -> None:
    """One projection, two doors."""
    with TestClient(build_api(lookout)) as api:
        found = api.get("/cooperation").json()

    assert client.get("/ar/cooperation.json").json() == found
    assert found["matched"]["pairs"][0]["need_title"] == "Hours for a ministry"
