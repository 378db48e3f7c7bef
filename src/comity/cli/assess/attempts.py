# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess attempts`: how often a system was tried, and what that leaves."""

from collections.abc import Mapping
from fractions import Fraction

from comity.cli.session import Json, NodeFolder, PassphraseFile, Telling, looked_at
from comity.desk.case.attempt import Ledger, ledgers
from comity.desk.log.citation import cite
from comity.desk.log.shelf import ViewShelf
from comity.evidence.attempt import Attempt, Sharing, aborts, carried, count
from comity.evidence.combine import attempt_risk
from comity.evidence.statistics.design import Verdict
from comity.evidence.statistics.eprocess import to_published
from comity.kernel.ids import MemberId
from comity.kernel.reference import to_reference_json


def attempts(
    system: str,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say how often a system was planned for a test, by bank, and what the next may risk.

    Every version of the system and every edition of the bank counts; so does a plan that was
    never reported. Whoever withheld a nonce is named.

    Example: comity assess attempts relief-translate --node br

    Args:
        system: The registration: its place, digits of its SHA-256, or the system's name.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        found = tuple(ledgers(shelf, cite(shelf, system, "system")))
        names = {log.member: log.name for log in own.view().members()}
        for ledger in found:
            _tell(telling, ledger, names)
        if not found:
            telling.say("no test of this system has been planned in the logs followed here")
        telling.print_json([_facts(ledger) for ledger in found])


def _tell(telling: Telling, ledger: Ledger, names: Mapping[MemberId, str]) -> None:
    telling.say(f"{ledger.system} on banks called {ledger.bank}", style="bold")
    place = 0
    for attempt in ledger.attempts:
        place += attempt.is_counted
        number = f"{place:>3}" if attempt.is_counted else "  -"
        where = f"{attempt.plan.log}#{attempt.plan.index}"
        tester = names.get(attempt.tester, attempt.tester[:16])
        telling.say(f"{number}  {where} by {tester}: {_became(attempt, names)}")
    telling.say(f"  {_left(ledger)}")
    for member, times in aborts(ledger.attempts).items():
        name = names.get(member, member[:16])
        telling.say(f"  {name} kept {times} of these draws from being made", style="yellow")


def _became(attempt: Attempt, names: Mapping[MemberId, str]) -> str:
    if attempt.results:
        shown = sum(one.verdict is Verdict.SHOWN for one in attempt.results)
        rest = [
            f"{one.category} {one.verdict.value.replace('_', ' ')}"
            for one in attempt.results
            if one.verdict is not Verdict.SHOWN
        ]
        return ", ".join((f"{shown} of {len(attempt.results)} shown", *rest))
    if attempt.withheld_by:
        who = ", ".join(names.get(one, one[:16]) for one in attempt.withheld_by)
        charged = "" if attempt.is_counted else "; not counted, the tester's own"
        return f"{attempt.fate.value}: {who} revealed no nonce{charged}"
    return attempt.fate.value


def _left(ledger: Ledger) -> str:
    rules = {one.sharing for one in ledger.attempts if one.is_counted}
    if rules == {Sharing.PRODUCT}:
        left = ", ".join(f"{name} {share}" for name, share in _carried(ledger).items())
        return f"e-values multiply; the next attempt starts from {left}"
    if rules - {Sharing.WEIGHTED}:
        return "these attempts do not share their risk by one rule known here"
    number = 1 + count(ledger.attempts)
    return (
        f"attempt {number} may spend {attempt_risk(Fraction(1), number)} of the risk asked for"
    )


def _carried(ledger: Ledger) -> dict[str, str]:
    names = dict.fromkeys(name for one in ledger.attempts for name in one.categories)
    return {name: to_published(carried(ledger.attempts, name)) for name in names}


def _facts(ledger: Ledger) -> dict[str, object]:
    return {
        "provider": ledger.provider,
        "system": ledger.system,
        "bank": ledger.bank,
        "counted": count(ledger.attempts),
        "carried": _carried(ledger),
        "aborts": dict(aborts(ledger.attempts)),
        "attempts": [
            {
                "plan": to_reference_json(one.plan),
                "tester": one.tester,
                "rule": None if one.sharing is None else one.sharing.value,
                "fate": one.fate.value,
                "counted": one.is_counted,
                "withheld_by": list(one.withheld_by),
                "results": [result.to_json() for result in one.results],
            }
            for one in ledger.attempts
        ],
    }
