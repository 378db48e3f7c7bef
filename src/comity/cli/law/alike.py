# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Rulings as a reader counts them: a norm once, with the roles for which it is the same."""

from collections.abc import Iterable

from comity.law.determine import Determination, Ruling


def once(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Return the first ruling of those that say the same of a norm in several roles."""
    found: dict[object, Ruling] = {}
    for ruling in rulings:
        found.setdefault(_said(ruling), ruling)
    return list(found.values())


def roles_alike(ruling: Ruling, determination: Determination) -> str:
    """Name the roles for which the norm is the same; nothing where only one was asked."""
    if len(determination.roles) < 2 or ruling.role is None:
        return ""
    said = _said(ruling)
    return ", ".join(
        each.role.value
        for each in determination.rulings
        if each.norm.name == ruling.norm.name and each.role and _said(each) == said
    )


def is_permission(ruling: Ruling) -> bool:
    """Tell whether a binding norm only allows something: it is no duty."""
    return ruling.is_binding and ruling.norm.only_permits


def _said(ruling: Ruling) -> object:
    shown = (ruling.status, ruling.truth, ruling.decided_by, ruling.unsettled)
    return (ruling.pack.name, ruling.norm.name, *shown)
