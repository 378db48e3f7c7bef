# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The council's largest pages: a seat for every state, bars for twenty-seven."""

import pytest
from playwright.sync_api import Browser, Page
from tests.fakes.parliament import Parliament

pytestmark = pytest.mark.browser


@pytest.fixture
def large(parliament: Parliament) -> tuple[str, ...]:
    """Return the addresses of the largest pages."""
    return (
        f"council/proposals/{parliament.long.sha256.hex()}",
        "council/bodies/un",
        "council/power?rule=eu-council",
        "council/power",
    )


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_largest_pages_fit_a_narrow_screen(
    browser: Browser, base: str, large: tuple[str, ...], tag: str
) -> None:
    """A delegate may have nothing but a telephone."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    for path in large:
        page.goto(f"{base}/{tag}/{path}")

        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
    context.close()


def test_a_map_has_a_name_and_every_state_stands_in_a_table(
    page: Page, base: str, large: tuple[str, ...]
) -> None:
    """What is drawn must be readable without seeing it, over as many pages as it takes."""
    page.goto(f"{base}/en/{large[0]}")
    assert page.get_by_role("img").first.get_attribute("aria-label")
    rows = page.locator("#seats + table tbody tr").count()
    while page.get_by_role("link", name="Next page").count():
        page.get_by_role("link", name="Next page").click()
        rows += page.locator("#seats + table tbody tr").count()

    assert rows == 193


def test_each_answer_has_a_pattern_of_its_own(
    page: Page, base: str, parliament: Parliament
) -> None:
    """Who sees no colours must tell a yes from a no."""
    page.goto(f"{base}/en/council/proposals/{parliament.adopted.sha256.hex()}")
    drawn = page.locator(".map pattern path").evaluate_all(
        "all => all.map(each => each.getAttribute('d'))"
    )
    used = page.locator(".map > svg > g > path[fill]").evaluate_all(
        "all => all.map(each => each.getAttribute('fill'))"
    )

    assert len(set(drawn)) == len(drawn)
    assert len(set(used)) == len(used) == 4
    assert all(page.locator(url[4:-1]).count() == 1 for url in used)


def test_power_is_asked_for_from_the_page_of_a_rule(page: Page, base: str) -> None:
    """Choosing a body and one key are enough."""
    page.goto(f"{base}/en/council/rules/consensus")
    page.get_by_label("Body").select_option("gcc")
    with page.expect_navigation():
        page.get_by_role("button", name="Measure").press("Enter")

    assert page.get_by_role("heading", name="Voting power").first.is_visible()
    assert page.locator("#members ~ table tbody tr").count() == 6
