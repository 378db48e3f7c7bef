# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How conflicts and the ways out of them look in a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from comity.desk.law.measuring import Outlook
from comity.law.conduct import Conduct, Division
from comity.law.measure.alter import Alteration
from comity.law.measure.ask import Ask
from comity.law.measure.course import Conflict, norms_of
from comity.law.measure.way import Alter, Separate, Way, Withhold
from comity.law.phrase import demand_in_words
from comity.law.situation import answer_in_words

_MOST = 4


def print_conflicts(console: Console, outlook: Outlook) -> None:
    """Print what cannot be met together, with the ways out, and what might collide."""
    conducts = outlook.determination.library.vocabulary.conducts
    for conflict, ways in zip(outlook.course.conflicts, outlook.ways, strict=True):
        _title(console, "Cannot be met together", "bold red")
        _print_conflict(console, conflict, conducts)
        _print_ways(console, ways)
    if len(outlook.course.conflicts) > 1 and outlook.out_of_all:
        _title(console, "Ways out of all of them at once", "bold")
        for way in outlook.out_of_all:
            console.print(Text(f"  - {_way(way)}"))
    for conflict in outlook.possible_conflicts:
        _title(console, "Cannot be met together if", "bold yellow")
        _print_conflict(console, conflict, conducts)


def _title(console: Console, title: str, style: str) -> None:
    console.print()
    console.print(Rule(Text(title, style=style), align="left", style="dim"))


def _print_conflict(
    console: Console, conflict: Conflict, conducts: Mapping[str, Conduct]
) -> None:
    asked: dict[str, list[Ask]] = {}
    for ask in conflict.asks:
        what = demand_in_words(ask.constraint, conducts[ask.conduct])
        asked.setdefault(f"{'must not' if ask.is_against else 'must'}: {what}", []).append(ask)
    for what, asks in asked.items():
        norms = "; ".join(f"{a.norm.name} ({a.norm.grounds.cite}, {a.market})" for a in asks)
        console.print(Text(f"  {what}"))
        console.print(Text(f"      {norms}", style="dim"))
    for exclusion in (*conflict.exclusions, *conflict.provided):
        because = exclusion.because.in_language("en")
        doubt = "  not told here: " if exclusion in conflict.provided else "  because: "
        console.print(Text(f"{doubt}{because}"))


def _print_ways(console: Console, ways: Sequence[Way]) -> None:
    if not ways:
        console.print(Text("  No way out was found.", style="red"))
        return
    console.print(Text("  Ways out (work alone is counted, not what a market is worth):"))
    for way in ways:
        console.print(Text(f"  - {_way(way)}"))


def _way(way: Way) -> str:
    match way.step:
        case Separate(apart=apart):
            by = "one deployment per market" if apart.by is Division.PLACE else "by function"
            named = ", ".join(name.replace("_", " ") for name in sorted(apart.conducts))
            said = f"separate {named}, {by}"
        case Withhold(market=market):
            said = f"withhold the system from {market}"
        case Alter(alteration=alteration):
            said = f"change the system: {_changes(alteration)}"
    return f"{said}. {_after(way)}"


def _changes(alteration: Alteration) -> str:
    return " and ".join(
        f"{fact} from {answer_in_words(alteration.before[fact])} to {answer_in_words(answer)}"
        for fact, answer in alteration.answers.items()
    )


def _after(way: Way) -> str:
    said = [f"{len(way.course.measures)} measures, about {way.days} person-days"]
    for word, asks in (("falls away", way.dropped), ("new", way.added)):
        norms = norms_of(asks)
        if norms:
            more = f" and {len(norms) - _MOST} more" if len(norms) > _MOST else ""
            said.append(f"{word}: {', '.join(norms[:_MOST])}{more}")
    left = len(way.course.conflicts)
    if left:
        said.append(f"{left} other conflict{'s' * (left > 1)} left")
    return "; ".join(said)
