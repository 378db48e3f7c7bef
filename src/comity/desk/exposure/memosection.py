# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The five sections of a memo, each made of one sheet: figures with base and source."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from comity.desk.cooperation.sheet import AloneRow, MatchSheet, MatterRow, PairRow
from comity.desk.exposure.diversifysheet import (
    Bar,
    DiversifySheet,
    LayerRow,
    ReliefRow,
    StateRow,
    amount_of,
)
from comity.desk.exposure.leverage import LeverageSheet, PartnerRow, worst_of
from comity.desk.exposure.memoword import (
    between,
    index,
    listed,
    named,
    percent,
    plain,
    table,
    titled,
)
from comity.desk.exposure.sheet import ExposureSheet, LayerSheet, Segment
from comity.desk.exposure.shocking import EffectRow, ShockSheet
from comity.exposure.cooperate.effect import Effect
from comity.exposure.material.layer import LAYERS
from comity.exposure.measure.interval import known
from comity.exposure.shock.outcome import STOPPED

FORMULAS = "formulas in docs/spec/exposure.md"
_MOST_ROWS = 12
_MOST_HOLDERS = 5
_MOST_OFFERS = 10
_MOST_BARS = 3


def exposure_section(sheet: ExposureSheet) -> Iterator[str]:
    """Write what the state depends on, and what nobody says."""
    yield "## 1. What we depend on"
    yield from ("", "Per layer: who supplies it, by the state under whose law the supplier")
    yield "stands; which part is foreign; which part stays lost at short notice (lasting); how"
    yield "concentrated it is by firm, of 10,000 (one firm alone)."
    yield from table(
        ("layer", "whose law", "foreign", "lasting", "by firm", "own ground / firm / chips"),
        [_layer(one) for one in sheet.layers],
    )
    yield f"Base: the shares stated in {len(sheet.origins)} source(s) below; {FORMULAS}."
    stack = sheet.stack
    told = [
        f"Own supply: weakest {percent(stack.weakest)}, mean of all nine {percent(stack.mean)}."
    ]
    if stack.silent:
        told.append(f"Unknown: nobody speaks of {', '.join(map(named, stack.silent))}.")
    if sheet.unstated:
        silent = plain(", ".join(sheet.unstated))
        told.append(f"Unknown: nobody says what these suppliers rest on: {silent}.")
    told += [
        f"Layer {named(one.layer)} is none of the nine, so it stands for itself."
        for one in sheet.layers
        if one.layer not in LAYERS
    ]
    told += [f"Left out: {plain(place)}: {plain(why)}." for place, why in sheet.refused]
    yield from listed(told)


def _layer(one: LayerSheet) -> Sequence[str]:
    deep = one.sovereignty
    asked = () if deep is None else (deep.territory, deep.owner, deep.chips)
    return (
        named(one.layer),
        _holders(one.states),
        percent(one.dependence.foreign),
        percent(one.dependence.lasting),
        index(one.by_firm.index),
        " / ".join(map(percent, asked)) or "not asked",
    )


def _holders(segments: Sequence[Segment]) -> str:
    said = [f"{plain(one.label)} {percent(one.share)}" for one in segments[:_MOST_HOLDERS]]
    more = len(segments) - len(said)
    unsaid = 1 - sum((one.share.least for one in segments), Fraction(0))
    rest = [f"and {more} more"] if more else []
    return ", ".join(
        [*said, *rest, *([f"not stated {percent(known(unsaid))}"] if unsaid else [])]
    )


def shock_section(sheets: Sequence[ShockSheet]) -> Iterator[str]:
    """Write what each scenario would stop."""
    yield "## 2. What a shock would stop"
    yield from (
        "",
        f"To stop is to work at most {100 * STOPPED:g} %. Each scenario is run twice: with",
    )
    yield "everything unknown at its best, and at its worst. What *may* stop does so"
    yield "in the second run only."
    if not sheets:
        yield from ("", "No partner is named in anything stated, so no shock was run.", "")
    for sheet in sheets:
        yield from _shock(sheet)


def _shock(sheet: ShockSheet) -> Iterator[str]:
    one = sheet.scenario
    yield from ("", f"### {titled(one.title.in_language('en'))}", "")
    yield f"Source of the scenario: {_ground(one.basis, one.source)}."
    if one.caution:
        yield from ("", f"Caution: {plain(one.caution)}")
    if sheet.is_nothing:
        said = "**It removes nothing that anybody stated here: that does not say all is well.**"
        yield from ("", said)
    if sheet.is_everything:
        said = "**It removes everything that is stated here: every supplier and component.**"
        yield from ("", said)
    hit = [row for row in (*sheet.layers, *sheet.systems) if row.round is not None]
    if hit:
        yield from table(
            ("what", "fate", "still works", "direct suppliers alone", "recovers in"),
            [_effect(row) for row in hit[:_MOST_ROWS]],
        )
    elif not sheet.is_nothing:
        yield from ("", "No layer and no system that is stated is hit.", "")
    if len(hit) > _MOST_ROWS:
        yield f"And {len(hit) - _MOST_ROWS} more: `comity exposure shock` lists all."
    hidden = [plain(row.name) for row in hit if row.is_hidden]
    if hidden:
        yield f"A list of direct suppliers would not have shown it of: {', '.join(hidden)}."


def _effect(row: EffectRow) -> Sequence[str]:
    days = "not known" if row.recovery_days is None else f"{row.recovery_days} days"
    least = "" if row.recovery_days is None or row.is_recovery_known else "at least "
    fate = row.fate.replace("_", " ")
    return plain(row.name), fate, between(row.works_ppm), between(row.direct_ppm), least + days


def diversify_section(sheet: DiversifySheet | None) -> Iterator[str]:
    """Write the cheapest way out, and what no purchase fixes."""
    yield "## 3. The cheapest way out, and what no purchase fixes"
    yield ""
    if sheet is None:
        yield "No options were given: nobody says what a supplier costs, so nothing is planned."
        yield "Write an option file (docs/how-to/diversify.md) and make the memo again."
        return
    unit, ceiling = plain(sheet.unit), percent(known(sheet.ceiling))
    mark = " **The options are an example, made up.**" if sheet.is_example else ""
    yield f"Ceiling: no layer rests on any one other jurisdiction for more than {ceiling}, with"
    yield f"everything unknown at its worst. Base: {plain(sheet.title)}, amounts in {unit};"
    yield f"source {_ground(sheet.basis, sheet.source)}.{mark}"
    for state in sheet.states:
        yield from _plan(state)
        yield from _costs(sheet, state)
        yield from _irreducible(state.layers)


def _plan(state: StateRow) -> Iterator[str]:
    yield from table(
        ("layer", "supplier", "law", "now", "then", "new"),
        [
            (
                named(layer.layer),
                plain(one.supplier or one.name),
                plain(one.jurisdiction or "unknown"),
                percent(one.was),
                percent(known(one.share)),
                "yes" if one.is_new else "",
            )
            for layer in state.layers
            for one in layer.purchases
        ],
    )
    yield "What each layer rests on most, directly or through what suppliers rest on:"
    yield from table(
        ("layer", "now", "then"),
        [(named(one.layer), _bars(one.before), _bars(one.after)) for one in state.layers],
    )
    empty = [named(one.layer) for one in state.layers if not one.is_filled]
    if empty:
        yield f"The options cannot fill: {', '.join(empty)}."
    if state.no_options:
        left = ", ".join(map(named, state.no_options))
        yield f"Layers without any option, left as they are: {left}."
    if state.left_out:
        yield f"Suppliers without an option, left: {plain(', '.join(state.left_out))}."


def _bars(bars: Sequence[Bar]) -> str:
    top = [f"{plain(one.code)} {percent(one.share)}" for one in bars[:_MOST_BARS]]
    return ", ".join(top) or "nobody"


def _costs(sheet: DiversifySheet, state: StateRow) -> Iterator[str]:
    unit = plain(sheet.unit)
    parts = (
        f"running {amount_of(state.running)}, switching {amount_of(state.switching)}, "
        f"onboarding {amount_of(state.onboarding)}"
    )
    told = [f"Cost in all: {amount_of(sheet.cost)} ({unit}): {parts}."]
    if state.unsure:
        told.append(
            f"Up to {amount_of(state.unsure)} more: nobody says who holds what is left today."
        )
    if sheet.over_budget is not None:
        told.append(f"Over the budget by {amount_of(sheet.over_budget)} ({unit}).")
    checked = "were" if sheet.is_checked else "were **not**"
    told.append(f"Wholes, capacities and ceilings {checked} found kept, in exact fractions.")
    yield from listed(told)


def _irreducible(layers: Iterable[LayerRow]) -> Iterator[str]:
    stuck = [one for one in layers if one.excess]
    if not stuck:
        yield "Every layer that the options fill keeps the ceiling."
        return
    yield "No purchase fixes these layers; what stays above the ceiling is irreducible:"
    yield from listed(_stuck(one) for one in stuck)


def _stuck(one: LayerRow) -> str:
    proved = ", which is proved" if one.proved == one.excess else ""
    said = (
        f"Layer {named(one.layer)}: {percent(known(one.peak))} stays on one jurisdiction, "
        f"{percent(known(one.excess))} too much{proved}."
    )
    if one.relief is None:
        return said
    clash = plain("; ".join(one.relief.clashing))
    ways = "; ".join(_ways(one.relief, one.peak))
    return f"{said} These clash: {clash}. What would help: {ways}."


def _ways(relief: ReliefRow, peak: Fraction) -> Iterator[str]:
    """Name what no purchase gives: whatever lowers the peak, and own capacity."""
    for code, left in relief.alliances:
        yield f"an alliance with {plain(code)} (then {percent(known(left))} stays on others)"
    if not relief.alliances and relief.allied < peak:
        left = relief.allied
        yield f"an alliance with all of these (then {percent(known(left))} stays on others)"
    if relief.transfer < peak:
        kept = percent(known(relief.transfer))
        yield f"technology transfer for inputs (then {kept} stays)"
    yield f"own capacity of {percent(known(relief.own))} of the layer, which keeps the ceiling"


def leverage_section(sheet: LeverageSheet) -> Iterator[str]:
    """Write what either side loses if the other leaves."""
    yield "## 4. Leverage: who loses what, if somebody leaves"
    if not sheet.partners:
        yield from ("", "No partner is named in anything stated.")
        return
    yield from table(
        ("partner", "we lose, at the heaviest", "where", "it loses", "who else is named"),
        [_partner(one) for one in sheet.partners[:_MOST_ROWS]],
    )
    yield f"Base: what is stated of us and of them; {FORMULAS}. *Unknown* is not nothing: of"
    yield "most partners nobody stated what they rest on."


def _partner(one: PartnerRow) -> Sequence[str]:
    ours, theirs = one.worst, worst_of(one.partner_loses)
    where = [plain(row.name) for row in one.loses if row.lost.most][:3]
    others = dict.fromkeys((row.name, row.layer) for row in one.alternatives)
    said = [f"{plain(name)} ({named(layer)})" for name, layer in [*others][:4]]
    return (
        plain(one.partner),
        "unknown" if ours is None else percent(ours),
        ", ".join(where),
        "unknown" if theirs is None else percent(theirs),
        ", ".join(said) or "nobody",
    )


def match_section(sheet: MatchSheet) -> Iterator[str]:
    """Write who could help, and what their help does to dependence."""
    yield "## 5. Who could help"
    yield ""
    if not sheet.pairs and not sheet.alone:
        yield "No need of ours was given (docs/how-to/find-partners.md), so nothing was paired."
        yield "What is known to be on offer, none of it a promise to us:"
        yield from listed(_offer(one.offer) for one in sheet.spare[:_MOST_OFFERS])
        if len(sheet.spare) > _MOST_OFFERS:
            more = len(sheet.spare) - _MOST_OFFERS
            yield f"And {more} more: `comity cooperate list --records`."
        return
    yield f"Needs and offers paired on {sheet.on}, each with what it does to dependence."
    yield from listed([*map(_pair, sheet.pairs), *map(_alone, sheet.alone)])


def _pair(one: PairRow) -> str:
    does = [_does(each) for each in one.effects]
    effect = "; ".join(does) or "unknown, as nobody said what it brings into the stack"
    return f"Need {plain(one.need.title)}: {_offer(one.offer)}. Dependence: {effect}."


def _does(one: Effect) -> str:
    law = plain(one.jurisdiction or "an unknown law")
    mark = ", assumed" if one.assumed else ""
    shares = f"{percent(one.before)} to {percent(one.after)}{mark}"
    return f"{named(one.layer)}: {one.sense.value} {law} ({shares})"


def _alone(one: AloneRow) -> str:
    missing = "" if one.missing is None else f", {one.missing:,} missing"
    tried = [
        f"{plain(row.title)}: {plain('; '.join(why) or 'spent on others')}"
        for row, why in one.reasons[:3]
    ]
    because = "; ".join(tried) or "nobody offers anything of the sort"
    return (
        f"Not met in full{missing}: {plain(one.need.title)}. Offers that do not fit: {because}."
    )


def _offer(row: MatterRow) -> str:
    stands = row.standing
    marks = [
        *(["example, made up"] if stands.example else []),
        *([f"status: {plain(stands.status)}"] if stands.status else []),
        *([f"unverified: {plain(stands.unverified)}"] if stands.unverified else []),
        *(["nobody said for whom"] if row.recipients_unstated else []),
        f"source {_ground(stands.basis, stands.source or stands.place)}",
    ]
    return f"Offer {plain(row.title)}, by {plain(stands.by or 'unknown')} ({'; '.join(marks)})"


def _ground(basis: str, source: str) -> str:
    return f"{plain(source) or 'not stated'}{f' (known from: {plain(basis)})' if basis else ''}"
