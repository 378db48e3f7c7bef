# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Every language of the pages: complete, agreeing in number, and never silently a draft."""

import datetime as dt
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

import comity.web
from comity.web.language import TAGS, Language, load_languages, negotiate, read_catalog

TRANSLATED = TAGS[1:]
_PLACE = re.compile(r"%\((\w+)\)s")


@pytest.fixture(scope="module")
def languages() -> dict[str, Language]:
    """Return every language."""
    return dict(load_languages())


def _messages() -> set[str | tuple[str, ...]]:
    here = Path(comity.web.__file__).parent
    found = extract_from_dir(
        here,
        [("templates/**.html", "jinja2.ext:babel_extract")],
        {"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}},
    )
    return {each if isinstance(each, str) else tuple(each) for _, _, each, _, _ in found}


def _each(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ())


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_message_is_translated_and_no_other(tag: str) -> None:
    """A page half in English would be a page in no language."""
    catalog = read_catalog(tag)
    translated = {message.id for message in catalog if message.id and message.string}
    empty = [message.id for message in catalog if message.id and not message.string]

    assert not empty
    assert translated == _messages()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_plural_forms_are_as_many_as_the_language_has(tag: str) -> None:
    """Arabic has six, Chinese one; a missing one would show English mid-sentence."""
    catalog = read_catalog(tag)
    plurals = [message for message in catalog if message.pluralizable]

    assert {"zh": 1, "ar": 6}[tag] == catalog.num_plurals
    assert plurals
    for message in plurals:
        assert len(_each(message.string)) == catalog.num_plurals
        assert all(_each(message.string))


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_keep_their_places(tag: str) -> None:
    """A renamed place would fail only on the page that shows it."""
    for message in read_catalog(tag):
        strings = _each(message.string)
        allowed = set(_PLACE.findall(" ".join(_each(message.id))))
        for string in strings:
            assert set(_PLACE.findall(string)) <= allowed
        assert allowed <= set(_PLACE.findall(" ".join(strings)))


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "لا أنظمة."),
        (1, "نظام واحد."),
        (2, "نظامان."),
        (5, "5 أنظمة."),
        (12, "12 نظامًا."),
        (100, "100 نظام."),
    ],
)
def test_arabic_agrees_in_number(
    languages: dict[str, Language], count: int, expected: str
) -> None:
    """Six forms, as CLDR orders them; gettext keeps the last two the other way round."""
    arabic = languages["ar"]
    text = arabic.messages.ngettext("One system.", "%(shown)s systems.", count)

    assert text % {"shown": arabic.number(count)} == expected


def test_unreviewed_languages_are_known_as_drafts(languages: dict[str, Language]) -> None:
    """Nobody has read the translations; the pages must say so."""
    assert languages["en"].reviewed
    for tag in TRANSLATED:
        header = dict(read_catalog(tag).mime_headers).get("X-Reviewed-By", "").strip()
        assert languages[tag].reviewed is bool(header)


def test_directions_come_from_the_language(languages: dict[str, Language]) -> None:
    """Right-to-left is a property of Arabic, not of a template."""
    assert {tag: one.direction for tag, one in languages.items()} == {
        "en": "ltr",
        "zh": "ltr",
        "ar": "rtl",
    }


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "en"),
        ("ar", "ar"),
        ("AR-EG", "ar"),
        ("fr, zh-CN;q=0.8, en;q=0.2", "zh"),
        ("en;q=0.1, ar;q=0.9", "ar"),
        ("zh;q=0, en", "en"),
        ("km, fr", "en"),
        ("*", "en"),
        ("zh;q=nonsense", "en"),
        (";;;,,q=", "en"),
        ("zh," * 100_000, "zh"),
    ],
)
def test_the_browsers_first_wish_we_can_meet_decides(header: str, expected: str) -> None:
    """A reader should rarely need the switch; a hostile header must not matter."""
    assert negotiate(header) == expected


def test_numbers_dates_and_markets_follow_the_language(languages: dict[str, Language]) -> None:
    """What CLDR knows is not ours to translate."""
    day, moment = dt.date(2026, 11, 21), dt.datetime(2026, 11, 21, 19, 19, tzinfo=dt.UTC)

    assert languages["en"].date(day) == "November 21, 2026"
    assert languages["zh"].date(day) == "2026年11月21日"
    assert languages["ar"].date(day) == "21 نوفمبر 2026"
    assert languages["en"].moment(moment) == "November 21, 2026 19:19 UTC"
    assert languages["en"].number(1_234_567) == "1,234,567"
    assert languages["zh"].market("KHM") == "柬埔寨"
    assert languages["en"].market("EU") == "European Union"
    assert languages["en"].market("<b>") == "<b>"


def test_a_body_is_never_taken_for_a_state(languages: dict[str, Language]) -> None:
    """CLDR knows "AU" as Australia; here it is the African Union, which sets norms."""
    assert languages["en"].market("AU") == "African Union"
    assert languages["zh"].market("AU") == "非洲联盟"
    assert languages["ar"].market("AU") == "الاتحاد الأفريقي"
    assert languages["en"].market("US") == "US"
    assert languages["en"].market("MMR") == "Myanmar"


def test_states_are_listed_as_their_names_read(languages: dict[str, Language]) -> None:
    """By code, Algeria (DZA) would stand between Dominica and Ethiopia."""
    codes = ["DMA", "DZA", "ETH"]

    assert languages["en"].by_name(codes) == ["DZA", "DMA", "ETH"]
    assert languages["zh"].by_name(codes) == codes


def test_arrows_follow_the_direction_of_reading(languages: dict[str, Language]) -> None:
    """An arrow to the right points back at where an Arabic sentence came from."""
    assert (languages["en"].arrow, languages["ar"].arrow) == ("→", "←")
    assert (languages["en"].back_arrow, languages["ar"].back_arrow) == ("←", "→")


def test_shares_are_floored_and_never_overstated(languages: dict[str, Language]) -> None:
    """A lower bound of 89.99 % must not read 90.0 %."""
    assert languages["en"].percent(899_999) == "89.9 %"
    assert languages["en"].percent(1_000_000) == "100.0 %"
    assert languages["en"].percent(0) == "0.0 %"


def test_ages_are_whole_and_never_negative(languages: dict[str, Language]) -> None:
    """Two clocks may disagree; a page does not speak of the future."""
    assert languages["en"].age(-5) == languages["en"].age(30) == "1 minute"
    assert languages["en"].age(7200) == "2 hours"
