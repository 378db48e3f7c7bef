# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity bank life`, `alarms` and `open`: what is left, what gives cause, what is shown."""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.table import Table

from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
    read_shares,
)
from comity.desk.assessment.opening import log_opening, open_items
from comity.desk.assessment.wear import Noticed, Wanted, alarms, last_wanted, life_of_bank
from comity.desk.log.citation import cite, short
from comity.desk.log.shelf import Said, ViewShelf
from comity.desk.log.withdrawal import fallen
from comity.errors import Conflict, Fault, InvalidDocument
from comity.evidence.leak import Sign
from comity.evidence.life import Advice, Life
from comity.files.claim import read_claim
from comity.files.text import write_whole
from comity.node.clock import read_clock
from comity.node.node import Node

STYLES = {Advice.KEEP: "green", Advice.PREPARE: "yellow", Advice.ROTATE: "red"}
SHOWN = 10
RISK, POWER = Fraction(1, 40), Fraction(9, 10)
"""Where nothing says them: a first attempt at 5 %, of which it may spend half."""


def life(
    bank: str,
    *,
    node: NodeFolder,
    claim: Path | None = None,
    threshold: Annotated[str | None, Parameter(name=("--threshold", "--over"))] = None,
    goal: str | None = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say how many items of a bank are unopened, and how many more tests they support.

    Opened is what stands in a transcript this node holds, or was opened to somebody. Tests
    are counted at the numbers of the newest plan on the bank, or at those you give.

    Example: comity bank life disaster-translation --node kh

    Args:
        bank: The bank statement: its place, digits of its SHA-256, or the bank's name.
        claim: The bank's claim, a TOML file, with threshold, goal, risk and power.
        threshold: Pass rate that must be exceeded: 0.9, 9/10 or 90%. Goes before the claim's.
        goal: Pass rate at which "shown" is to be likely.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), bank, "bank")
        wanted = _wanted(own, said, claim, read_shares(threshold=threshold, goal=goal))
        with telling.working("designing a test of what is left"):
            found = life_of_bank(own, said, wanted)
        gone = tuple(fallen(ViewShelf(own.view()), [said]))
        for why in gone:
            telling.say(f"{why}; nothing is planned on it any more", style="red")
        _tell_life(telling, said, found)
        telling.print_json(_life_facts(said, found) | {"withdrawn": list(gone)})


def notice(
    bank: str,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say which transcripts give cause to think that a bank is known to those it tests.

    Looked for: items that another test had opened before, and answers that quote a reference
    never shown. Alarms are for people to look into; no verdict changes by them.

    Example: comity bank alarms disaster-translation --node kh

    Args:
        bank: The bank statement: its place, digits of its SHA-256, or the bank's name.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), bank, "bank")
        found = list(alarms(own, said.subject))
        for one in found:
            _tell_alarms(telling, one)
        if not any(one.alarms or one.left_out for one in found):
            telling.say(f"{len(found)} transcripts of this bank are held here; no alarm")
        telling.print_json([_alarm_facts(one) for one in found])


def show(
    bank: str,
    *,
    positions: str,
    to: Path,
    recipient: str,
    node: NodeFolder,
    reason: str = "",
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Open some items to somebody outside a test, such as an appeals body, and log that.

    The file holds each item with its salt and the path that proves it was committed; whoever
    gets it checks it by: comity bank check --opening FILE --root ROOT. The statement says to
    whom and how many; the items count as opened from now on.

    Example: comity bank open flood --positions 3,9-12 --to items.json --recipient "Appeals
    Board" --node kh

    Args:
        bank: The bank statement: its place, digits of its SHA-256, or the bank's name.
        positions: Which items, such as 3,9-12.
        to: The file to write; one that is there is not written over.
        recipient: To whom, in plain words; it is published.
        reason: Why, in plain words; it is published.
    """
    telling = Telling(as_json=as_json)
    if to.exists():
        raise Conflict(f"{to} is there already", code="cli.exists", hint="choose another name")
    _check_recipient(recipient)
    with opened(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), bank, "bank")
        found = open_items(own, said, positions)
        write_whole(to, found.encoded, "opening")
        reference = log_opening(own, found, to=recipient, reason=reason, now=read_clock())
        root = said.subject.hex()
        telling.say(f"to check it: comity bank check --opening {to} --root {root}")
        telling.logged(own, reference, "opening", publish=publish)


def _check_recipient(recipient: str) -> None:
    if not recipient.strip():
        hint = '--recipient "Appeals Board"'
        raise InvalidDocument("an opening says to whom", code="cli.recipient", hint=hint)


def _wanted(own: Node, bank: Said, claim: Path | None, given: Mapping[str, Fraction]) -> Wanted:
    """Return the numbers tests are counted at: those given, the claim's, or the last plan's."""
    last = last_wanted(own, bank.subject)
    source = read_claim(claim) if claim is not None else last
    names = ("threshold", "goal", "risk", "power")
    numbers = {"risk": RISK, "power": POWER}
    if source is not None:
        numbers |= {name: getattr(source, name) for name in names}
    numbers |= given
    missing = [name for name in names if name not in numbers]
    if missing:
        raise InvalidDocument(
            "no plan on this bank says what its tests ask",
            code="cli.life",
            hint="give --claim, or --threshold and --goal",
            faults=[Fault(message=f"--{name} is not given") for name in missing],
        )
    return Wanted(**{name: numbers[name] for name in names})


def _tell_life(telling: Telling, bank: Said, found: Life) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("category")
    for name in ("items", "unopened", "perfect", "at the goal", "at worst"):
        table.add_column(name, justify="right")
    for one in found.categories:
        counts = (one.size, one.unopened, one.perfect, one.goal, one.worst)
        table.add_row(one.name, *(f"{count:,}" for count in counts))
    telling.say(f"{short(bank)}: tests that each category still supports", style="bold")
    telling.console.print(table)
    telling.say(
        f"the bank supports about {found.perfect:,} more tests of perfect systems, "
        f"{found.goal:,} of systems at the goal, {found.worst:,} at worst"
    )
    telling.say(found.advice.value, style=STYLES[found.advice])


def _life_facts(bank: Said, found: Life) -> dict[str, object]:
    return {
        "bank": short(bank),
        "root": bank.subject.hex(),
        "perfect": found.perfect,
        "goal": found.goal,
        "worst": found.worst,
        "advice": found.advice.value,
        "categories": [
            {
                "name": one.name,
                "items": one.size,
                "unopened": one.unopened,
                "perfect": one.perfect,
                "goal": one.goal,
                "worst": one.worst,
            }
            for one in found.categories
        ],
    }


def _tell_alarms(telling: Telling, found: Noticed) -> None:
    for sign in Sign:
        of_sign = [one for one in found.alarms if one.sign is sign]
        if not of_sign:
            continue
        asked = len(found.transcript.records)
        telling.say(
            f"{short(found.transcript.plan)}: {len(of_sign)} of {asked} items: {sign.value}",
            style="yellow",
        )
        for one in of_sign[:SHOWN]:
            telling.say(f"  records[{one.row}], position {one.position}: {one.where}")
    if found.left_out:
        telling.say(
            f"{short(found.transcript.plan)}: the plan leaves out {len(found.left_out)} items "
            "that nothing held here opens",
            style="yellow",
        )


def _alarm_facts(found: Noticed) -> dict[str, object]:
    finding = found.transcript.finding
    return {
        "plan": short(found.transcript.plan),
        "finding": None if finding is None else short(finding),
        "asked": len(found.transcript.records),
        "left_out": list(found.left_out),
        "alarms": [
            {
                "sign": one.sign.name.lower(),
                "record": one.row,
                "position": one.position,
                "where": one.where,
            }
            for one in found.alarms
        ],
    }
