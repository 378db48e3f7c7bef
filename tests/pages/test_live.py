# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The page of a run, in a real browser: readable, narrow, silent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.fakes.subject import assignment_of, bank_of, course_of, design_of
from tests.pages.machine import violations

from comity.assess.run.board import Board
from comity.assess.run.runner import run
from comity.assess.subjects.function import Function
from comity.web.live import served

pytestmark = pytest.mark.browser

REFRESHES = "meta-refresh"
"""A page that reloads itself is what was asked for; nothing on it is typed or lost."""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the page of a run with one category decided and one to come."""
    folder: Path = tmp_path_factory.mktemp("live")
    board = Board({"road": design_of(), "a-category-with-a-long-name": design_of()})
    board.begin(0.0)
    call = Function(call=lambda prompt: "no" if prompt == "road 5" else "yes")
    run(assignment_of(folder, course_of(bank_of("road"))), call, progress=board.take)
    with served("127.0.0.1", 0, "Test kh.example/log#8", lambda: board.standing(9.0)) as url:
        yield url


def test_axe_finds_nothing_in_light_or_dark(live: str, browser: Browser) -> None:
    """What a machine can check is checked."""
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(live)
        found = violations(page)
        context.close()

        assert [each for each in found if each[0] != REFRESHES] == []


def test_it_is_read_on_a_telephone_without_a_script(live: str, browser: Browser) -> None:
    """320 px, JavaScript off, nothing asked of anybody else."""
    context = browser.new_context(
        viewport={"width": 320, "height": 700}, java_script_enabled=False
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live)
    text = page.inner_text("main")
    width = page.locator("table").bounding_box()
    context.close()

    assert "Test kh.example/log#8" in text
    assert "a-category-with-a-long-name" in text
    assert width is not None
    assert width["x"] + width["width"] <= 320
    assert all(url.startswith(live) for url in asked)
