# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The council's doors: the pages' own data, and refusals a program can tell apart."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.fakes.parliament import Parliament, seated

from comity.api.app import build as build_api
from comity.desk.register.lookout import Lookout
from comity.web.app import build as build_site
from comity.web.render import load_renderer
from comity.web.site import Site


@pytest.fixture(scope="module")
def parliament() -> Parliament:
    """Return a federation with proposals."""
    return seated()


@pytest.fixture(scope="module")
def api(parliament: Parliament) -> Iterator[TestClient]:
    """Return a client of the programming interface."""
    with TestClient(build_api(Lookout(parliament.world.view))) as client:
        yield client


@pytest.fixture(scope="module")
def site(parliament: Parliament) -> Iterator[TestClient]:
    """Return a client of the pages."""
    made = Site(lookout=Lookout(parliament.world.view), renderer=load_renderer())
    with TestClient(build_site(made)) as client:
        yield client


def test_every_page_of_the_council_as_json_equals_the_interface(
    api: TestClient, site: TestClient, parliament: Parliament
) -> None:
    """One count, two doors: they must never drift apart."""
    for path in (
        "council",
        f"council/proposals/{parliament.adopted.sha256.hex()}",
        f"council/proposals/{parliament.secret.sha256.hex()}",
        "council/rules",
        "council/rules/without-hegemon",
        "council/bodies",
        "council/bodies/waico",
    ):
        page, door = site.get(f"/zh/{path}.json"), api.get(f"/{path}")
        assert page.status_code == door.status_code == 200, path
        assert page.json() == door.json(), path
    asked = "rule=eu-council&body=eu"
    assert (
        site.get(f"/en/council/power.json?{asked}").json()
        == api.get(f"/council/power?{asked}").json()
    )


def test_a_decision_carries_its_reasons_and_what_it_rests_on(
    api: TestClient, parliament: Parliament
) -> None:
    """A program must be able to say why, and to count again."""
    found = api.get(f"/council/proposals/{parliament.adopted.sha256.hex()}").json()

    assert found["row"]["state"] == "adopted"
    assert found["outcome"]["reason"]["passed"] is True
    assert found["outcome"]["flip"]
    assert {"code", "words", "origin", "index"} <= set(found["flags"][0])
    assert {len(log["root"]) for log in found["logs"]} == {64}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/council/proposals/none", 404, "council.no_proposal"),
        ("/council/rules/none", 404, "files.no_rule"),
        ("/council/bodies/none", 404, "files.no_body"),
        ("/council/power?rule=consensus&body=none", 404, "files.no_body"),
        ("/council/power?rule=eu-council&weights=none", 404, "council.no_weights"),
        ("/council/power?rule=iso-dis&body=eu", 422, "council.power"),
        ("/council/power?rule=eu-council&body=un", 403, "council.costly"),
        ("/council/power", 422, "api.request"),
        ("/council?page=0", 422, "api.request"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_with_a_code(
    api: TestClient, path: str, status: int, code: str
) -> None:
    """Not here, not possible and not for strangers are three things."""
    answer = api.get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
    assert answer.json()["hint"] or answer.json()["faults"]
