# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node peer`: write a peer down, change how it is followed, take it out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console

from comity.cli.option import Json, print_json, words_of
from comity.cli.session import PassphraseFile, Telling, looked_at
from comity.cli.trust.render_trust import tell_weaker, weaker_facts
from comity.desk.log.node import introduce
from comity.desk.log.peering import Changed, Wish, change_peer, find_known, remove_peer, wished
from comity.errors import Conflict, Fault, InvalidDocument
from comity.ledger.keyset import Keyset
from comity.node.fetch.http import Asking
from comity.node.logs import following as followings
from comity.node.member.config import Peer
from comity.node.node import Node


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class PeerOption:
    """What to write down of a peer; of one that is there already only what is given changes.

    Args:
        name: What to call it here; otherwise as it calls itself.
        address: Where a peer that is there already is read from now on.
        counts: Whether its cosignatures count for this node; they do unless you say no.
        mode: Keep all of its log (full, unless you say otherwise), its hashes alone, or only
            what is selected.
        select: Kinds of statements, and indexes of entries, such as "finding,12".
        mirrors: Further addresses or folders with the same log, separated by commas.
        statements_a_day: Most entries taken in within 24 hours; 0 sets no limit.
        bytes_a_day: Most bytes fetched within 24 hours; 0 sets the usual 4 GiB.
    """

    name: str | None = None
    address: str | None = None
    counts: bool | None = None
    mode: Literal["full", "hashes", "selected"] | None = None
    select: str | None = None
    mirrors: str | None = None
    statements_a_day: int | None = None
    bytes_a_day: int | None = None

    @property
    def wish(self) -> Wish:
        """Return what is asked for."""
        return Wish(
            name=self.name,
            address=self.address,
            counts=self.counts,
            mode=self.mode,
            select=None if self.select is None else words_of(self.select),
            mirrors=None if self.mirrors is None else words_of(self.mirrors),
            statements_a_day=self.statements_a_day,
            bytes_a_day=self.bytes_a_day,
        )


_NOTHING = PeerOption()


def peer(
    folder: Path,
    location: str,
    *,
    member: str | None = None,
    option: PeerOption = _NOTHING,
    remove: Annotated[bool, Parameter(negative="")] = False,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Write a peer into node.toml after reading its keys from its log; change or remove one.

    Name a peer that is there already to change it; comments in node.toml stay.

    Example: comity node peer kh https://br.example --member 3f2a09c1d4e5b6a7

    Example: comity node peer kh br --mode hashes --bytes-a-day 100000000

    Example: comity node peer kh br --remove

    Args:
        folder: The node's folder.
        location: A new peer's http(s) address, or a folder with its log; or the name, member
            id or log of a peer that is there already.
        member: The id its operator told you over another channel, or its first digits.
        remove: Take it out of node.toml; the copy of its log stays in the folder.
    """
    wish, telling = option.wish, Telling(as_json=as_json)
    is_known = find_known(folder, location) is not None
    _check(wish, member, is_known=is_known, remove=remove)
    if remove:
        _tell_change(telling, folder, remove_peer(folder, location))
    elif is_known:
        asking = partial(_asking, folder, passphrase_file)
        _tell_change(telling, folder, change_peer(folder, location, wish, asking))
    else:
        with looked_at(folder, passphrase_file) as node:
            _add(node, location, member, wish, as_json=as_json)


@contextmanager
def _asking(folder: Path, passphrase_file: Path | None) -> Iterator[Asking]:
    """Say how the node asks others; its keys are needed where it says who asks."""
    with looked_at(folder, passphrase_file) as node:
        yield node.connector.asking()


def _check(wish: Wish, member: str | None, *, is_known: bool, remove: bool) -> None:
    """Refuse what does not go together, all of it at once."""
    faults: list[str] = []
    if remove and not wish.is_empty:
        faults.append("--remove takes the peer out: give nothing to change beside it")
    if member is not None and (is_known or remove):
        faults.append("--member is for a new peer: this one's id stays what it is")
    if wish.address is not None and not is_known and not remove:
        faults.append("--address is for a peer that is there already: name it first")
    if faults:
        listed = [Fault(message=one) for one in faults]
        raise InvalidDocument("cannot be done", code="cli.peer", faults=listed)
    if is_known and not remove and wish.is_empty:
        raise Conflict(
            "that is a peer already, and nothing is to be changed",
            code="node.peer_known",
            hint="give what to change, such as --mode or --address, or --remove",
        )


def _add(node: Node, location: str, member: str | None, wish: Wish, *, as_json: bool) -> None:
    following = wished(wish, followings.DEFAULT)
    found, keyset = introduce(
        location,
        member=member,
        name=wish.name,
        counts=wish.counts is not False,
        asking=node.connector.asking(),
    )
    _refuse_itself(node, found)
    node.add_peer(replace(found, following=following))
    _print_peer(found, keyset, is_compared=member is not None, as_json=as_json)


def _refuse_itself(node: Node, found: Peer) -> None:
    if found.member == node.member:
        raise Conflict(
            f"{found.url} is this node itself", code="cli.self_peer", hint="name another member"
        )


def _tell_change(telling: Telling, folder: Path, found: Changed) -> None:
    """Say what a change did, and what is weaker for it."""
    before = _settings(found.before)
    after = None if found.after is None else _settings(found.after)
    if after is None:
        telling.say(f"{found.before.name} is no peer any more")
        kept = f"{folder}/peers/{found.before.member}"
        telling.say(f"the copy of its log stays, where there is one: {kept}")
    else:
        news = {key: after[key] for key in after if after[key] != before[key]}
        telling.say(f"{after['name']}: {'changed' if news else 'nothing to change'}")
        for key, value in news.items():
            telling.say(f"  {key}: {_said(before[key])} -> {_said(value)}")
    is_heard = found.after is None or _counts(found.before) != _counts(found.after)
    if found.policy and is_heard:
        again = f"comity trust policy {folder} --replace"
        said = f"{found.policy} says whose cosignatures count: {again}"
        telling.say(said, style="yellow")
    tell_weaker(telling, found.weaker, folder)
    telling.print_json(
        {
            "member": found.before.member,
            "before": before,
            "now": after,
            "weaker": weaker_facts(found.weaker),
        }
    )


def _counts(found: Peer) -> bool:
    return found.witness_key is not None


def _settings(found: Peer) -> dict[str, object]:
    following = found.following
    return {
        "name": found.name,
        "address": found.url,
        "counts": _counts(found),
        "mode": following.mode.value,
        "select": [*following.kinds, *following.places],
        "mirrors": list(following.mirrors),
        "statements_a_day": following.statements_a_day,
        "bytes_a_day": following.bytes_a_day,
    }


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case None:
            return "no limit"
        case list():
            return ", ".join(map(str, value)) or "none"
        case _:
            return f"{value}"


def _print_peer(found: Peer, keyset: Keyset, *, is_compared: bool, as_json: bool) -> None:
    facts = {
        "member": found.member,
        "name": found.name,
        "role": keyset.role,
        "jurisdiction": keyset.jurisdiction,
        "log": found.log_key.vkey,
        "compared": is_compared,
    }
    if as_json:
        print_json(facts)
        return
    console = Console(highlight=False)
    console.print(f"{found.name} ({keyset.role}, {keyset.jurisdiction}) is a peer now.")
    console.print(f"member {found.member}", soft_wrap=True)
    if not is_compared:
        console.print("Compare that id with its operator over another channel.", style="yellow")
