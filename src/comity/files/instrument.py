# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Instruments on disk: `packs/instruments/*.toml`, or the user's own."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from comity.council.instrument.act import CONSENTS, Act, Deed, Ground
from comity.council.instrument.delay import Delay
from comity.council.instrument.instrument import (
    Amendment,
    Associate,
    Entry,
    Instrument,
    Missing,
    Provision,
    Unknown,
)
from comity.council.rule.floor import Weights
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Rule
from comity.errors import NotFound
from comity.files.instrumentclause import (
    find_unknown,
    read_amending,
    read_day,
    read_delay,
    read_entry,
    read_exit,
    read_ground,
    read_reservations,
)
from comity.files.materials.country import no_state
from comity.files.pack import SHIPPED
from comity.files.shipped import find_path, named_instead, shipped_paths
from comity.files.table import Table, open_table, settle
from comity.files.toml import read_toml
from comity.law.cursor import near_miss
from comity.law.market import EUROPEAN_UNION, STATES

INSTRUMENTS = SHIPPED / "instruments"
"""The instruments that come with Comity, each act and rule with its source and basis."""

GONE = frozenset({"CSK", "DDR", "SCG", "SUN", "YUG"})
"""Codes of states that are no more, from ISO 3166-3: their acts stay on record."""

_DEEDS = tuple(deed.value for deed in Deed)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ANY = dt.date(1900, 1, 1)
"""Stands in for a day that is missing or wrong, whose fault is noted."""


def shipped_instruments() -> tuple[Instrument, ...]:
    """Return the instruments that come with Comity, by slug."""
    return tuple(read_instrument(path) for path in shipped_paths(INSTRUMENTS))


def get_instrument(name: str) -> Instrument:
    """Return a shipped instrument by its slug, or one's own by its file.

    Raises:
        NotFound: No instrument is called so and no file is there (`files.no_instrument`).
        InvalidDocument: The file has faults; all are listed.
    """
    path = find_path(name, INSTRUMENTS)
    if path is None:
        message, hint = (
            f"no instrument is called {name[:60]!r}",
            named_instead(name, INSTRUMENTS),
        )
        raise NotFound(message, code="files.no_instrument", hint=hint)
    return read_instrument(path)


def read_instrument(path: Path) -> Instrument:
    """Read an instrument from a file.

    Raises:
        NotFound: It cannot be read (code `files.no_instrument`).
        InvalidDocument: Any fault in it; all are listed with their places
            (`files.instrument`).
    """
    return _instrument(open_table(path, "instrument"))


def instrument_from_toml(text: str, *, source: str = "instrument") -> Instrument:
    """Read an instrument from TOML text.

    Raises:
        InvalidDocument: Not TOML, or faults in what it says, all listed with their places.
    """
    toml = read_toml(text, source=source)
    return _instrument(Table(toml=toml, path=(), row=toml.values, faults=[]))


def read_acts(path: Path) -> tuple[Act, ...]:
    """Read a file of nothing but acts, `[[act]]`.

    Raises:
        NotFound: It cannot be read (code `files.no_instrument`).
        InvalidDocument: Any fault in it (`files.instrument`).
    """
    table = open_table(path, "instrument")
    acts = tuple(_acts(table, None))
    table.finish()
    settle(table, "instrument")
    return acts


def _instrument(table: Table) -> Instrument:
    ground = read_ground(table)
    entry = read_entry(table, ground)
    groups, weights = dict(_groups(table)), dict(_weights(table))
    if isinstance(entry, Entry):
        _check_names(table, entry.rule, groups, weights)
    open_to = frozenset(_states(table, "open_to")) if "open_to" in table.row else None
    consent = frozenset(_deeds(table, "consent")) or CONSENTS
    provisional = find_unknown(table, "provisional")
    instrument = Instrument(
        slug=_slug(table), title=table.text("title"), entry=entry, ground=ground,
        known_to=read_day(table, "known_to", is_needed=True) or _ANY,
        opened=read_day(table, "opened"), open_to=open_to, consent=consent,
        unsure=frozenset(_deeds(table, "unsure")),
        provisional=table.flag("provisional") if provisional is None else provisional,
        reservations=read_reservations(table), exit=read_exit(table),
        amending=read_amending(table), provisions=_provisions(table),
        amendments=tuple(_amendments(table, ground)), groups=groups, weights=weights,
        acts=tuple(_acts(table, ground)), is_complete=table.flag("complete"),
        associates=tuple(_associates(table, ground)), missing=tuple(_missing(table)),
        founds=table.text("founds", default=""), is_example=table.flag("example"),
        in_force_on=read_day(table, "in_force_on"),
        met_on=read_day(table, "met_on"),
        in_force_source=table.text("in_force_source", default=""),
    )  # fmt: skip
    table.finish()
    settle(table, "instrument")
    return instrument


def _slug(table: Table) -> str:
    slug = table.text("slug")
    if slug and not _SLUG.fullmatch(slug):
        table.fault("slug", f"{slug[:40]!r} is not written like example-agreement")
    return slug


def _states(table: Table, name: str) -> tuple[str, ...]:
    found = table.texts(name)
    for place, code in enumerate(found):
        if not _is_state(code):
            path = (*table.path, name, place)
            message, near = no_state(code, "state: an ISO 3166-1 alpha-3 code, or EU")
            table.faults.append(table.toml.fault(path, message, near=near))
        elif code in found[:place]:
            path = (*table.path, name, place)
            table.faults.append(table.toml.fault(path, f"{code} stands twice"))
    return found


def _is_state(code: str) -> bool:
    return code in STATES or code == EUROPEAN_UNION or code in GONE


def _deeds(table: Table, name: str) -> Iterator[Deed]:
    for place, word in enumerate(table.texts(name)):
        if word in _DEEDS:
            yield Deed(word)
        else:
            path = (*table.path, name, place)
            message = f"{word[:40]!r} is no act: {', '.join(_DEEDS)}"
            near = near_miss(word, _DEEDS)
            table.faults.append(table.toml.fault(path, message, near=near))


def _acts(table: Table, default: Ground | None) -> Iterator[Act]:
    for row in table.tables("act"):
        states = _states(row, "states")
        deed = row.word("act", _DEEDS)
        day = read_day(row, "on", is_needed=True)
        ground = read_ground(row, default)
        act = Act(
            state="", deed=Deed(deed) if deed in _DEEDS else Deed.SIGNATURE, on=day or _ANY,
            at_the_latest=row.flag("at_the_latest"), ground=ground,
            provisions=row.texts("provisions"), towards=row.text("towards", default=""),
            opposes_entry=row.flag("opposes_entry"), text=row.text("text", default=""),
            amendment=row.text("amendment", default=""), notified=read_day(row, "notified"),
        )  # fmt: skip
        organ = row.text("organ", default="")
        if not states and not organ:
            row.fault("states", 'states is missing, such as states = ["KHM", "LAO"]')
        row.finish()
        for state in (*states, *([organ] if organ else [])):
            yield _of(act, state)


def _of(act: Act, state: str) -> Act:
    return Act(
        state=state, deed=act.deed, on=act.on, ground=act.ground,
        at_the_latest=act.at_the_latest, provisions=act.provisions, towards=act.towards,
        opposes_entry=act.opposes_entry, amendment=act.amendment, text=act.text,
        notified=act.notified,
    )  # fmt: skip


def _groups(table: Table) -> Iterator[tuple[str, frozenset[str]]]:
    inner = table.inner("groups")
    if inner is not None:
        for name in inner.row:
            yield name, frozenset(_states(inner, name))
        inner.finish()


def _weights(table: Table) -> Iterator[tuple[str, Weights]]:
    inner = table.inner("weights")
    if inner is None:
        return
    for name, one in inner.inners():
        values = one.wholes("values")
        for code in values:
            if not _is_state(code):
                one.fault("values", f"{code[:20]!r} is no state", near_miss(code, STATES))
        yield (
            name,
            Weights(name=name, unit=one.text("unit"), source=one.text("source"), values=values),
        )
        one.finish()


def _provisions(table: Table) -> tuple[Provision, ...] | Unknown:
    unknown = find_unknown(table, "provisions")
    if unknown is not None:
        return unknown
    found = list[Provision]()
    for row in table.tables("provision"):
        name = row.text("name")
        if name in {one.name for one in found}:
            row.fault("name", f"{name!r} stands twice")
        provision = Provision(
            name=name, title=row.text("title", default=""),
            is_recommended=row.flag("recommended"), may_differ=not row.flag("no_difference"),
        )  # fmt: skip
        row.finish()
        found.append(provision)
    return tuple(found)


def _amendments(table: Table, default: Ground) -> Iterator[Amendment]:
    for row in table.tables("amendment"):
        adopted = read_day(row, "adopted", is_needed=True) or _ANY
        longer = dict(_longer(row))
        yield Amendment(
            name=row.text("name"), title=row.text("title", default=""), adopted=adopted,
            notified=read_day(row, "notified") or adopted, ground=read_ground(row, default),
            accepted_on=read_day(row, "accepted_on"), longer=longer,
            in_force_on=read_day(row, "in_force_on"),
        )  # fmt: skip
        row.finish()


def _longer(row: Table) -> Iterator[tuple[str, tuple[Delay, Delay]]]:
    for one in row.tables("longer"):
        states = _states(one, "states")
        times = read_delay(one, "window"), read_delay(one, "force")
        one.finish()
        for state in states:
            yield state, times


def _associates(table: Table, default: Ground) -> Iterator[Associate]:
    for row in table.tables("associate"):
        states, standing = _states(row, "states"), row.text("standing")
        day = read_day(row, "on", is_needed=True) or _ANY
        ground = read_ground(row, default)
        row.finish()
        for state in states:
            yield Associate(state=state, standing=standing, on=day, ground=ground)


def _missing(table: Table) -> Iterator[Missing]:
    for row in table.tables("unknown"):
        yield Missing(about=row.text("about"), reason=row.text("reason"))
        row.finish()


def _check_names(
    table: Table, rule: Rule, groups: Mapping[str, object], weights: Mapping[str, object]
) -> None:
    """Refuse a rule that counts by weights, or within groups, which are not there."""
    for leaf in _leaves(rule):
        for name, known, kind in (
            (leaf.by, weights, "weights"),
            (leaf.within, groups, "group"),
        ):
            if name is not None and name not in known:
                message = f"the rule names the {kind} {name!r}, which are not given"
                near = near_miss(name, known)
                table.faults.append(table.toml.fault(("entry", "rule"), message, near=near))


def _leaves(rule: Rule) -> Iterable[Leaf]:
    match rule:
        case Leaf():
            yield rule
        case All(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part=part):
            yield from _leaves(part)
        case Across(leaf=leaf):
            yield leaf
