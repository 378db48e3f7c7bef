# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A file that comes with Comity, by its short name, or one's own by its path."""

from collections.abc import Sequence
from pathlib import Path

from comity.law.cursor import near_miss

TOML = (".toml",)
"""What the names of one's own files end in, where nothing else is read."""


def shipped_paths(folder: Path) -> list[Path]:
    """Return the files of a folder that come along, by name."""
    return sorted(folder.glob("*.toml"), key=lambda path: path.stem)


def find_path(name: str, folder: Path, own: Sequence[str] = TOML) -> Path | None:
    """Return the file that a name means, or None; whether one's own is there is not looked at.

    Args:
        name: A short name, such as "eu-council", or a path.
        own: Endings one's own file may have.
    """
    shipped = {path.stem: path for path in shipped_paths(folder)}
    if name in shipped:
        return shipped[name]
    is_path = Path(name).suffix in own and "\x00" not in name  # which no path holds
    return Path(name) if is_path else None


def named_instead(name: str, folder: Path, own: Sequence[str] = TOML) -> str:
    """Say what a name may have meant, and what there is."""
    known = [each.stem for each in shipped_paths(folder)]
    near = near_miss(name[:60], known) or near_miss(name[:60].lower(), known)
    guess = f"did you mean {near!r}? " if near else ""
    endings = " or ".join(own)
    return f"{guess}there are {', '.join(known)}; or give a {endings} file of your own"
