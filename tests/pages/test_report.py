# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The report of a finding in a browser and on paper: opened as a file, nothing beside it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.fakes.forgery import forge
from tests.pages.machine import violations

from comity.desk.finding.reporting import report_of
from comity.desk.finding.verification import verify_dossier
from comity.desk.finding.writing import FindingReport
from comity.files.dossier import from_bytes
from comity.web.language import TAGS
from comity.web.render import load_renderer
from comity.web.report import render_report

pytestmark = pytest.mark.browser

A4 = (595, 842)
"""Points."""


@pytest.fixture(scope="module")
def report() -> FindingReport:
    """Return the report of one test."""
    return report_of(verify_dossier(from_bytes(forge())))


@pytest.fixture
def address(report: FindingReport, tmp_path: Path, tag: str) -> str:
    """Write the report to a file and return its address."""
    file = tmp_path / "report.html"
    file.write_text(render_report(load_renderer(), report, tag), "utf-8")
    return file.as_uri()


@pytest.mark.parametrize("tag", TAGS)
def test_axe_finds_nothing_on_the_report(page: Page, address: str) -> None:
    """Names, headings, contrast: what a machine can check is checked in every language."""
    page.goto(address)

    assert violations(page) == []


@pytest.mark.parametrize("tag", TAGS)
def test_it_fits_a_narrow_screen_and_asks_nobody(
    browser: Browser, address: str, tag: str
) -> None:
    """320 px, script off, and one request: the file itself."""
    context = browser.new_context(
        viewport={"width": 320, "height": 700}, java_script_enabled=False
    )
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    box = page.locator("main").bounding_box()
    context.close()

    assert asked == [address]
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    assert tag in TAGS


@pytest.mark.parametrize("tag", TAGS)
def test_it_prints_on_a4(page: Page, address: str) -> None:
    """The paper of most courts; the page says so itself."""
    page.goto(address)
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", printed)

    assert boxes
    assert {(round(float(x)), round(float(y))) for x, y in boxes} == {A4}


@pytest.mark.parametrize("tag", ["en"])
def test_no_word_is_cut_in_a_table(page: Page, address: str) -> None:
    """On paper a heading of one word keeps on one line."""
    page.set_viewport_size({"width": 673, "height": 900})
    page.goto(address)
    page.emulate_media(media="print")
    heights = page.locator("thead th").evaluate_all(
        "all => all.filter(each => !each.textContent.trim().includes(' '))"
        ".map(each => each.getClientRects().length && each.scrollHeight)"
    )

    assert heights
    assert len(set(heights)) == 1
