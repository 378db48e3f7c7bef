# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What people are asked about: short opinions, and those left out with the reason."""

import re
import unicodedata
from dataclasses import dataclass

from comity.kernel.alike import look_of
from comity.kernel.digest import Digest

MAX_TEXT = 400
MAX_NAME = 64
MAX_OPINIONS = 1000
"""So many counts still fit one statement."""

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,6}")
_JOINERS = "\u200c\u200d"  # several scripts cannot be written without them
_FORMULA = ("=", "+", "-", "@", "'")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One opinion people agree or disagree with.

    Args:
        name: Short id, unique in its consultation.
        language: BCP 47 tag of the text.
        is_seed: The convener wrote it, so that the first people find something to answer.
    """

    name: str
    text: str
    language: str
    is_seed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An opinion that was handed in and is not asked, and why.

    Args:
        name: Its id, where it was asked before; else any that is free.
        sha256: Digest of its text, so that who wrote it finds it.
        text: None where the text itself may not be shown.
    """

    name: str
    sha256: Digest
    reason: str
    text: str | None = None


def name_flaw(name: str) -> str | None:
    """Say what is wrong with the id of an opinion or the name of a group, or None.

    Both stand in tables that people open in spreadsheets, and beside others they must be told
    from.
    """
    if len(name) > MAX_NAME:
        return f"is longer than {MAX_NAME} characters"
    if name.startswith(_FORMULA):
        return "begins as a formula of a spreadsheet does"
    if any(unicodedata.category(one) in {"Cc", "Cf"} and one not in _JOINERS for one in name):
        return "holds a sign that nobody sees"
    return None if look_of(name) else "shows nothing that can be read"


def is_tag(language: str) -> bool:
    """Tell whether a text has the form of a language tag (BCP 47), such as "pt-BR"."""
    return _TAG.fullmatch(language) is not None
