# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Change one peer's block in the text of node.toml and leave every other line as it stands."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from comity.errors import Conflict, InvalidDocument
from comity.node.disk.storage import Storage
from comity.node.logs.log import LOCK
from comity.node.member import config as settings
from comity.node.member.config import FILE, Peer, to_peer_toml

_WAIT_S = 5.0
_CHANGE = "say what to change, such as --mode or --address; comity node peers lists them"
_HEADER = re.compile(r"\s*\[\[\s*peer\s*\]\]\s*(#.*)?")
_TABLE = re.compile(r"\s*\[")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Setting:
    """One setting: the lines it takes."""

    name: str
    start: int
    end: int


def rewrite(storage: Storage, edit: Callable[[bytes], bytes]) -> bytes:
    """Change node.toml as one: of two at once, the second changes what the first wrote.

    Returns:
        What stood there before.

    Raises:
        Conflict: Another process kept changing it, or *edit* refuses.
    """
    with storage.lock(LOCK, _WAIT_S):
        content = storage.read(FILE)
        edited = edit(content)
        if edited != content:
            storage.replace(FILE, edited)
    return content


def with_new_peer(content: bytes, peer: Peer) -> bytes:
    """Return node.toml with one peer more.

    Raises:
        Conflict: A peer of that member or name is there already.
    """
    for one in settings.from_toml(content).peers:
        if peer.member == one.member or peer.name == one.name:
            message = f"{one.name} ({one.member[:16]}) is a peer already"
            raise Conflict(message, code="node.peer_known", hint=_CHANGE)
    longer = content + to_peer_toml(peer).encode()
    settings.from_toml(longer)
    return longer


def without_peer(content: bytes, peer: Peer) -> bytes:
    """Return node.toml without one peer.

    Raises:
        Conflict: The file is written in a way this cannot change safely, or the peer does not
            stand in it so any more.
    """
    return _changed(content, peer, None)


def with_peer(content: bytes, peer: Peer, changed: Peer) -> bytes:
    """Return node.toml with one peer's settings changed, comments beside them kept.

    Raises:
        Conflict: The file is written in a way this cannot change safely, the peer does not
            stand in it so any more, or the change would give two peers one name.
    """
    return _changed(content, peer, changed)


def _changed(content: bytes, peer: Peer, changed: Peer | None) -> bytes:
    before = settings.from_toml(content)
    if peer not in before.peers:  # reading its log may have taken a while
        message = f"{peer.name} was changed meanwhile"
        raise Conflict(message, code="node.peer_change", hint="nothing was changed; try again")
    place = before.peers.index(peer)
    lines = content.decode().split("\n")
    blocks = [at for at, line in enumerate(lines) if _HEADER.fullmatch(line)]
    if len(blocks) != len(before.peers):
        raise _beyond_us()
    found = tuple(_settings(lines, blocks[place] + 1))
    end = max((one.end for one in found), default=blocks[place] + 1)
    if changed is None:
        start = blocks[place] - (blocks[place] > 0 and not lines[blocks[place] - 1].strip())
        edited = [*lines[:start], *lines[end:]]
    else:
        block = _rewritten(lines, blocks[place] + 1, end, found, changed)
        edited = [*lines[: blocks[place] + 1], *block, *lines[end:]]
    return _checked("\n".join(edited).encode(), content, peer, changed)


def _checked(edited: bytes, content: bytes, peer: Peer, changed: Peer | None) -> bytes:
    """Return what was edited if it says exactly what was meant."""
    before = settings.from_toml(content)
    wanted = tuple(changed if one == peer else one for one in before.peers)
    try:
        found = settings.from_toml(edited)
    except InvalidDocument as error:
        said = error.faults[0].message if error.faults else error.message
        raise Conflict(
            f"node.toml would be wrong then: {said}",
            code="node.peer_change",
            hint="nothing was changed",
        ) from None
    if found != replace(before, peers=tuple(one for one in wanted if one is not None)):
        raise _beyond_us()
    return edited


def _rewritten(
    lines: list[str], start: int, end: int, found: tuple[_Setting, ...], changed: Peer
) -> Iterator[str]:
    """Yield a block's lines: those of a changed setting anew, all others as they were."""
    block = to_peer_toml(changed).split("\n")[2:-1]
    wanted = {line.partition(" = ")[0]: line for line in block}
    starts = {one.start: one for one in found}
    at = start
    while at < end:
        setting = starts.get(at)
        if setting is None:
            yield lines[at]
            at += 1
            continue
        old = lines[setting.start : setting.end]
        new = wanted.pop(setting.name, None)
        if new is not None and _says("\n".join(old)) == _says(new):
            yield from old
        elif new is not None:
            yield new + _comment(old)
        at = setting.end
    yield from wanted.values()


def _settings(lines: list[str], start: int) -> Iterator[_Setting]:
    """Yield the settings from a line up to the next table."""
    at = start
    while at < len(lines) and not _TABLE.match(lines[at]):
        key = _KEY.match(lines[at])
        if key is None:
            at += 1
            continue
        end = at + 1
        while _says("\n".join(lines[at:end])) is None:
            end += 1
            if end > len(lines):
                raise _beyond_us()
        yield _Setting(name=key[1], start=at, end=end)
        at = end


def _says(text: str) -> dict[str, object] | None:
    """Return what a few lines say, or None where they are no whole setting."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _comment(old: list[str]) -> str:
    """Return the comment behind a setting of one line, with the space before it."""
    (line, *more) = old
    for sign in re.finditer(r"\s*#", line):
        if not more and _says(line[: sign.start()]) == _says(line):
            return line[sign.start() :]
    return ""


def _beyond_us() -> Conflict:
    return Conflict(
        f"{FILE} is written in a way that no program should edit",
        code="node.peer_change",
        hint=f"nothing was changed; edit the [[peer]] in {FILE} by hand",
    )
