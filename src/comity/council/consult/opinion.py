# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What people are asked about: short opinions, and those left out with the reason."""

from dataclasses import dataclass

from comity.kernel.digest import Digest

MAX_TEXT = 400
MAX_OPINIONS = 1000
"""So many counts still fit one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """One opinion people agree or disagree with.

    Args:
        name: Short id, unique in its consultation.
        language: BCP 47 tag of the text.
        is_seed: The convener wrote it, so that the first people find something to answer.
    """

    name: str
    text: str
    language: str
    is_seed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An opinion that was handed in and is not asked, and why.

    Args:
        name: Its id, where it was asked before; else any that is free.
        sha256: Digest of its text, so that who wrote it finds it.
        text: None where the text itself may not be shown.
    """

    name: str
    sha256: Digest
    reason: str
    text: str | None = None
