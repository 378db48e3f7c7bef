# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A secret that a subject is given: read from the environment, written down nowhere."""

import os
from collections.abc import Callable

from comity.errors import NotPermitted

SCRUBBED = "its answer repeats the credential it was sent"


class Credential:
    """A secret and the variable it came from; printed, it shows the variable only."""

    __slots__ = ("_value", "variable")

    def __init__(self, variable: str, value: str) -> None:
        self.variable = variable
        self._value = value

    def __repr__(self) -> str:
        return f"Credential({self.variable})"

    def reveal(self) -> str:
        """Return the secret, for the one place it is sent to."""
        return self._value

    def hide_in(self, text: str) -> str:
        """Return a text with the secret left out."""
        return text.replace(self._value, f"[{self.variable}]")

    def refuse_in(self, text: str, refusal: Callable[[str], Exception]) -> None:
        """Raise *refusal* where a text repeats the secret: transcripts are published."""
        if self._value in text:
            raise refusal(SCRUBBED)


def find_credential(variable: str | None) -> Credential | None:
    """Read a secret from the environment, or return None where none is named.

    Raises:
        NotPermitted: The variable is not set, or holds what no header could carry.
    """
    if variable is None:
        return None
    value = os.environ.get(variable, "").strip()
    if not value.isascii() or not value.isprintable() or not value:
        raise NotPermitted(
            f"the environment variable {variable} holds no credential",
            code="assess.credential",
            hint=f"set {variable} to the service's key, on one line; it is never written down",
        )
    return Credential(variable, value)
