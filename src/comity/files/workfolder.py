# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a long task keeps what is done, part by part, until the whole can be put together."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comity.errors import StorageFailed

_MANIFEST = "task.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFolder:
    """A folder of finished parts, each a file and what is known of it, bound by a digest."""

    path: Path

    def file(self, part: int) -> Path:
        """Return where the file of a part stands."""
        return self.path / f"part-{part:06}.parquet"

    def kept(self, part: int) -> Mapping[str, object] | None:
        """Return what is known of a finished part; None where it is not whole."""
        try:
            known = json.loads(self._note(part).read_text("utf-8"))
            if known["sha256"] == digest_of(self.file(part)):
                found: Mapping[str, object] = known["result"]
                return found
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return None

    def keep(self, part: int, result: Mapping[str, object]) -> None:
        """Note that the file of a part is whole, with what is known of it.

        Raises:
            StorageFailed: The disk refused.
        """
        note = {"sha256": digest_of(self.file(part)), "result": result}
        beside = self._note(part).with_suffix(".new")
        try:
            beside.write_text(json.dumps(note), "utf-8")
            os.replace(beside, self._note(part))  # noqa: PTH105 - replaces at once
        except OSError as error:
            message = f"cannot write {self._note(part)}: {error.strerror}"
            raise StorageFailed(message, code="files.work_folder") from None

    def remove(self) -> None:
        """Take the folder away with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _note(self, part: int) -> Path:
        return self.path / f"part-{part:06}.json"


def open_work_folder(path: Path, task: Mapping[str, object]) -> WorkFolder:
    """Open the folder of a task; where it is of another task, begin anew.

    Raises:
        StorageFailed: It holds files of somebody else, or the disk refused.
    """
    manifest = path / _MANIFEST
    written = json.dumps(task, sort_keys=True, indent=1)
    try:
        if path.is_dir() and any(path.iterdir()):
            if not manifest.is_file():
                message = f"{path} is not a folder of ours; move it out of the way"
                raise StorageFailed(message, code="files.work_folder")
            if manifest.read_text("utf-8") == written:
                return WorkFolder(path=path)
            shutil.rmtree(path)
        path.mkdir(parents=True, exist_ok=True)
        manifest.write_text(written, "utf-8")
    except OSError as error:
        message = f"cannot keep what is done in {path}: {error.strerror}"
        raise StorageFailed(message, code="files.work_folder") from None
    return WorkFolder(path=path)


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
