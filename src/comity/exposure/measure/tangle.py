# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Loose shares that touch one another, directly or through others, apart from all the rest."""

from collections.abc import Iterable
from typing import TypeAlias, TypeVar

Amount = TypeVar("Amount")
Loose: TypeAlias = tuple[frozenset[str], Amount]
"""A share that falls to the holders of a set, nobody says how."""


def tangles(loose: Iterable[Loose[Amount]]) -> list[list[Loose[Amount]]]:
    """Put together what has a holder in common; each tangle can be looked at for itself.

    >>> [len(one) for one in tangles([(frozenset("ab"), 1), (frozenset("c"), 1)])]
    [1, 1]
    """
    above: dict[str, str] = {}

    def root(name: str) -> str:
        while above[name] != name:
            above[name] = above[above[name]]
            name = above[name]
        return name

    every = list(loose)
    for names, _ in every:
        for name in names:
            above.setdefault(name, name)
        first = root(min(names))
        for name in names:
            above[root(name)] = first
    found: dict[str, list[Loose[Amount]]] = {}
    for one in every:
        found.setdefault(root(min(one[0])), []).append(one)
    return list(found.values())
