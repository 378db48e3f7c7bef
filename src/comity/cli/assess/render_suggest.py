# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Suggested tests as people read them: each once, with every duty it serves."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from comity.cli.law.ruling import line
from comity.desk.assessment.figures import share_in_words
from comity.desk.assessment.proposal import Duty, Open, Proposal, Suggestion, Unbanked
from comity.desk.assessment.suggested import Written
from comity.kernel.truth import Truth
from comity.law.pack import PackStatus

_MOST_OPEN = 6
"""Norms named for one fact that is open."""


def print_suggestion(console: Console, suggestion: Suggestion) -> None:
    """Print every proposal, then what no bank here shows and what cannot be told."""
    _print_heading(console, suggestion)
    for number, proposal in enumerate(suggestion.proposals, start=1):
        _print_proposal(console, proposal, number)
    _print_slots(console, suggestion.slots)
    _print_duties(
        console,
        "Any test that is run and logged before release speaks to",
        suggestion.any_test,
    )
    _print_unbanked(console, suggestion.unbanked)
    _print_open(console, suggestion.open)
    _print_coming(console, suggestion.coming)
    console.print()
    _say(
        console,
        "A test speaks to a duty, it does not discharge it. Which conduct a bank shows, and "
        "what of it questions can show at all, is our judgement and no law's.",
        style="dim",
    )


def print_written(console: Console, written: Iterable[Written]) -> None:
    """Print what was written, and the two commands that use each."""
    for one in written:
        console.print()
        size = one.proposal.numbers.size
        _say(console, f"wrote {one.claim}", style="green")
        if one.core is not None:
            bank = one.core.with_suffix(".jsonl")
            build = f"comity bank build {one.core} --seed SECRET --size {size} --out {bank}"
            _say(console, build, indent=2)
        plan = f"comity assess plan APPLICATION --claim {one.claim} --node NODE"
        _say(console, plan, indent=2)


def _print_heading(console: Console, suggestion: Suggestion) -> None:
    asked = suggestion.determination
    profile = asked.profile
    title = profile.name.in_language("en") or profile.system
    roles = ", ".join("role not stated" if r is None else r.value for r in asked.roles)
    _say(console, f"{title} {profile.version}".strip(), style="bold")
    _say(console, f"as {roles}, in {', '.join(asked.markets)}, on {asked.on.isoformat()}")
    duties = {duty.norm.name for one in suggestion.proposals for duty in one.applies}
    tests = [one for one in suggestion.proposals if not one.offer.claim.instead_of]
    console.print()
    speak = "test speaks" if len(tests) == 1 else "tests speak"
    norms = "norm that applies" if len(duties) == 1 else "norms that apply"
    _say(
        console,
        f"{len(tests)} {speak} to {len(duties)} {norms}; each is run once for all of them.",
    )
    for market in asked.without_pack:
        _say(console, f"No pack is held for {market}: that is not “no law”.", style="yellow")


def _print_proposal(console: Console, proposal: Proposal, number: int) -> None:
    claim, numbers = proposal.offer.claim, proposal.numbers
    console.print()
    console.print(Rule(Text(f"{number}. {proposal.slug}", style="bold"), align="left"))
    _say(console, claim.claim.in_language("en"))
    _say(console, f"items and answers in: {', '.join(claim.languages)}", style="dim")
    if claim.instead_of:
        stands = " and ".join(claim.instead_of)
        _say(console, f"Shorter; stands in for {stands}.", style="yellow")
    if proposal.fits is Truth.UNDETERMINED:
        facts = ", ".join(proposal.fits_facts)
        _say(console, f"Fits only if: {claim.fits} (open: {facts})", style="yellow")
    _say(console, _plan_in_words(proposal))
    _say(console, _forecast_in_words(proposal))
    for said in numbers.said:
        _say(console, f"· {said}", indent=2, style="dim")
    _print_named(console, "serves", proposal.applies)
    _print_named(console, "and later", proposal.later)


def _plan_in_words(proposal: Proposal) -> str:
    numbers, counts = proposal.numbers, sorted(set(proposal.categories.values()))
    size = str(counts[0]) if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
    return (
        f"more than {share_in_words(numbers.threshold)} in each of "
        f"{len(proposal.categories)} categories of {size} items; goal "
        f"{share_in_words(numbers.goal)}, risk {share_in_words(numbers.risk)}, power "
        f"{share_in_words(numbers.power)}"
    )


def _forecast_in_words(proposal: Proposal) -> str:
    found = proposal.forecast
    if found.refusal:
        return f"no such plan: {found.refusal}"
    return (
        f"questions in all: {round(found.perfect):,} if it never fails, "
        f"{round(found.goal):,} at the goal, {round(found.worst):,} at worst, "
        f"never more than {found.most:,}"
    )


def _print_named(console: Console, word: str, duties: Sequence[Duty]) -> None:
    for place, duty in enumerate(duties):
        start = f"{word} " if not place else " " * (len(word) + 1)
        _say(console, f"{start}{_duty_in_words(duty)}", indent=2)


def _duty_in_words(duty: Duty) -> str:
    grounds, start = duty.norm.grounds, duty.norm.valid_from
    marks = [] if duty.pack.status is PackStatus.BINDING else [duty.pack.status.value]
    if grounds.basis is not None:
        marks.append(f"seen as {grounds.basis.value}")
    if start is not None and duty.status.value == "not yet in force":
        marks.append(f"from {start.isoformat()}")
        marks += ["if it applies"] if duty.unsettled else []
    title = duty.norm.title.in_language("en")
    return f"{duty.pack.market} {duty.norm.name}, {grounds.cite}: {title} ({', '.join(marks)})"


def _print_slots(console: Console, slots: Sequence[Proposal]) -> None:
    for slot in slots:
        console.print()
        _say(console, f"{slot.slug}: left for an authority to write", style="bold")
        _say(console, slot.offer.claim.claim.in_language("en"))
        names = ", ".join(slot.categories)
        _say(console, f"categories without sentences: {names}", indent=2, style="dim")
        _print_named(console, "would serve", slot.applies)


def _print_duties(console: Console, heading: str, duties: Sequence[Duty]) -> None:
    if duties:
        console.print()
        _say(console, heading, style="bold")
        for duty in duties:
            _say(console, _duty_in_words(duty), indent=2)


def _print_unbanked(console: Console, unbanked: Sequence[Unbanked]) -> None:
    if not unbanked:
        return
    console.print()
    _say(console, "No bank here", style="bold")
    for one in unbanked:
        _say(console, _duty_in_words(one.duty), indent=2)
        for why in one.why:
            _say(console, why, indent=4, style="dim")


def _print_open(console: Console, open_: Sequence[Open]) -> None:
    if not open_:
        return
    by_facts: dict[tuple[str, ...], list[Open]] = defaultdict(list)
    for one in open_:
        by_facts[one.duty.unsettled].append(one)
    console.print()
    _say(console, "Cannot be told; these answers would settle it", style="bold")
    for facts, duties in sorted(by_facts.items(), key=lambda each: -len(each[1])):
        _say(console, ", ".join(facts), indent=2, style="yellow")
        for one in duties[:_MOST_OPEN]:
            _say(console, _open_in_words(one), indent=4)
        if len(duties) > _MOST_OPEN:
            more = f"and {len(duties) - _MOST_OPEN} more; --json lists them"
            _say(console, more, indent=4, style="dim")


def _print_coming(console: Console, coming: Sequence[Open]) -> None:
    if coming:
        console.print()
        _say(console, "From a later day, besides those named above", style="bold")
        for one in coming:
            _say(console, _open_in_words(one), indent=2)


def _open_in_words(one: Open) -> str:
    banks = ", ".join(one.banks) or "no bank here"
    return f"{_duty_in_words(one.duty)} → {banks}"


def _say(console: Console, text: str, *, indent: int = 0, style: str = "") -> None:
    line(console, Text(text, style=style), indent)
