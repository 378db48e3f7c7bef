# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The same report from a node's pages: verified when asked for, with its own style only."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient
from tests.fakes.forgery import Lie, forge
from tests.fakes.world import World
from tests.fakes.world import build as build_world

from comity.desk.register.lookout import Lookout
from comity.errors import NotFound
from comity.kernel.reference import Reference
from comity.web.app import build
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.report import POLICY
from comity.web.site import Site


@pytest.fixture(scope="module")
def world() -> World:
    """Return a federation nobody changes."""
    return build_world()


def client(world: World, dossiers: Callable[[Reference], bytes] | None) -> TestClient:
    """Return a client of a site that hands these dossiers out."""
    site = Site(
        lookout=Lookout(world.view), renderer=load_renderer(), dossiers=dossiers, has_api=False
    )
    return TestClient(build(site), follow_redirects=False)


@pytest.mark.parametrize("tag", TAGS)
def test_a_findings_report_is_one_page(world: World, tag: str) -> None:
    """Linked from the finding's page, in its language, and nothing may run in it."""
    finding = world.finding.sha256.hex()
    with client(world, lambda _: forge()) as web:
        page = web.get(f"/{tag}/findings/{finding}")
        report = web.get(f"/{tag}/findings/{finding}/report")

    assert f'href="/{tag}/findings/{finding}/report"' in page.text
    assert report.status_code == 200
    assert report.headers["content-security-policy"] == POLICY
    assert report.headers["content-language"] == tag
    assert "<svg" in report.text


def test_what_does_not_verify_is_not_reported(world: World) -> None:
    """A node whose disk was tampered with shows an error, not a page that looks signed."""

    def kinder(said: dict[str, object]) -> dict[str, object]:
        return {**said, "seed": "ab" * 32}

    def tampered(_: Reference) -> bytes:
        return forge(Lie(said={"finding": kinder}))

    with client(world, tampered) as web:
        report = web.get(f"/en/findings/{world.finding.sha256.hex()}/report")

    assert report.status_code >= 400
    assert "<svg" not in report.text


def test_what_is_not_here_is_said_so(world: World) -> None:
    """No node, no finding, no evidence: each a page, none a crash."""

    def none(_: Reference) -> bytes:
        raise NotFound("no blob", code="node.blob")

    finding = world.finding.sha256.hex()
    with client(world, None) as without, client(world, none) as withheld:
        answers = [
            without.get(f"/en/findings/{finding}/report"),
            withheld.get(f"/en/findings/{'0' * 64}/report"),
            withheld.get(f"/en/findings/{finding}/report"),
        ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
