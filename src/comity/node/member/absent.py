# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read a node's settings, or say which node near a folder was probably meant."""

import difflib
from collections.abc import Iterator
from pathlib import Path

from comity.errors import NotFound
from comity.node.disk.storage import Disk
from comity.node.member.config import FILE, Config, from_toml
from comity.node.member.founding import KEYS

_MOST = 3
_LOOKED_AT = 200


def no_node(folder: Path) -> NotFound:
    """Return the error, with up to three nodes that stand near as a hint."""
    near = list(_near(folder))[:_MOST]
    found = "found one with `comity node init`"
    return NotFound(
        f"{folder} holds no node",
        code="node.folder",
        hint=f"did you mean {', '.join(map(str, near))}? Else {found}" if near else found,
    )


def read_config(disk: Disk) -> Config:
    """Return the settings of the node in a folder; no key is needed.

    Raises:
        NotFound: The folder holds no node.
        InvalidDocument: node.toml has faults, all of them listed.
    """
    try:
        return from_toml(disk.read(FILE))
    except NotFound:
        raise no_node(disk.folder) from None


def _near(folder: Path) -> Iterator[Path]:
    """Yield the node a folder lies in, those that lie in it, those with a near name."""
    whole = folder.absolute()
    for above in whole.parents[:2]:
        if _is_node(above):
            yield _short(above)
    yield from (_short(one) for one in _nodes_in(whole))
    beside = {one.name: one for one in _nodes_in(whole.parent)}
    for name in difflib.get_close_matches(whole.name, beside, _MOST):
        yield _short(beside[name])


def _nodes_in(folder: Path) -> list[Path]:
    try:
        looked_at = sorted(folder.iterdir())[:_LOOKED_AT]
    except (OSError, ValueError):  # ValueError: no path at all
        return []
    return [one for one in looked_at if _is_node(one)]


def _is_node(folder: Path) -> bool:
    try:
        return (folder / FILE).is_file() and (folder / KEYS).is_file()
    except (OSError, ValueError):  # ValueError: no path at all
        return False


def _short(folder: Path) -> Path:
    """Return a path as it would be typed here."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
