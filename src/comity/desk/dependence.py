# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the registered systems depend on, as far as their providers say."""

from collections.abc import Iterable

from comity.desk.case import read_or_none
from comity.desk.duties import library
from comity.desk.shelf import Shelf
from comity.exposure.concentration import Concentration, concentrate
from comity.exposure.material import Material
from comity.kernel.canonical import Json
from comity.law.profile import Component
from comity.law.statement import Registration, from_system_json


def dependence_of(shelf: Shelf) -> tuple[Concentration, ...]:
    """Return how concentrated each layer is over the newest version of every system.

    Raises:
        InvalidDocument: A registered system states more than the whole of a layer.
    """
    newest: dict[tuple[str, str], Registration] = {}
    for said in shelf.of_kind("system"):
        registration = read_or_none(_read, said)
        if registration is not None:
            newest[said.member, registration.profile.system] = registration
    return concentrate(_materials(one.profile.materials) for one in newest.values())


def _read(predicate: Json) -> Registration:
    return from_system_json(dict(predicate), library().vocabulary.facts)  # type: ignore[arg-type]  # an object, or the reader says so


def _materials(parts: Iterable[Component]) -> list[Material]:
    return [
        Material(
            layer=part.layer,
            name=part.name,
            supplier=part.supplier,
            jurisdiction=part.jurisdiction,
            share_ppm=part.share_ppm,
        )
        for part in parts
    ]
