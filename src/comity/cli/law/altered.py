# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How changes of duties look in a terminal."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from comity.cli.law.course import print_without_pack
from comity.desk.law.changing import Changes, Kept
from comity.files.status import State
from comity.law.measure.difference import Cause, Causes, Change, Difference
from comity.law.situation import answer_in_words

_STYLES = {
    Change.DUE: "bold red",
    Change.ENDED: "bold green",
    Change.OPEN: "bold yellow",
    Change.ASKS_OTHERWISE: "bold red",
    Change.COMING: "bold",
    Change.SETTLED: "bold green",
}
_TITLES = {
    Change.DUE: "Became due",
    Change.ENDED: "Ended",
    Change.OPEN: "Newly cannot be told",
    Change.ASKS_OTHERWISE: "Asks otherwise",
    Change.COMING: "Is coming",
    Change.SETTLED: "Settled: does not bind",
}


def print_changes(console: Console, found: Changes, *, everything: bool) -> None:
    """Print what changed, by kind, and what only its recording made known."""
    _print_heading(console, found)
    recorded = [each for each in found.kept if each.difference.is_by_recording]
    shown = found.kept if everything else [k for k in found.kept if k not in recorded]
    order = list(Change)
    ordered = sorted(shown, key=lambda each: order.index(each.difference.change))
    for change, those in groupby(ordered, key=lambda each: each.difference.change):
        console.print()
        title = Text(_TITLES[change], style=_STYLES[change])
        console.print(Rule(title, align="left", style="dim"))
        for kept in _merged(list(those)):
            _print_one(console, *kept)
    if not everything:
        _print_recorded(console, recorded)


def _print_heading(console: Console, found: Changes) -> None:
    profile = found.after.profile
    name = profile.name.in_language("en") or profile.system
    console.print(Text(f"{name} {profile.version}".strip(), style="bold"))
    counts = Counter(
        each.difference.change for each in found.kept if not each.difference.is_by_recording
    )
    said = [f"{counts[change]} {change.value}" for change in Change if counts[change]]
    where = ", ".join(found.after.markets)
    span = f"{found.span.since} to {found.span.on} in {where}: "
    console.print(Text(span + (", ".join(said) if said else "nothing changed")))
    print_without_pack(console, found.after)


def _merged(those: Sequence[Kept]) -> list[tuple[Kept, tuple[str, ...]]]:
    """Join what the same norm asks in several roles."""
    found: dict[str, list[Kept]] = {}
    for kept in those:
        found.setdefault(kept.difference.ruling.norm.name, []).append(kept)
    return [(same[0], tuple(map(_role, same))) for same in found.values()]


def _role(kept: Kept) -> str:
    role = kept.difference.ruling.role
    return "role not stated" if role is None else role.value


def _print_one(console: Console, kept: Kept, roles: tuple[str, ...]) -> None:
    difference = kept.difference
    ruling = difference.ruling
    title = ruling.norm.title.in_language("en")
    line = Text(f"  {ruling.norm.name} ", style="bold")
    cite = f"{ruling.norm.grounds.cite}, " if ruling.norm.grounds.cite else ""
    line.append(f"{title} ({cite}{ruling.market}; {', '.join(roles)})", style="not bold")
    console.print(line)
    console.print(Text(f"      {_why(difference)}", style="dim"))
    if kept.keeping is not None:
        console.print(Text(f"      {_kept(kept)}", style="dim"))


def _why(difference: Difference) -> str:
    return "; or ".join(_cause(difference, causes) for causes in difference.causes)


def _cause(difference: Difference, causes: Causes) -> str:
    said = []
    if Cause.LAW in causes:
        said.append(f"law: {_law(difference)}")
    if Cause.PACKS in causes:
        said.append(f"packs: {_pack(difference)}")
    if Cause.FACTS in causes:
        said.append(f"facts: {_facts(difference)}")
    return " and ".join(said)


def _law(difference: Difference) -> str:
    norm, days = difference.ruling.norm, difference.passed
    if norm.valid_until in days:
        return f"it applies no longer from {norm.valid_until}"
    if norm.valid_from in days:
        return f"in force from {norm.valid_from}"
    if days:
        return f"its conditions name {', '.join(map(str, days))}"
    return "so long after a day that its conditions name"


def _pack(difference: Difference) -> str:
    pack = difference.ruling.pack
    if difference.recorded is not None:
        return f"{pack.name} was first recorded {difference.recorded.version}"
    before = difference.before
    if before is None or difference.after is None:
        return f"{pack.name}, version {pack.version}"
    return f"{pack.name}, version {before.pack.version} to {difference.after.pack.version}"


def _facts(difference: Difference) -> str:
    said = [
        f"{each.fact} from {answer_in_words(each.before)} to {answer_in_words(each.after)}"
        for each in difference.facts
    ]
    return ", ".join(said) or "answers changed"


def _kept(kept: Kept) -> str:
    keeping = kept.keeping
    if keeping is None:
        return ""
    due = f", due {keeping.deadline}" if keeping.deadline else ""
    state = keeping.state.value.replace("_", " ")
    owner = keeping.owner or ("" if keeping.state is State.NOT_OURS else "nobody")
    return f"status: {state}{f', seen to by {owner}' if owner else ''}{due}"


def _print_recorded(console: Console, recorded: Sequence[Kept]) -> None:
    """Say what only the recording of its pack made known, pack by pack."""
    if not recorded:
        return
    console.print()
    title = Text("Known since its pack was recorded (--all lists them)", style="bold")
    console.print(Rule(title, align="left", style="dim"))
    counts: dict[tuple[str, str], Counter[Change]] = {}
    for kept in recorded:
        first = kept.difference.recorded
        if first is not None:
            key = (kept.difference.ruling.pack.name, first.version.isoformat())
            counts.setdefault(key, Counter())[kept.difference.change] += 1
    for (pack, day), those in counts.items():
        said = ", ".join(
            f"{those[change]} {change.value}" for change in Change if those[change]
        )
        console.print(Text(f"  {pack}, recorded {day}: {said}", style="dim"))
