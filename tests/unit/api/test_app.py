# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register for programs: the pages' own data, described, and refused with a reason."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.testclient import TestClient
from tests.fakes.forum import gather
from tests.fakes.world import World, build

from comity.api.app import build as build_api
from comity.desk.log.exhibits import Exhibits
from comity.desk.register.lookout import Lookout
from comity.web.app import build as build_site
from comity.web.render import load_renderer
from comity.web.site import Site

WORLD = build()
FORUM = gather(WORLD)
API = build_api(
    Lookout(WORLD.view),
    Exhibits(prove=lambda *_: (b'{"payload":"e30="}', b"c2sp.org/..."), evidence=lambda: ()),
)


@pytest.fixture(scope="module")
def world() -> World:
    """Return the federation both edges show."""
    return WORLD


@pytest.fixture(scope="module")
def api() -> Iterator[TestClient]:
    """Return a client of the programming interface."""
    with TestClient(API) as client:
        yield client


@pytest.fixture(scope="module")
def site(world: World) -> Iterator[TestClient]:
    """Return a client of the pages."""
    made = Site(lookout=Lookout(world.view), renderer=load_renderer())
    with TestClient(build_site(made)) as client:
        yield client


def test_every_page_as_json_equals_the_interface(
    api: TestClient, site: TestClient, world: World
) -> None:
    """One projection, two doors: they must never drift apart."""
    system, finding = world.translator.hex(), world.finding.sha256.hex()
    where = f"/statements/{world.finding.log}/{world.finding.index}"
    asked = FORUM.concluded.sha256.hex()
    doors = {
        "/en/index.json": "/systems",
        "/en/index.json?q=relief&market=EU": "/systems?q=relief&market=EU",
        f"/zh/systems/{system}.json": f"/systems/{system}",
        f"/ar/systems/{system}.json?on=2027-12-02": f"/systems/{system}?on=2027-12-02",
        f"/en/systems/{system}/duties.json?market=EU": f"/systems/{system}/duties?market=EU",
        f"/en/findings/{finding}.json": f"/findings/{finding}",
        "/ar/members.json": "/members",
        f"/en/members/{world.sgp.member}.json": f"/members/{world.sgp.member}",
        f"/en{where}.json": where,
        "/ar/instruments.json": "/instruments",
        "/en/instruments/waico.json?on=2026-07-16": "/instruments/waico?on=2026-07-16",
        "/zh/consultations.json": "/consultations",
        f"/en/consultations/{asked}.json": f"/consultations/{asked}",
        "/en/programmes.json": "/programmes",
        "/en/programmes/action-plan.json": "/programmes/action-plan",
        "/en/exposure.json": "/exposure",
        "/ar/exposure/KHM.json": "/exposure/KHM",
        "/en/exposure/MNG/scenarios/euv-supplier-lost.json": (
            "/exposure/MNG/scenarios/euv-supplier-lost"
        ),
    }
    for page, endpoint in doors.items():
        assert site.get(page).json() == api.get(endpoint).json(), page
        assert site.get(page).status_code == api.get(endpoint).status_code == 200


def test_determining_by_form_and_by_interface_give_the_same(
    api: TestClient, site: TestClient
) -> None:
    """A compliance engineer may script what a colleague clicks."""
    form = "market=EU&market=CHN&on=2026-11-21&role=provider&fact.generates=text&show=CHN"
    body = {
        "markets": ["EU", "CHN"],
        "on": "2026-11-21",
        "role": "provider",
        "answers": {"generates": ["text"]},
        "show": "CHN",
    }

    asked = site.get(f"/en/determine.json?{form}").json()["duties"]
    assert asked == api.post("/determine", json=body).json()


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({}, "markets"),
        ({"markets": [], "on": "2026-11-21"}, "markets"),
        ({"markets": ["EU"], "on": "soon"}, "on"),
        ({"markets": ["Atlantis"], "on": "2026-11-21"}, "Atlantis"),
        ({"markets": ["EU"], "on": "2026-11-21", "answers": {"no_fact": 1}}, "no_fact"),
        ({"markets": ["EU"], "on": "2026-11-21", "role": "emperor"}, "emperor"),
        ({"markets": ["EU"], "on": "2026-11-21", "surprise": 1}, "surprise"),
    ],
)
def test_a_question_with_a_fault_is_refused_as_a_problem(
    api: TestClient, body: dict[str, Any], word: str
) -> None:
    """RFC 9457: one shape for every refusal, with a stable code and all the faults."""
    answer = api.post("/determine", json=body)

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 422
    assert answer.json()["code"] in {"api.request", "desk.question"}
    assert word in str(answer.json()["faults"])


@pytest.mark.parametrize(
    "path",
    [
        "/systems/none",
        "/findings/none",
        "/members/none",
        "/statements/none/0",
        "/systems/x/duties",
        "/instruments/none",
        "/instruments/pyproject.toml",
        "/consultations/none",
        "/programmes/none",
        "/programmes/pyproject.toml",
        "/exposure/MNG/scenarios/none",
    ],
)
def test_what_is_not_here_is_a_problem_with_a_hint(api: TestClient, path: str) -> None:
    """A program must be able to tell "not here" from "broken"."""
    answer = api.get(path)

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"].startswith("desk.no_")
    assert answer.json()["hint"]


def test_the_description_names_every_door_and_loads_nothing_from_elsewhere(
    api: TestClient,
) -> None:
    """The interactive pages of the framework would fetch scripts from third parties."""
    described = api.get("/openapi.json").json()

    assert set(described["paths"]) == {
        "/systems",
        "/systems/{system}",
        "/systems/{system}/duties",
        "/findings/{finding}",
        "/members",
        "/members/{member}",
        "/logs",
        "/statements",
        "/statements/{origin}/{index}",
        "/statements/{origin}/{index}/proof",
        "/statements/{origin}/{index}/envelope",
        "/forks",
        "/forks/{sha256}",
        "/feeds/{about}/{name}",
        "/determine",
        "/council",
        "/council/proposals/{proposal}",
        "/council/rules",
        "/council/rules/{rule}",
        "/council/bodies",
        "/council/bodies/{body}",
        "/council/power",
        "/instruments",
        "/instruments/{instrument}",
        "/consultations",
        "/consultations/{consultation}",
        "/programmes",
        "/programmes/{programme}",
        "/exposure",
        "/exposure/scenarios",
        "/exposure/{state}",
        "/exposure/{state}/scenarios/{scenario}",
        "/exposure/{state}/diversify",
        "/exposure/{state}/leverage",
        "/cooperation",
    }
    assert api.get("/docs").status_code == api.get("/redoc").status_code == 404


schema = schemathesis.openapi.from_asgi("/openapi.json", API)


@schema.parametrize()
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
def test_answers_keep_to_the_description(case: Case[Any]) -> None:
    """Whatever is asked, the answer is one the description announces.

    A market nobody has is well formed and still refused.
    """
    case.call_and_validate(excluded_checks=[positive_data_acceptance])
