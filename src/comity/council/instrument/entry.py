# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether and when an instrument entered into force, what is missing, and what is in doubt."""

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import assert_never

from comity.council.instrument.instrument import Entry, Instrument
from comity.council.rule.decide import Reason, decide
from comity.council.rule.floor import Answer, Floor, Weights
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Number, Rule, Share
from comity.kernel.truth import Truth

NO_DOUBT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The act by which a state first consented, as far as entry into force is concerned.

    Args:
        doubt: Why it may not count, as a plain sentence; "" where it surely does.
    """

    on: dt.date
    doubt: str = NO_DOUBT


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """What is to be said of an instrument's entry into force on a day.

    Args:
        truth: Undetermined where the record may be short of acts, or consents are in doubt.
        on: The day of it; past or to come.
        met_on: The day on which its condition held first.
        computed_on: From the acts held alone, without what the record says.
        says: The condition, in words.
        why: One sentence.
        missing: What its condition still lacks, one clause each.
        doubts: What keeps the answer open.
        reason: The condition on the day asked about, part by part; None where unknown.
    """

    truth: Truth
    on: dt.date | None
    met_on: dt.date | None
    computed_on: dt.date | None
    says: str
    why: str
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    reason: Reason | None = None


def in_force(
    instrument: Instrument, consents: Mapping[str, Consent], as_of: dt.date
) -> InForce:
    """Say whether and when an instrument entered into force.

    Args:
        consents: State to its first consent, none of them after *as_of*.
    """
    if not isinstance(instrument.entry, Entry):
        return _unknown(instrument, instrument.entry.reason, as_of)
    entry = instrument.entry
    firm = {state: one.on for state, one in consents.items() if not one.doubt}
    every = {state: one.on for state, one in consents.items()}
    met_on, perhaps_met_on = _met_on(instrument, firm), _met_on(instrument, every)
    computed = _entered_on(entry, met_on)
    perhaps = _entered_on(entry, perhaps_met_on)
    found = InForce(
        truth=Truth.FALSE, on=instrument.in_force_on or computed,
        met_on=instrument.met_on or met_on,
        computed_on=computed, says=condition_in_words(entry.rule), why="",
        doubts=tuple(_doubts(instrument, consents, (computed, perhaps), as_of)),
        reason=decide(entry.rule, floor_of(instrument, firm)),
        missing=() if met_on else lacking(entry.rule, floor_of(instrument, firm)),
    )  # fmt: skip
    return _judged(instrument, found, as_of, has_any=bool(consents))


def floor_of(instrument: Instrument, consents: Mapping[str, object]) -> Floor:
    """Return the floor on which those that consented said yes."""
    grouped = (state for group in instrument.groups.values() for state in group)
    weighed = (state for table in instrument.weights.values() for state in table.values)
    open_to = instrument.open_to or ()
    seats = frozenset((*consents, *grouped, *weighed, *open_to))
    return Floor(
        seats=seats, answers=dict.fromkeys(consents, Answer.YES), groups=instrument.groups,
        weights={name: _filled(table, seats) for name, table in instrument.weights.items()},
    )  # fmt: skip


def condition_in_words(rule: Rule) -> str:
    """Say for which consents a condition holds."""
    match rule:
        case Leaf():
            return _leaf_in_words(rule)
        case All(parts=parts):
            return " and ".join(map(condition_in_words, parts))
        case AtLeast(count=1, parts=parts):
            return " or ".join(map(condition_in_words, parts))
        case AtLeast(count=count, parts=parts):
            return f"{count} of: {'; '.join(map(condition_in_words, parts))}"
        case Not(part=part):
            return f"not ({condition_in_words(part)})"
        case Across(family=family, missing=missing, leaf=leaf):
            but = f" but {missing}" if missing else ""
            return f"{_leaf_in_words(leaf)} in every {family}{but}"
        case _:
            assert_never(rule)


def lacking(rule: Rule, floor: Floor) -> tuple[str, ...]:
    """Say what a condition still lacks, one clause each; nothing where it holds."""
    if decide(rule, floor).passed:
        return ()
    match rule:
        case Leaf():
            return (_leaf_lacks(rule, floor),)
        case All(parts=parts):
            return tuple(said for part in parts for said in lacking(part, floor))
        case AtLeast(count=1, parts=parts):
            return (" or ".join(" and ".join(lacking(part, floor)) for part in parts),)
        case AtLeast() | Not():
            return (condition_in_words(rule),)
        case Across(family=family, leaf=leaf):
            short = (replace(leaf, within=group) for group in floor.family(family))
            return tuple(said for part in short for said in lacking(part, floor))
        case _:
            assert_never(rule)


def _met_on(instrument: Instrument, consents: Mapping[str, dt.date]) -> dt.date | None:
    """Return the first day on which enough had consented; later consents cannot move it."""
    if not isinstance(instrument.entry, Entry):
        return None
    for day in sorted(set(consents.values())):
        so_far = [state for state, on in consents.items() if on <= day]
        floor = floor_of(instrument, dict.fromkeys(so_far))
        if decide(instrument.entry.rule, floor).passed:
            return day
    return None


def _entered_on(entry: Entry, met_on: dt.date | None) -> dt.date | None:
    if met_on is None:
        return None
    return max(entry.delay.after(met_on), entry.not_before or dt.date.min)


def _doubts(
    instrument: Instrument,
    consents: Mapping[str, Consent],
    days: tuple[dt.date | None, dt.date | None],
    as_of: dt.date,
) -> Iterator[str]:
    firmly, perhaps = days
    recorded = instrument.in_force_on
    if firmly != perhaps and recorded is None:
        doubtful = [
            f"{state}: {one.doubt}" for state, one in sorted(consents.items()) if one.doubt
        ]
        yield (
            f"were every consent to count, it would enter into force on {perhaps}; in doubt "
            f"are {'; '.join(doubtful)}"
        )
    if firmly is None and recorded is None and not instrument.is_complete:
        yield f"the record, which reaches to {instrument.known_to}, may lack acts"
    elif firmly is None and recorded is None and as_of > instrument.known_to:
        yield (
            f"the record reaches to {instrument.known_to}; an act after that day, or one that "
            "nobody reported, would not stand in it"
        )
    if firmly is None and recorded is None:
        yield from _unweighed(instrument, consents)
        uncounted = sorted(state for state, one in consents.items() if one.doubt)
        if uncounted:
            yield f"not counted here, as in doubt: {', '.join(uncounted)}"
    if recorded is not None and firmly is not None and recorded != firmly:
        yield f"the record says {recorded}, and the acts held here give {firmly}"


def _unweighed(instrument: Instrument, consents: Mapping[str, Consent]) -> Iterator[str]:
    for name, table in sorted(instrument.weights.items()):
        unknown = sorted(consents.keys() - table.values.keys())
        if unknown:
            yield f"the {name} of {', '.join(unknown)} is not held here and counts for nothing"


def _judged(
    instrument: Instrument, found: InForce, as_of: dt.date, *, has_any: bool
) -> InForce:
    held = "" if has_any else "none is recorded, "
    needs = f"it needs consent to be bound by {found.says}: {held}"
    lacks = f"{needs}still missing are {'; '.join(found.missing)}"
    if found.on is None:
        truth = Truth.UNDETERMINED if found.doubts else Truth.FALSE
        return replace(found, truth=truth, why=lacks)
    entered = found.on <= as_of
    verb = "entered" if entered else "enters"
    whence = "by the record" if instrument.in_force_on else "by the acts held here"
    met = f"; its condition held on {found.met_on}" if found.met_on else ""
    why = f"it {verb} into force on {found.on}, {whence}{met}"
    if not entered and found.missing:
        why = f"{lacks}; by the record it enters into force on {found.on}"
    return replace(found, truth=Truth.TRUE if entered else Truth.FALSE, why=why)


def _unknown(instrument: Instrument, reason: str, as_of: dt.date) -> InForce:
    recorded = instrument.in_force_on
    truth, why = Truth.UNDETERMINED, f"on what it depends is not known: {reason}"
    if recorded is not None:
        truth = Truth.TRUE if recorded <= as_of else Truth.FALSE
        why = f"the record says {recorded}; on what it depended is not held here: {reason}"
    return InForce(
        truth=truth, on=recorded, met_on=None, computed_on=None, says="not known", why=why,
        doubts=() if recorded else (reason,),
    )  # fmt: skip


def _filled(table: Weights, seats: frozenset[str]) -> Weights:
    """Give seats without a weight none; who they are is said beside the result."""
    return replace(table, values={seat: table.values.get(seat, 0) for seat in seats})


def _leaf_in_words(leaf: Leaf) -> str:
    states = leaf.within or "states"
    match leaf.need:
        case Number(least=1) if leaf.by is None and leaf.within is None:
            return "1 state"
        case Number(least=least) if leaf.by is None:
            return f"{least} {'of ' if leaf.within else ''}{states}"
        case Number(least=least):
            return f"{states} with at least {least:,} of {leaf.by}"
        case Share(least=share, strict=strict):
            amount = _share_in_words(share, strict=strict)
            if leaf.by is None:
                return f"{amount} of {leaf.within or 'the states'}"
            return f"{amount} of the {leaf.by}{f' of {leaf.within}' if leaf.within else ''}"
        case _:
            assert_never(leaf.need)


def _share_in_words(share: Fraction, *, strict: bool) -> str:
    if share == 1:
        return "all"
    part = f"{share * 100} %" if (share * 100).denominator == 1 else str(share)
    return f"more than {part}" if strict else f"at least {part}"


def _leaf_lacks(leaf: Leaf, floor: Floor) -> str:
    reason = decide(leaf, floor)
    counted, group = reason.counted or 0, f" of {leaf.within}" if leaf.within else ""
    match leaf.need:
        case Number(least=least):
            lack = least - counted
        case Share(least=share, strict=strict):
            if not reason.base:
                return (
                    f"the {leaf.by or 'states'}{group} of which a share is needed are not held"
                )
            enough = share * reason.base
            lack = (math.floor(enough) + 1 if strict else math.ceil(enough)) - counted
        case _:
            assert_never(leaf.need)
    if leaf.by is not None:
        return f"{lack:,} more of {leaf.by}{group}"
    if leaf.within is not None:
        return f"{lack} more{group}"
    return f"{lack} more state{'' if lack == 1 else 's'}"
