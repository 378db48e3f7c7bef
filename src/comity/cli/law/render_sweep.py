# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a sweep looks in a terminal, and as JSON."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from comity.desk.law.drafting import DraftReport
from comity.desk.law.sweeping import Report
from comity.files.register import Register
from comity.kernel.canonical import Json
from comity.law.norm import Norm
from comity.law.pack import Library, PackStatus
from comity.law.phrase import demand_in_words
from comity.law.prove.bound import Party
from comity.law.sweep.impact import ANY, KINDS, Affected
from comity.law.sweep.layout import ROLE
from comity.law.sweep.plan import Asked
from comity.law.sweep.result import RowFault
from comity.law.sweep.tally import RULINGS, Counts

_MOST_NORMS = 25
_MOST_FACTS = 10
_MOST_FAULTS = 10
_MOST_CONFLICTS = 10


def sweep_json(report: Report) -> Json:
    """Write what a sweep found as plain JSON values."""
    tally = report.swept.tally
    return {
        **_common(report.register, report.swept.faults, report.order.on.isoformat()),
        "markets": list(report.plan.markets),
        "library": report.plan.library.digest.hex(),
        "rows": tally.rows,
        "skipped": tally.skipped,
        "resumed_parts": report.resumed,
        "out": None if report.order.out is None else str(report.order.out),
        "norms": [
            {
                "norm": name, "market": asked.pack.market, "force": asked.pack.status.value,
                "title": asked.norm.title.in_language("en"),
                **dict(zip(RULINGS.categories, tally.counts[name], strict=True)),
            }
            for name, asked in report.plan.asked.items()
        ],
        "open_facts": {
            "counted_in_rows": report.swept.sampled,
            "facts": [
                {**each.to_json(), "fact": _shown(each.fact)}
                for each in report.swept.open_facts
            ],
        },
    }  # fmt: skip


def draft_json(report: DraftReport) -> Json:
    """Write what a draft would do as plain JSON values."""
    plan = report.amendment.plan
    return {
        **_common(report.register, report.faults, plan.on.isoformat()),
        "replaces": list(report.amendment.replaced),
        **report.impact.to_json(),
        "new_conflicts": [conflict.to_json() for conflict in report.conflicts],
    }


def print_sweep(console: Console, report: Report, *, everything: bool) -> None:
    """Print the counts of each norm, and the facts whose answers would settle most."""
    swept = report.swept
    markets = ", ".join(report.plan.markets)
    console.print(
        Text.assemble(
            (f"{swept.tally.rows:,} systems", "bold"),
            f" on {report.order.on} in {markets}, {len(report.plan.asked)} norms",
        )
    )
    _print_synthetic(console, report.register)
    _print_skipped(console, swept.tally.skipped, swept.faults)
    _print_counts(console, report.plan.asked, swept.tally.counts, everything=everything)
    _print_open_facts(console, report)
    if report.resumed:
        console.print(f"{report.resumed} parts were already done by an earlier run")
    if report.order.out is not None:
        console.print(f"duty matrix: {report.order.out}")


def _print_counts(
    console: Console,
    asked: Mapping[str, Asked],
    counts: Mapping[str, Counts],
    *,
    everything: bool,
) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("norm", overflow="fold")
    for column in ("applies", "does not", "cannot tell", "not in force"):
        table.add_column(column, justify="right", no_wrap=True)
    concerned = [name for name in asked if everything or any(counts[name][1:])]
    concerned.sort(
        key=lambda name: (bool(_force(asked[name])), *(-n for n in counts[name][1:]))
    )
    shown = concerned if everything else concerned[:_MOST_NORMS]
    for name in shown:
        fails, holds, open_, later = (f"{n:,}" if n else "·" for n in counts[name])
        table.add_row(f"{name}{_force(asked[name])}", holds, fails, open_, later)
    console.print(table)
    left = len(asked) - len(shown)
    if left:
        console.print(Text(f"and {left} norms more (--all lists them)", style="dim"))


def _print_open_facts(console: Console, report: Report) -> None:
    facts = [each for each in report.swept.open_facts if each.among][:_MOST_FACTS]
    if not facts:
        return
    console.print()
    counted = f"counted in {report.swept.sampled:,} rows"
    console.print(
        Text.assemble(("Facts whose answers would settle most", "bold"), f", {counted}")
    )
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("fact")
    table.add_column("settles alone", justify="right")
    table.add_column("matters in", justify="right")
    table.add_column("question", overflow="fold")
    for each in facts:
        question = _question(each.fact, report.plan.library)
        table.add_row(_shown(each.fact), f"{each.alone:,}", f"{each.among:,}", question)
    console.print(table)


def print_draft(console: Console, report: DraftReport, *, everything: bool) -> None:
    """Print whom a draft would concern: all changed norms together, then each."""
    impact, amendment = report.impact, report.amendment
    packs = f", in place of {', '.join(amendment.replaced)}" if amendment.replaced else ""
    console.print(
        Text.assemble(
            (f"{impact.rows:,} systems", "bold"),
            f" under the draft on {amendment.plan.on}{packs}",
        )
    )
    _print_synthetic(console, report.register)
    _print_skipped(console, impact.skipped, report.faults)
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("norm", overflow="fold")
    for kind in KINDS:
        table.add_column(kind.replace("_", " "), justify="right", no_wrap=True)
    table.add_column("first of them", overflow="fold")
    for norm in dict.fromkeys(norm for norm, _ in impact.affected):
        cells = [impact.affected[norm, kind] for kind in KINDS]
        if everything or norm == ANY or any(cell.count for cell in cells):
            table.add_row(_norm(norm), *(_count(cell) for cell in cells), _first(cells))
    console.print(table)
    _print_later(console, report)
    _print_conflicts(console, report)


def _print_later(console: Console, report: DraftReport) -> None:
    """Say which norms of the draft are not in force on the day asked about."""
    asked = report.amendment.plan.asked.values()
    later = {each.norm.name: each.norm for each in asked if not each.in_force}
    if later:
        days = sorted({_day(norm) for norm in later.values()})
        said = f"{len(later)} of them not in force on that day; ask --on {', '.join(days)}"
        console.print(Text(said, style="dim"))


def _print_conflicts(console: Console, report: DraftReport) -> None:
    """Say which demands the draft would set against which others."""
    if not report.conflicts:
        console.print("No conflict arises that is not there today.")
        return
    console.print(Text(f"New conflicts: {len(report.conflicts)}", style="bold"))
    for conflict in report.conflicts[:_MOST_CONFLICTS]:
        said = " against ".join(
            f"{party.norm.name} ({party.demand.modality.value} {_asked(report, party)})"
            for party in conflict.parties
        )
        console.print(Text(f"  {said}: {conflict.escape.value}"))
    left = len(report.conflicts) - _MOST_CONFLICTS
    if left > 0:
        console.print(Text(f"  and {left} more (--json lists them)", style="dim"))


def _asked(report: DraftReport, party: Party) -> str:
    constraint = party.demand.constraint
    conducts = report.amendment.new.vocabulary.conducts
    return demand_in_words(constraint, conducts[constraint.conduct])


def _day(norm: Norm) -> str:
    return str(norm.valid_from or norm.valid_until)


def _print_synthetic(console: Console, register: Register) -> None:
    if register.synthetic:
        console.print(Text(f"The register is made up: {register.synthetic}", style="yellow"))


def _print_skipped(console: Console, skipped: int, faults: Sequence[RowFault]) -> None:
    if not skipped:
        return
    console.print(Text(f"{skipped:,} malformed rows are left out", style="yellow"))
    for fault in faults[:_MOST_FAULTS]:
        near = f"; did you mean {fault.near!r}?" if fault.near else ""
        console.print(Text(f"  {fault}{near}", style="dim"))


def _common(register: Register, faults: Sequence[RowFault], on: str) -> dict[str, Json]:
    return {
        "register": str(register.path),
        "synthetic": register.synthetic or None,
        "on": on,
        "faults": [each.to_json() for each in faults],
    }


def _norm(name: str) -> str:
    return "all together" if name == ANY else name


def _count(cell: Affected) -> str:
    return f"{cell.count:,}" if cell.count else "·"


def _first(cells: Sequence[Affected]) -> str:
    """Name the first systems of the first kind that concerns any."""
    return ", ".join(next((cell.first[:3] for cell in cells if cell.count), ()))


def _force(asked: Asked) -> str:
    status = asked.pack.status
    return "" if status is PackStatus.BINDING else f" ({status.value})"


def _shown(fact: str) -> str:
    return "roles" if fact == ROLE else fact


def _question(fact: str, library: Library) -> str:
    if fact == ROLE:
        return "What is its author to the system: provider, deployer, …?"
    known = library.vocabulary.facts.get(fact)
    return "On which markets is it?" if known is None else known.question.in_language("en")
