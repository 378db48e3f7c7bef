# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council replay`: a rule on what was voted before, and who could have stopped it."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console

from comity.cli.option import Json, print_json, words_of
from comity.cli.render_replay import print_replay
from comity.cli.session import PassphraseFile, Telling, opened
from comity.council.rule.floor import Answer
from comity.desk.replaying import Named, Past, replayed
from comity.desk.replaypast import past_of
from comity.desk.replaysheet import ReplaySheet
from comity.errors import Fault, InvalidDocument
from comity.files.body import get_body
from comity.files.history import open_history
from comity.files.rollcall import Reading, to_csv
from comity.files.rule import get_rule
from comity.files.text import write_whole
from comity.node.clock import read_clock

Node = Annotated[
    Path | None, Parameter(name="--node", help="A node's folder: replay what its logs decided.")
]
Missing = Literal["silent", "no-seat"]


def replay(
    rule: str,
    history: str = "",
    *,
    node: Node = None,
    against: str = "",
    body: str = "",
    blocs: str = "",
    only_body: Annotated[bool, Parameter(negative="")] = False,
    choices: str = "",
    columns: str = "",
    missing: Missing = "silent",
    csv: Path | None = None,
    passphrase_file: PassphraseFile = None,
    all_: Annotated[bool, Parameter(name="--all", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Replay a rule on a roll-call history: what passes, who could have blocked or carried it.

    A history is one that comes with Comity (such as un-general-assembly, un-security-council
    or eu-council), a CSV or Parquet file with the columns item, member and choice, or with
    --node what was decided in the logs a node holds. Nobody's vote is changed but the
    actor's asked about; under another rule people might have voted otherwise.

    Example: comity council replay without-hegemon un-general-assembly --body un

    Example: comity council replay eu-council eu-council --blocs deu+fra,ita

    Example: comity council replay codex votes.csv --choices 1=yes,2=abstain,3=no

    Example: comity council replay consensus --node kh --against without-hegemon

    Args:
        rule: A rule's name (comity council rule list) or its .toml or .json file.
        history: A shipped history's name, or a .csv or .parquet file.
        against: A second rule; the items they decide differently are shown with why.
        body: Groups and weights the rules name; without it, the body the rule is for.
        blocs: Groups of the body, bodies or seats; joined by + they act as one.
        only_body: Leave out the seats that are not in the body.
        choices: What the file's codes mean: yes, no, abstain, silent, recused, no_seat.
        columns: What the file calls its columns, such as item=resolution,member=ms_code.
        missing: What a seat without a row on an item did: silent, or no-seat.
        csv: Write the items as a table.
        all_: Show every item, not the first twenty.
    """
    if bool(history) is (node is not None):
        fault = Fault(message="give a history or --node, one of them")
        raise InvalidDocument("nothing to replay", code="cli.choose", faults=[fault])
    found = get_rule(rule)
    reading = _reading(choices, columns, missing)
    chosen = body or (found.body if node is None else "")
    own = None if node is None else _own(node, passphrase_file)
    with Telling(as_json=as_json).working("replaying"):
        sheet = replayed(
            own or _past(history, reading),
            Named(name=found.slug, procedure=found.procedure),
            against=_named(against) if against else None,
            body=get_body(chosen) if chosen else None,
            blocs=words_of(blocs),
            only_body=only_body,
        )
    _show(sheet, csv, everything=all_, as_json=as_json)
    return 0


def _show(sheet: ReplaySheet, csv: Path | None, *, everything: bool, as_json: bool) -> None:
    if csv is not None:
        write_whole(csv, to_csv(sheet.to_rows()), "replay")
    if as_json:
        print_json(sheet.to_json())
    else:
        print_replay(Console(highlight=False), sheet, everything=everything)


def _past(name: str, reading: Reading) -> Past:
    return Past(name=Path(name).stem, call=open_history(name, reading))


def _own(folder: Path, passphrase_file: Path | None) -> Past:
    with opened(folder, passphrase_file) as own:
        return past_of(own.view(), read_clock())


def _named(name: str) -> Named:
    found = get_rule(name)
    return Named(name=found.slug, procedure=found.procedure)


def _reading(choices: str, columns: str, missing: Missing) -> Reading:
    faults: list[Fault] = []
    reading = Reading(
        choices=_pairs("--choices", choices, faults),
        columns=_pairs("--columns", columns, faults),
        missing=Answer.SILENT if missing == "silent" else None,
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
