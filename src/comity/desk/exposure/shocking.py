# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a shock leaves working, over what the logs and files state."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comity.desk.supply.grounds import Grounds
from comity.desk.supply.origin import Origin
from comity.errors import Fault, InvalidDocument
from comity.exposure.material.layer import LAYERS
from comity.exposure.shock.network import Network, Range
from comity.exposure.shock.outcome import STOPPED, Effect, Fate, Outcome, shock
from comity.exposure.shock.scenario import Scenario
from comity.exposure.shock.sharing import UNKNOWN, Assumption
from comity.exposure.shock.wiring import State, wire
from comity.exposure.shock.worst import Loss, Worst, worst
from comity.kernel.canonical import Json
from comity.kernel.material import PPM

MAX_TOGETHER = 10
"""Suppliers lost together that are searched for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """What becomes of one thing.

    Args:
        kind: "system", "state" (a layer of a state), "supplier" or "component".
        works_ppm: How far it works, pessimistic and optimistic run, in millionths.
        direct_ppm: The same where only direct suppliers count.
        round: Steps of the cascade until it is first hit; None where it is not.
    """

    name: str
    kind: str
    layer: str
    markets: tuple[str, ...]
    fate: str
    works_ppm: tuple[int, int]
    direct_ppm: tuple[int, int]
    round: int | None
    recovery_days: int | None
    is_recovery_known: bool

    @property
    def is_hidden(self) -> bool:
        """Tell whether the loss shows only beyond the direct suppliers."""
        return self.direct_ppm[0] > self.works_ppm[0]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "layer": self.layer,
            "markets": list(self.markets),
            "fate": self.fate,
            "works_ppm": list(self.works_ppm),
            "direct_ppm": list(self.direct_ppm),
            "round": self.round,
            "recovery_days": self.recovery_days,
            "recovery_known": self.is_recovery_known,
            "hidden": self.is_hidden,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ShockSheet:
    """One scenario over one state, or over everything that is registered.

    Args:
        assumed: What was assumed where nobody said; None leaves the whole range open.
        systems: In the order in which they are hit.
        layers: Of the state, from the ground up; of several, state by state.
        chain: Suppliers and components that are hit, in order.
        markets: By market, how many systems that serve it meet which fate.
    """

    state: str
    scenario: Scenario
    assumed: Assumption
    is_nothing: bool
    is_everything: bool
    systems: tuple[EffectRow, ...]
    layers: tuple[EffectRow, ...]
    chain: tuple[EffectRow, ...]
    markets: tuple[tuple[str, str, int], ...]
    origins: tuple[Origin, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it."""
        return {
            "state": self.state,
            "scenario": _scenario_json(self.scenario),
            "assumed": _assumed_json(self.assumed),
            "stopped_at_ppm": round(STOPPED * PPM),
            "removes_nothing": self.is_nothing,
            "removes_everything": self.is_everything,
            "systems": [one.to_json() for one in self.systems],
            "layers": [one.to_json() for one in self.layers],
            "chain": [one.to_json() for one in self.chain],
            "markets": [
                {"market": market, "fate": fate, "systems": count}
                for market, fate, count in self.markets
            ],
            "origins": [one.to_json() for one in self.origins],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstSheet:
    """The suppliers it would be worst to lose."""

    state: str
    assumed: Assumption
    targets: int
    found: Worst
    origins: tuple[Origin, ...]

    def to_json(self) -> dict[str, Json]:
        """Write it; losses in millionths of what the targets do."""
        return {
            "state": self.state,
            "assumed": _assumed_json(self.assumed),
            "targets": self.targets,
            "together": _loss_json(self.found.together),
            "bound_ppm": _ppm(self.found.bound),
            "is_exact": self.found.is_exact,
            "single": [_loss_json(one) for one in self.found.single],
            "origins": [one.to_json() for one in self.origins],
        }


def shock_sheet(
    grounds: Grounds, scenario: Scenario, assumed: Assumption = UNKNOWN
) -> ShockSheet:
    """Run a scenario over what was gathered."""
    outcome = shock(_network(grounds, assumed), scenario)
    systems = _rows(outcome, ("system",))
    hit = [one for one in _rows(outcome, ("supplier", "component")) if one.round is not None]
    return ShockSheet(
        state=grounds.state,
        scenario=scenario,
        assumed=assumed,
        is_nothing=outcome.is_nothing,
        is_everything=outcome.is_everything,
        systems=tuple(sorted(systems, key=_order)),
        layers=tuple(sorted(_rows(outcome, ("state",)), key=_from_the_ground)),
        chain=tuple(sorted(hit, key=_order)),
        markets=_markets(systems),
        origins=grounds.origins,
    )


def worst_sheet(grounds: Grounds, together: int, assumed: Assumption = UNKNOWN) -> WorstSheet:
    """Find the suppliers whose loss together costs most: a state's layers, else systems.

    Raises:
        InvalidDocument: The number is not from 1 to `MAX_TOGETHER` (`desk.worst`).
    """
    if not 1 <= together <= MAX_TOGETHER:
        message = f"--worst {together} is not from 1 to {MAX_TOGETHER}"
        raise InvalidDocument(message, code="desk.worst", faults=[Fault(message=message)])
    network = _network(grounds, assumed)
    targets = network.of_kind("state") or network.of_kind("system")
    return WorstSheet(
        state=grounds.state,
        assumed=assumed,
        targets=len(targets),
        found=worst(network, [one.key for one in targets], together),
        origins=grounds.origins,
    )


def names_in(grounds: Grounds) -> frozenset[str]:
    """Return every supplier that a bill or a record names."""
    stated = (one for bill in grounds.bills for one in bill.materials)
    return frozenset(one.supplier for one in (*stated, *grounds.supplies) if one.supplier)


def _network(grounds: Grounds, assumed: Assumption) -> Network:
    codes = {bill.seat for bill in grounds.bills if not bill.is_system}
    states = [
        State(code=code, bills=tuple(bill for bill in grounds.bills if code in bill.markets))
        for code in ([grounds.state] if grounds.state else sorted(codes))
    ]
    return wire(grounds.bills, grounds.supplies, states, assume=assumed)


def _rows(outcome: Outcome, kinds: Sequence[str]) -> list[EffectRow]:
    return [
        _row(effect)
        for effect in outcome.effects.values()
        if effect.node.kind in kinds and effect.node.label
    ]


def _row(effect: Effect) -> EffectRow:
    return EffectRow(
        name=effect.node.label,
        kind=effect.node.kind,
        layer=effect.node.layer,
        markets=effect.node.markets,
        fate=effect.fate.value,
        works_ppm=_both(effect.works),
        direct_ppm=_both(effect.direct),
        round=effect.round,
        recovery_days=effect.recovery_days,
        is_recovery_known=effect.is_recovery_known,
    )


def _from_the_ground(row: EffectRow) -> tuple[tuple[str, ...], bool, int, str]:
    """Order by state, then by layer; a layer that only somebody's own word names comes last."""
    is_own_word = row.layer not in LAYERS
    return row.markets, is_own_word, 0 if is_own_word else LAYERS.index(row.layer), row.layer


def _order(row: EffectRow) -> tuple[bool, int, int, str]:
    is_spared = row.round is None
    return is_spared, row.round or 0, row.works_ppm[1] + row.works_ppm[0], row.name


def _markets(systems: Iterable[EffectRow]) -> tuple[tuple[str, str, int], ...]:
    counts: dict[tuple[str, str], int] = {}
    for row in systems:
        for market in row.markets:
            counts[market, row.fate] = counts.get((market, row.fate), 0) + 1
    words = [fate.value for fate in Fate]
    rows = ((market, fate, count) for (market, fate), count in counts.items())
    return tuple(sorted(rows, key=lambda one: (one[0], words.index(one[1]))))


def _both(found: Range) -> tuple[int, int]:
    return _ppm(found.low), _ppm(found.high)


def _ppm(share: float) -> int:
    return round(share * PPM)


def _loss_json(loss: Loss) -> dict[str, Json]:
    return {
        "suppliers": list(loss.suppliers),
        "loss_ppm": _ppm(loss.loss),
        "certain_ppm": _ppm(loss.certain),
    }


def _assumed_json(assumed: Assumption) -> dict[str, Json]:
    return {"substitute_ppm": assumed.substitute_ppm, "need_ppm": assumed.need_ppm}


def _scenario_json(scenario: Scenario) -> dict[str, Json]:
    return {
        "id": scenario.id,
        "title": dict(scenario.title.by_tag),
        "suppliers": list(scenario.suppliers),
        "jurisdictions": list(scenario.jurisdictions),
        "layers": list(scenario.layers),
        "rules": [
            {
                "of": rule.of,
                "layers": sorted(rule.layers),
                "suppliers": sorted(rule.suppliers),
                "targets": sorted(rule.targets),
                "threshold_ppm": None
                if rule.threshold is None
                else round(rule.threshold * PPM),
                "cite": rule.cite,
            }
            for rule in scenario.rules
        ],
        "source": scenario.source,
        "basis": scenario.basis,
        "rows": list(scenario.rows),
        "caution": scenario.caution,
    }
