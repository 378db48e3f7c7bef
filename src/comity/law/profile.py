# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Profiles: one version of a system, its answers, and what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from comity.kernel.ids import MarketCode
from comity.kernel.localtext import LocalText
from comity.law.fact import Answer
from comity.law.norm import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One part a system is made of, as its provider names it.

    Args:
        share_ppm: Share of its layer, parts per million; None where nobody said.
    """

    layer: str
    name: str
    supplier: str | None = None
    jurisdiction: str | None = None
    share_ppm: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What is known of one version of a system.

    Args:
        system: A slug, such as "relief-translator".
        roles: What the author is to the system; empty where nobody said.
        answers: By fact name; what is not there was not asked.
        markets: Where it is offered; None where nobody said.
    """

    system: str
    version: str = ""
    name: LocalText
    purpose: LocalText
    provider: str = ""
    example: bool = False
    roles: tuple[Role, ...] = ()
    markets: tuple[MarketCode, ...] | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    materials: tuple[Component, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the answers."""
        object.__setattr__(self, "answers", MappingProxyType(dict(self.answers)))

    def answering(self, fact: str, answer: Answer) -> "Profile":
        """Return the profile with one more answer, or another one."""
        return replace(self, answers={**self.answers, fact: answer})
