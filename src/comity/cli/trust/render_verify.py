# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What was verified, whose keys it rests on, and what was not checked, in words and JSON."""

from collections.abc import Iterable, Sequence

from comity.cli.render import check_facts, check_list, result_table
from comity.cli.session import Telling
from comity.desk.case.case import Publication
from comity.desk.finding.collection import Collection, Reviewed, Shelfmark
from comity.desk.finding.verification import Verified
from comity.desk.log.shelf import place_of
from comity.desk.log.surveying import Survey
from comity.kernel.instant import to_rfc3339
from comity.kernel.noun import counted
from comity.ledger.anomaly import Anomaly
from comity.ledger.fork import Conviction, Fork
from comity.ledger.keyset import Keyset

LIMITS = (
    "that the keys are whose they say: compare the member ids over a channel of your own",
    "that the answers are what the system said: they are the tester's testimony",
    "that provider and tester did not choose the draw together",
)
OF_A_FILE = "that nothing was said since: read the logs themselves with comity verify ADDRESS"


def tell_dossier(telling: Telling, verified: Verified) -> None:
    """Print a finding that was re-derived from one file."""
    test = verified.publication
    telling.say(f"finding at {place_of(test.finding.reference)}", style="bold")
    _claim(telling, test)
    telling.say("✓ every statement is signed and stands in its log", style="green")
    check_list(telling.console, verified.checks)
    result_table(telling.console, test.case.finding.results)
    telling.say("it rests on the keys of", style="bold")
    for one in verified.signatories:
        _member(telling, one.keyset, one.cosigners)
    _unchecked(telling, [*LIMITS, OF_A_FILE])


def dossier_facts(verified: Verified) -> dict[str, object]:
    """Return the same as JSON."""
    test = verified.publication
    return {
        "verified": True,
        "finding": place_of(test.finding.reference),
        "system": test.finding.subject.hex(),
        "bank": test.case.bank.bank,
        "results": [result.to_json() for result in test.case.finding.results],
        "checks": check_facts(verified.checks),
        "members": [_member_facts(one.keyset, one.cosigners) for one in verified.signatories],
        "not_checked": [*LIMITS, OF_A_FILE],
    }


def tell_collection(telling: Telling, found: Collection, surveys: Sequence[Survey]) -> None:
    """Print every log and every finding of a folder or an address.

    Args:
        surveys: Of each log, in their order.
    """
    for mark, seen in zip(found.logs, surveys, strict=True):
        _log(telling, mark, seen)
    for failure in found.failures:
        telling.say(f"✗ {failure.place}: {failure.message}", style="red")
    for one in found.findings:
        _finding(telling, one)
    if not found.findings:
        telling.say("no finding is among these logs")
    _unchecked(telling, [*found.unchecked, *LIMITS])
    if not found.holds:
        telling.say("something here does not verify; do not rely on it", style="bold red")


def collection_facts(found: Collection, surveys: Sequence[Survey]) -> dict[str, object]:
    """Return the same as JSON."""
    return {
        "verified": found.holds,
        "logs": [
            {
                "place": mark.place,
                "origin": mark.log.origin,
                "size": mark.log.size,
                "unreadable": {str(at): why for at, why in mark.unreadable.items()},
                "erased": {str(at): why for at, why in mark.erased.items()},
                "codes": {str(at): mark.log.entries[at].reading.code for at in mark.unreadable},
                "not_following_schema": {
                    str(at): [str(fault) for fault in faults]
                    for at, faults in seen.faults.items()
                },
                "anomalies": {
                    str(at): [_anomaly_facts(one) for one in odd]
                    for at, odd in seen.anomalies.items()
                },
                **_member_facts(mark.log.keyset, mark.cosigners),
                "held_whole_by": None if mark.held_whole is None else mark.held_whole.key.name,
            }
            for mark, seen in zip(found.logs, surveys, strict=True)
        ],
        "failures": [
            {"place": one.place, "message": one.message, "code": one.code}
            for one in found.failures
        ],
        "findings": [_finding_facts(one) for one in found.findings],
        "not_checked": [*found.unchecked, *LIMITS],
    }


def tell_fork(telling: Telling, fork: Fork, found: Conviction) -> None:
    """Print what evidence of two stories shows, how far they agree, and who signed both."""
    smaller, larger = found.smaller, found.larger
    telling.say(f"✓ the key of {smaller.origin} signed two stories", style="green")
    for each in (smaller, larger):
        telling.say(f"  size {each.size}, root {each.root.hex()}")
    if fork.prefix_root is not None:
        telling.say(f"  the larger one had root {fork.prefix_root.hex()} at {smaller.size}")
    if fork.place is not None:
        telling.say(f"  entry {fork.place.index} is another under each of them")
    if found.shared:
        telling.say(
            f"  both agree on the first {counted(found.shared, 'entry', 'entries')}, "
            "and no further is shown"
        )
    else:
        telling.say("  nothing here shows how far they agree")
    for one in dict.fromkeys(fork.log_keys):
        telling.say(f"  key {one}")
    if found.member is not None:
        telling.say(f"  both are keys of member {found.member}, as its own keysets say")
    for key in found.both:
        said = f"  cosigned both, which no honest witness can: {key.vkey}"
        telling.say(said, style="bold red")
    telling.say("do not rely on this log")
    telling.say("not checked", style="bold")
    telling.say(
        "  whose key that is: compare it with the log key you know of that member"
        if found.member is None
        else "  who that member is: compare the id with the one its operator told you"
    )
    telling.print_json(fork_facts(fork, found))


def fork_facts(fork: Fork, found: Conviction) -> dict[str, object]:
    """Return the same as JSON."""
    return {
        "verified": True,
        "fork": found.smaller.origin,
        "log_key": fork.log_key,
        "larger_key": fork.larger_key,
        "member": found.member,
        "checkpoints": [
            {"size": one.size, "root": one.root.hex()} for one in (found.smaller, found.larger)
        ],
        "place": None if fork.place is None else fork.place.index,
        "shared": found.shared,
        "witnesses_of_both": [key.vkey for key in found.both],
    }


def _claim(telling: Telling, test: Publication) -> None:
    bank = test.case.bank
    telling.say(f"  {bank.claim.in_language('en')}")
    telling.say(f"  on the bank {bank.bank}; limits: {' '.join(bank.limits.split())}")
    telling.say(f"  system version {test.finding.subject.hex()}")


def _log(telling: Telling, mark: Shelfmark, seen: Survey) -> None:
    size = counted(mark.log.size, "entry", "entries")
    telling.say(f"✓ {mark.log.origin}: {size}, all of them", style="green")
    _member(telling, mark.log.keyset, mark.cosigners)
    if mark.held_whole is not None:
        held, moment = mark.held_whole.key.name, to_rfc3339(mark.held_whole.at)
        telling.say(f"    held whole by {held} at {moment}, as it says; it counts for nothing")
    for at, why in mark.erased.items():
        telling.say(f"  - entry {at}: {why}", style="yellow")
    for at, why in mark.unreadable.items():
        telling.say(f"  ? entry {at} cannot be read: {why}", style="yellow")
    for at, faults in seen.faults.items():
        said = "; ".join(map(str, faults))
        telling.say(f"  ? entry {at} does not follow its schema: {said}", style="yellow")
    for at, odd in seen.anomalies.items():
        for one in odd:
            telling.say(f"  ? entry {at} {one.message} ({one.kind.value})", style="yellow")


def _anomaly_facts(one: Anomaly) -> dict[str, object]:
    places = [{"log": log, "index": index} for log, index in one.places]
    return {"code": one.kind.value, "message": one.message, "places": places}


def _finding(telling: Telling, one: Reviewed) -> None:
    telling.say(f"finding at {place_of(one.finding)} by {one.tester.name}", style="bold")
    if one.missing:
        telling.say(f"  ? not checked: {one.missing}", style="yellow")
    check_list(telling.console, one.checks, indent=2)
    if one.failure is not None and not one.checks:
        telling.say(f"  ✗ {one.failure.place}: {one.failure.message}", style="red")
    if one.test is not None and one.failure is None:
        result_table(telling.console, one.test.case.finding.results)
    for keyset in one.vouched:
        telling.say(f"  {keyset.name} is known only from the dossier served with it")
        telling.say(f"    member {keyset.member}")


def _finding_facts(one: Reviewed) -> dict[str, object]:
    failure = one.failure
    return {
        "finding": place_of(one.finding),
        "sha256": one.finding.sha256.hex(),
        "checks": check_facts(one.checks),
        "verified": None if one.missing else failure is None,
        "failure": None
        if failure is None
        else {"place": failure.place, "message": failure.message},
        "not_checked": one.missing,
        "known_from_dossier": [_member_facts(keyset, ()) for keyset in one.vouched],
    }


def _member(telling: Telling, keyset: Keyset, cosigners: Iterable[Keyset]) -> None:
    example = ", an example" if keyset.example else ""
    telling.say(f"  {keyset.name} ({keyset.role}, {keyset.jurisdiction}{example})")
    telling.say(f"    member {keyset.member}")
    names = ", ".join(one.name for one in cosigners)
    said = f"cosigned by {names}" if names else "cosigned by nobody known here"
    telling.say(f"    {said}", style="" if names else "yellow")


def _member_facts(keyset: Keyset, cosigners: Iterable[Keyset]) -> dict[str, object]:
    return {
        "member": keyset.member,
        "name": keyset.name,
        "role": keyset.role,
        "jurisdiction": keyset.jurisdiction,
        "example": keyset.example,
        "cosigners": [one.member for one in cosigners],
    }


def _unchecked(telling: Telling, sentences: Iterable[str]) -> None:
    telling.say("not checked", style="bold")
    for sentence in sentences:
        telling.say(f"  {sentence}")
