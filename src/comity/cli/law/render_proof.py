# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Conflicts, differences and relations in the terminal."""

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from comity.desk.law.proofs import Inquest
from comity.law import conduct as conducts
from comity.law.conduct import Conduct, Constraint
from comity.law.fact import Answer, OpenSet, Silence
from comity.law.pack import Library
from comity.law.phrase import demand_in_words, shown_number
from comity.law.prove.bound import Party
from comity.law.prove.clash import Escape
from comity.law.prove.conflict import Conflict
from comity.law.prove.difference import Difference
from comity.law.prove.relation import Lie, Relation
from comity.law.prove.witness import Witness

_STYLES = {Escape.HARD: "bold red"}
_ESCAPES = {
    Escape.HARD: "hard: doing otherwise by place or by design does not avoid it",
    Escape.PLACE: "avoidable by place: doing otherwise in each market",
    Escape.DESIGN: "avoidable by design: doing otherwise for each function or user",
    Escape.EITHER: "avoidable by place or by design: one way here, another there",
    Escape.BOTH: "avoidable by place and design together: one way alone does not do",
}
_MOST_NAMED = 4


def print_inquest(console: Console, inquest: Inquest, *, everything: bool) -> None:
    """Print the conflicts, one of a kind with its witness, then what differs."""
    groups: dict[object, list[Conflict]] = {}
    for conflict in inquest.findings.conflicts:
        groups.setdefault((conflict.clash, conflict.escape), []).append(conflict)
    sides = " and ".join(dict.fromkeys(inquest.question.sides))
    count = len(inquest.findings.conflicts)
    console.print(
        f"{sides}: {len(groups)} kinds of conflict in {count} sets of norms", style="bold"
    )
    for number, group in enumerate(groups.values(), start=1):
        console.print()
        _print_group(console, inquest, number, group)
    _print_differences(console, inquest, everything=everything)
    _print_limits(console, inquest)


def _print_group(
    console: Console, inquest: Inquest, number: int, group: Sequence[Conflict]
) -> None:
    conflict = group[0]
    force = "" if conflict.is_binding else ", not all binding"
    soft = ", a should" if conflict.is_soft else ""
    head = f"{number}. {_ESCAPES[conflict.escape]}{force}{soft}"
    console.print(head, style=_STYLES.get(conflict.escape, "bold yellow"))
    for party in conflict.parties:
        console.print(_party(party, inquest.library), markup=False, soft_wrap=True)
    for exclusion in conflict.exclusions:
        because = exclusion.because.in_language("en")
        console.print(f"   because: {because}", markup=False, soft_wrap=True)
    _print_witness(console, conflict, inquest.library)
    if inquest.rows is not None:
        some = inquest.hits_of.get(conflict.clash, 0)
        is_are = "is" if some == 1 else "are"
        said = (
            f"{some:,} of {inquest.rows:,} systems of the register {is_are} surely bound by all"
        )
        console.print(f"   {said}", markup=False, soft_wrap=True)
    if len(group) > 1:
        named = [" / ".join(p.norm.name for p in each.parties) for each in group[1:]]
        rest = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        said = ", ".join(named[:_MOST_NAMED]) + rest
        console.print(f"   the same: {said}", markup=False, soft_wrap=True, style="dim")


def _party(party: Party, library: Library) -> str:
    norm, constraint = party.norm, party.demand.constraint
    asked = demand_in_words(constraint, library.vocabulary.conducts[constraint.conduct])
    force = "" if party.is_binding else f" ({party.pack.status.value})"
    return (
        f"   {party.pack.market}{force} {norm.name} {party.demand.modality.value}: {asked}"
        f" [{norm.grounds.cite}]"
    )


def _print_witness(console: Console, conflict: Conflict, library: Library) -> None:
    witness = conflict.witness
    if witness is None:
        console.print("   whether one system can be bound by all was not decided in time")
        return
    markets = dict.fromkeys(party.pack.market for party in conflict.parties)
    roles = dict.fromkeys(role.value.replace("_", " ") for role in conflict.bearers)
    day = "" if witness.on is None else f" on {witness.on}"
    who = f"the {' and '.join(roles)} of a system in {' and '.join(markets)}{day}"
    console.print(f"   for example {who}:", markup=False, soft_wrap=True)
    for line in witness_lines(witness, library):
        console.print(f"     {line}", markup=False, soft_wrap=True)


def witness_lines(witness: Witness, library: Library) -> list[str]:
    """Write the answers of a witness by the labels of the facts, what is denied in one line."""
    facts = library.vocabulary.facts
    said = {name: facts[name].label.in_language("en") for name in sorted(witness.answers)}
    denied = [label for name, label in said.items() if witness.answers[name] is False]
    lines = [
        f"{label}: {_answer(witness.answers[name], facts[name].unit)}"
        for name, label in said.items()
        if witness.answers[name] is not False
    ]
    return [*lines, f"no: {'; '.join(denied)}"] if denied else lines


def _answer(answer: Answer, unit: str | None) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case OpenSet(known_in=inside, known_out=outside):
            held = f"has {', '.join(sorted(inside))}" if inside else ""
            lacks = f"has not {', '.join(sorted(outside))}" if outside else ""
            return ", ".join(filter(None, (held, lacks)))
        case frozenset():
            return ", ".join(sorted(answer)) or "none"
        case str():
            return answer.replace("_", " ")
        case Silence():
            return answer.value
        case _:
            number = str(answer) if hasattr(answer, "isoformat") else shown_number(answer)
            return f"{number} {unit}" if unit else number


def _print_differences(console: Console, inquest: Inquest, *, everything: bool) -> None:
    figures = [each for each in inquest.differences if each.first != each.second]
    triggers = [each for each in inquest.differences if each.first == each.second]
    if figures:
        console.print()
        console.print("The same conduct, otherwise asked for; both can be met", style="bold")
    for name in dict.fromkeys(each.conduct for each in figures):
        alike = [each for each in figures if each.conduct == name]
        _print_figures(console, inquest.library.vocabulary.conducts[name], alike)
    if triggers:
        pairs = sum(len(each.relations) for each in triggers)
        said = f"The same demand on another trigger: {pairs} pairs of norms on "
        console.print()
        console.print(f"{said}{len(triggers)} kinds of conduct", style="bold")
    for each in triggers if everything else ():
        conduct = inquest.library.vocabulary.conducts[each.conduct]
        norms = (
            f"{r.first[1].name} {r.trigger.value} {r.second[1].name}" for r in each.relations
        )
        label = conduct.label.in_language("en")
        console.print(f"   {label}: {', '.join(norms)}", markup=False, soft_wrap=True)
    if triggers and not everything:
        console.print("   --all lists them", style="dim")


def _print_figures(console: Console, conduct: Conduct, alike: Sequence[Difference]) -> None:
    """Print what each market asks of one conduct, and what satisfies them all."""
    asked: dict[str, dict[Constraint, dict[str, None]]] = {}
    for each in alike:
        for constraint, side in ((each.first, 0), (each.second, 1)):
            for relation in each.relations:
                pack, norm = (relation.first, relation.second)[side]
                norms = asked.setdefault(pack.market, {}).setdefault(constraint, {})
                norms[norm.name] = None
    label = conduct.label.in_language("en")

    def said(constraint: Constraint) -> str:
        return demand_in_words(constraint, conduct).removeprefix(f"{label}: ")

    console.print(f"   {label}", markup=False, soft_wrap=True)
    for market, constraints in asked.items():
        parts = (f"{said(one)} ({_few(tuple(norms))})" for one, norms in constraints.items())
        console.print(f"     {market} {'; '.join(parts)}", markup=False, soft_wrap=True)
    every = {one for constraints in asked.values() for one in constraints}
    strictest = _strictest(every)
    wins = "each can be met beside the others" if strictest is None else (
        f"the strictest, {said(strictest)}, satisfies all"
    )  # fmt: skip
    console.print(f"     {wins}", markup=False, style="dim")


def _strictest(constraints: Iterable[Constraint]) -> Constraint | None:
    """Return the figure that satisfies all, where all are bounds of one direction."""
    every = [each for each in constraints if each.bound is not None]
    relations = {each.relation for each in constraints}
    if relations == {conducts.Relation.AT_MOST}:
        return min(every, key=lambda each: each.bound or 0)
    if relations == {conducts.Relation.AT_LEAST}:
        return max(every, key=lambda each: each.bound or 0)
    return None


def _few(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _print_limits(console: Console, inquest: Inquest) -> None:
    console.print()
    findings, seconds = inquest.findings, inquest.question.timeout_s
    if findings.undecided:
        said = f"{findings.undecided} sets of norms were not decided in {seconds} s each"
        console.print(said, style="yellow")
    if findings.stopped:
        said = f"{findings.stopped} kinds of conflict have more sets of norms than were tried"
        console.print(said, style="yellow")
    if inquest.skipped:
        console.print(f"{inquest.skipped:,} malformed rows were left out", style="yellow")
    console.print(
        "Proven of the encoding, not of the law: which norm yields is for a court or a treaty.",
        style="dim",
    )


def print_relations(
    console: Console, relations: Sequence[Relation], *, everything: bool
) -> None:
    """Print how norms lie to each other; those that only intersect are counted."""
    shown = [each for each in relations if everything or each.whole is not Lie.INTERSECTS]
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 1, 0, 0))
    for column in ("norm", "is", "to", "trigger", "demand", "conduct"):
        table.add_column(column, overflow="fold")
    for each in sorted(shown, key=lambda one: (list(Lie).index(one.whole), one.first[1].name)):
        table.add_row(
            each.first[1].name, each.whole.value, each.second[1].name, each.trigger.value,
            "cannot both be met" if each.clash else each.demand.value, ", ".join(each.conducts),
        )  # fmt: skip
    console.print(table)
    counts = Counter(each.whole.value for each in relations)
    said = ", ".join(f"{counts[lie.value]} {lie.value}" for lie in Lie if counts[lie.value])
    console.print(f"{len(relations)} pairs of norms on the same conduct: {said}")
    if len(shown) < len(relations):
        console.print("--all lists those that intersect as well", style="dim")
    console.print(
        "A subset is satisfied wherever it binds by whoever does what the other asks.",
        style="dim",
    )
