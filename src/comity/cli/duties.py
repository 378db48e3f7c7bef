# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a determination looks in a terminal."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from comity.kernel.ids import MarketCode
from comity.kernel.truth import Truth
from comity.law.determine import ROLE, Determination, Ruling, Status
from comity.law.explain import Explanation, Step
from comity.law.interview import Outcome, Question
from comity.law.norm import Basis
from comity.law.pack import PackStatus
from comity.law.phrase import demand_in_words
from comity.law.situation import answer_in_words

_BASES = {
    Basis.TEXT: "wording read",
    Basis.SECONDARY: "from a description",
    Basis.MEMORY: "from memory",
    Basis.WEAK: "weak",
}
_TRUTHS = {
    Truth.TRUE: ("yes", "green"),
    Truth.FALSE: ("no", "red"),
    Truth.UNDETERMINED: ("cannot tell", "yellow"),
}
_STYLES = {
    Status.APPLIES: "bold green",
    Status.CANNOT_TELL: "bold yellow",
    Status.DOES_NOT_APPLY: "dim",
    Status.NOT_YET_IN_FORCE: "bold cyan",
    Status.ENDED: "dim",
}
_MOST_PER_QUESTION = 3


def print_determination(
    console: Console,
    determination: Determination,
    questions: Sequence[Question],
    *,
    everything: bool,
) -> None:
    """Print a determination, market by market, then the questions that settle most."""
    profile = determination.profile
    roles = ", ".join("role not stated" if r is None else r.value for r in determination.roles)
    title = profile.name.in_language("en") or profile.system
    heading = Text(f"{title} {profile.version}".strip(), style="bold")
    heading.append(f"  on {determination.on}, as {roles}", style="not bold")
    console.print(heading)
    _print_overview(console, determination)
    for market in determination.markets:
        console.print()
        console.print(Rule(Text(market, style="bold"), align="left", style="dim"))
        if market in determination.without_pack:
            console.print(
                "No pack is held for this market. That is not to say it has no law.",
                style="yellow",
            )
        else:
            _print_market(console, determination, market, everything=everything)
    _print_questions(console, questions)
    _print_footer(console, determination)


def _print_overview(console: Console, determination: Determination) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("market", style="bold")
    for column in ("binds", "soft", "bill, draft", "later", "cannot tell", "does not apply"):
        table.add_column(column, justify="right")
    for market in determination.markets:
        if market in determination.without_pack:
            table.add_row(market, *["no pack"] + ["–"] * 5)
            continue
        applying = determination.of(market=market, status=Status.APPLIES)
        forces = [ruling.pack.status for ruling in applying]
        counts = (
            forces.count(PackStatus.BINDING),
            forces.count(PackStatus.SOFT),
            forces.count(PackStatus.BILL) + forces.count(PackStatus.DRAFT),
            *(
                len(determination.of(market=market, status=status))
                for status in (
                    Status.NOT_YET_IN_FORCE,
                    Status.CANNOT_TELL,
                    Status.DOES_NOT_APPLY,
                )
            ),
        )
        table.add_row(market, *(str(count) if count else "·" for count in counts))
    console.print(table)


def _print_market(
    console: Console, determination: Determination, market: MarketCode, *, everything: bool
) -> None:
    rulings = determination.of(market=market)
    applying = [ruling for ruling in rulings if ruling.status is Status.APPLIES]
    for force, heading in (
        (PackStatus.BINDING, "Binds now"),
        (PackStatus.SOFT, "Soft law that speaks to it (binds nobody)"),
        (PackStatus.BILL, "Bills that would bind it (not law)"),
        (PackStatus.DRAFT, "Drafts that would speak to it (not law)"),
    ):
        chosen = [ruling for ruling in applying if ruling.pack.status is force]
        brief = force is not PackStatus.BINDING and not everything
        _print_group(console, heading, chosen, determination, brief=brief)
    for status, heading in (
        (Status.NOT_YET_IN_FORCE, "Not yet in force"),
        (Status.ENDED, "No longer in force"),
    ):
        chosen = [ruling for ruling in rulings if ruling.status is status]
        _print_dated(console, heading, chosen, style=_STYLES[status], everything=everything)
    open_ones = [ruling for ruling in rulings if ruling.status is Status.CANNOT_TELL]
    _print_open(console, open_ones, determination, everything=everything)
    excluded = [ruling for ruling in rulings if ruling.status is Status.DOES_NOT_APPLY]
    if excluded and everything:
        _print_excluded(console, excluded)
    elif excluded:
        console.print(Text(f"Does not apply: {len(excluded)} (--all lists them)", style="dim"))


def _print_group(
    console: Console,
    heading: str,
    rulings: Sequence[Ruling],
    determination: Determination,
    *,
    brief: bool,
) -> None:
    if not rulings:
        return
    console.print(Text(f"{heading}: {len(rulings)}", style=_STYLES[Status.APPLIES]))
    for ruling in rulings:
        if brief:
            title, cite = ruling.norm.title.in_language("en"), ruling.norm.grounds.cite
            _line(console, Text.assemble(title, (f"  {cite}, {ruling.norm.name}", "dim")), 2)
        else:
            _print_ruling(console, ruling, determination)


def _print_ruling(console: Console, ruling: Ruling, determination: Determination) -> None:
    norm = ruling.norm
    conducts = determination.library.vocabulary.conducts
    _line(console, Text(norm.title.in_language("en"), style="bold"), 2)
    for demand in norm.demands:
        asked = demand_in_words(demand.constraint, conducts[demand.constraint.conduct])
        _line(console, Text.assemble((demand.modality.value, "cyan"), f"  {asked}"), 4)
    if norm.asks is not None:
        _line(console, Text(norm.asks.in_language("en")), 4)
    _line(console, Text(_marks(ruling, len(determination.roles) > 1), style="dim"), 4)


def _marks(ruling: Ruling, with_role: bool) -> str:
    norm, basis = ruling.norm, ruling.norm.grounds.basis
    marks = [norm.grounds.cite, norm.name]
    if with_role and ruling.role is not None:
        marks.append(ruling.role.value)
    marks.append(_BASES[basis] if basis is not None else "no basis given")
    if not norm.exceptions_researched:
        marks.append("exceptions not researched")
    if ruling.gaps:
        names = ", ".join(gap.name for gap in ruling.gaps)
        marks.append(f"leans on {'a gap' if len(ruling.gaps) == 1 else 'gaps'}: {names}")
    return " · ".join(mark for mark in marks if mark)


def _print_dated(
    console: Console, heading: str, rulings: Sequence[Ruling], *, style: str, everything: bool
) -> None:
    if not rulings:
        return
    certain = [ruling for ruling in rulings if ruling.truth is Truth.TRUE]
    uncertain = len(rulings) - len(certain)
    console.print(Text(f"{heading}: {len(rulings)}", style=style))
    for ruling in sorted(rulings if everything else certain, key=_day):
        would = "" if ruling.truth is Truth.TRUE else ", whether it will apply cannot be told"
        line = Text.assemble(
            (f"{_day(ruling)}  ", "cyan"), ruling.norm.title.in_language("en"),
            (f"  {ruling.norm.name}{_force(ruling)}{would}", "dim"),
        )  # fmt: skip
        _line(console, line, 2)
    if uncertain and not everything:
        days = sorted({_day(r) for r in rulings if r.truth is not Truth.TRUE})
        said = f"{uncertain} of which it cannot be told whether they will apply, from "
        _line(console, Text(f"{said}{', '.join(days)} (--all lists them)", style="dim"), 2)


def _day(ruling: Ruling) -> str:
    ended = ruling.status is Status.ENDED
    return str(ruling.norm.valid_until if ended else ruling.norm.valid_from)


def _print_open(
    console: Console,
    rulings: Sequence[Ruling],
    determination: Determination,
    *,
    everything: bool,
) -> None:
    if not rulings:
        return
    heading = f"Cannot be told: {len(rulings)}, by the question that would tell most"
    console.print(Text(heading, style=_STYLES[Status.CANNOT_TELL]))
    for fact, group in _by_question(rulings):
        line = Text.assemble((_question(fact, determination), "yellow"), (f"  {fact}", "dim"))
        _line(console, line, 2)
        shown = group if everything else group[:_MOST_PER_QUESTION]
        for ruling in shown:
            more = len(ruling.unsettled) - 1
            rest = f", {more} more open" if more else ""
            title = ruling.norm.title.in_language("en")
            marks = f"  {ruling.norm.name}{_force(ruling)}{rest}"
            _line(console, Text.assemble(title, (marks, "dim")), 4)
        if len(group) > len(shown):
            _line(console, Text(f"and {len(group) - len(shown)} more", style="dim"), 4)


def _by_question(rulings: Sequence[Ruling]) -> Iterable[tuple[str, list[Ruling]]]:
    """Group rulings by the open fact most of them share, then the next, greedily."""
    left = list(rulings)
    while left:
        counts: dict[str, int] = {}
        for ruling in left:
            for fact in ruling.unsettled:
                counts[fact] = counts.get(fact, 0) + 1
        best = max(sorted(counts), key=lambda fact: counts[fact])
        yield best, [ruling for ruling in left if best in ruling.unsettled]
        left = [ruling for ruling in left if best not in ruling.unsettled]


def _question(fact: str, determination: Determination) -> str:
    if fact == ROLE:
        return "What are you to the system: provider, deployer, …? (--role)"
    return determination.library.vocabulary.facts[fact].question.in_language("en")


def _print_excluded(console: Console, rulings: Sequence[Ruling]) -> None:
    console.print(Text(f"Does not apply: {len(rulings)}", style="bold"))
    for ruling in rulings:
        title = ruling.norm.title.in_language("en")
        _line(console, Text.assemble(title, (f"  {ruling.norm.name}", "dim")), 2)


def _print_questions(console: Console, questions: Sequence[Question]) -> None:
    if not questions:
        return
    console.print()
    console.print(
        Rule(Text("Questions that settle most", style="bold"), align="left", style="dim")
    )
    for question in questions:
        console.print(Text.assemble((question.text, "bold"), (f"  {question.fact}", "dim")))
        for outcome in question.outcomes:
            said = answer_in_words(outcome.answer)
            said = {"true": "yes", "false": "no"}.get(said, said)
            _line(console, Text.assemble(f"{said}: ", (_settled(outcome), "dim")), 4)


def _settled(outcome: Outcome) -> str:
    match outcome.settles:
        case 0:
            return "settles nothing by itself"
        case 1:
            then = "applies" if outcome.applies else "does not apply"
            return f"settles one norm, which then {then}"
        case many:
            return f"settles {many} norms, of which {outcome.applies} then apply"


def _print_footer(console: Console, determination: Determination) -> None:
    console.print()
    digest = determination.library.digest.hex()
    console.print(
        Text(
            f"Rests on the packs with digest {digest[:16]}…. An encoding, not legal advice; "
            "what nobody answered is never taken for no.",
            style="dim",
        )
    )


def _force(ruling: Ruling) -> str:
    return "" if ruling.is_binding else f", {ruling.pack.status.value}"


def _line(console: Console, text: Text, indent: int) -> None:
    console.print(Padding(text, (0, 0, 0, indent), expand=False))


def print_explanations(
    console: Console, determination: Determination, explanations: Sequence[Explanation]
) -> None:
    """Print why each ruling is what it is, clause by clause."""
    for explanation in explanations:
        ruling = explanation.ruling
        norm = ruling.norm
        status = Text(ruling.status.value, style=_STYLES[ruling.status])
        role = "role not stated" if ruling.role is None else ruling.role.value
        heading = f"{norm.name} on {determination.on} in {ruling.market} as {role}: "
        console.print(Text.assemble((heading, "bold"), status))
        _print_ruling(console, ruling, determination)
        dates = f"applies from {norm.valid_from or 'no day named'}"
        if norm.valid_until is not None:
            dates += f", until {norm.valid_until}"
        _line(console, Text(f"{dates}; {norm.grounds.source}", style="dim"), 4)
        console.print(_tree("when", explanation.scope))
        for step in explanation.exceptions:
            console.print(_tree("unless", step))
        for gap in ruling.gaps:
            console.print(
                Text.assemble((f"gap {gap.name}: ", "bold"), gap.says.in_language("en"))
            )


def _tree(word: str, step: Step) -> Tree:
    tree = Tree(Text.assemble((f"{word} ", "bold"), _step(step)), guide_style="dim")
    _grow(tree, step)
    return tree


def _grow(tree: Tree, step: Step) -> None:
    for part in step.parts:
        _grow(tree.add(_step(part)), part)


def _step(step: Step) -> Text:
    said, style = _TRUTHS[step.truth]
    line = Text.assemble(step.says, ": ", (said, style))
    if step.label and step.label != step.says:
        line.append(f"  {step.label}", style="dim")
    for answer in step.answers:
        line.append(f"  [{answer}]", style="dim")
    return line
