# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A file that comes with Comity, by its short name, or one's own by its path."""

from collections.abc import Sequence
from pathlib import Path

from comity.errors import NotFound
from comity.law.cursor import near_miss


def shipped_paths(folder: Path) -> list[Path]:
    """Return the files of a folder that come along, by name."""
    return sorted(folder.glob("*.toml"), key=lambda path: path.stem)


def get_path(name: str, folder: Path, *, kind: str, code: str, own: Sequence[str]) -> Path:
    """Return the file that a name means.

    Args:
        name: A short name, such as "eu-council", or a path.
        kind: What it is a file of, such as "rule".
        own: Endings one's own file may have.

    Raises:
        NotFound: Nothing is called so (by the code given).
    """
    shipped = {path.stem: path for path in shipped_paths(folder)}
    if name in shipped:
        return shipped[name]
    if Path(name).suffix in own:
        return Path(name)
    known, short = list(shipped), name[:60]
    near = near_miss(short, known) or near_miss(short.lower(), known)
    guess = f"did you mean {near!r}? " if near else ""
    raise NotFound(
        f"no {kind} is called {short!r}",
        code=code,
        hint=f"{guess}there are {', '.join(known)}; or give a {' or '.join(own)} file of your "
        "own",
    )
