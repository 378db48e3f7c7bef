# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity consult import` and `export`: from and to the files Polis exports."""

from pathlib import Path

from comity.cli.session import Json, NodeFolder, PassphraseFile, Telling, looked_at
from comity.desk.council.consult.conclusion import find_conclusion, load
from comity.desk.council.consult.exchange import export_polis, import_polis
from comity.desk.log.shelf import ViewShelf
from comity.files.polis import UNKNOWN_LANGUAGE
from comity.node.clock import read_clock


def import_(
    folder: Path, *, out: Path, language: str = UNKNOWN_LANGUAGE, as_json: Json = False
) -> None:
    """Take over a conversation from Polis: opinions.toml to add, answers.csv to hand in.

    Reads comments.csv, and votes.csv or else participants-votes.csv. No node is needed and
    nothing is logged.

    Example: comity consult import my-export --out taken-over --language en

    Args:
        folder: The exported folder.
        out: Where the two files go.
        language: BCP 47 tag of the comments; an export does not say it.
    """
    telling = Telling(as_json=as_json)
    with telling.working(f"reading {folder}"):
        made = import_polis(folder, out, language=language)
    found = made.conversation
    shown, left = len(found.opinions), len(found.left_out)
    answers = len(found.table.answer)
    telling.say(
        f"{shown} opinions, {left} left out; {len(found.table.names)} people gave "
        f"{answers} answers"
    )
    for note in found.notes:
        telling.say(f"note: {note}", style="yellow")
    for path in made.paths:
        telling.say(str(path))
    telling.print_json(
        {
            "opinions": shown,
            "left_out": left,
            "people": len(found.table.names),
            "answers": answers,
            "notes": list(found.notes),
            "files": [str(path) for path in made.paths],
        }
    )


def export(
    result: str,
    *,
    out: Path,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a concluded consultation as Polis exports a conversation.

    Makes comments.csv, votes.csv, participants-votes.csv, and strata.csv with the declared
    groups, which Polis does not know.

    Example: comity consult export kh.example/log#9 --out for-polis --node kh

    Args:
        result: Place of the result, or of the consultation: then its convener's newest.
        out: A new or empty folder.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        concluded = load(own, shelf, find_conclusion(shelf, result))
        with telling.working("writing"):
            paths = export_polis(own, concluded, out, now=read_clock())
    for path in paths:
        telling.say(str(path))
    telling.print_json({"files": [str(path) for path in paths]})
