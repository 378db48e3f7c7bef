# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a course of measures looks in a terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from comity.cli.law.wayout import print_conflicts
from comity.desk.law.measuring import Outlook
from comity.law.conduct import Conduct
from comity.law.determine import Determination
from comity.law.measure.ask import Ask
from comity.law.measure.course import Course, Measure, Met, Restraint
from comity.law.measure.prospect import Prospect
from comity.law.phrase import demand_in_words, shown_number

_MOST_NORMS = 3
_MOST_OPEN = 8


def print_outlook(console: Console, outlook: Outlook, *, everything: bool) -> None:
    """Print what to do, what to refrain from, what collides, and what is open."""
    _print_heading(console, outlook)
    _print_measures(console, outlook.course, everything=everything)
    _print_restraints(console, outlook, everything=everything)
    print_conflicts(console, outlook)
    _print_open(console, outlook, everything=everything)
    _print_to_come(console, outlook.to_come, everything=everything)
    _print_soft(console, outlook)
    _print_footer(console, outlook)


def section(console: Console, title: str) -> None:
    """Print a line with a title."""
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left", style="dim"))


def _print_heading(console: Console, outlook: Outlook) -> None:
    determination, course = outlook.determination, outlook.course
    profile = determination.profile
    name = profile.name.in_language("en") or profile.system
    console.print(Text(f"{name} {profile.version}".strip(), style="bold"))
    duties = len({ask.norm.name for ask in outlook.owed.duties})
    where = ", ".join(determination.markets)
    said = (
        f"{duties} binding norms in {where} on {determination.on}: {len(course.measures)} "
        f"measures, {len(course.restraints)} things to refrain from, "
        f"about {course.days} person-days"
    )
    console.print(Text(said))
    print_without_pack(console, determination)
    if course.conflicts:
        count = len(course.conflicts)
        words = f"{count} set{'s' * (count > 1)} of duties cannot be met together (below); "
        words += "the measures leave them out"
        console.print(Text(words, style="bold red"))


def print_without_pack(console: Console, determination: Determination) -> None:
    """Say for which markets no pack is held."""
    if determination.without_pack:
        missing = ", ".join(determination.without_pack)
        said = f"No pack is held for {missing}. That is not to say it has no law."
        console.print(Text(said, style="yellow"))


def _print_measures(console: Console, course: Course, *, everything: bool) -> None:
    if not course.measures:
        return
    section(console, "Do")
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("days", justify="right", no_wrap=True)
    table.add_column("measure", overflow="fold")
    table.add_column("meets", overflow="fold", ratio=1)
    for measure in course.measures:
        table.add_row(
            f"{'~' if measure.is_assumed_by_kind else ''}{measure.days}",
            setting_in_words(measure),
            _meets(measure, everything=everything),
        )
    console.print(table)


def setting_in_words(measure: Measure) -> str:
    """Say what is to be set how, and for whom."""
    conduct = measure.conduct
    said = conduct.label.in_language("en")
    if measure.values:
        said += f": {', '.join(value.replace('_', ' ') for value in measure.values)}"
    figures = [
        f"{bound.relation.value} {shown_number(bound.figure)}{_unit(conduct)}"
        for bound in measure.bounds
    ]
    figures += [
        f"not {each.relation.value} {shown_number(each.bound)}{_unit(conduct)}"
        for each in measure.avoids if each.bound is not None
    ]  # fmt: skip
    if figures:
        said += f": {' and '.join(figures)}"
    return f"{said} [{measure.label} alone]" if measure.label else said


def _unit(conduct: Conduct) -> str:
    return f" {conduct.unit}" if conduct.unit else ""


def _meets(measure: Measure, *, everything: bool) -> str:
    deciding = {norm for bound in measure.bounds for norm in bound.norms}
    several = len({met.ask.norm.name for met in measure.meets}) > 1
    first = sorted(measure.meets, key=lambda met: met.ask.norm.name not in deciding)
    shown = first if everything else first[:_MOST_NORMS]
    said = [_met(met, decides=several and met.ask.norm.name in deciding) for met in shown]
    more = len(first) - len(shown)
    return "; ".join(said) + (f"; and {more} more" if more else "")


def _met(met: Met, *, decides: bool) -> str:
    said = f"{met.ask.norm.name} ({place_of(met.ask)})"
    if decides:
        said += ", whose figure decides"
    return f"{said}, since it does that as well" if met.through else said


def place_of(ask: Ask) -> str:
    """Return the article and the market of what is asked."""
    return f"{ask.norm.grounds.cite}, {ask.market}" if ask.norm.grounds.cite else ask.market


def _print_restraints(console: Console, outlook: Outlook, *, everything: bool) -> None:
    if not outlook.course.restraints:
        return
    section(console, "Refrain from")
    for restraint in outlook.course.restraints:
        console.print(Text(f"  {_restraint(outlook, restraint, everything=everything)}"))


def _restraint(outlook: Outlook, restraint: Restraint, *, everything: bool) -> str:
    conducts = outlook.determination.library.vocabulary.conducts
    what = demand_in_words(restraint.constraint, conducts[restraint.constraint.conduct])
    shown = restraint.asked_by if everything else restraint.asked_by[:_MOST_NORMS]
    norms = ", ".join(f"{ask.norm.name} ({ask.market})" for ask in shown)
    more = len(restraint.asked_by) - len(shown)
    return f"{what}: {norms}" + (f" and {more} more" if more else "")


def _print_open(console: Console, outlook: Outlook, *, everything: bool) -> None:
    if not outlook.if_bound:
        return
    section(console, "Would be needed if")
    met = sum(each.is_met for each in outlook.if_bound)
    said = (
        f"of {len(outlook.if_bound)} binding norms it cannot be told whether they apply; "
        f"the measures above meet {met} of them as they are"
    )
    console.print(Text(said, style="dim"))
    others = [each for each in outlook.if_bound if not each.is_met]
    others.sort(key=lambda each: (not each.conflicts, -(each.days or 0), each.norm))
    _print_prospects(console, others, everything=everything)


def _print_to_come(console: Console, to_come: Sequence[Prospect], *, everything: bool) -> None:
    if not to_come:
        return
    section(console, "Not yet in force (--coming plans for them)")
    ordered = sorted(to_come, key=lambda each: (_begins(each.asks[0]), each.norm))
    _print_prospects(console, ordered, everything=everything)


def _begins(ask: Ask) -> str:
    return "" if ask.norm.valid_from is None else ask.norm.valid_from.isoformat()


def _print_prospects(console: Console, those: Sequence[Prospect], *, everything: bool) -> None:
    for each in those if everything else those[:_MOST_OPEN]:
        console.print(Text(f"  {_prospect(each)}"))
    more = 0 if everything else len(those) - _MOST_OPEN
    if more > 0:
        console.print(Text(f"  and {more} more: --all", style="dim"))


def _prospect(prospect: Prospect) -> str:
    ask = prospect.asks[0]
    when = _begins(ask) if prospect.asks[0].status.value == "not yet in force" else ""
    said = f"{f'{when}  ' if when else ''}{prospect.norm} ({place_of(ask)}): "
    said += ask.norm.title.in_language("en")
    if prospect.conflicts:
        others = sorted(
            {a.norm.name for c in prospect.conflicts for a in c.asks} - {prospect.norm}
        )
        return f"{said}. It would collide with {', '.join(others)}{_if(prospect)}"
    if prospect.is_met:
        return f"{said}. The measures above meet it as they are"
    return f"{said}. {prospect.days} more person-days{_if(prospect)}"


def _if(prospect: Prospect) -> str:
    facts = prospect.asks[0].unsettled
    if not facts:
        return ""
    more = f" and {len(facts) - _MOST_NORMS} others" if len(facts) > _MOST_NORMS else ""
    return f" (hangs on {', '.join(facts[:_MOST_NORMS])}{more})"


def _print_soft(console: Console, outlook: Outlook) -> None:
    unheeded, permitted = outlook.course.unheeded, outlook.owed.permitted
    if not unheeded and not permitted:
        return
    section(console, "Recommended and permitted")
    for ask in unheeded:
        said = (
            f"not followed, since a duty stands against it: {ask.norm.name} ({place_of(ask)})"
        )
        console.print(Text(f"  {said}"))
    for ask in permitted:
        said = f"may {ask.conduct.replace('_', ' ')}: {ask.norm.name} ({place_of(ask)})"
        console.print(Text(f"  {said}"))


def _print_footer(console: Console, outlook: Outlook) -> None:
    console.print()
    lines = (
        f"Person-days: {outlook.costs.about}.",
        "~ marks what nobody estimated by itself. --costs FILE puts your own in their place.",
        "No legal advice: measures are as good as the packs and answers they rest on.",
    )
    for line in lines:
        console.print(Text(line, style="dim"))
