# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What every page is made of: the register of this moment, templates, and the rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from comity.desk.finding.download import Dossiers
from comity.desk.register.lookout import Lookout
from comity.web.render import Renderer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, as plain values.

    Args:
        parts: What the address names, such as {"system": "ab12…"}.
        query: Pairs of the query string, in order.
        form: Pairs of a posted form; None where nothing was posted.
        base: Scheme and host.
    """

    tag: str
    parts: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    form: Sequence[tuple[str, str]] | None
    base: str

    def one(self, name: str) -> str:
        """Return the last value of a name in the query, or ""."""
        return dict(self.query).get(name, "")

    def page(self) -> int:
        """Return the page of a list asked for, from 1."""
        number = self.one("page")
        return int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A node's register as a web site.

    Args:
        dossiers: Puts a finding into one file to take home; None where there is no node.
    """

    lookout: Lookout
    renderer: Renderer
    dossiers: Dossiers | None = None
    has_api: bool = False
