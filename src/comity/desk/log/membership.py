# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Who a member is: its id, the history of its keys, and who vouches for its name.

A name is what a member calls itself. That somebody vouches for it is shown with whose word
that is, and never taken for more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from comity.desk.log.shelf import Logs, Said, ViewShelf, read_or_none
from comity.desk.log.withdrawal import find_withdrawal
from comity.errors import InvalidDocument, NotFound, NotPermitted
from comity.kernel.digest import from_hex
from comity.kernel.ids import MemberId
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.ledger import endorsement as endorsements
from comity.ledger.endorsement import Endorsement, fingerprint_of
from comity.ledger.identity import Identity, Tenure
from comity.ledger.revocation import Compromise
from comity.node.node import Node
from comity.node.views.memberlog import MemberLog

Standing: TypeAlias = Literal["stands", "over", "other name", "other key", "not counted"]
"""Whether an endorsement speaks for the member as it calls itself and signs today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouching:
    """One member's word for another's name.

    Args:
        standing: "over" past its end; "other name" or "other key" where the member has since
            changed what was compared; "not counted" below the reader's quorum.
    """

    by: MemberId
    by_name: str
    said: Endorsement
    reference: Reference
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A member as the followed logs show it.

    Args:
        fingerprint: What people read to each other to compare the id.
        vouched: Every endorsement of it by another member, the standing ones first.
    """

    member: MemberId
    fingerprint: str
    identity: Identity
    size: int
    vouched: tuple[Vouching, ...]

    @property
    def standing(self) -> tuple[Vouching, ...]:
        """Return the words that speak for the name and the key as they are."""
        return tuple(one for one in self.vouched if one.standing == "stands")

    @property
    def disputed(self) -> tuple[tuple[Compromise, int, int], ...]:
        """Return each compromise with the first and last entry it may dispute."""
        return tuple(
            (one, one.last_good + 1, self._last_of(one)) for one in self.identity.compromises
        )

    def until(self, tenure: Tenure) -> int | None:
        """Return the entry that ended a keyset's time; None for the one in force."""
        following = [one.entry for one in self.identity.tenures if one.entry > tenure.entry]
        return following[0] if following else None

    def _last_of(self, said: Compromise) -> int:
        tenures = self.identity.tenures
        has = [
            at
            for at, one in enumerate(tenures)
            if said.keys & {*one.keyset.statement_keys, one.keyset.log_key.vkey}
        ]
        last = has[-1] + 1 if has else len(tenures)
        return tenures[last].entry - 1 if last < len(tenures) else self.size - 1


def membership_of(view: Logs, member: MemberId, now: Instant) -> Membership:
    """Show one member of a view.

    Raises:
        NotFound: This node follows no log of that member.
    """
    log = _log_of(view, member)
    words = _endorsements(view, log, now)
    vouched = sorted(words, key=lambda one: (one.standing != "stands", one.by_name))
    return Membership(
        member=log.member,
        fingerprint=fingerprint_of(log.member),
        identity=log.identity,
        size=log.size,
        vouched=tuple(vouched),
    )


def find_member(node: Node, text: str) -> MemberId:
    """Return the member that a name, an id, its first 8 digits or a log's name means.

    Raises:
        NotFound: No followed log is that member's.
        InvalidDocument: Several are.
    """
    peers = {peer.member: peer.name for peer in node.config.peers}
    found = []
    for log in node.view().members():
        called = {log.name, log.identity.origin, peers.get(log.member, log.name)}
        if text in called or (len(text) >= 8 and log.member.startswith(text.replace(" ", ""))):
            found.append(log.member)
    if len(found) > 1:
        raise InvalidDocument(f"{text!r} means {len(found)} members", code="desk.ambiguous")
    if not found:
        raise NotFound(
            f"this node follows no member called {text!r}",
            code="desk.no_member",
            hint="comity node peers lists whom it follows",
        )
    return found[0]


def endorse(
    node: Node, member: MemberId, *, checked: str, until: Instant | None, now: Instant
) -> Reference:
    """Log that this node's operator compared a member's key and name, and how.

    Raises:
        NotFound: This node follows no log of that member.
        NotPermitted: It is this node's own.
        InvalidDocument: It does not say how.
    """
    if member == node.member:
        raise NotPermitted(
            "nobody vouches for itself",
            code="desk.own_endorsement",
            hint="ask another member, who compares the id with you over another channel",
        )
    log = _log_of(node.view(), member)
    said = Endorsement(
        member=member,
        log_key=log.keyset.log_key.vkey,
        name=log.keyset.name,
        jurisdiction=log.keyset.jurisdiction,
        checked=checked.strip(),
        issued=now,
        until=until,
    )
    statement = endorsements.to_statement(said)
    endorsements.from_predicate(dict(statement.predicate))
    return node.append([statement], now)[0]


def _log_of(view: Logs, member: MemberId) -> MemberLog:
    for log in view.members():
        if log.member == member:
            return log
    raise NotFound(
        "this node follows no log of that member",
        code="desk.no_member",
        hint="follow that member first: comity node follow",
    )


def _endorsements(view: Logs, log: MemberLog, now: Instant) -> Iterator[Vouching]:
    shelf = ViewShelf(view)
    names = {one.member: one.name for one in view.members()}
    own = {one.member for one in view.members() if one.is_own}
    newest: dict[MemberId, tuple[Said, Endorsement, bool]] = {}
    for entry in view.entries("endorsement", subject=from_hex(log.member)):
        said = shelf.find(entry.reference)
        content = None if said is None else read_or_none(endorsements.from_predicate, said)
        if said is None or content is None or entry.member == log.member:
            continue
        if content.member == log.member and find_withdrawal(shelf, said) is None:
            is_own = entry.member in own
            is_counted = (is_own or entry.provenance.quorum_met) and not entry.doubts
            newest[entry.member] = (said, content, is_counted)
    for by, (said, content, is_counted) in newest.items():
        yield Vouching(
            by=by,
            by_name=names.get(by, by[:16]),
            said=content,
            reference=said.reference,
            standing=_standing(content, log.identity, now, is_counted=is_counted),
        )


def _standing(
    said: Endorsement, identity: Identity, now: Instant, *, is_counted: bool
) -> Standing:
    keyset = identity.keyset
    keys = {one.keyset.log_key.vkey for one in identity.tenures}
    if said.until is not None and said.until <= now:
        return "over"
    if said.log_key not in keys:
        return "other key"
    if (said.name, said.jurisdiction) != (keyset.name, keyset.jurisdiction):
        return "other name"
    return "stands" if is_counted else "not counted"
