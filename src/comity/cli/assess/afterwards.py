# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What is said once a finding stands: countersign, appeal, reply, withdraw, accredit."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from cyclopts import Parameter

from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
)
from comity.desk.case import afterwards
from comity.desk.case.afterwards import APPEALABLE, WITHDRAWABLE, Voice, recognitions_of, voices
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import Publication, gather
from comity.desk.log.citation import cite, cite_any, short
from comity.desk.log.shelf import ViewShelf
from comity.errors import Fault, InvalidDocument, NotFound
from comity.evidence.afterwards import Accreditation, Outcome
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_iso_date, from_rfc3339, to_rfc3339
from comity.law.cursor import near_miss
from comity.node.clock import read_clock
from comity.node.node import Node

Numbers = Annotated[tuple[int, ...], Parameter(consume_multiple=True, negative="")]
Texts = Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")]


def countersign(
    finding: str,
    *,
    node: NodeFolder,
    disputes: Numbers = (),
    note: str = "",
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say, as the provider, that a transcript holds what one's system answered, or what not.

    Example: comity assess countersign kh.example/log#9 --node maker

    Example: comity assess countersign 1a2b3c4d --disputes 12 40 --node maker

    Args:
        finding: The finding: its place, or digits of its SHA-256.
        disputes: Numbers of the records, from 1, that are not one's system's.
        note: Why.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        test = _test(own, finding)
        reference = afterwards.countersign(
            own, test, disputed=tuple(sorted(set(disputes))), note=note, now=read_clock()
        )
        telling.logged(own, reference, "countersignature", publish=publish)


def appeal(
    finding: str,
    *,
    grounds: str,
    node: NodeFolder,
    records: Numbers = (),
    asks: Texts = (),
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Ask, for reasons everyone can read, that a finding be looked at again.

    Example: comity assess appeal kh.example/log#9 --grounds "Record 12 timed out on your side."
    --records 12 --asks "Ask it again." --node maker

    Args:
        finding: The finding: its place, or digits of its SHA-256.
        grounds: Why, in a text.
        records: Numbers of the records, from 1, that it is about; none for the whole.
        asks: What should be done, in sentences.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        test = _test(own, finding)
        reference = afterwards.appeal(
            own, test, grounds, records=tuple(sorted(set(records))), asks=asks,
            now=read_clock(),
        )  # fmt: skip
        telling.logged(own, reference, "appeal", publish=publish)


def reply(
    to: str,
    text: str,
    *,
    node: NodeFolder,
    outcome: Literal["upheld", "dismissed", ""] = "",
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Answer a finding, an appeal or a reply; who made the finding may decide the appeal.

    Example: comity assess reply maker.example/log#7 "It holds." --outcome dismissed --node kh

    Args:
        to: What is answered: its place, or digits of its SHA-256.
        text: The answer.
        outcome: What becomes of the appeal, by who made the finding.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        said = cite_any(ViewShelf(own.view()), to, APPEALABLE)
        decided = Outcome(outcome) if outcome else None
        reference = afterwards.reply(
            own, said.reference, text, outcome=decided, now=read_clock()
        )
        telling.logged(own, reference, "reply", publish=publish)


def said(
    finding: str,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """List what was said after a finding: countersignatures, appeals, replies, withdrawals.

    Example: comity assess said kh.example/log#9 --node br

    Args:
        finding: The finding: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        found = voices(shelf, cite(shelf, finding, "finding").reference)
        names = {log.member: log.name for log in own.view().members()}
        for voice in found:
            _tell(telling, voice, names.get(voice.said.member, voice.said.member[:16]))
        if not found:
            telling.say("nothing was said after this finding in the logs held here")
        telling.print_json([_facts(voice) for voice in found])


def standing(
    *, node: NodeFolder, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> int:
    """Say which of this member's recognitions still stand, and why the others do not.

    A recognition falls when it, or the finding, policy or continuation it rests on, is
    withdrawn; exit code 1 where one has fallen.

    Example: comity assess standing --node br
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        found = list(recognitions_of(ViewShelf(own.view()), own.member))
        for one, reasons in found:
            is_withdrawn = "has fallen" if reasons else "stands"
            telling.say(f"{short(one)} {is_withdrawn}", style="red" if reasons else "")
            for reason in reasons:
                telling.say(f"  {reason}")
        if not found:
            telling.say("this member has recognised nothing")
        telling.print_json([{"place": short(one), "fallen": why} for one, why in found])
        return 1 if any(reasons for _, reasons in found) else 0


def withdraw(
    statement: str,
    *,
    reason: str,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Take back what one said; it stays in the log, and what rests on it falls with it.

    A finding, recognition, bank, plan, policy, registration, accreditation or reply can be
    taken back, by whoever said it. Recognitions that rest on it are shown as fallen at every
    member that follows the log.

    Example: comity withdraw kh.example/log#9 --reason "The scorer was misconfigured." --node kh

    Args:
        statement: Its place, or digits of its SHA-256.
        reason: Why, in a text everyone can read.
    """
    telling = Telling(as_json=as_json)
    if not reason.strip():
        raise InvalidDocument("a withdrawal says why", code="cli.reason", hint='--reason "..."')
    with opened(node, passphrase_file) as own:
        meant = cite_any(ViewShelf(own.view()), statement, WITHDRAWABLE)
        reference = afterwards.withdraw(own, meant.reference, reason, now=read_clock())
        telling.logged(own, reference, "withdrawal", publish=publish)


def accredit(
    member: str,
    *,
    until: str,
    node: NodeFolder,
    banks: Texts = (),
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Vouch that a member tests as it should, on some banks, until a day.

    Who names this member under accreditors in a policy trusts the tester as long as this holds.

    Example: comity accredit kh --banks disaster-translation --until 2027-11-30 --node un

    Args:
        member: The tester: what this node calls it, or its member id.
        until: First day on which it no longer holds.
        banks: Names of banks; none for all.
    """
    telling = Telling(as_json=as_json)
    day = from_iso_date(until)
    with opened(node, passphrase_file) as own:
        made = Accreditation(
            issued=read_clock(), member=_member(own, member), banks=banks,
            until=from_rfc3339(f"{day.isoformat()}T00:00:00Z"),
        )  # fmt: skip
        if made.until <= made.issued:
            message, hint = f"--until {until} is over already", "give a day to come"
            raise InvalidDocument(message, code="cli.until", hint=hint)
        for words in _unknown(own, banks):
            telling.say(words, style="yellow")
        reference = afterwards.accredit(own, made, now=made.issued)
        telling.logged(own, reference, "accreditation", publish=publish)


def _unknown(node: Node, banks: Sequence[str]) -> Iterator[str]:
    """Warn of banks that nobody followed here has stated."""
    shelf = ViewShelf(node.view())
    known = {str(said.statement.predicate.get("bank")) for said in shelf.of_kind("bank")}
    for bank in banks:
        if bank not in known:
            near = near_miss(bank, known)
            meant = "" if near is None else f"; did you mean {near!r}?"
            yield f"no bank called {bank[:60]!r} is known here yet{meant}"


def _test(node: Node, finding: str) -> Publication:
    shelf = ViewShelf(node.view())
    reference = cite(shelf, finding, "finding").reference
    return gather(shelf, reference, bundles_of(node))


def _member(node: Node, name: str) -> MemberId:
    members = node.view().members()
    peers = {peer.name: peer.member for peer in node.config.peers}
    known = {**{log.name: log.member for log in members}, **peers}
    if name in known:
        return known[name]
    found = [log.member for log in members if len(name) >= 16 and log.member.startswith(name)]
    if len(found) == 1:
        return found[0]
    fault = Fault(message=f"known here: {', '.join(sorted(known))}")
    raise NotFound(
        f"no followed member is called {name[:60]!r}", code="desk.member", hint=str(fault)
    )


def _tell(telling: Telling, voice: Voice, who: str) -> None:
    kind, content = voice.said.statement.kind, voice.content.to_predicate()
    words = content.get("reason") or content.get("grounds") or content.get("text")
    more = content.get("note") if words is None else words
    line = f"{to_rfc3339(voice.content.issued)} {who}: {kind} ({short(voice.said)})"
    telling.say(f"{line}, withdrawn since" if voice.is_withdrawn else line, style="bold")
    for name in ("disputed", "records", "asks", "outcome"):
        if content.get(name):
            telling.say(f"  {name}: {content[name]}")
    if more:
        telling.say(f"  {more}")


def _facts(voice: Voice) -> dict[str, object]:
    return {
        "kind": voice.said.statement.kind, "place": short(voice.said),
        "member": voice.said.member, "withdrawn": voice.is_withdrawn,
        "content": voice.content.to_predicate(),
    }  # fmt: skip
