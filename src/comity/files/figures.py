# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Public figures of dependence that come with Comity, each with source and basis."""

from dataclasses import dataclass, replace
from pathlib import Path

from comity.exposure.material.bill import Bill
from comity.exposure.material.layer import LAYERS
from comity.exposure.measure.concentration import concentrate
from comity.exposure.measure.interval import Interval
from comity.files.materials.row import BASES, material_of
from comity.files.pack import SHIPPED
from comity.files.table import Table, open_table, settle
from comity.files.toml import Path as TomlPath
from comity.kernel.material import Material

FIGURES = SHIPPED / "exposure" / "figures.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published figure.

    Args:
        said: What was published, in words.
        materials: The shares it states, from which our own index is computed; else none.
        index: The concentration by firm that those shares allow.
        gap: What it leaves unknown.
    """

    id: str
    layer: str
    when: str
    where: str
    said: str
    materials: tuple[Material, ...]
    index: Interval | None
    source: str
    basis: str
    gap: str


def read_figures(path: Path = FIGURES) -> tuple[Figure, ...]:
    """Read the figures of a file.

    Raises:
        NotFound: No such file.
        InvalidDocument: Any fault in it, all with their places (`files.figures`).
    """
    table = open_table(path, "figures")
    figures = tuple(_figure(row) for row in table.tables("figure"))
    table.finish()
    settle(table, "figures")
    return tuple(_with_index(figure) if figure.materials else figure for figure in figures)


def _figure(row: Table) -> Figure:
    figure = Figure(
        id=row.text("id"),
        layer=row.word("layer", LAYERS),
        when=row.text("when"),
        where=row.text("where"),
        said=row.text("said"),
        materials=tuple(_material(one, row.text("layer")) for one in row.tables("share")),
        index=None,
        source=row.text("source"),
        basis=row.word("basis", BASES),
        gap=row.text("gap"),
    )
    row.finish()
    return figure


def _material(row: Table, layer: str) -> Material:
    def fault(field: TomlPath, message: str, near: str | None) -> None:
        row.faults.append(row.toml.fault((*row.path, *field), message, near=near))

    return material_of({"layer": layer, **row.row}, fault)


def _with_index(figure: Figure) -> Figure:
    bill = Bill(key=figure.id, name=figure.id, materials=figure.materials)
    return replace(figure, index=concentrate([bill], figure.layer, "firm").index)
