# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What an operator does with a node: write down peers, follow them."""

from pathlib import Path

from comity.errors import NotFound, VerificationFailed
from comity.ledger.keyset import Keyset
from comity.ledger.note import MAX_NOTE_BYTES
from comity.node.care.audit import read_identity
from comity.node.fetch.http import ANYBODY, Asking
from comity.node.fetch.source import LogSource, source_at
from comity.node.member.config import Peer


def introduce(
    location: str,
    *,
    member: str | None,
    name: str | None,
    counts: bool,
    asking: Asking = ANYBODY,
) -> tuple[Peer, Keyset]:
    """Read who stands at an address, and check it against the id known from elsewhere.

    Args:
        member: The id its operator gave over another channel, or its first digits (at
            least 16); None takes the address at its word.
        counts: Whether its cosignatures will count.
        asking: How the node asks others; it will follow the peer in the same way.

    Raises:
        NotFound: No log stands there.
        PeerFailed: It cannot be reached.
        VerificationFailed: It is another member, or no member's log.
    """
    with source_at(location, asking=asking) as source:
        _check_log(source, location)
        identity = read_identity(source)
    keyset = identity.keyset
    if member is not None and not _is_meant(keyset.member, member):
        raise VerificationFailed(
            f"the member there is {keyset.member}, not {member}",
            code="desk.member",
            hint="ask its operator for the id again; at least its first 16 digits are needed",
            place=location,
        )
    peer = Peer(
        member=identity.member,
        name=name or keyset.name,
        url=location if "://" in location else str(Path(location).resolve()),
        log_key=identity.first.log_key,
        witness_key=keyset.witness_key if counts else None,
    )
    return peer, keyset


def _is_meant(member: str, digits: str) -> bool:
    """Tell whether digits, in groups as a fingerprint is read out or not, name a member."""
    wanted = "".join(digits.split()).lower()
    return len(wanted) >= 16 and member.startswith(wanted)


def _check_log(source: LogSource, location: str) -> None:
    """Refuse a place that holds no log at all: mistyped, most often, and no liar."""
    try:
        source.read("checkpoint", limit=MAX_NOTE_BYTES)
    except NotFound:
        raise NotFound(
            f"no log stands at {location}",
            code="desk.no_log",
            hint="give a node's folder, or the address at which it is served",
        ) from None
