# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Other people's text made harmless to look at: no hidden characters, no endless names.

Escaping is the templates' business (autoescape); this is about what escaping lets through.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from comity.kernel.canonical import Json

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Controls, invisible signs and every sign that turns the direction of its neighbours;
and what no XML may hold (XML 1.0, section 2.2), or one name would break a whole feed.

Joiners (U+200C, U+200D) stay: several scripts cannot be written without them.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A text and the language it is in."""

    tag: str
    text: str


def to_plain(text: object, limit: int = 300) -> str:
    """Write a text on one line with hidden characters named, cut at *limit* characters."""
    words = " ".join(_named(str(text)[: limit + 1]).split())
    return words if len(str(text)) <= limit else f"{words[:limit]}…"


def to_plain_block(text: str, limit: int) -> str:
    """Write a text with its line breaks, hidden characters named, cut at *limit*."""
    return _named(text) if len(text) <= limit else f"{_named(text[:limit])}…"


def to_pretty(value: Json) -> str:
    """Write a JSON value with one field a line."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True, default=dict)


def choose(texts: Mapping[str, str], tag: str) -> Choice:
    """Choose a text in *tag*, else in English, else the first there is."""
    for wanted in (tag, "en", *texts):
        for name, text in texts.items():
            if text and (name == wanted or name.split("-", maxsplit=1)[0] == wanted):
                return Choice(
                    tag=name if re.fullmatch(r"[A-Za-z0-9-]{2,35}", name) else "und", text=text
                )
    return Choice(tag=tag, text="")


def _named(text: str) -> str:
    return _HIDDEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)
