# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Feeds: well-formed Atom, every entry once, the same names everywhere."""

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.fakes.world import World, build

from comity.desk.register.feed import PAGE_ENTRIES, About, feed_sheet
from comity.desk.register.lookout import Lookout
from comity.desk.register.register import open_register
from comity.web.app import build as build_site
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.site import Site

ATOM = "{http://www.w3.org/2005/Atom}"
RENDERER = load_renderer()


@pytest.fixture
def world() -> World:
    """Return a federation this test may add to."""
    return build()


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    """Return a reader of its pages."""
    with TestClient(build_site(Site(lookout=Lookout(world.view), renderer=RENDERER))) as made:
        yield made


def feeds_of(world: World) -> list[str]:
    """Return the addresses of one feed of each sort."""
    return [
        f"feeds/members/{world.khm.member}.atom",
        f"feeds/systems/{world.translator.hex()}.atom",
        "feeds/markets/EU.atom",
    ]


def parsed(text: str) -> ET.Element:
    """Read a feed, strictly."""
    return ET.fromstring(text)  # noqa: S314 - it is our own


def links(feed: ET.Element) -> dict[str, str]:
    """Return a feed's links by what they are."""
    return {one.attrib["rel"]: one.attrib["href"] for one in feed.findall(f"{ATOM}link")}


def walk(client: TestClient, address: str) -> list[ET.Element]:
    """Follow *next* from the newest page to the oldest and return all entries."""
    found = []
    while address:
        feed = parsed(client.get(address).text)
        found += feed.findall(f"{ATOM}entry")
        address = links(feed).get("next", "")
    return found


@pytest.mark.parametrize("tag", TAGS)
def test_every_feed_is_atom_in_every_language(
    client: TestClient, world: World, tag: str
) -> None:
    """RFC 4287, section 4: what must be there is there, once, and in its form."""
    for address in feeds_of(world):
        answer = client.get(f"/{tag}/{address}")
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert answer.text.startswith("<?xml ")
        feed = parsed(answer.text)
        assert feed.tag == f"{ATOM}feed"
        for part in (feed, *feed.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                assert len(part.findall(f"{ATOM}{name}")) == 1
            assert part.findtext(f"{ATOM}title", "").strip()
            assert (part.findtext(f"{ATOM}id") or "").startswith("tag:comity.example,2026:")
            assert dt.datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo
            assert part.findtext(f"{ATOM}author/{ATOM}name")
        for entry in feed.findall(f"{ATOM}entry"):
            [page] = entry.findall(f"{ATOM}link[@rel='alternate']")
            assert client.get(page.attrib["href"]).status_code == 200
        assert client.get(links(feed)["alternate"]).status_code == 200
        assert links(feed)["self"].endswith(address)


def test_every_entry_of_a_log_appears_once_over_the_pages(
    client: TestClient, world: World
) -> None:
    """The law of feeds: walked from the first page to the last, none is missing, none twice."""
    for number in range(3 * PAGE_ENTRIES + 5):
        world.say(world.khm, "note", {"number": number})
    log = next(one for one in world.ledger.members() if one.member == world.khm.member)
    entries = walk(client, f"/en/feeds/members/{world.khm.member}.atom")
    names = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(names) == len(set(names)) == log.size
    places = [
        int(re.search(r" · (\d+) · ", one.findtext(f"{ATOM}summary") or "")[1])  # type: ignore[index]  # it stands there
        for one in entries
    ]
    assert places == list(range(log.size))[::-1]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(before=st.integers(0, 90), after=st.integers(0, 90))
def test_an_entry_never_moves_to_another_page(before: int, after: int) -> None:
    """A reader who saw a full page need never fetch it again."""
    world = build()
    for number in range(before):
        world.say(world.khm, "note", {"number": number})
    old = open_register(world.view())
    pages = feed_sheet(old, About.MEMBER, world.khm.member).pages
    kept = [feed_sheet(old, About.MEMBER, world.khm.member, page=n + 1) for n in range(pages)]
    for number in range(after):
        world.say(world.khm, "note", {"more": number})
    new = open_register(world.view())
    for number, page in enumerate(kept[:-1], 1):
        again = feed_sheet(new, About.MEMBER, world.khm.member, page=number)
        assert again.entries == page.entries
    last = feed_sheet(new, About.MEMBER, world.khm.member, page=pages)
    assert last.entries[len(last.entries) - len(kept[-1].entries) :] == kept[-1].entries


def test_an_entry_has_one_name_in_every_feed_and_language(
    client: TestClient, world: World
) -> None:
    """A reader of three feeds sees one piece of news once."""
    digest = world.finding.sha256.hex()
    name = f"tag:comity.example,2026:entry/{digest}"
    for tag in ("en", "zh"):
        for address in feeds_of(world):
            ids = [one.findtext(f"{ATOM}id") for one in walk(client, f"/{tag}/{address}")]
            assert ids.count(name) == 1


def test_news_is_dated_by_when_it_came_here(world: World) -> None:
    """What the author claims is another field."""
    position, log = next(
        (n, one) for n, one in enumerate(world.ledger.logs) if one.member == world.khm.member
    )
    came = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
    world.ledger.logs[position] = replace(log, logged_at=lambda _index: came)  # type: ignore[arg-type, return-value]  # an instant by its value
    sheet = feed_sheet(open_register(world.view()), About.MEMBER, world.khm.member)
    assert {one.first_held for one in sheet.entries} == {came}
    assert not any(one.is_claimed for one in sheet.entries)
    assert sheet.updated == came


def test_what_others_wrote_is_escaped(client: TestClient, world: World) -> None:
    """A name with markup, and one with signs that no XML may hold."""
    evil = world.ledger.found("<script>&\x0b\u202e]]>", "regulator", "KHM")
    world.say(evil, "https://x.example/<b>&\x01", {})
    text = client.get(f"/en/feeds/members/{evil.member}.atom").text
    feed = parsed(text)
    assert "<script>" not in text
    assert "\u202e" not in text
    assert "<script>" in (feed.findtext(f"{ATOM}title") or "")


def test_unreadable_entries_are_news_too(client: TestClient, world: World) -> None:
    """A member that logs nonsense has said so."""
    world.ledger.add(world.khm.member, None, b"nonsense")
    entries = walk(client, f"/en/feeds/members/{world.khm.member}.atom")
    assert "Expecting value" in (entries[0].findtext(f"{ATOM}title") or "")


def test_the_pages_lead_to_their_feeds(client: TestClient, world: World) -> None:
    """By the link that feed readers look for."""
    pages = {
        f"/en/members/{world.khm.member}": f"/en/feeds/members/{world.khm.member}.atom",
        f"/ar/systems/{world.translator.hex()}": (
            f"/ar/feeds/systems/{world.translator.hex()}.atom"
        ),
        "/zh/?market=EU": "/zh/feeds/markets/EU.atom",
    }
    for page, feed in pages.items():
        expected = f'<link rel="alternate" type="application/atom+xml" href="{feed}">'
        assert expected in client.get(page).text
        assert client.get(feed).status_code == 200
    assert "atom" not in client.get("/en/").text


def test_an_unchanged_feed_is_not_sent_again(client: TestClient, world: World) -> None:
    """Feed readers ask often."""
    address = f"/en/feeds/members/{world.khm.member}.atom"
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    world.say(world.khm, "note", {"n": 1})
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    "address", ["members/none", "systems/none", "markets/ATA", "planets/EU", "members/%00"]
)
def test_what_nobody_knows_has_no_feed(client: TestClient, address: str) -> None:
    """A problem a program can read."""
    answer = client.get(f"/en/feeds/{address}.atom")
    assert answer.status_code == 404
    assert answer.json()["code"].startswith("desk.no_")


def test_without_a_language_the_readers_own_is_chosen(client: TestClient, world: World) -> None:
    """As for pages."""
    address = f"/feeds/members/{world.khm.member}.atom"
    answer = client.get(address, headers={"accept-language": "zh"})
    assert 'xml:lang="zh-Hans"' in answer.text
