# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council rule`: list, show, check, try and write the rules a body decides by."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from comity.cli.option import Json, print_json
from comity.council.rule.decide import Reason
from comity.council.rule.floor import Answer
from comity.council.rule.outcome import Stage
from comity.desk.council.rule.rules import (
    Replayed,
    RuleSheet,
    TrialSheet,
    check_rule,
    rule_json,
    rule_sheet,
    rule_sheets,
    rule_text,
    try_rule,
)

app = App(name="rule", help="Read, check and try the rules a body decides by.")
_BODY = Parameter(help="Who has a seat: a body that comes along, or a .toml file.")


@app.command(name="list")
def list_(*, as_json: Json = False) -> None:
    """List the rules that come with Comity, each in one sentence.

    Example: comity council rule list
    """
    sheets = rule_sheets()
    if as_json:
        print_json([sheet.to_json() for sheet in sheets])
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("rule", no_wrap=True, style="bold")
    table.add_column("in words")
    for sheet in sheets:
        table.add_row(sheet.rule.slug, sheet.words)
    Console(highlight=False).print(table)


@app.command
def show(rule: str, *, as_json: Json = False) -> None:
    """Show a rule: its sentence, sources, cautions, and what it makes of decisions of record.

    Real votes that were taken under another rule are said to be so: they are no precedent.

    Example: comity council rule show un-security-council

    Example: comity council rule show ours.toml --json

    Args:
        rule: A rule that comes along, or a .toml or .json file.
    """
    sheet = rule_sheet(rule)
    if as_json:
        print_json(sheet.to_json())
        return
    say = _Saying()
    _print_rule(say, sheet)
    for source in sheet.rule.sources:
        say(f"from: {source.article} ({source.basis.value}: {source.source})", style="dim")
    for caution in sheet.rule.cautions:
        say(f"caution: {caution}", style="yellow")
    for replayed in sheet.replayed:
        _print_replayed(say, replayed)
    for gap in sheet.gaps:
        say(f"not found: {gap}", style="yellow")


@app.command
def check(
    rule: str, *, body: Annotated[str | None, _BODY] = None, as_json: Json = False
) -> None:
    """Check a rule: that it can pass, can fail, and that an empty base does not adopt.

    With a body, also that its groups and weights are there. Every fault is listed, each flaw
    with an example.

    Example: comity council rule check ours.toml

    Example: comity council rule check eu-council --body eu

    Args:
        rule: A rule that comes along, or a .toml or .json file.
    """
    sheet = check_rule(rule, body)
    if as_json:
        print_json({"ok": True, **sheet.to_json()})
        return
    say = _Saying()
    _print_rule(say, sheet)
    where = "" if body is None else f" for {body}"
    say(f"it can be used{where}: it can pass and fail, and no empty base adopts", style="green")


@app.command(name="try")
def try_(
    rule: str,
    *,
    votes: Path,
    body: Annotated[str | None, _BODY] = None,
    stage: Literal["silence", "extended", "vote"] = "silence",
    as_json: Json = False,
) -> None:
    """Decide a file of votes by a rule, and say why, what abstention did, what would flip it.

    Votes are CSV with the columns seat and answer (yes, no, object, abstain, recused, present,
    void; empty or silent for nothing said), then, where wanted, reason, groups (separated by
    ;) and any weight under its name.

    Example: comity council rule try un-security-council --votes votes.csv

    Example: comity council rule try eu-council --votes votes.csv --body eu --json

    Args:
        rule: A rule that comes along, or a .toml or .json file.
        votes: The votes, a CSV file.
        stage: Under silence: its period, its extended period, or the vote that follows.
    """
    sheet = try_rule(rule, votes, body=body, stage=Stage(stage))
    if as_json:
        print_json(sheet.to_json())
    else:
        _print_trial(_Saying(), sheet)


@app.command
def write(rule: str, *, as_json: Json = False) -> None:
    """Write a rule as TOML, to begin one's own from it; with --json, as its canonical JSON.

    Example: comity council rule write eu-council > ours.toml

    Args:
        rule: A rule that comes along, or a .toml or .json file.
    """
    if as_json:
        print_json(rule_json(rule))
    else:
        print(rule_text(rule), end="")  # noqa: T201 - the verb's output


class _Saying:
    """Prints lines as they are: nothing in them is markup."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)

    def __call__(self, text: str, *, style: str = "") -> None:
        self.console.print(text, style=style, markup=False, soft_wrap=True)


def _print_rule(say: _Saying, sheet: RuleSheet) -> None:
    say(sheet.rule.title, style="bold")
    say(sheet.words)
    if sheet.rule.about:
        say(sheet.rule.about)
    say(f"sha256 {sheet.sha256}", style="dim")


def _print_replayed(say: _Saying, replayed: Replayed) -> None:
    decision = replayed.decision
    on = "an example" if decision.on is None else decision.on.isoformat()
    said, state = _counted(replayed.counts), _state(replayed.outcome.state.value)
    by = "by this rule " if decision.taken_under else ""
    say(f"{on}  {decision.name}: {said}: {by}{state}", style="bold")
    if decision.taken_under:
        say(f"  no decision by this rule; real votes, taken under: {decision.taken_under}")
    if replayed.recorded and not replayed.agrees:
        say(f"  on record it is {_state(decision.result.value)}", style="red")
    if replayed.outcome.flip is not None:
        say(f"  {replayed.outcome.flip.words()}")
    if decision.note:
        say(f"  {decision.note}")
    if not decision.is_example:
        say(f"  {decision.basis.value}: {decision.source}", style="dim")


def _print_trial(say: _Saying, sheet: TrialSheet) -> None:
    outcome = sheet.outcome
    say(_state(outcome.state.value), style="bold green" if outcome.is_adopted else "bold")
    seats = "1 seat" if len(sheet.floor.seats) == 1 else f"{len(sheet.floor.seats)} seats"
    say(f"{seats}: {_counted(sheet.counts)}")
    say(sheet.words, style="dim")
    if outcome.quorum is not None:
        say("quorum:")
        _print_reason(say, outcome.quorum, 1)
    _print_reason(say, outcome.reason, 0)
    for sentence in (*(base for base in outcome.bases if "nobody" in base), outcome.abstention):
        if sentence:
            say(sentence)
    if outcome.flip is not None:
        say(outcome.flip.words())
    for caution in sheet.cautions:
        say(f"caution: {caution}", style="yellow")


def _print_reason(say: _Saying, reason: Reason, depth: int) -> None:
    counted = "" if reason.counted is None else f" ({reason.counted}"
    counted += "" if not counted else f" of {reason.base})" if reason.base is not None else ")"
    mark = "holds" if reason.passed else "does not hold"
    say(f"{'  ' * depth}{mark}: {reason.words}{counted}")
    for part in reason.parts if not counted else ():
        _print_reason(say, part, depth + 1)


def _counted(counts: tuple[tuple[Answer, int], ...]) -> str:
    return ", ".join(f"{count} {answer.value}" for answer, count in counts)


def _state(state: str) -> str:
    return state.replace("_", " ")
