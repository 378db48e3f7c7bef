# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The register on a loopback port, and Debian's Chromium to look at it with."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from tests.fakes.forum import Forum, gather
from tests.fakes.parliament import Parliament, grow, seated
from tests.fakes.world import World

from comity.desk.register.lookout import Lookout
from comity.web.app import build
from comity.web.render import load_renderer
from comity.web.site import Site

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def parliament() -> Parliament:
    """Return a federation with proposals, that nobody changes."""
    return seated()


@pytest.fixture(scope="session")
def world(parliament: Parliament) -> World:
    """Return the federation itself."""
    return parliament.world


@pytest.fixture(scope="session")
def forum(world: World) -> Forum:
    """Let its members consult, sign, differ and assign; nobody changes it after."""
    found = gather(world)
    grow(world)
    return found


@pytest.fixture(scope="session")
def base(world: World, forum: Forum) -> Iterator[str]:
    """Serve the register, with what its members do together, and return its address."""
    assert world.ledger.find(forum.concluded) is not None
    site = Site(lookout=Lookout(world.view), renderer=load_renderer())
    bound = socket.socket()
    bound.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(build(site), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=10)
    bound.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once a file, or skip saying why.

    While it runs, so does an event loop in this thread: it must end before other tests.
    """
    if not CHROMIUM.exists():
        pytest.skip("Debian's Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=ARGUMENTS, timeout=60_000
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open one tab, 1,100 px wide."""
    context = browser.new_context(viewport={"width": 1100, "height": 900})
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture(scope="session")
def paths(world: World, parliament: Parliament, forum: Forum) -> tuple[str, ...]:
    """Return one address of each kind of page, language left out."""
    system, finding = world.translator.hex(), world.finding.sha256.hex()
    return (
        "",
        f"systems/{system}",
        f"systems/{system}/duties?market=CHN",
        f"findings/{finding}",
        f"findings/{finding}?category=shelter",
        "members",
        f"members/{world.sgp.member}",
        f"statements/{world.finding.log}/{world.finding.index}",
        "statements/singapore.example/log/2",
        "statements/singapore.example/log/3",
        "determine?market=EU&market=CHN&on=2026-11-21&role=provider&fact.generates=text",
        "determine?on=soon",
        "nothing-here",
        "council",
        f"council/proposals/{parliament.adopted.sha256.hex()}",
        "council/rules/un-security-council-procedure",
        "council/bodies/gcc",
        "council/power?rule=asean-consensus&body=gcc",
        "council/power?rule=consensus",
        "instruments/waico",
        "instruments/cets-225",
        f"consultations/{forum.concluded.sha256.hex()}",
        "programmes/action-plan",
        "exposure",
        "exposure/KHM",
        "exposure/MNG/scenarios/euv-supplier-lost",
        "exposure/MNG/diversify",
        "exposure/KHM/leverage?bloc=asean",
        "cooperation",
    )
