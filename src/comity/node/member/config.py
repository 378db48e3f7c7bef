# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""node.toml: which peers an operator follows, and whose cosignatures count."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from comity.errors import Fault, InvalidDocument, NotFound
from comity.kernel.digest import from_hex
from comity.kernel.fields import Fields
from comity.kernel.ids import MemberId, Origin
from comity.ledger.note import NoteKey, from_vkey, is_key_name
from comity.ledger.quorum import CountsWhen, Quorum, Witness
from comity.node.disk.database import check_url
from comity.node.fetch import settings
from comity.node.fetch.settings import HttpSettings
from comity.node.logs import following as followings
from comity.node.logs.following import Following

FILE = "node.toml"
MAX_BYTES = 4 * 1024 * 1024
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_WHERE = re.compile(r"\(at line (\d+), column (\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A member this node follows, as its operator wrote it down.

    Args:
        url: An http(s) address or a folder; never taken from a statement.
        witness_key: Its cosignatures count; None where they do not.
        following: How much of its log is kept, how fast, and from where else.
    """

    member: MemberId
    name: str
    url: str
    log_key: NoteKey
    witness_key: NoteKey | None = None
    following: Following = followings.DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The node's own settings.

    Args:
        counts_when: How many witnesses a checkpoint needs to count.
        counts_self: Whether this node's own cosignature counts for the logs it follows.
        policy: A tlog-policy file beside node.toml that decides instead; empty for none.
        index_url: The PostgreSQL database of the index; empty for the file index.sqlite.
        http: How it speaks to others over HTTP.
    """

    origin: Origin
    counts_when: CountsWhen = "all"
    counts_self: bool = True
    policy: str = ""
    peers: tuple[Peer, ...] = ()
    index_url: str = ""
    http: HttpSettings = settings.DEFAULT

    def find_peer(self, name_or_member: str) -> Peer | None:
        """Return the peer with a name, a member id, or an origin, or None."""
        for peer in self.peers:
            if name_or_member in {peer.name, peer.member, peer.log_key.name}:
                return peer
        return None

    def get_peer(self, name_or_member: str) -> Peer:
        """Return the peer with a name, a member id or an origin.

        Raises:
            NotFound: There is none.
        """
        peer = self.find_peer(name_or_member)
        if peer is None:
            known = ", ".join(one.name for one in self.peers) or "none yet"
            raise NotFound(
                f"no peer is called {name_or_member!r}",
                code="node.peer_unknown",
                hint=f"peers in node.toml: {known}; add one with `comity node peer`",
            )
        return peer

    def to_quorum(self, member: MemberId, witness_key: NoteKey) -> Quorum:
        """Return the rule this node counts by; *member* is the node itself."""
        witnesses = [
            Witness(member=peer.member, key=peer.witness_key)
            for peer in self.peers
            if peer.witness_key is not None
        ]
        if self.counts_self:
            witnesses.append(Witness(member=member, key=witness_key))
        return Quorum(witnesses=tuple(witnesses), counts_when=self.counts_when)


def from_toml(content: bytes) -> Config:
    """Read node.toml, listing every fault.

    Raises:
        InvalidDocument: Not TOML, or a setting is missing, malformed or unknown.
    """
    if len(content) > MAX_BYTES:
        raise _refused([Fault(message=f"{len(content)} bytes; at most {MAX_BYTES} are read")])
    try:
        value = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _refused([Fault(message=f"byte {error.start} is not UTF-8")]) from None
    except tomllib.TOMLDecodeError as error:
        raise _refused([_toml_fault(error)]) from None
    except (ValueError, RecursionError):
        raise _refused([Fault(message="a number or nesting no setting needs")]) from None
    faults: list[Fault] = []
    fields = Fields(value, faults=faults)
    origin = fields.text("origin")
    if origin and not is_key_name(origin):
        fields.fault("origin", "holds a space or a plus, which no log's name may")
    quorum = fields.inner("quorum")
    config = Config(
        origin=Origin(origin),
        counts_when=_counts_when(quorum),
        counts_self=quorum.flag("counts_self"),
        policy=_policy(fields) if fields.has("policy") else "",
        index_url=_index_url(fields.inner("index")) if fields.has("index") else "",
        peers=tuple(map(_peer, fields.rows("peer"))) if fields.has("peer") else (),
        http=_http(fields),
    )
    unknown = (*fields.rest(), *quorum.rest())
    faults.extend(Fault(message=f"no setting is called {name!r}") for name in unknown)
    _check_distinct(config.peers, faults)
    _check_origins(config, faults)
    if faults:
        raise _refused(faults)
    return config


def to_toml(config: Config) -> str:
    """Write node.toml as an operator will want to edit it."""
    when = '"all"' if config.counts_when == "all" else str(config.counts_when)
    policy = f"policy = {_text(config.policy)}\n" if config.policy else ""
    head = f"""\
# The settings of this node. Keys of peers come from their operators, over a channel of
# their own: compare them before you write them down.
origin = {_text(config.origin)}
{policy}
[quorum]
# "all", or how many of the peers with a `witness` key must have cosigned a checkpoint
# before it counts. A member never counts for its own log.
counts_when = {when}
counts_self = {"true" if config.counts_self else "false"}
"""
    if config.index_url:
        head += f"\n[index]\nurl = {_text(config.index_url)}\n"
    return head + "".join(map(to_peer_toml, config.peers))


def to_peer_toml(peer: Peer) -> str:
    """Write one peer as a block of node.toml."""
    witness = peer.witness_key
    return "\n".join(
        [
            "",
            "[[peer]]",
            f"member = {_text(peer.member)}",
            f"name = {_text(peer.name)}",
            f"url = {_text(peer.url)}",
            f"log = {_text(peer.log_key.vkey)}",
            *([] if witness is None else [f"witness = {_text(witness.vkey)}"]),
            *followings.to_lines(peer.following),
            "",
        ]
    )


def _peer(row: Fields) -> Peer:
    member = row.text("member")
    try:
        from_hex(member)
    except InvalidDocument:
        if member:
            row.fault("member", "is not a member id: 64 hexadecimal digits")
    peer = Peer(
        member=MemberId(member),
        name=row.text("name"),
        url=row.text("url"),
        log_key=_key(row, "log"),
        witness_key=_key(row, "witness") if row.has("witness") else None,
        following=followings.from_fields(row),
    )
    for unknown in row.rest():
        row.fault(unknown, "is no setting of a peer")
    return peer


def _key(row: Fields, name: str) -> NoteKey:
    text = row.text(name)
    try:
        return from_vkey(text)
    except InvalidDocument as error:
        if text:
            row.fault(name, f"is wrong: {error.message}")
        return NoteKey(name="-", kind=1, public=bytes(32))


def _policy(fields: Fields) -> str:
    name = fields.text("policy")
    if name and not _FILE_NAME.fullmatch(name):
        fields.fault("policy", "is not the name of a file beside node.toml")
    return name


def _http(fields: Fields) -> HttpSettings:
    if not fields.has("http"):
        return settings.DEFAULT
    return settings.from_fields(fields.inner("http"))


def _counts_when(quorum: Fields) -> CountsWhen:
    value = quorum.value("counts_when")
    if value == "all":
        return "all"
    if type(value) is int and value >= 1:
        return value
    if isinstance(value, Mapping | str | int | list):
        quorum.fault("counts_when", 'is neither "all" nor a number from 1')
    return "all"


def _index_url(index: Fields) -> str:
    url = index.text("url")
    try:
        if url:
            check_url(url)
    except InvalidDocument as error:
        index.faults.append(Fault(message=error.message))
    for unknown in index.rest():
        index.fault(unknown, "is no setting of the index")
    return url


def _check_distinct(peers: Iterable[Peer], faults: list[Fault]) -> None:
    for kind in ("member", "name"):
        names = [cast("str", getattr(peer, kind)) for peer in peers]
        faults.extend(
            Fault(message=f"two peers have the {kind} {name!r}")
            for name in sorted({name for name in names if name and names.count(name) > 1})
        )


def _check_origins(config: Config, faults: list[Fault]) -> None:
    """Note two logs of one name: references and the index tell logs apart by it."""
    logs = [config.origin, *(peer.log_key.name for peer in config.peers)]
    faults.extend(
        Fault(message=f"two logs have the name {name!r}")
        for name in sorted({name for name in logs if name != "-" and logs.count(name) > 1})
    )


def _toml_fault(error: tomllib.TOMLDecodeError) -> Fault:
    found = _WHERE.search(str(error))
    if found is None:
        return Fault(message=str(error))
    message = str(error)[: found.start()].strip()
    return Fault(message=message, line=int(found[1]), column=int(found[2]))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refused(faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "the node's settings cannot be used", code="node.config", source=FILE, faults=faults
    )
