# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council receive|tally|result|compare|show|list`: what was decided, and why."""

from comity.cli.council.render_council import (
    print_comparison,
    print_decision,
    print_list,
    print_text,
)
from comity.cli.council.vote import Proposal, instant_of
from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
)
from comity.desk.council.decision.receipt import receive as log_receipts
from comity.desk.council.decision.result import (
    compare_results,
    decision,
    find_proposal,
    proposals,
    publish_result,
)
from comity.desk.council.decision.sheet import DecisionSheet
from comity.node.clock import read_clock


def receive(
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say when you received others' ballots and proposals; it is what tells late from in time.

    Run it after comity node follow, at least once before each close. A ballot that nobody
    else received in time does not count.

    Example: comity council receive --node br
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        found = log_receipts(own, now=read_clock())
        for one in found:
            telling.say(f"received: {one.kind} {one.of.log}#{one.of.index}")
        telling.say(_receipts(len(found)) if found else "nothing new to receive")
        published = own.publish(read_clock()) if publish and found else None
        telling.print_json(
            {
                "received": [one.to_json() for one in found],
                "size": None if published is None else published.checkpoint.size,
            }
        )


def _say_day(telling: Telling, sheet: DecisionSheet) -> None:
    """Say what a reader may overlook: that the day is to come, or the vote still open."""
    if sheet.result.as_of > read_clock():
        said = "that instant is to come: so it stands then if nobody says more"
        telling.say(said, style="yellow")
    elif not sheet.result.is_decided:
        telling.say("nothing is decided yet: so it stands now", style="yellow")


def _receipts(count: int) -> str:
    return "1 receipt logged" if count == 1 else f"{count} receipts logged"


def tally(
    proposal: Proposal,
    *,
    node: NodeFolder,
    as_of: str | None = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Count a proposal from the logs you follow, and say what decided it.

    Shown are who stands where, what did not count and why, which base counted, what
    abstention did, what would flip it, and from which logs all this was read.

    Example: comity council tally kh.example/log#7 --node br

    Args:
        as_of: The instant asked about, such as 2026-12-08T09:00:00Z; else now.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        place = find_proposal(own, proposal)
        with telling.working("counting"):
            sheet = decision(own, place, instant_of(as_of) or read_clock())
        print_decision(telling, sheet)
        _say_day(telling, sheet)
        telling.print_json(sheet.to_json())


def result(
    proposal: Proposal,
    *,
    node: NodeFolder,
    as_of: str | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Sign what you find, with the checkpoints it rests on; any reader of them finds the same.

    Example: comity council result kh.example/log#7 --as-of 2026-12-08T09:00:00Z --node br

    Args:
        as_of: The instant asked about; else now.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        place, now = find_proposal(own, proposal), read_clock()
        logged, sheet = publish_result(own, place, instant_of(as_of) or now, now=now)
        print_decision(telling, sheet)
        _say_day(telling, sheet)
        more = {"result": sheet.to_json()}
        telling.logged(own, logged, "result", publish=publish, more=more)
        found = f"{logged.log}#{logged.index}"
        telling.say(f"others hold theirs against it: comity council compare {found} --node ...")


def compare(
    one: str,
    other: str | None = None,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Count a published result again from the logs it names, or hold it beside another.

    Where they differ it says which entries of which log either reader lacks. Exit 1 where
    they differ.

    Example: comity council compare br.example/log#12 --node kh

    Args:
        one: A result: its place, or digits of its SHA-256.
        other: Another result; else you count again yourself.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        sheet = compare_results(own, one, other)
        print_comparison(telling, sheet)
        telling.print_json(sheet.to_json())
    return 0 if sheet.is_same else 1


def show(
    proposal: Proposal,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Show the text in force, the rule in words, and who may vote.

    Example: comity council show kh.example/log#7 --node br
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        sheet = decision(own, find_proposal(own, proposal), read_clock())
        print_text(telling, sheet)
        telling.print_json(sheet.to_json())


def list_(
    *, node: NodeFolder, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """List the proposals in the logs you follow, those still to be decided first.

    Example: comity council list --node br
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        rows = proposals(own, read_clock())
        print_list(telling, rows)
        telling.print_json([row.to_json() for row in rows])
