# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The languages of the pages: their messages, direction, numbers and dates."""

import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from types import MappingProxyType

from babel import Locale, dates, numbers
from babel.core import get_global
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

TAGS = ("en", "zh", "ar")
"""Languages of the pages, in the order of the switch; the first is the fallback."""

_LANG = {"en": "en", "zh": "zh-Hans", "ar": "ar"}
_NAMES: Mapping[str, tuple[str, str, str]] = {
    "ASEAN": ("ASEAN", "东盟", "رابطة آسيان"),
    "AU": ("African Union", "非洲联盟", "الاتحاد الأفريقي"),
    "BRICS": ("BRICS", "金砖国家", "مجموعة بريكس"),
    "CELAC": ("CELAC", "拉共体", "مجموعة سيلاك"),
    "COE": ("Council of Europe", "欧洲委员会", "مجلس أوروبا"),
    "G7": ("G7", "七国集团", "مجموعة السبع"),
    "MMR": ("Myanmar", "缅甸", "ميانمار"),
    "OECD": ("OECD", "经合组织", "منظمة التعاون الاقتصادي والتنمية"),
    "SUMMIT": ("AI summits", "人工智能峰会", "قمم الذكاء الاصطناعي"),
    "UNESCO": ("UNESCO", "联合国教科文组织", "اليونسكو"),
}
"""Names in the languages of `TAGS`: of bodies that set norms, which are no territories of CLDR
("AU" there is Australia), and of a state that CLDR also calls by a name it gave up."""

_TERRITORY = re.compile("[A-Z]{3}|EU|UN")
_REVIEWED_HEADER = "X-Reviewed-By"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One language of the pages.

    Args:
        tag: As it stands in a URL, such as "zh".
        lang: As it stands in `lang`, such as "zh-Hans".
        direction: "ltr" or "rtl".
        name: Its name in itself.
        reviewed: False where no reader of the language has read the messages.
    """

    tag: str
    lang: str
    direction: str
    name: str
    reviewed: bool
    locale: Locale
    messages: NullTranslations

    def number(self, value: int) -> str:
        """Write a whole number."""
        return str(numbers.format_decimal(value, locale=self.locale))

    def percent(self, share_ppm: int) -> str:
        """Write parts per million as a percentage, to one decimal, rounded down."""
        share = share_ppm // 1000 / 1000
        return str(numbers.format_percent(share, format="#,##0.0 %", locale=self.locale))

    def date(self, day: dt.date) -> str:
        """Write a calendar date in long form."""
        return dates.format_date(day, format="long", locale=self.locale)

    def moment(self, instant: dt.datetime) -> str:
        """Write an instant to the minute, in UTC."""
        clock = dates.format_datetime(instant, "HH:mm", tzinfo=dt.UTC, locale=self.locale)
        return f"{self.date(instant.astimezone(dt.UTC).date())} {clock} UTC"

    def market(self, code: str) -> str:
        """Name a market by its ISO 3166 alpha-3 code, or a body; another stands for itself."""
        if code in _NAMES:
            return _NAMES[code][TAGS.index(self.tag)]
        if not _TERRITORY.fullmatch(code):
            return code
        aliases = get_global("territory_aliases").get(code, [code])
        return str(self.locale.territories.get(aliases[0], code))

    def by_name(
        self, codes: Iterable[str], names: Mapping[str, str] = MappingProxyType({})
    ) -> Sequence[str]:
        """Sort codes as their names read in this language; Chinese ones stay by code.

        Args:
            names: Those of some codes that are shown in place of the usual ones.
        """
        if self.tag == "zh":
            return sorted(codes)
        return sorted(codes, key=lambda code: names.get(code) or self.market(code))

    @property
    def arrow(self) -> str:
        """Point on, in the direction of reading."""
        return "←" if self.direction == "rtl" else "→"

    @property
    def back_arrow(self) -> str:
        """Point back, against the direction of reading."""
        return "→" if self.direction == "rtl" else "←"

    def age(self, seconds: int) -> str:
        """Write a duration in its largest unit."""
        return dates.format_timedelta(
            dt.timedelta(seconds=max(60, seconds)), granularity="minute", locale=self.locale
        )


def load_languages() -> Mapping[str, Language]:
    """Read every language from the messages beside the package."""
    return {tag: _load(tag) for tag in TAGS}


def negotiate(header: str, tags: Sequence[str] = TAGS) -> str:
    """Return the tag an `Accept-Language` header likes best, else the first.

    Source:
        RFC 9110, section 12.5.4.

    >>> negotiate("fr, zh-CN;q=0.8, en;q=0.2")
    'zh'
    """
    liked: list[tuple[float, str]] = []
    for part in header[:1000].split(","):
        name, _, quality = part.partition(";q=")
        base = name.strip().split("-", maxsplit=1)[0].lower()
        weight = _weight(quality)
        if base in tags and weight > 0:
            liked.append((weight, base))
    return max(liked, key=lambda pair: pair[0])[1] if liked else tags[0]


def read_catalog(tag: str) -> Catalog:
    """Read the messages of one language as they stand in the package."""
    source = files("comity.locale").joinpath(f"{tag}.po").read_bytes()
    return read_po(io.BytesIO(source), locale=tag, abort_invalid=True)


def _load(tag: str) -> Language:
    locale = Locale.parse(_LANG[tag].replace("-", "_"))
    messages, reviewed = NullTranslations(), True
    if tag != TAGS[0]:
        catalog = read_catalog(tag)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        messages = GNUTranslations(compiled)
        reviewed = bool(dict(catalog.mime_headers).get(_REVIEWED_HEADER, "").strip())
    return Language(
        tag=tag,
        lang=_LANG[tag],
        direction=locale.text_direction,
        name=locale.get_language_name() or tag,
        reviewed=reviewed,
        locale=locale,
        messages=messages,
    )


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
