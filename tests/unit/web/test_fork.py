# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A log that told two stories is labelled wherever it is shown, and stays readable."""

import gzip
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.fakes.twostories import Town

from comity.api.app import create_api
from comity.node.inquiry import report
from comity.node.node import Node
from comity.web.app import create_app
from comity.web.language import TAGS

_MOST_BYTES = 15 * 1024


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Return a log with two stories and who follows each."""
    with closing(Town(tmp_path)) as made:
        yield made


def convict(town: Town) -> None:
    """Give the first node the proof."""
    report(town.first, town.fork, town.now)


def client_of(node: Node) -> TestClient:
    """Return a client of a node's site."""
    return TestClient(create_app(node, api=create_api(node)), follow_redirects=False)


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_of_a_forked_log_says_so(town: Town, tag: str) -> None:
    """Its member page with what both share, its statements, the list; and it is light."""
    convict(town)
    liar = town.liar
    with client_of(town.first) as client:
        pages = {
            path: client.get(f"/{tag}/{path}")
            for path in ("members", f"members/{liar.member}", f"statements/{liar.origin}/1")
        }
    for page in pages.values():
        assert page.status_code == 200
        assert 'class="tag bad"' in page.text
        assert len(gzip.compress(page.content)) < _MOST_BYTES


def test_the_member_page_names_the_evidence_and_who_signed_both(town: Town) -> None:
    """In plain words, and in JSON for who asks a machine."""
    convict(town)
    (exhibit,) = town.first.evidence.exhibits()
    with client_of(town.first) as client:
        page = client.get(f"/en/members/{town.liar.member}").text
        sheet = client.get(f"/api/members/{town.liar.member}").json()
        file = client.get(f"/api/forks/{exhibit.digest.hex()}")
    assert "This log told two stories." in page
    assert f'href="/api/forks/{exhibit.digest.hex()}"' in page
    assert file.content == exhibit.encoded
    assert "no entry of it counts here" in page
    assert sheet["row"]["fork"]["evidence"] == [exhibit.digest.hex()]
    assert sheet["row"]["quorum"] == "forked"
    assert sheet["row"]["actor"]["forked"] is True
    assert sheet["row"]["counted_size"] == 0


def test_without_the_interface_the_evidence_is_named_and_no_link_is_dead(town: Town) -> None:
    """A register may be shown by its pages alone."""
    convict(town)
    (exhibit,) = town.first.evidence.exhibits()
    with TestClient(create_app(town.first)) as client:
        page = client.get(f"/en/members/{town.liar.member}").text
    assert exhibit.digest.hex() in page
    assert "/api/" not in page


def test_a_suspicion_is_shown_as_one(town: Town) -> None:
    """With who says so and where, and that it proves nothing."""
    town.tell()
    town.listen()
    town.grow()
    with client_of(town.first) as client:
        page = client.get(f"/en/members/{town.liar.member}").text
        honest = client.get(f"/en/members/{town.second.member}").text
    assert "It is no proof" in page
    assert f"/en/statements/{town.second.origin}/" in page
    assert "told two stories" not in page
    assert "It is no proof" not in honest


def test_the_state_of_the_register_changes_with_the_evidence(town: Town) -> None:
    """A reader that holds an older page must not take it for the present one."""
    with client_of(town.first) as client:
        before = client.get("/en/members").headers["etag"]
    report(town.first, town.fork, town.now)
    with client_of(town.first) as client:
        assert client.get("/en/members").headers["etag"] != before
