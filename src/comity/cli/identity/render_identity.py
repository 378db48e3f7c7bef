# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How a member's identity and a draft are said in words and in JSON."""

from collections.abc import Iterator, Mapping

from comity.cli.session import Telling
from comity.desk.log.membership import Membership, Vouching
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.instant import to_rfc3339
from comity.kernel.noun import counted
from comity.kernel.reference import to_reference_json
from comity.ledger.identity import Tenure
from comity.node.draft import Asked, Draft

_STANDING = {
    "stands": "",
    "over": ", no longer holds",
    "other name": ", under another name than it has now",
    "other key": ", of a key it does not have",
    "not counted": ", below this node's quorum",
}

_LONGEST = 300
_WORDS = {None: "none", True: "yes", False: "no"}


def say_membership(telling: Telling, found: Membership) -> None:
    """Say who a member is."""
    identity = found.identity
    keyset = identity.keyset
    example = ", an example" if keyset.example else ""
    telling.say(f"{keyset.name} ({keyset.role}, {keyset.jurisdiction}{example})", style="bold")
    telling.say(f"member       {found.member}")
    telling.say(f"fingerprint  {found.fingerprint}")
    telling.say(f"log          {identity.origin}, {counted(found.size, 'entry', 'entries')}")
    for tenure in identity.tenures:
        _say_tenure(telling, found, tenure)
    for said, first, last in found.disputed:
        stretch = f"entries {first} to {last}" if last >= first else "no entry"
        telling.say(
            f"compromise   entry {said.entry} disputes {stretch} where these keys signed: "
            f"{', '.join(sorted(key[:24] for key in said.keys))} ({said.reason})",
            style="red",
        )
    for refusal in identity.refused:
        telling.say(f"entry {refusal.entry}: {refusal.reason}", style="yellow")
    if not found.standing:
        telling.say("nobody this node follows vouches for this name", style="yellow")
    for one in found.vouched:
        _say_vouching(telling, one)


def say_draft(telling: Telling, draft: Draft, asked: tuple[Asked, ...]) -> None:
    """Say what a draft states, and who has signed it."""
    statement = draft.statement
    telling.say(f"{statement.kind}", style="bold")
    for name, value in sorted(statement.predicate.items()):
        for line in _in_lines(name, value):
            telling.say(f"  {line}")
    for one in draft.envelope.signatures:
        telling.say(f"signed by {one.keyid}")
    if not draft.envelope.signatures:
        telling.say("signed by nobody yet")
    for group in asked:
        style = "green" if group.signed >= group.needed else "yellow"
        telling.say(f"{group.who}: {group.signed} of {group.needed} signatures", style=style)


def _in_lines(name: str, value: Json) -> Iterator[str]:
    """Write one field as people read it out: a part a line, long keys by their digest."""
    match value:
        case Mapping():
            yield f"{name}:"
            for key, part in value.items():
                for line in _in_lines(key, part):
                    yield f"  {line}"
        case list() | tuple():
            yield f"{name}: {'none' if not value else ''}".rstrip()
            for number, part in enumerate(value, 1):
                for line in _in_lines(str(number), part):
                    yield f"  {line}"
        case str() if len(value) > _LONGEST:
            digest = sha256(value.encode()).hex()
            yield f"{name}: {value[:32]}… ({len(value):,} characters, sha256 {digest})"
        case None | bool():
            yield f"{name}: {_WORDS[value]}"
        case _:
            yield f"{name}: {value}"


def to_draft_facts(draft: Draft, asked: tuple[Asked, ...]) -> dict[str, object]:
    """Return a draft as JSON values."""
    return {
        "kind": draft.statement.kind,
        "predicate": dict(draft.statement.predicate),
        "signed_by": [one.keyid for one in draft.envelope.signatures],
        "asked": [
            {
                "who": one.who,
                "keys": list(one.keyids),
                "needed": one.needed,
                "signed": one.signed,
            }
            for one in asked
        ],
    }


def to_facts(found: Membership) -> dict[str, object]:
    """Return a member's identity as JSON values."""
    identity = found.identity
    return {
        "member": found.member,
        "fingerprint": found.fingerprint,
        "name": identity.keyset.name,
        "role": identity.keyset.role,
        "jurisdiction": identity.keyset.jurisdiction,
        "origin": identity.origin,
        "keysets": [_tenure_facts(found, one) for one in identity.tenures],
        "compromises": [
            {
                "entry": said.entry,
                "keys": sorted(said.keys),
                "reason": said.reason,
                "first_disputed": first,
                "last_disputed": last,
            }
            for said, first, last in found.disputed
        ],
        "refused": [
            {"entry": one.entry, "code": one.code, "reason": one.reason}
            for one in identity.refused
        ],
        "endorsements": [_vouching_facts(one) for one in found.vouched],
    }


def _say_tenure(telling: Telling, found: Membership, tenure: Tenure) -> None:
    keyset, ended = tenure.keyset, found.until(tenure)
    until = "in force" if ended is None else f"until entry {ended}"
    telling.say(
        f"keyset {keyset.sequence:<6}entry {tenure.entry}, "
        f"issued {to_rfc3339(keyset.issued)}, {until}"
    )
    telling.say(f"  log        {keyset.log_key.vkey}")
    for keyid in keyset.statement_keys:
        telling.say(f"  statement  {keyid}")
    telling.say(f"  witness    {keyset.witness_key.vkey}")
    if keyset.stated_root is None:
        telling.say("  root       the statement keys, 1 of them")
    else:
        root = keyset.stated_root
        telling.say(f"  root       {root.threshold} of {len(root.keys)} offline keys")
        for keyid in root.keys:
            telling.say(f"             {keyid}")
    for kind, count in keyset.officers.items():
        telling.say(f"  officers   {count} sign a {kind}")


def _say_vouching(telling: Telling, one: Vouching) -> None:
    said = one.said
    until = "" if said.until is None else f", until {to_rfc3339(said.until)}"
    telling.say(
        f"vouched for by {one.by_name} as {said.name!r} ({said.jurisdiction}) on "
        f"{to_rfc3339(said.issued)}{until}{_STANDING[one.standing]}: {said.checked}",
        style="" if one.standing == "stands" else "yellow",
    )


def _tenure_facts(found: Membership, tenure: Tenure) -> dict[str, object]:
    keyset, root = tenure.keyset, tenure.keyset.stated_root
    return {
        "sequence": keyset.sequence,
        "entry": tenure.entry,
        "until": found.until(tenure),
        "issued": to_rfc3339(keyset.issued),
        "log_key": keyset.log_key.vkey,
        "statement_keys": list(keyset.statement_keys),
        "witness_key": keyset.witness_key.vkey,
        "root": None
        if root is None
        else {"threshold": root.threshold, "keys": list(root.keys)},
        "officers": dict(keyset.officers),
    }


def _vouching_facts(one: Vouching) -> dict[str, object]:
    said = one.said
    return {
        "by": one.by,
        "by_name": one.by_name,
        "name": said.name,
        "jurisdiction": said.jurisdiction,
        "log_key": said.log_key,
        "checked": said.checked,
        "issued": to_rfc3339(said.issued),
        "until": None if said.until is None else to_rfc3339(said.until),
        "standing": one.standing,
        "reference": to_reference_json(one.reference),
    }
