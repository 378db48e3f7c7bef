# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is cut off: suppliers, jurisdictions, layers, or what an export rule blocks."""

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction

from comity.exposure.shock.network import NOT_ASKED, Node, Place
from comity.kernel.localtext import LocalText
from comity.kernel.truth import Truth, all_of, any_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An export rule with reach beyond its own territory.

    Args:
        of: Whose rule it is.
        layers: What it controls; empty for everything.
        suppliers: Whose goods it controls; empty for all of that state.
        targets: To whom nothing may go.
        threshold: A supplier abroad is bound where at least this share of what it delivers
            rests on controlled goods; None where the rule does not reach abroad.
        cite: Where it stands.
    """

    of: str
    layers: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()
    targets: frozenset[str]
    threshold: Fraction | None = None
    cite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is lost, all at once.

    Args:
        source: Where the facts behind it are from, by which basis.
        caution: What it leaves out.
    """

    id: str
    title: LocalText
    suppliers: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    source: str = ""
    basis: str = ""
    caution: str = ""
    rows: tuple[str, ...] = field(default_factory=tuple)


def is_struck(scenario: Scenario, node: Node) -> Truth:
    """Tell whether a node itself is cut off, by suppliers, jurisdictions and layers."""
    place = node.place
    if node.kind not in {"supplier", "component"}:
        return Truth.FALSE
    if node.layer in scenario.layers:
        return Truth.TRUE
    codes = frozenset(scenario.jurisdictions)
    questions = [(code, codes) for code in (place.jurisdiction, place.territory, place.owner)]
    if scenario.suppliers:
        names = frozenset(name.casefold() for name in scenario.suppliers)
        supplier = place.supplier if place.supplier is None else place.supplier.casefold()
        questions.append((supplier, names))
    return any_of([_among(value, values) for value, values in questions])


def is_controlled(rule: Rule, place: Place, layer: str) -> Truth:
    """Tell whether what a supplier delivers is itself under a rule."""
    if rule.layers and layer not in rule.layers:
        return Truth.FALSE
    if place == Place():
        return Truth.FALSE
    names = {name.casefold() for name in rule.suppliers}
    supplier = place.supplier if place.supplier is None else place.supplier.casefold()
    is_named = _among(supplier, names) if names else Truth.TRUE
    return all_of((_among(place.jurisdiction, {rule.of}), is_named))


def is_target(rule: Rule, node: Node) -> Truth:
    """Tell whether a buyer is one to whom nothing may go."""
    return any_of(_among(code, rule.targets) for code in node.seats)


def _among(value: str | None, values: Collection[str]) -> Truth:
    if value == NOT_ASKED:
        return Truth.FALSE
    if value is None:
        return Truth.UNDETERMINED if values else Truth.FALSE
    return Truth.from_bool(value in values)
