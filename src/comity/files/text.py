# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read a text file that somebody wrote by hand; write a file whole or not at all."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from comity.errors import Fault, InvalidDocument, NotFound, StorageFailed

SEPARATORS = (",", ";", "\t")
"""What may stand between the columns of CSV."""


def read_text(path: Path, kind: str) -> str:
    """Return the text of a file.

    Args:
        kind: What it should be, such as "profile"; names the error codes too.

    Raises:
        NotFound: It cannot be read (code `files.no_<kind>`).
        InvalidDocument: It is not UTF-8 (code `files.<kind>`), with the byte.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        fault = Fault(message=f"byte {error.start} is not UTF-8")
        raise InvalidDocument(
            f"the {kind}: not a text file in UTF-8",
            code=f"files.{kind}",
            source=str(path),
            faults=[fault],
            hint="save it as UTF-8; of a spreadsheet, as “CSV UTF-8”",
        ) from None
    except OSError as error:
        message = f"cannot read the {kind} {path}: {error.strerror}"
        raise NotFound(message, code=f"files.no_{kind}") from None


def separator_of(header: str) -> str:
    """Return what separates the columns of a CSV file: spreadsheets write what is usual there.

    Args:
        header: The first line.

    >>> separator_of("seat;answer"), separator_of("seat")
    (';', ',')
    """
    return max(SEPARATORS, key=header.count)


def write_whole(path: Path, data: str | bytes, kind: str) -> None:
    """Write a file that anyone may read: whole or not at all.

    Args:
        kind: What it is, such as "mapping"; names the error code too.

    Raises:
        StorageFailed: The disk refused (code `files.<kind>_storage`); what stood there
            before still stands.
    """
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                file.write(data.encode() if isinstance(data, str) else data)
                file.flush()
                os.fchmod(file.fileno(), 0o644)
                os.fsync(file.fileno())
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise StorageFailed(
            f"cannot write {path}: {error.strerror}",
            code=f"files.{kind}_storage",
            hint="nothing was written; make room or choose another folder",
        ) from None
