# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Read a text file that somebody wrote by hand."""

from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound


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
            f"the {kind} is not a text file",
            code=f"files.{kind}",
            source=str(path),
            faults=[fault],
        ) from None
    except OSError as error:
        message = f"cannot read the {kind} {path}: {error.strerror}"
        raise NotFound(message, code=f"files.no_{kind}") from None
