# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council replay`: a rule on what was voted before, and who could have stopped it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console

from comity.cli.council.render_replay import print_replay
from comity.cli.option import Json, print_json, words_of
from comity.cli.session import PassphraseFile, Telling, looked_at
from comity.council.rule.floor import Answer
from comity.desk.council.replay.past import past_of
from comity.desk.council.replay.replaying import Named, Past, replayed
from comity.desk.council.replay.sheet import ReplaySheet
from comity.errors import Fault, InvalidDocument
from comity.files.body import get_body, get_weights
from comity.files.history import open_history
from comity.files.rollcall import Reading, to_csv
from comity.files.rule import RuleFile, get_rule
from comity.files.text import write_whole
from comity.node.clock import read_clock

Node = Annotated[
    Path | None, Parameter(name="--node", help="A node's folder: replay what its logs decided.")
]


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a history.

    Args:
        against: A second rule; the items they decide differently are shown with why.
        body: Groups and weights the rules name; without it, the body the rule is for.
        blocs: Groups of the body, bodies or seats; joined by + they act as one.
        only_body: Leave out the seats that are not in the body.
        weights: A table of weights for every seat, former members' too, in place of the
            body's: population-2024, or a .csv file.
    """

    against: str = ""
    body: str = ""
    blocs: str = ""
    only_body: Annotated[bool, Parameter(negative="")] = False
    weights: str = ""


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """How a file of somebody else's is read.

    Args:
        choices: What the file's codes mean: yes, no, abstain, silent, recused, no_seat.
        columns: What the file calls its columns, such as item=resolution,member=ms_code.
        missing: What a seat without a row on an item did: silent, or no-seat.
    """

    choices: str = ""
    columns: str = ""
    missing: Literal["silent", "no-seat"] = "silent"


ANY, PLAIN = Question(), Codes()


def replay(
    rule: str,
    history: str = "",
    *,
    node: Node = None,
    question: Question = ANY,
    codes: Codes = PLAIN,
    csv: Path | None = None,
    passphrase_file: PassphraseFile = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Replay a rule on a roll-call history: what passes, who could have blocked or carried it.

    A history is one that comes with Comity (such as un-security-council), a CSV or Parquet
    file with the columns item, member and choice, or with --node what its logs decided.
    Nobody's vote is changed but the actor's asked about; others might have voted otherwise.

    Example: comity council replay without-hegemon un-general-assembly --body un

    Example: comity council replay eu-council eu-council --blocs deu+fra,ita

    Example: comity council replay codex votes.csv --choices 1=yes,2=abstain,3=no

    Args:
        rule: A rule's name (comity council rule list) or its .toml or .json file.
        history: A shipped history's name, or a .csv or .parquet file.
        csv: Write the items as a table.
        all_: Show every item, not the first twenty.
    """
    reading = _reading(codes)
    past = _past(history, reading, node, passphrase_file)
    with Telling(as_json=as_json).working("replaying"):
        sheet = _replayed(get_rule(rule), past, question, is_own=node is not None)
    _show(sheet, csv, everything=all_, as_json=as_json)
    return 0


def _replayed(rule: RuleFile, past: Past, question: Question, *, is_own: bool) -> ReplaySheet:
    body = question.body or ("" if is_own else rule.body)
    return replayed(
        past,
        _named(rule),
        against=_named(get_rule(question.against)) if question.against else None,
        body=get_body(body) if body else None,
        blocs=words_of(question.blocs),
        only_body=question.only_body,
        weights=get_weights(question.weights) if question.weights else None,
    )


def _show(sheet: ReplaySheet, csv: Path | None, *, everything: bool, as_json: bool) -> None:
    if csv is not None:
        write_whole(csv, to_csv(sheet.to_rows()), "replay")
    if as_json:
        print_json(sheet.to_json())
    else:
        print_replay(Console(highlight=False), sheet, everything=everything)


def _past(name: str, reading: Reading, node: Path | None, passphrase_file: Path | None) -> Past:
    if bool(name) is (node is not None):
        fault = Fault(message="give a history or --node, one of them")
        raise InvalidDocument("nothing to replay", code="cli.choose", faults=[fault])
    if node is None:
        return Past(name=Path(name).stem, call=open_history(name, reading))
    with looked_at(node, passphrase_file) as own:
        return past_of(own.view(), read_clock())


def _named(rule: RuleFile) -> Named:
    return Named(name=rule.slug, procedure=rule.procedure)


def _reading(codes: Codes) -> Reading:
    faults: list[Fault] = []
    reading = Reading(
        choices=_pairs("--choices", codes.choices, faults),
        columns=_pairs("--columns", codes.columns, faults),
        missing=Answer.SILENT if codes.missing == "silent" else None,
    )
    if faults:
        raise InvalidDocument("cannot be replayed so", code="cli.pairs", faults=faults)
    return reading


def _pairs(option: str, text: str, faults: list[Fault]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words_of(text):
        name, equals, meaning = (part.strip() for part in word.partition("="))
        if not (name and equals and meaning):
            faults.append(Fault(message=f"{option}: {word!r} is not written like 1=yes"))
        elif name in found:
            faults.append(Fault(message=f"{option}: {name!r} stands twice"))
        found[name] = meaning
    return found
