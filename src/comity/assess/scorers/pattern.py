# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Regular expressions as references, of a kind that no answer can make slow.

A bank comes from its author, the answer from whoever is tested, and a finding is scored
again by strangers: an expression that backtracks without end would stop them all.
"""

import re

MAX_PATTERN = 400
MAX_ANSWER = 4_096
MAX_OPTIONAL = 3

_CLASS = re.compile(r"\[\^?\]?[^]]*\]")


def fault_of(pattern: str) -> str | None:
    """Say what keeps a pattern from being a reference, or None.

    Alternatives stand side by side (`yes|yes, always`), at most one part repeats, and there
    are no groups but `(?i)` at the front: so the time grows with the square of an answer.
    """
    bare = _CLASS.sub("_", re.sub(r"\\.", "_", pattern.removeprefix("(?i)")))
    slow = {
        f"the pattern is longer than {MAX_PATTERN} characters": len(pattern) > MAX_PATTERN,
        "the pattern has a group; write alternatives side by side": "(" in bare,
        "the pattern repeats more than one part": sum(map(bare.count, "*+{")) > 1,
        f"the pattern has more than {MAX_OPTIONAL} optional parts": bare.count("?")
        > MAX_OPTIONAL,
    }
    for message, is_so in slow.items():
        if is_so:
            return message
    try:
        re.compile(pattern)
    except re.error as error:
        return f"the pattern is no regular expression: {error.msg}"
    return None


def is_found(pattern: str, answer: str) -> bool:
    """Tell whether a faultless pattern is found in the first characters of an answer."""
    return fault_of(pattern) is None and re.search(pattern, answer[:MAX_ANSWER]) is not None
