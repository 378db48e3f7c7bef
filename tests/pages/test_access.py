# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages everybody can read: axe, keyboard, contrast in both schemes, names for everything."""

import pytest
from playwright.sync_api import Browser, Page
from tests.pages.machine import violations

from comity.web.language import TAGS

pytestmark = pytest.mark.browser


def _seen(page: Page, address: str, *rules: str) -> list[tuple[str, object]]:
    answer = page.goto(address)
    assert answer is not None
    assert answer.status < 500, address
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    return [(address, each) for each in violations(page, *rules)]


@pytest.mark.parametrize(
    "tag", [pytest.param(tag, marks=[pytest.mark.long] if tag == "zh" else []) for tag in TAGS]
)
def test_axe_finds_nothing_on_any_page(
    page: Page, base: str, paths: tuple[str, ...], tag: str
) -> None:
    """Names, landmarks, headings, contrast: what a machine can check is checked everywhere."""
    found = [each for path in paths for each in _seen(page, f"{base}/{tag}/{path}")]

    assert found == []


def test_contrast_suffices_in_the_dark(
    browser: Browser, base: str, paths: tuple[str, ...]
) -> None:
    """The dark colours are a second design and must be checked as one."""
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    found = [
        each for path in paths for each in _seen(page, f"{base}/en/{path}", "color-contrast")
    ]
    context.close()

    assert found == []


def test_everything_that_acts_shows_where_the_keyboard_is(
    page: Page, base: str, paths: tuple[str, ...]
) -> None:
    """Who cannot use a mouse must see where they are."""
    for path in (paths[0], paths[10]):
        page.goto(f"{base}/en/{path}")
        for _ in range(12):
            page.keyboard.press("Tab")
            outline = page.evaluate(
                "getComputedStyle(document.activeElement).outlineStyle + ' ' +"
                "parseFloat(getComputedStyle(document.activeElement).outlineWidth)"
            )
            style, width = outline.split()
            assert style == "solid", path
            assert float(width) >= 2


def test_the_first_key_leads_past_the_menu(page: Page, base: str) -> None:
    """The skip link comes into view when it is reached, and it works."""
    page.goto(f"{base}/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")

    assert page.url.endswith("#main")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_picture_of_a_path_has_a_name_and_a_table(
    page: Page, base: str, paths: tuple[str, ...]
) -> None:
    """What is drawn must be readable without seeing it."""
    page.goto(f"{base}/en/{paths[4]}")

    assert page.get_by_role("img").first.get_attribute("aria-label")
    page.get_by_text("The same as a table").click()
    assert page.locator("details[open] table tbody tr").count() >= 3


def test_the_form_is_answered_from_the_keyboard_alone(page: Page, base: str) -> None:
    """The determination works with plain GET and POST, no script and no mouse."""
    page.goto(f"{base}/en/determine")
    page.get_by_label("European Union").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Determine").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert page.get_by_role("heading", name="Questions that would tell most").is_visible()
    page.locator("fieldset input[type=radio][value=yes]").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Send the answers").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Answers so far: 1").is_visible()


def test_an_error_summary_leads_to_the_field(page: Page, base: str) -> None:
    """Whoever made a mistake gets from the summary to it in one step."""
    page.goto(f"{base}/en/determine?on=soon")
    page.get_by_role("alert").get_by_role("link").first.click()

    assert page.url.endswith("#market")
    assert page.locator("#market").is_visible()
