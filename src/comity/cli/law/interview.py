# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity interview`: the question that settles most next, until nothing is open."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.text import Text

from comity.cli.law.asked import Asked
from comity.cli.law.duties import choice_in_words, settled_by
from comity.cli.law.ruling import line
from comity.cli.law.typed import Command, Typed, choices, read_typed
from comity.cli.option import print_json
from comity.desk.law.interview import (
    Interview,
    TakenIn,
    open_interview,
    prepared,
    read_batch,
    unasked,
)  # fmt: skip
from comity.errors import InvalidDocument
from comity.files.answer import Sayings
from comity.kernel.ids import MarketCode
from comity.law.fact import Silence
from comity.law.interview import Agenda, Question
from comity.law.situation import answer_in_words

_AS_THE_PROFILE_SAYS = Asked()
_KEYS = "? not known, - not applicable, ! disputed, s skip, u undo, q stop"
_Documents = Annotated[
    tuple[Path, ...], Parameter(name="--from", consume_multiple=True, negative="")
]


def interview(
    profile: Path,
    *,
    asked: Asked = _AS_THE_PROFILE_SAYS,
    from_: _Documents = (),
    batch: Path | None = None,
    questions: int = 0,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
) -> int:
    """Ask what settles most next; each answer is written into the profile at once.

    Stop whenever you like: run the same command again and it goes on where it stopped. An
    answer for one market alone is typed as VNM: 2026-03-01.

    Example: comity interview relief.toml --in EU,CHN

    Example: comity interview relief.toml --in EU --from sbom.cdx.json README.md

    Example: comity interview relief.toml --in EU,VNM --batch answers.toml

    Example: comity interview relief.toml --in EU --json

    Args:
        profile: The system's profile, a TOML file; comments and order in it stay.
        from_: Documents to answer from first: a CycloneDX or SPDX 3 bill of materials, a
            model card (README.md), a registration under the EU's Annex VIII.
        batch: Answers prepared beforehand, a TOML file with [facts] as in a profile; what
            it does not answer is skipped.
        questions: Stop after so many questions; with --json, print so many.
    """
    held = open_interview(profile, asked.inquiry())
    sayings = read_batch(batch, held) if batch is not None else None
    taken = held.take_in(from_) if from_ else ()
    if as_json:
        print_json(_as_json(held, taken, sayings, questions))
    else:
        _in_text(held, taken, sayings, questions)
    return 0


def _in_text(
    held: Interview, taken: Sequence[TakenIn], sayings: Sayings | None, questions: int
) -> None:
    console = Console(highlight=False)
    _print_taken(console, taken)
    if sayings is not None:
        _print_batch(console, held, _run_batch(held, sayings, questions), sayings)
    else:
        _converse(console, held, questions)


def _as_json(
    held: Interview, taken: Sequence[TakenIn], sayings: Sayings | None, questions: int
) -> object:
    """Return the next questions, once documents and prepared answers are taken in."""
    answered = [] if sayings is None else _run_batch(held, sayings, 0)
    found = held.agenda(limit=questions or 5)
    return {
        "taken_in": [each.to_json(held.facts) for each in taken],
        "answered": [question.fact for question, _ in answered],
        "undetermined": len(found.undetermined),
        "norms": list(found.undetermined),
        "questions": [question.to_json() for question in found.questions],
    }


def _run_batch(held: Interview, sayings: Sayings, questions: int) -> list[tuple[Question, int]]:
    """Answer what was prepared, in the order of the interview, and skip the rest."""
    done: list[tuple[Question, int]] = []
    while not questions or len(done) < questions:
        found = held.agenda()
        if not found.questions:
            break
        question = found.questions[0]
        answers = prepared(sayings, question.fact)
        if not answers:
            held.skipped.add(question.fact)
            continue
        held.answer(question.fact, answers)
        held.skipped.add(question.fact)
        done.append((question, len(found.undetermined)))
    return done


def _print_batch(
    console: Console, held: Interview, done: Sequence[tuple[Question, int]], sayings: Sayings
) -> None:
    for number, (question, open_before) in enumerate(done, start=1):
        said = ", ".join(
            f"{market}: {answer_in_words(answer)}" if market else answer_in_words(answer)
            for market, answer in prepared(sayings, question.fact).items()
        )
        head = f"{number:>3}. {question.fact} = {said}"
        console.print(
            Text.assemble(head, (f"  of {open_before} that could not be told", "dim"))
        )
    left = unasked(sayings, (question.fact for question, _ in done))
    if left:
        said = f"Prepared and not needed, so not written: {', '.join(left)}"
        console.print(Text(said, style="dim"))
    _print_end(console, held, len(done))


def _converse(console: Console, held: Interview, questions: int) -> None:
    """Ask until nothing is open, or somebody stops."""
    given = 0
    while not questions or given < questions:
        found = held.agenda()
        if not found.questions:
            break
        _print_question(console, held, found)
        step = _ask(console, held, found.questions[0])
        if step is Command.STOP:
            break
        given += 1 if step is None else -1 if step is Command.UNDO else 0
    _print_end(console, held, max(given, 0))


def _ask(console: Console, held: Interview, question: Question) -> Command | None:
    """Ask until something sound is typed, and do it; None once an answer was written."""
    fact = held.facts[question.fact]
    while True:
        try:
            typed = read_typed(fact, console.input("> "), question.markets)
        except EOFError:
            console.print()
            return Command.STOP
        match typed:
            case str():
                console.print(Text(typed, style="red"))
            case Command.UNDO:
                undone = held.undo()
                said = f"taken back: {', '.join(undone)}" if undone else "nothing to take back"
                console.print(Text(said, style="dim"))
                return Command.UNDO if undone else Command.SKIP
            case Command.SKIP:
                held.skipped.add(question.fact)
                return Command.SKIP
            case Command.STOP:
                return Command.STOP
            case Typed():
                if _written(console, held, question, typed):
                    return None


def _written(console: Console, held: Interview, question: Question, typed: Typed) -> bool:
    """Write an answer; False where it contradicts the others, which is said."""
    market = None if typed.market is None else MarketCode(typed.market)
    try:
        if typed.answer is Silence.NOT_KNOWN and market is None:
            held.not_known(question)
        else:
            held.answer(question.fact, {market: typed.answer})
    except InvalidDocument as error:
        if error.code == "files.amendment":
            raise
        for fault in error.faults:
            console.print(Text(fault.message, style="red"))
        return False
    if typed.answer is Silence.NOT_APPLICABLE and held.facts[question.fact].guard is None:
        said = "noted as your word: nothing in the vocabulary says when this does not apply"
        console.print(Text(said, style="yellow"))
    return True


def _print_question(console: Console, held: Interview, found: Agenda) -> None:
    question, fact = found.questions[0], held.facts[found.questions[0].fact]
    console.print()
    left = f"{len(found.undetermined)} norms cannot be told"
    console.print(Text(left, style="dim"))
    console.print(Text.assemble((question.text, "bold"), (f"  {fact.name}", "dim")))
    line(console, Text(fact.means.in_language("en"), style="dim"), 2)
    line(console, Text(_why(held, question)), 2)
    for outcome in question.outcomes:
        said = choice_in_words(outcome.answer)
        line(console, Text.assemble(f"{said}: ", (settled_by(outcome), "dim")), 4)
    line(console, Text(f"Type {choices(fact)}; {_KEYS}", style="cyan"), 2)


def _why(held: Interview, question: Question) -> str:
    """Say why it is asked: which norms wait on it, and how many it could settle."""
    norms = held.library.norms
    named = [f"{norms[name].title.in_language('en')} ({name})" for name in question.norms[:2]]
    more = question.concerns - len(named)
    waiting = "; ".join(named) + (f" and {more} more" if more > 0 else "")
    most = max((outcome.settles for outcome in question.outcomes), default=0)
    where = ", ".join(question.markets)
    if not most:
        return f"Settles none by itself; it matters in {where}, for {waiting}."
    return f"Settles up to {most} norms in {where}. It is asked for {waiting}."


def _print_taken(console: Console, taken: Iterable[TakenIn]) -> None:
    for each in taken:
        weighed = each.weighed
        where = f" in {weighed.market}" if weighed.market else ""
        answer = answer_in_words(weighed.answer)
        head = Text.assemble((f"{weighed.fact}{where} = {answer}", "bold"), f"  {each.outcome}")
        if each.kept:
            head.append(f": {each.kept}", style="yellow")
        console.print(head)
        line(console, Text(weighed.note, style="dim"), 2)


def _print_end(console: Console, held: Interview, given: int) -> None:
    found = held.agenda(limit=1)
    skipped = held.skipped
    console.print()
    left = len(found.undetermined)
    said = f"{given} answered; " + (
        f"{left} norms cannot be told" if left else "nothing is open"
    )
    if skipped and left:
        passed = "a question was" if len(skipped) == 1 else f"{len(skipped)} questions were"
        said += f", {passed} passed over"
    console.print(Text(said, style="bold"))
    console.print(
        Text(
            f"The answers stand in {held.file.path}; comity determine says what binds.",
            style="dim",
        )
    )
