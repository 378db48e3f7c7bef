# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What every page is made of: the register of this moment, templates, and the rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from comity.desk.register import Register, View, open_register, state_of
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
        look: Takes the picture of this moment.
    """

    look: Callable[[], View]
    renderer: Renderer
    _kept: list[Register] = field(default_factory=list)

    def register(self) -> Register:
        """Return the register of this moment, indexed anew only when the logs have grown."""
        view = self.look()
        for kept in self._kept[-1:]:
            if kept.state == state_of(view):
                return replace(kept, view=view)
        register = open_register(view)
        self._kept[:] = [register]
        return register
