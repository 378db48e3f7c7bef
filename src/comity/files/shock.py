# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Scenarios on disk: what is cut off, as TOML, with the source of every rule."""

from fractions import Fraction
from pathlib import Path

from comity.errors import NotFound
from comity.exposure.material.layer import LAYERS
from comity.exposure.shock.scenario import Rule, Scenario
from comity.files.materials.country import no_state
from comity.files.materials.row import BASES
from comity.files.pack import SHIPPED
from comity.files.table import Table, open_table, settle
from comity.kernel.localtext import LocalText
from comity.kernel.material import PPM
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES

SCENARIOS = SHIPPED / "exposure" / "scenarios"


def shipped_scenarios() -> tuple[Scenario, ...]:
    """Read every scenario that comes with Comity, by name."""
    return tuple(read_shock(path) for path in sorted(SCENARIOS.glob("*.toml")))


def find_shock(name: str) -> Scenario:
    """Read a scenario: a file, or one that comes with Comity, by its name.

    Raises:
        NotFound: Neither (`files.no_shock`).
        InvalidDocument: Any fault in it.
    """
    path = Path(name)
    if path.suffix == ".toml":
        return read_shock(path)
    shipped = {path.stem: path for path in SCENARIOS.glob("*.toml")}
    if name in shipped:
        return read_shock(shipped[name])
    near = near_miss(name, shipped)
    raise NotFound(
        f"no scenario is called {name[:60]!r}",
        code="files.no_shock",
        hint=f"did you mean {near}?" if near else f"there are {', '.join(sorted(shipped))}",
    )


def read_shock(path: Path) -> Scenario:
    """Read a scenario.

    Raises:
        NotFound: No such file (`files.no_shock`).
        InvalidDocument: Any fault in it, all with their places (`files.shock`).
    """
    table = open_table(path, "shock")
    title = {tag: table.text(f"title_{tag}", default="") for tag in ("zh", "fr", "ar")}
    scenario = Scenario(
        id=path.stem,
        title=LocalText(
            by_tag={"en": table.text("title"), **{t: said for t, said in title.items() if said}}
        ),
        suppliers=table.texts("suppliers"),
        jurisdictions=_codes(table, "jurisdictions"),
        layers=_layers(table),
        rules=tuple(_rule(row) for row in table.tables("rule")),
        source=table.text("source"),
        basis=table.word("basis", BASES),
        caution=table.text("caution", default=""),
        rows=table.texts("rows"),
    )
    if not (scenario.suppliers or scenario.jurisdictions or scenario.layers or scenario.rules):
        message = "it removes nothing: name suppliers, jurisdictions, layers, or a [[rule]]"
        table.fault("title", message)
    table.finish()
    settle(table, "shock")
    return scenario


def _rule(row: Table) -> Rule:
    of = row.text("of")
    if of not in STATES and of != EUROPEAN_UNION:
        row.fault("of", *no_state(of))
    threshold = row.whole("threshold_ppm")
    if threshold is not None and threshold > PPM:
        row.fault("threshold_ppm", f"threshold_ppm is more than {PPM:,}")
    targets = _codes(row, "targets")
    if not targets:
        row.fault("targets", "a rule needs targets: to whom nothing may go")
    rule = Rule(
        of=of,
        layers=frozenset(_layers(row)),
        suppliers=frozenset(row.texts("suppliers")),
        targets=frozenset(targets),
        threshold=None if threshold is None else Fraction(threshold, PPM),
        cite=row.text("cite"),
    )
    row.finish()
    return rule


def _codes(table: Table, name: str) -> tuple[str, ...]:
    codes = table.texts(name)
    for code in codes:
        if code not in STATES and code != EUROPEAN_UNION:
            table.fault(name, *no_state(code))
    return codes


def _layers(table: Table) -> tuple[str, ...]:
    layers = table.texts("layers")
    for layer in layers:
        if layer not in LAYERS:
            message = f"{layer[:40]!r} is none of {', '.join(LAYERS)}"
            table.fault("layers", message, near_miss(layer, LAYERS))
    return layers
