# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""One digest of the files that make a version of a system what it is."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.kernel.digest import Digest, sha256

METHOD = "weights/1"
"""Names how `digest_of` counts files; a registration says it."""


def digest_of(files: Sequence[Path]) -> Digest:
    """Return the digest of the lines `<sha256>  <name>` of files, sorted by name.

    What `sha256sum` prints for the files in one folder, sorted and hashed again, is the same.

    Raises:
        InvalidDocument: A file cannot be read, or two have one name; all are listed.
    """
    faults: list[Fault] = []
    lines: dict[str, str] = {}
    for file in files:
        if file.name in lines:
            faults.append(Fault(message=f"two files are called {file.name}"))
        try:
            with file.open("rb") as stream:
                lines[file.name] = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            faults.append(Fault(message=f"cannot read {file}: {error.strerror}"))
    if not files:
        faults.append(Fault(message="no file was given"))
    if faults:
        raise InvalidDocument("no version", code="files.weights", faults=faults)
    ordered = (f"{digest}  {name}\n" for name, digest in sorted(lines.items()))
    return sha256("".join(ordered).encode())
