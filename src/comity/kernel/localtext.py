# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A text in several languages, by BCP 47 tag, and which of them has been reviewed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalText:
    """One text in one or more languages.

    Args:
        by_tag: Text by BCP 47 tag, such as {"en": "…", "zh": "…"}.
        drafts: Tags whose text no reader of that language has reviewed.
    """

    by_tag: Mapping[str, str]
    drafts: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Freeze the mapping."""
        object.__setattr__(self, "by_tag", MappingProxyType(dict(self.by_tag)))

    def in_language(self, tag: str) -> str:
        """Return the text in *tag*, else in its base language, in English, or in the first."""
        base = tag.split("-", maxsplit=1)[0]
        wanted = (self.by_tag.get(each) for each in (tag, base, "en"))
        return next(filter(None, (*wanted, *self.by_tag.values())), "")
