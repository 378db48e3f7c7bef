# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Where a passphrase comes from: a file, the environment, or the operator's keyboard."""

import getpass
import os
import sys
from pathlib import Path

from comity.errors import NotFound, NotPermitted

VARIABLE = "COMITY_PASSPHRASE"
_HINT = f"use --passphrase-file, set {VARIABLE}, or run in a terminal to be asked"


def read_passphrase(path: Path | None, *, is_new: bool = False) -> str:
    """Return the passphrase; asked twice when it is new.

    Raises:
        NotFound: The file named does not exist.
        NotPermitted: None is to be had, or the two typed differ.
    """
    if path is not None:
        try:
            return path.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            message = f"cannot read the passphrase from {path}"
            raise NotFound(message, code="cli.passphrase_file", hint=_HINT) from None
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    if sys.stdin is None or not sys.stdin.isatty():  # closed, as in "<&-"
        raise NotPermitted("no passphrase was given", code="cli.passphrase", hint=_HINT)
    typed = getpass.getpass("Passphrase: ")
    if is_new and getpass.getpass("Again: ") != typed:
        raise NotPermitted("the two passphrases differ", code="cli.passphrase", hint=_HINT)
    return typed
