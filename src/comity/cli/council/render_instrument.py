# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How instruments look in a terminal: first whether they bind, then whom, then what is open."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from comity.cli.law.ruling import line
from comity.council.instrument.act import Act, Basis, Ground
from comity.council.instrument.difference import Cell, Stands
from comity.council.instrument.pair import Effect, Pair
from comity.council.instrument.standing import Membership, Standing
from comity.council.instrument.status import Status
from comity.desk.council.instrument.instrument import InstrumentSheet
from comity.files.materials.country import with_name
from comity.kernel.truth import Truth

_HEADINGS = {
    Standing.PARTY: "Bound",
    Standing.LEAVING: "Bound, and leaving",
    Standing.PROVISIONAL: "Apply it provisionally",
    Standing.CONTRACTING: "Consented, bound once it is in force for them",
    Standing.SIGNATORY: "Signed, not bound",
    Standing.FORMER: "No longer bound",
    Standing.NONE: "Said something of it, did neither sign nor consent",
}
_IN_FORCE = {
    Truth.TRUE: ("in force", "bold green"),
    Truth.FALSE: ("not in force", "bold yellow"),
    Truth.UNDETERMINED: ("not shown to be in force", "bold yellow"),
}
_MARKS = {
    Stands.COMPLIES: ("complies", "green"),
    Stands.DIFFERS: ("differs", "yellow"),
    Stands.NOT_STATED: ("·", "dim"),
}
_BASES = list(Basis)
_EFFECTS = {
    Effect.APPLIES: "green", Effect.MODIFIED: "cyan", Effect.OPEN: "yellow",
    Effect.NOT: "red", Effect.NO_RELATION: "bold red",
}  # fmt: skip


def print_list(sheets: Sequence[InstrumentSheet]) -> None:
    """Print one line for each instrument."""
    console = _console()
    for sheet in sheets:
        found = sheet.status
        said, style = _IN_FORCE[found.in_force.truth]
        since = f" since {found.in_force.on}" if found.in_force.truth is Truth.TRUE else ""
        signed = sum(row.signed is not None for row in found.members)
        bound = len(found.of(Standing.PARTY, Standing.LEAVING))
        slug = (f"{found.instrument.slug:20}", "bold")
        known_to = found.instrument.known_to
        counts = f"on record, which reaches to {known_to}: {signed} signed, {bound} bound"
        line(console, Text.assemble(slug, (f"{said}{since}", style)), 0)
        _line(console, found.instrument.title, indent=20)
        _line(console, counts, indent=20)
        if found.made_up and not found.instrument.is_example:
            _line(console, _made_up(found), indent=20, style="yellow")
    _line(console, "comity instrument status NAME says on whose word, and what is unknown")


def print_status(sheet: InstrumentSheet, *, everything: bool) -> None:
    """Print where an instrument and every state stand."""
    console, found = _console(), sheet.status
    _print_head(console, found)
    for standing, heading in _HEADINGS.items():
        rows = found.of(standing)
        if rows:
            _line(console, f"{heading}: {len(rows)}", style="bold")
            _print_rows(console, rows, everything=everything)
    _print_associates(console, found)
    _print_reservations(console, found)
    _print_amendments(console, found)
    _print_differences(console, found)
    _print_flagged(console, sheet)
    _print_unknown(console, found)


def print_matrix(sheet: InstrumentSheet) -> None:
    """Print members by provisions."""
    console, found = _console(), sheet.status
    matrix = found.matrix
    console.print(Text(f"{found.instrument.title}, on {found.as_of}", style="bold"))
    if not matrix.states or not matrix.provisions:
        what = "provision is known" if matrix.states else "state consented or stated anything"
        console.print(f"No {what}, so there is no matrix.", style="yellow")
        return
    table = Table("", *matrix.provisions, box=None, header_style="dim", pad_edge=False)
    for state, row in zip(matrix.states, matrix.cells, strict=True):
        table.add_row(Text(with_name(state), style="bold"), *(_cell(cell) for cell in row))
    console.print(table)
    for cell in (cell for row in matrix.cells for cell in row):
        if cell.text or cell.because or cell.reserved:
            said = "; ".join(filter(None, (cell.text, cell.because, _reserved(cell))))
            _line(console, f"{cell.state}, {cell.provision}: {said}", indent=2)
    counts = ", ".join(f"{matrix.count(stands)} {stands.value}" for stands in Stands)
    _line(console, f"{counts}. What is not stated is not taken for complied with.", style="dim")


def print_pair(sheet: InstrumentSheet, pair: Pair) -> None:
    """Print what holds between two states."""
    console = _console()
    one, other = pair.states
    heading = f"{with_name(one)} and {with_name(other)}, on {sheet.status.as_of}"
    console.print(Text(heading, style="bold"))
    _print_pair(console, pair)


def print_pairs(sheet: InstrumentSheet) -> None:
    """Print every pair between which something else than the plain text holds."""
    console, found = _console(), sheet.status
    console.print(Text(f"{found.instrument.title}, on {found.as_of}", style="bold"))
    console.print(found.reserving, markup=False)
    if not found.pairs:
        _line(console, "Between all that are bound the plain text holds.", style="dim")
    for pair in found.pairs:
        _line(console, " and ".join(map(with_name, pair.states)), style="bold")
        _print_pair(console, pair)


def _print_pair(console: Console, pair: Pair) -> None:
    for row in pair.provisions:
        mark = Text.assemble(row.provision, ": ", (row.effect.value, _EFFECTS[row.effect]))
        line(console, mark, 2)
        for why in row.because:
            _line(console, why, indent=4, style="dim")
    every = "all provisions" if not pair.provisions else "all other provisions"
    mark = Text.assemble(f"{every}: ", (pair.rest.value, _EFFECTS[pair.rest]))
    line(console, mark, 2)


def _print_head(console: Console, found: Status) -> None:
    instrument, entered = found.instrument, found.in_force
    console.print(Text(instrument.title, style="bold"))
    if instrument.is_example:
        _line(console, "An example: nothing in it is real.", style="yellow")
    elif found.made_up:
        _line(console, _made_up(found), style="yellow")
    said, style = _IN_FORCE[entered.truth]
    dated = Text.assemble((said[0].upper() + said[1:], style), f" on {found.as_of}.")
    console.print(dated)
    _line(console, f"{entered.why[0].upper()}{entered.why[1:]}.", indent=2)
    for doubt in entered.doubts:
        _line(console, f"Open: {doubt}.", indent=2, style="yellow")
    entry = instrument.entry
    ground = getattr(entry, "ground", None)
    if ground is not None:
        _line(console, f"That rule: {_word(ground)}", indent=2, style="dim")
    if instrument.in_force_source:
        _line(console, f"That day: {instrument.in_force_source}", indent=2, style="dim")
    _line(console, f"Record to {instrument.known_to}: {_word(instrument.ground)}", style="dim")


def _made_up(found: Status) -> str:
    return f"counted among them are examples, which are made up: {', '.join(found.made_up)}"


def _print_rows(console: Console, rows: Sequence[Membership], *, everything: bool) -> None:
    if everything:
        for row in rows:
            _line(console, f"{with_name(row.state)}  {_dates(row)}", indent=2)
            for act in row.acts:
                _line(console, f"{_act(act)}: {_word(act.ground)}", indent=6, style="dim")
            for note in row.notes:
                _line(console, note, indent=6, style="yellow")
        return
    for (said, word), group in _alike(rows):
        names = ", ".join(sorted((with_name(row.state) for row in group), key=_by_name))
        _line(console, names, indent=2)
        _line(console, f"{said}: {word}", indent=4, style="dim")
    for row in rows:
        for note in row.notes:
            _line(console, f"{row.state}: {note}", indent=2, style="yellow")


def _alike(
    rows: Iterable[Membership],
) -> Iterator[tuple[tuple[str, str], list[Membership]]]:
    """Group states whose standing rests on the same acts and the same word."""
    found: dict[tuple[str, str], list[Membership]] = {}
    for row in rows:
        acts = list(filter(None, (row.consented, row.signed)))
        words = "; ".join(dict.fromkeys(_word(act.ground) for act in acts[:1]))
        found.setdefault((_dates(row), words), []).append(row)
    yield from sorted(found.items(), key=lambda item: _first_day(item[1][0]))


def _by_name(said: str) -> str:
    return said.partition(" ")[2]


def _first_day(row: Membership) -> tuple[str, int]:
    act = row.signed or row.consented
    return ("", 0) if act is None else (act.on.isoformat(), _BASES.index(act.ground.basis))


def _dates(row: Membership) -> str:
    parts = []
    if row.signed is not None:
        parts.append(_act(row.signed))
    if row.consented is not None and row.consented is not row.signed:
        parts.append(_act(row.consented))
    if row.bound_from is not None:
        parts.append(f"bound from {row.bound_from}")
    if row.bound_until is not None:
        parts.append(f"until {row.bound_until}")
    return ", ".join(parts) or "no signature, no consent"


def _act(act: Act) -> str:
    by = "by" if act.at_the_latest else "on"
    return f"{act.deed.value} {by} {act.on}"


def _word(ground: Ground) -> str:
    """Say on whose word something rests."""
    basis = {
        Basis.TEXT: "text read", Basis.STATEMENT: "own statement",
        Basis.SECONDARY: "secondary", Basis.MEMORY: "from memory", Basis.WEAK: "weak",
    }[ground.basis]  # fmt: skip
    against = f"contradicted: {ground.contradicted}" if ground.contradicted else ""
    said = "; ".join(filter(None, (ground.source, ground.note.rstrip("."), against)))
    basis = f"an example, made up: {basis}" if ground.is_example else basis
    return f"{basis} ({said})" if said else basis


def _print_associates(console: Console, found: Status) -> None:
    associates = found.instrument.associates
    if associates:
        _line(console, f"Beside it: {len(associates)}", style="bold")
    for one in associates:
        _line(console, f"{with_name(one.state)}  {one.standing}, {one.on}", indent=2)
        _line(console, _word(one.ground), indent=4, style="dim")


def _print_reservations(console: Console, found: Status) -> None:
    _line(console, f"Reservations: {len(found.reservations) or 'none held'}", style="bold")
    _line(console, found.reserving, indent=2, style="dim")
    for one in found.reservations:
        provisions = ", ".join(one.provisions)
        made_up = " (an example, made up)" if one.is_example else ""
        said = f"{with_name(one.state)} on {provisions}, {one.on}: {one.hold.value}{made_up}"
        _line(console, f"{said}. {one.text}", indent=2)
        _line(console, one.why, indent=4, style="dim")
        for each in one.objections:
            none = ", and wants no treaty relation" if each.opposes_entry else ""
            _line(console, f"{each.state} objected on {each.on}{none}", indent=4)


def _print_amendments(console: Console, found: Status) -> None:
    if found.amendments:
        _line(console, f"Amendments: {len(found.amendments)}", style="bold")
    for one in found.amendments:
        _line(console, f"{one.name}  {one.title}, adopted {one.adopted}", indent=2)
        _line(console, one.says, indent=4)
        if one.recorded_on is not None and one.recorded_on != one.in_force_on:
            said = f"the record says it is in force from {one.recorded_on}"
            _line(console, said, indent=4, style="yellow")
        for state, why in sorted(one.outside.items()):
            _line(console, f"not bound by it: {state}, {why}", indent=4)


def _print_differences(console: Console, found: Status) -> None:
    differs = found.matrix.count(Stands.DIFFERS)
    if differs or found.matrix.count(Stands.COMPLIES):
        slug = found.instrument.slug
        said = f"Differences: {differs}; comity instrument matrix {slug} shows each"
        _line(console, said, style="bold")


def _print_flagged(console: Console, sheet: InstrumentSheet) -> None:
    found = sheet.status
    flagged = [
        f"{one.act.state}, {_act(one.act)}: {one.says}; {_word(one.act.ground)}"
        for one in found.anomalies
    ]
    flagged += [f"{one.stated.state}: {one.says}" for one in found.misstated]
    flagged += [f"{one.place}: {one.says}" for one in sheet.asides]
    if flagged:
        _line(console, f"Flagged, and counted for nothing: {len(flagged)}", style="bold yellow")
    for said in flagged:
        _line(console, said, indent=2)
    if found.later:
        said = "; ".join(f"{act.state} {_act(act)}" for act in found.later)
        _line(console, f"After that day: {said}", style="dim")


def _print_unknown(console: Console, found: Status) -> None:
    if found.missing:
        _line(console, f"Not known: {len(found.missing)}", style="bold yellow")
    for one in found.missing:
        _line(console, f"{one.about}: {one.reason}", indent=2)


def _cell(cell: Cell) -> Text:
    said, style = _MARKS[cell.stands]
    mark = Text("?" if cell.because else said, style=style)
    if cell.reserved:
        mark.append(" (R)", style="cyan")
    return mark


def _reserved(cell: Cell) -> str:
    return f"reserved, {cell.reserved}" if cell.reserved else ""


def _line(console: Console, said: str, *, indent: int = 0, style: str = "") -> None:
    line(console, Text(said, style=style), indent)


def _console() -> Console:
    return Console(highlight=False)
