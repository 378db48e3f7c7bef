# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages of the council: light, harmless, sourced, and never more work than they are worth."""

import gzip
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.fakes.parliament import Parliament, seated
from tests.fakes.world import build as build_world

from comity.council.rule.floor import Answer
from comity.desk.council.decision.sheet import NOT_SHOWN
from comity.desk.register.lookout import Lookout
from comity.web.app import build
from comity.web.council import KINDS
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site


@pytest.fixture(scope="module")
def parliament() -> Parliament:
    """Return a federation with proposals."""
    return seated()


@pytest.fixture(scope="module")
def client(parliament: Parliament) -> Iterator[TestClient]:
    """Return a browser without a script."""
    site = Site(lookout=Lookout(parliament.world.view), renderer=load_renderer())
    with TestClient(build(site)) as client:
        yield client


@pytest.fixture(scope="module")
def paths(parliament: Parliament) -> tuple[str, ...]:
    """Return every kind of page, the largest of each."""
    proposals = (parliament.adopted, parliament.secret, parliament.long)
    return (
        "council",
        *(f"council/proposals/{one.sha256.hex()}" for one in proposals),
        "council/rules",
        "council/rules/un-general-assembly-important",
        "council/bodies",
        "council/bodies/un",
        "council/power?rule=eu-council",
        "council/power?rule=consensus&body=un&page=4",
        "council/power?rule=un-security-council",
        "council/power",
        "council/power?rule=consensus",
    )


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_is_light_and_has_no_script(
    client: TestClient, paths: tuple[str, ...], tag: str
) -> None:
    """15 KB gzipped, stylesheet included, even with a seat for every state."""
    sheet = len(gzip.compress(client.get("/static/comity.css").content))
    for path in paths:
        answer = client.get(f"/{tag}/{path}")

        assert answer.status_code == 200, path
        assert len(gzip.compress(answer.content)) + sheet <= 15_000, path
        assert "<script" not in answer.text
        assert " style=" not in answer.text


def test_what_others_wrote_cannot_act_or_turn_its_neighbours(
    client: TestClient, parliament: Parliament
) -> None:
    """A title, a text and a reason come from whoever may propose or vote."""
    page = client.get(f"/en/council/proposals/{parliament.adopted.sha256.hex()}").text

    assert "&lt;script&gt;alert(1)" in page
    assert "&lt;b&gt;of its discovery" in page
    assert "Too short⟨U+202E⟩ for small offices." in page
    assert "\u202e" not in page


def test_a_decision_says_why_and_leads_to_each_statement(
    client: TestClient, parliament: Parliament
) -> None:
    """A page nobody can check is a rumour."""
    page = client.get(f"/en/council/proposals/{parliament.adopted.sha256.hex()}").text

    assert "Adopted when more than half of the votes for and against" in page
    assert "It would flip with" in page
    assert "/en/statements/singapore.example/log/" in page
    assert "names another text" in page
    origin, index = parliament.adopted.log, parliament.adopted.index
    assert f'href="/en/statements/{origin}/{index}"' in page
    entry = client.get(f"/en/statements/{origin}/{index}").text
    assert f"/en/council/proposals/{parliament.adopted.sha256.hex()}" in entry


def test_a_secret_vote_tells_no_choice(client: TestClient, parliament: Parliament) -> None:
    """Neither the page nor its JSON may say before the close who said what."""
    where = f"/en/council/proposals/{parliament.secret.sha256.hex()}"
    page, sheet = client.get(where).text, client.get(f"{where}.json").json()

    assert "choices are shown only when the vote has closed" in page
    assert sheet["outcome"] is None
    assert {seat["answer"] for seat in sheet["seats"]} <= {NOT_SHOWN, "silent"} | {
        "silent, not reached"
    }


def test_seats_go_over_several_pages(client: TestClient, parliament: Parliament) -> None:
    """A table of 193 is read in parts; the JSON has it whole."""
    where = f"/en/council/proposals/{parliament.long.sha256.hex()}"
    rows = [
        len(re.findall(r'<td role="cell" data-label="Answer">', client.get(address).text))
        for address in (where, f"{where}?page=4", f"{where}?page=99")
    ]

    assert rows == [50, 43, 43]
    assert len(client.get(f"{where}.json").json()["seats"]) == 193


def test_votes_taken_under_another_rule_are_shown_as_no_precedent(client: TestClient) -> None:
    """A reader who took them for the body's own decisions would be deceived."""
    page = client.get("/en/council/rules/icao-annex-adoption").text

    assert page.count("real votes under another rule</span>") == 2
    assert page.count("Really taken under:") == 2
    assert "what this rule makes of them: rejected" in page
    assert page.count("the rule finds the same") == 2  # the two examples


def test_an_empty_council_says_what_to_do() -> None:
    """The first reader of a new node finds no table, but a way on."""
    site = Site(lookout=Lookout(build_world().view), renderer=load_renderer())
    with TestClient(build(site)) as client:
        page = client.get("/en/council").text

    assert "No log this node follows holds a proposal yet." in page
    assert "comity council propose --help" in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("council/proposals/none", 404, "no proposal"),
        ("council/rules/concensus", 404, "did you mean"),
        ("council/rules/rule.toml", 404, "no rule"),
        ("council/bodies/none", 404, "no body"),
        ("council/power?rule=concensus", 404, "did you mean"),
        ("council/power?rule=consensus&body=none", 404, "no body"),
        ("council/power?rule=eu-council&body=eu&weights=beauty", 404, "no weights"),
        ("council/power?rule=iso-dis&body=un", 422, "does not fit"),
        ("council/power?rule=eu-council&body=un", 403, "comity council power eu-council"),
        ("council/power?rule=eu-council&body=waico-37", 403, "--body waico-37"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_way_on(
    client: TestClient, path: str, status: int, words: str
) -> None:
    """What would burn a node's time for a stranger is left to the stranger's own machine."""
    answer = client.get(f"/en/{path}")

    assert answer.status_code == status
    assert words in answer.text


def test_power_without_a_rule_or_body_offers_what_can_be_measured(client: TestClient) -> None:
    """Whoever types the address knows neither names nor which of them fit."""
    every, one = (client.get(f"/en/council/power{asked}") for asked in ("", "?rule=consensus"))

    assert 'value="eu"' in offered(every.text, "eu-council")
    assert "<option" not in offered(every.text, "iso-dis")
    assert 'value="un"' not in offered(every.text, "eu-council")
    assert 'value="gcc"' not in offered(every.text, "un-security-council-procedure")
    assert 'value="asean"' in offered(one.text, "consensus")
    assert "eu-council" not in one.text


def offered(page: str, rule: str) -> str:
    """Return what a page offers beneath the name of a rule."""
    return page.partition(f'<h2 id="{rule}">')[2].partition("<h2")[0]


def test_a_body_page_names_its_members_as_the_body_does(client: TestClient) -> None:
    """And counts more than one person as persons."""
    pages = [client.get(f"/en/council/{one}").text for one in ("bodies/au", "bodies/asean")]

    assert "Sahrawi Republic</bdi>" in pages[0]
    assert "Western Sahara" not in pages[0]
    assert pages[0].index("Rwanda") < pages[0].index("Sahrawi Republic</bdi>")
    assert ' <bdi lang="en">persons</bdi>' in pages[1]
    power = client.get("/en/council/power?rule=consensus&body=au").text
    assert "Sahrawi Republic</bdi>" in power
    assert "Western Sahara" not in power


def test_where_abstaining_is_not_a_no_it_has_a_column(client: TestClient) -> None:
    """A veto reads as five times what it is where abstention is left out."""
    council, union = (
        client.get(f"/en/council/power?rule={rule}").text
        for rule in ("un-security-council", "eu-council")
    )

    assert "Banzhaf, with abstention" in council
    assert "An abstention is not a no under this rule" in council
    assert "Banzhaf, with abstention" not in union


def test_an_address_without_a_language_leads_to_one(client: TestClient) -> None:
    """A link in a letter names no language."""
    answer = client.get("/council", headers={"accept-language": "ar"}, follow_redirects=False)

    assert answer.headers["location"] == "/ar/council"


def test_every_answer_is_drawn_and_no_two_alike() -> None:
    """A word without a pattern would fail only on the page that shows it."""
    words = {answer.value for answer in Answer} | {NOT_SHOWN, "silent, not reached", "mixed"}

    assert set(KINDS) == words
    for each in (0, 2):
        assert len({drawn[each] for drawn in KINDS.values()}) == len(KINDS)
