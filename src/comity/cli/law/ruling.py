# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How one ruling looks in a terminal: what is asked, why, on whose word."""

import re
from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from comity.cli.law.alike import once, roles_alike
from comity.kernel.truth import Truth
from comity.law.determine import Determination, Ruling, Status
from comity.law.explain import Explanation, Step
from comity.law.norm import Basis
from comity.law.phrase import demand_in_words, in_words
from comity.law.reason import Clause, names_in

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
_COMMIT = r"@?(?=\d*[a-f])[0-9a-f]{7}\b"
_COPIES = re.compile(
    rf"""
    \s*\((?:[\w.-]+/[\w.-]+(?:\s{_COMMIT})?(?:;\s)?)+\)  # "(owner/repository; owner/other)"
    | \s*\([\w.-]+\s{_COMMIT}\)                          # "(repository 1c7cd7d)"
    | \sin\s[\w-]+/[\w.-]+(?=[;,]|$)                     # "in owner/repository"
    | [;,]?\s?[\w.-]+\s{_COMMIT}                          # "file.jsonl @5f35fc9"
    """,
    re.VERBOSE,
)
_NARROWEST = 24
STYLES = {
    Status.APPLIES: "bold green",
    Status.CANNOT_TELL: "bold yellow",
    Status.DOES_NOT_APPLY: "dim",
    Status.NOT_YET_IN_FORCE: "bold cyan",
    Status.ENDED: "dim",
}


def print_ruling(console: Console, ruling: Ruling, determination: Determination) -> None:
    """Print what a norm asks, the clauses and facts that decided, and what it rests on."""
    norm = ruling.norm
    line(console, Text(norm.title.in_language("en"), style="bold"), 4)
    for text in _asks(ruling, determination):
        line(console, text, 6)
    for said in (
        _because(ruling, determination),
        _unless(ruling),
        _marks(ruling, determination),
    ):
        if said:
            line(console, Text(said, style="dim"), 6)


def print_brief(console: Console, ruling: Ruling, determination: Determination) -> None:
    """Print what a norm asks and where it stands, in two lines."""
    norm = ruling.norm
    role = roles_alike(ruling, determination)
    marks = " · ".join(mark for mark in (norm.grounds.cite, norm.name, role) if mark)
    title = Text(norm.title.in_language("en"), style="bold")
    line(console, Text.assemble(title, (f"  {marks}", "dim")), 4)
    asks = [text.plain for text in _asks(ruling, determination)]
    line(console, Text("; ".join(asks)), 6)


def _asks(ruling: Ruling, determination: Determination) -> Iterator[Text]:
    norm, conducts = ruling.norm, determination.library.vocabulary.conducts
    for demand in norm.demands:
        asked = demand_in_words(demand.constraint, conducts[demand.constraint.conduct])
        yield Text.assemble((demand.modality.value, "cyan"), f"  {asked}")
    if norm.asks is not None:
        yield Text(norm.asks.in_language("en"))


def _because(ruling: Ruling, determination: Determination) -> str:
    """Say which clauses decided, and which answers somebody derived or declared."""
    clauses = [_clause(clause, ruling, determination) for clause in ruling.decided_by]
    return f"because {'; '.join(dict.fromkeys(clauses))}" if clauses else "always applies"


def _clause(clause: Clause, ruling: Ruling, determination: Determination) -> str:
    situation, market = determination.situation, ruling.market
    said = in_words(clause.atom, determination.library.vocabulary.facts)
    if clause.truth is not Truth.TRUE:
        said += f": {_TRUTHS[clause.truth][0]}"
    for name in names_in(clause.atom):
        derived = situation.closures[market].derived.get(name)
        if derived is not None:
            said += f" (follows from {derived.rule})"
        elif situation.said_not_applicable(market, name):
            said += " (not applicable, as its author says)"
    return said


def _unless(ruling: Ruling) -> str:
    provisos = [
        f"unless {in_words(proviso.condition)}: {_TRUTHS[proviso.truth][0]}"
        for proviso in ruling.provisos
    ]
    return "; ".join(provisos)


def _marks(ruling: Ruling, determination: Determination) -> str:
    norm, basis = ruling.norm, ruling.norm.grounds.basis
    marks = [norm.grounds.cite, norm.name, roles_alike(ruling, determination)]
    said = _BASES[basis] if basis is not None else "no basis given"
    source = shown_source(norm.grounds.source)
    marks.append(f"{said} ({source})" if source else said)
    if not norm.exceptions_researched:
        marks.append("nobody researched exceptions")
    if ruling.gaps:
        names = ", ".join(gap.name for gap in ruling.gaps)
        marks.append(f"leans on {'a gap' if len(ruling.gaps) == 1 else 'gaps'}: {names}")
    return " · ".join(mark for mark in marks if mark)


def shown_source(source: str) -> str:
    """Shorten where a text was seen: whose copy of a repository it was is in the JSON.

    Example:
        >>> shown_source("law.go.kr text of Act 21311 (someone/some-copy)")
        'law.go.kr text of Act 21311'
    """
    return _COPIES.sub("", source).strip(" ;,")


def force_of(ruling: Ruling) -> str:
    """Say what force a text has, where it binds nobody."""
    return "" if ruling.is_binding else f", {ruling.pack.status.value}"


def line(console: Console, text: Text, indent: int) -> None:
    """Print a text indented, all of its lines alike."""
    for row in text.wrap(console, max(_NARROWEST, console.width - indent)):
        row.rstrip()
        row.pad_left(indent)
        console.print(row, soft_wrap=True)


def print_explanations(
    console: Console, determination: Determination, explanations: Sequence[Explanation]
) -> None:
    """Print why each ruling is what it is, clause by clause."""
    told = once(explanation.ruling for explanation in explanations)
    for explanation in explanations:
        ruling = explanation.ruling
        if ruling not in told:
            continue
        norm = ruling.norm
        status = Text(ruling.status.value, style=STYLES[ruling.status])
        one = "role not stated" if ruling.role is None else ruling.role.value
        role = roles_alike(ruling, determination) or one
        heading = f"{norm.name} on {determination.on} in {ruling.market} as {role}: "
        console.print(Text.assemble((heading, "bold"), status))
        law = f"{ruling.pack.title.in_language('en')} ({ruling.pack.name})"
        line(console, Text(law, style="bold cyan"), 2)
        if ruling.pack.adopted:
            line(console, Text(ruling.pack.adopted, style="cyan"), 2)
        print_ruling(console, ruling, determination)
        dates = f"applies from {norm.valid_from or 'no day named'}"
        if norm.valid_until is not None:
            dates += f", until {norm.valid_until}"
        line(console, Text(dates, style="dim"), 4)
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
