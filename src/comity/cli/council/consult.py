# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity consult`: ask people in declared groups what they agree with; count in the open."""

import secrets
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from comity.cli.council.consult_polis import export, import_
from comity.cli.council.render_consult import tell_report, tell_verified
from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
)
from comity.desk.council.consult.conclusion import conclude, find_conclusion, load, verify
from comity.desk.council.consult.consulting import (
    Manner,
    add_opinions,
    find_consultation,
    hand_in,
    open_consultation,
    stratum_of,
)
from comity.desk.council.consult.sheet import sheet_of
from comity.desk.log.shelf import ViewShelf
from comity.errors import Fault, InvalidDocument
from comity.files.answertable import read_answers
from comity.files.consultation import read_addition, read_consultation
from comity.kernel.ids import MemberId
from comity.ledger.commitment import Access, AccessClass
from comity.node.clock import read_clock
from comity.node.node import Node

app = App(name="consult", help="Ask people in declared groups what they agree with.")
app.command(import_, name="import")
app.command(export)

Tables = Annotated[
    str,
    Parameter(
        name="--tables",
        help="Who may read the answers, without names: public, or members that are peers.",
    ),
]


@app.command(name="open")
def open_(
    file: Path,
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Open a consultation: the question, the groups, what agreement takes, the days.

    Example: comity consult open relief.consultation.toml --node kh

    A consultation is a TOML file: question, groups_are (such as "regions"), opens (now, where
    it is not said), closes = "2026-12-31T00:00:00Z", adding (who may hand in opinions), two or
    more tables [[strata]] with name and member (whose node signs for the group), a table
    [thresholds] where others than the usual are wanted, and [[opinions]] with name, text,
    language and, where the convener wrote it, seed = true.

    Args:
        file: The consultation.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        asked = read_consultation(file, _members(own), read_clock())
        reference = open_consultation(own, asked, now=read_clock())
        groups, asks = len(asked.strata), len(asked.opinions)
        opinions = "1 opinion" if asks == 1 else f"{asks} opinions"
        telling.say(f"{groups} groups are asked about {opinions}: {asked.question}")
        telling.logged(own, reference, "consultation", publish=publish)


@app.command
def add(
    consultation: str,
    file: Path,
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Add opinions that were handed in, and say openly which were left out and why.

    Example: comity consult add kh.example/log#3 more.toml --node kh

    The file has tables [[opinions]] with name, text and language, and tables [[left_out]] with
    name, reason and the text, or the sha256 of a text that may not be shown.

    Args:
        consultation: Its place; only its convener adds.
        file: The opinions.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        addition = read_addition(file)
        standing = find_consultation(ViewShelf(own.view()), consultation)
        reference = add_opinions(own, standing, addition, now=read_clock())
        added, out = len(addition.added), len(addition.left_out)
        telling.say(f"{added} opinions added, {out} left out, each with its reason")
        telling.logged(own, reference, "opinions", publish=publish)


@app.command
def vote(
    consultation: str,
    answers: Path,
    *,
    node: NodeFolder,
    group: str = "",
    tables: Tables = "members",
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign how one's own group answered: a CSV of answers in, a signed count out.

    Example: comity consult vote kh.example/log#3 coast.csv --group coast --node br

    Columns: participant,opinion,answer (agree, disagree or pass). Participants may be anything
    that tells them apart: they become numbers, drawn with a salt that is forgotten, before
    anything is kept. Only counts are logged; the table without names is kept beside the log.
    Handing in again replaces what was handed in before.

    Args:
        consultation: Its place.
        answers: The file.
        group: The declared group; needed where this node signs for several.
    """
    telling = Telling(as_json=as_json)
    access = _access(tables)
    with opened(node, passphrase_file) as own:
        standing = find_consultation(ViewShelf(own.view()), consultation)
        stratum = stratum_of(own, standing, group)
        with telling.working(f"reading {answers}"):
            table = read_answers(answers, standing.names, aside=standing.left_out)
        manner = Manner(now=read_clock(), access=access, entropy=secrets.token_bytes)
        with telling.working("counting"):
            reference, count = hand_in(own, standing, stratum, table, manner)
        given = sum(count.agree) + sum(count.disagree) + sum(count.passed)
        telling.say(f"{stratum.name}: {count.people} people gave {given} answers")
        more = {"people": count.people, "answers": given, "group": stratum.name}
        telling.logged(own, reference, "signed count", publish=publish, more=more)


@app.command
def count(
    consultation: str,
    *,
    node: NodeFolder,
    tables: Tables = "members",
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Conclude from the signed counts what all declared groups agree on, and log it.

    Every table is held against its signed count first. Then groups are found in the answers:
    what all declared groups agree on and a found group does not is said to be contested.

    Example: comity consult count kh.example/log#3 --node kh

    Args:
        consultation: Its place.
    """
    telling = Telling(as_json=as_json)
    access = _access(tables)
    with opened(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        standing = find_consultation(shelf, consultation)
        manner = Manner(now=read_clock(), access=access, entropy=secrets.token_bytes)
        with telling.working("counting and grouping"):
            reference, concluded = conclude(own, shelf, standing, manner)
        sheet = sheet_of(concluded, _called(own))
        tell_report(telling, sheet)
        more = {"sheet": sheet.to_json()}
        telling.logged(own, reference, "result", publish=publish, more=more)


@app.command
def report(
    result: str,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say what all groups agree on, what divides them, and what more answers would settle.

    Example: comity consult report kh.example/log#9 --node br

    Args:
        result: Place of the result, or of the consultation: then its convener's newest.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        concluded = load(own, shelf, find_conclusion(shelf, result))
        sheet = sheet_of(concluded, _called(own))
    tell_report(telling, sheet)
    telling.print_json(sheet.to_json())


@app.command(name="verify")
def verify_(
    result: str,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Re-derive a result: bounds and lists from counts, counts from the tables.

    What cannot be read here is said to be unverified; what does not follow ends in exit 1.

    Example: comity consult verify kh.example/log#9 --node br

    Args:
        result: Place of the result, or of the consultation: then its convener's newest.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        with telling.working("counting again"):
            verified = verify(own, shelf, find_conclusion(shelf, result))
    tell_verified(telling, verified)
    telling.print_json(
        {
            "steps": [step.to_json() for step in verified.steps],
            "remarks": list(verified.concluded.gathered.refused),
        }
    )


def _members(node: Node) -> dict[str, MemberId]:
    """Return the members a file may name, this one among them."""
    found = {log.name: log.member for log in node.view().members()}
    return {**found, **{peer.name: peer.member for peer in node.config.peers}}


def _called(node: Node) -> dict[MemberId, str]:
    return {member: name for name, member in _members(node).items()}


def _access(word: str) -> Access:
    known = {"public": AccessClass.PUBLIC, "members": AccessClass.MEMBERS}
    if word not in known:
        message = f"--tables {word!r} is not one of: {', '.join(known)}"
        raise InvalidDocument(message, code="cli.access", faults=[Fault(message=message)])
    return Access(kind=known[word])
