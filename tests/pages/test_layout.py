# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Pages that fit: narrow screens, right-to-left, no request to anybody else, no script."""

import pytest
from playwright.sync_api import Browser, Page

from comity.web.language import TAGS

pytestmark = pytest.mark.browser

_WIDE = """[...document.querySelectorAll('body *')].filter(each => {
  const box = each.getBoundingClientRect();
  return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1)
    && !each.closest('.skip, .off, thead') && !each.parentElement.closest('.scroll');
}).map(each => each.outerHTML.slice(0, 100))"""


_OWN_WORDS = """(() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('[lang], bdi').forEach(each => each.remove());
  return main.textContent;
})()"""
"""What the page itself says, texts of others left out."""

_UNMARKED = """all => all.filter(
  each => !each.closest('td, th, li, dd, h3, p').textContent.includes('example')
).map(each => each.outerHTML)"""


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("width", [320, 768])
def test_no_page_scrolls_sideways(
    browser: Browser, base: str, paths: tuple[str, ...], tag: str, width: int
) -> None:
    """320 px is an old phone, or a reader who magnifies four times (WCAG 1.4.10)."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    for path in paths:
        page.goto(f"{base}/{tag}/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")

        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate(_WIDE) == [], path
    context.close()


@pytest.mark.parametrize("tag", TAGS)
def test_every_page_works_without_javascript_and_asks_nobody_else(
    browser: Browser, base: str, paths: tuple[str, ...], tag: str
) -> None:
    """Two requests of one host: the page and its stylesheet; and the mark on the tab."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    for path in paths:
        page.goto(f"{base}/{tag}/{path}")
        assert page.locator("script").count() == 0
        assert page.locator("h1").inner_text()
    context.close()

    assert all(url.startswith(base) for url in asked)
    assert not [text for text in errors if "Content Security Policy" in text]


def test_rows_stack_with_their_labels_on_a_narrow_screen(
    browser: Browser, base: str, paths: tuple[str, ...]
) -> None:
    """A table of seven columns must be read, not scrolled."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    page = context.new_page()
    page.goto(f"{base}/en/{paths[3]}")
    cell = page.locator("table.stack tbody td[data-label]").first
    label = cell.evaluate("each => getComputedStyle(each, '::before').content")
    first, second = (
        page.locator("table.stack tbody td[data-label]").nth(n).bounding_box() for n in (0, 1)
    )
    context.close()

    assert label == '"Verdict"'
    assert first is not None
    assert second is not None
    assert second["y"] >= first["y"] + first["height"] - 1


@pytest.mark.parametrize("tag", TAGS)
def test_language_and_direction_are_declared(
    page: Page, base: str, paths: tuple[str, ...], tag: str
) -> None:
    """A screen reader picks its voice by `lang`; a browser its side by `dir`."""
    for path in paths:
        page.goto(f"{base}/{tag}/{path}")
        root = page.locator("html")

        assert root.get_attribute("lang") == {"zh": "zh-Hans"}.get(tag, tag)
        assert root.get_attribute("dir") == ("rtl" if tag == "ar" else "ltr")


def test_arabic_pages_begin_on_the_right(page: Page, base: str) -> None:
    """Mirrored by logical properties, not by a second stylesheet."""
    for tag, is_right in (("ar", True), ("en", False)):
        page.goto(f"{base}/{tag}/")
        brand = page.locator(".brand a").bounding_box()
        switch = page.locator(".top nav").last.bounding_box()
        heading = page.locator("h1")

        assert brand is not None
        assert switch is not None
        assert (brand["x"] > switch["x"]) is is_right
        assert heading.evaluate("each => getComputedStyle(each).direction") == (
            "rtl" if is_right else "ltr"
        )


def test_identifiers_keep_their_own_direction_and_stay_at_their_side(
    page: Page, base: str, paths: tuple[str, ...]
) -> None:
    """A bdi made a block takes its own side; Latin ids would stand stranded in Arabic."""
    for path in paths:
        page.goto(f"{base}/ar/{path}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        displays = page.locator("bdi").evaluate_all(
            "all => [...new Set(all.map(each => getComputedStyle(each).display))]"
        )
        loose = page.locator(".id:not(bdi)").count()

        assert set(displays) <= {"inline"}, path
        assert loose == 0, path


def test_texts_in_another_language_say_which(
    page: Page, base: str, paths: tuple[str, ...]
) -> None:
    """An English claim on an Arabic page is read in English."""
    page.goto(f"{base}/ar/{paths[1]}")
    claim = page.get_by_text("It keeps numbers and negation").first

    assert claim.evaluate("each => each.closest('[lang]').lang") == "en"
    page.goto(f"{base}/zh/{paths[1]}")
    assert page.get_by_text("它在安全信息中保留数字和否定").first.is_visible()


@pytest.mark.parametrize("tag", TAGS)
def test_drafts_are_marked_and_the_english_page_is_none(
    page: Page, base: str, paths: tuple[str, ...], tag: str
) -> None:
    """Nobody who reads the language has read these pages yet; the pages say so."""
    for path in paths:
        page.goto(f"{base}/{tag}/{path}")

        assert page.locator("main > .note.small").count() == (0 if tag == "en" else 1)


@pytest.mark.parametrize("tag", ["zh", "ar"])
def test_no_identifier_passes_for_a_word(
    page: Page, base: str, paths: tuple[str, ...], tag: str
) -> None:
    """`not_shown` is a name in a file format, not a word of any language."""
    for path in paths[:6]:
        page.goto(f"{base}/{tag}/{path}")
        text = page.evaluate(_OWN_WORDS)

        for raw in ("not_shown", "insufficient", "recognised", "declined", "regulator"):
            assert raw not in text, path


def test_members_marked_as_examples_carry_the_mark_everywhere(
    page: Page, base: str, paths: tuple[str, ...]
) -> None:
    """Nobody may take a fictional regulator for a real one."""
    for path in paths[:6]:
        page.goto(f"{base}/en/{path}")
        links = page.locator("main a[href*='/members/']")
        assert links.evaluate_all(_UNMARKED) == [], path
        assert "not affiliated with any government" in page.locator("footer").inner_text()
