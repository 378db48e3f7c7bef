# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What stands in a folder: files by their names, half-written ones apart."""

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

_BESIDE = re.compile(r"\..+\.(\d+)\.\d+\.new")
_STARTED = time.time()


def files_in(place: str, name: str) -> Iterator[str]:
    """Yield what stands below a folder by its name; what is no folder holds nothing."""
    try:
        with os.scandir(place) as entries:
            found = list(entries)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    for one in found:
        if one.is_dir(follow_symlinks=False):
            yield from files_in(one.path, f"{name}{one.name}/")
        elif one.is_file() and not _BESIDE.fullmatch(one.name):
            yield name + one.name


def merged(place: str, new_place: str) -> Iterator[str]:
    """Move what stands in a folder into another, and yield each place it got there."""
    try:
        with os.scandir(place) as entries:
            found = [(one.name, one.is_dir(follow_symlinks=False)) for one in entries]
    except FileNotFoundError:
        return
    for name, is_folder in sorted(found):
        target = f"{new_place}/{name}"
        if is_folder and Path(target).is_dir():
            yield from merged(f"{place}/{name}", target)
        elif not _BESIDE.fullmatch(name):
            os.rename(f"{place}/{name}", target)  # noqa: PTH104 - paths cost more
            yield target


def is_beside(name: str) -> bool:
    """Tell whether a file's name is that of one being written, whoever does."""
    return _BESIDE.fullmatch(name) is not None


def is_left_over(path: Path) -> bool:
    """Tell whether a half-written file belongs to no process that still runs."""
    found = _BESIDE.fullmatch(path.name)
    if found is None:
        return False
    owner = int(found[1])
    if owner != os.getpid():
        return not _is_running(owner)
    try:  # a container numbers its processes alike each time
        return path.stat().st_mtime < _STARTED
    except FileNotFoundError:  # it got its name meanwhile
        return False


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except PermissionError:  # somebody else's
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
