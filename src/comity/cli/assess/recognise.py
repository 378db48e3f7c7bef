# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity recognise`: rely on another member's finding, or decline and say why."""

import sys

from comity.cli.render import (
    check_facts,
    check_list,
    recognition_table,
    result_table,
)
from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
)
from comity.desk.case.afterwards import changes
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import Publication, gather, rederive
from comity.desk.finding.relying import decide, log_recognition, own_continuation, policy_for
from comity.desk.log.citation import cite
from comity.desk.log.shelf import ViewShelf
from comity.evidence.recognition import Recognition
from comity.kernel.reference import Reference
from comity.node.clock import read_clock
from comity.node.node import Node


def recognise(
    finding: str,
    *,
    node: NodeFolder,
    dry_run: bool = False,
    yes: bool = False,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Re-derive a finding, decide on it by one's own policy, show why, and sign the decision.

    The policy must have been logged before (comity policy set). Where its route is to go on
    oneself, do that first: comity assess take-over, continue, run, report.

    Example: comity recognise kh.example/log#9 --node br --dry-run

    Args:
        finding: The finding: its place, or digits of its SHA-256.
        dry_run: Show what would be decided; sign nothing.
        yes: Sign without asking, where the verb runs in a terminal.
    """
    telling = Telling(as_json=as_json)
    with (looked_at if dry_run else opened)(node, passphrase_file) as own:
        reference = cite(ViewShelf(own.view()), finding, "finding").reference
        test, recognition, facts = _decided(telling, own, reference)
        if dry_run or not (yes or as_json or _agrees()):
            telling.say("nothing was signed", style="yellow")
            telling.print_json(facts)
            return
        signed = log_recognition(own, recognition, test, now=read_clock())
        telling.logged(own, signed, "recognition", publish=publish, more=facts)


def _decided(
    telling: Telling, own: Node, finding: Reference
) -> tuple[Publication, Recognition, dict[str, object]]:
    """Re-derive and decide, and show both."""
    shelf, bundles = ViewShelf(own.view()), bundles_of(own)
    with telling.working("re-deriving the finding"):
        test = gather(shelf, finding, bundles)
        checks = rederive(test)
    check_list(telling.console, checks)
    result_table(telling.console, test.case.finding.results)
    standing = policy_for(own, test.case.bank.bank)
    continued = own_continuation(own, finding, bundles)
    recognition = decide(shelf, standing, test, continued, now=read_clock())
    recognition_table(telling.console, recognition)
    changed = changes(shelf, own.member, recognition)
    for change in changed:
        telling.say(f"  {change}")
    facts: dict[str, object] = {
        "changes": changed,
        "checks": check_facts(checks),
        "recognition": recognition.to_predicate(),
        "policy": f"{standing.reference.log}#{standing.reference.index}",
    }
    return test, recognition, facts


def _agrees() -> bool:
    """Ask, where there is somebody to ask; a script that says nothing means it."""
    if sys.stdin is None or not sys.stdin.isatty():
        return True
    return input("Sign this decision? [y/N] ").strip().lower() in {"y", "yes"}
