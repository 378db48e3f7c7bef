# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council power` and `bodies`: what a rule makes of each member's voice."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from comity.cli.council.render_power import print_bodies, print_body, print_power
from comity.cli.option import Json, print_json, words_of
from comity.council.power.method import Method
from comity.desk.council.bodies import body_sheet, body_sheets
from comity.desk.council.power.measuring import PowerRequest, measure_power
from comity.desk.council.power.sheet import AbstainRow, PowerSheet
from comity.files.ballot import harmless
from comity.files.text import write_whole

Flag = Annotated[bool, Parameter(negative="")]

_METHODS = {"exact": None, "preview": Method.PREVIEW, "sample": Method.SAMPLE}


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """What is counted, and how.

    Args:
        body: A body that comes with Comity (comity council bodies) or a .toml file; without
            it, the one the rule is for.
        weights: Counted wherever the rule counts weights, such as population_sqrt, one_each.
        units: How many of the weights' unit count as one, such as 100000; without it, weights
            of up to 40 members are not rounded, and others to at most 100,000 units in all.
        method: Count exactly (or sample where that cannot be), take a first look, sample.
        samples: Votes drawn of each kind, where it is sampled.
        seed: Number that fixes the dice.
    """

    body: str = ""
    weights: str = ""
    units: int | None = None
    method: Literal["exact", "preview", "sample"] = "exact"
    samples: int = 100_000
    seed: int = 1


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Who votes as one.

    Args:
        blocs: Such as asean:majority,eu:consensus,NGA+GHA:majority: a body, a group of the
            body or members joined by +, and the rule inside (consensus, majority,
            two-thirds, or a rule's name); without one, majority.
        leaving: Say what each member of a bloc would be worth out of it.
        joining: Members in no bloc, such as SGP,KOR: what would joining each bloc do?
    """

    blocs: str = ""
    leaving: Flag = False
    joining: str = ""


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown.

    Args:
        csv: CSV file to write, one row a member or bloc.
        fractions: With --json: exact fractions beside the decimals.
        everybody: List every member, not the first 40.
    """

    csv: Path | None = None
    fractions: Flag = False
    everybody: Annotated[bool, Parameter(name="--all", negative="")] = False


_COUNTING, _ALONE, _BRIEFLY = Counting(), Together(), Shown()


def power(
    rule: str,
    *,
    counting: Counting = _COUNTING,
    together: Together = _ALONE,
    shown: Shown = _BRIEFLY,
    as_json: Json = False,
) -> int:
    """Measure voting power: what a rule makes of each member's voice.

    Exact Banzhaf and Shapley-Shubik indices, the power to prevent and to initiate, and how
    often the rule adopts at all, if everybody votes independently. With blocs that vote as
    one: what each member's voice is worth inside, and what outsiders lose.

    Example: comity council power eu-council

    Example: comity council power without-hegemon --body un --blocs asean:majority,au:consensus

    Example: comity council power eu-council --body un --weights population_sqrt --csv power.csv

    Args:
        rule: A rule that comes with Comity, a .toml or .json file, or JSON in quotes.
    """
    with _counting(quiet=as_json) as told:
        sheet = measure_power(_request(rule, counting, together), told)
    if shown.csv is not None:
        write_whole(shown.csv, _csv(sheet), "power")
    if as_json:
        print_json(sheet.to_json(fractions=shown.fractions))
        return 0
    print_power(Console(highlight=False), sheet, everybody=shown.everybody)
    if shown.csv is not None:
        Console(highlight=False).print(f"written to {shown.csv}", markup=False)
    return 0


def _request(rule: str, counting: Counting, together: Together) -> PowerRequest:
    return PowerRequest(
        rule=rule,
        body=counting.body,
        weights=counting.weights,
        units=counting.units,
        blocs=words_of(together.blocs),
        joining=words_of(together.joining),
        leaving=together.leaving,
        method=_METHODS[counting.method],
        samples=counting.samples,
        seed=counting.seed,
    )


def bodies(name: str = "", *, as_json: Json = False) -> int:
    """List the bodies that come with Comity, or show one: members, groups, weights, cautions.

    Example: comity council bodies

    Example: comity council bodies waico

    Args:
        name: A body's short name, or a .toml file of your own.
    """
    if not name:
        sheets = body_sheets()
        if as_json:
            print_json([sheet.to_json() for sheet in sheets])
        else:
            print_bodies(Console(highlight=False), sheets)
        return 0
    sheet = body_sheet(name)
    if as_json:
        print_json(sheet.to_json())
    else:
        print_body(Console(highlight=False), sheet)
    return 0


def _csv(sheet: PowerSheet) -> str:
    """Write the players' figures; intervals of sampled ones beside them, ternary ones last."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = tuple(sheet.rows[0].figures())
    weights = [unit.weights for unit in sheet.units]
    ends = [f"{name}_{end}" for name in names for end in ("low", "high")]
    is_sampled = sheet.samples > 0
    units = map(harmless, weights)
    ternary = {row.player: row for row in sheet.abstention.rows}
    thirds = ["ternary_by_yes", "ternary_by_no", "ternary_banzhaf"] if ternary else []
    writer.writerow(["player", "bloc", *units, *names, *(ends if is_sampled else []), *thirds])
    for row in sheet.rows:
        figures = row.figures().values()
        bounds = [bound for figure in figures for bound in (figure.low, figure.high)]
        writer.writerow(
            [
                harmless(row.player),
                int(row.is_bloc),
                *(row.weights.get(name, "") for name in weights),
                *(f"{float(figure.value):.12g}" for figure in figures),
                *(
                    (("" if end is None else f"{end:.12g}") for end in bounds)
                    if is_sampled
                    else ()
                ),
                *_thirds(ternary.get(row.player)),
            ]
        )
    return text.getvalue()


def _thirds(row: AbstainRow | None) -> Iterator[str]:
    """Yield what a vote is worth with abstention as a third choice, where it was measured."""
    for value in () if row is None else (row.by_yes, row.by_no, row.banzhaf):
        yield f"{float(value):.12g}"


@contextmanager
def _counting(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Show what is being counted, on the terminal's other stream."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda what, done, steps: bar.update(
            task, description=what, completed=done, total=steps
        )
