# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The words that offers and needs share: sorts of thing, terms, development targets."""

import re
from collections.abc import Mapping
from types import MappingProxyType

KINDS = (
    "technology transfer",
    "training places",
    "compute",
    "open weights",
    "centre",
    "early warning",
    "data",
    "other",
)
"""What is offered or needed; only like is paired with like."""

ANY_SECTOR = "any"
"""The sector of what serves every sector."""

TERMS: Mapping[str, str] = MappingProxyType(
    {
        "open_standard": "works by a standard that others implement",
        "open_source": "the source is under an open licence",
        "open_weights": "the weights are published",
        "exit_clause": "the taker may leave, with its data, at a price fixed beforehand",
        "local_training": "people of the taker are trained to run and repair it",
        "local_hosting": "it runs on the taker's territory",
        "data_stays": "the taker's data do not leave its territory",
        "source_escrow": "the source is held by a third party for the taker",
        "weights_escrow": "the weights are held by a third party for the taker",
        "know_how_shared": "how it is made is handed over, not only what is made",
        "audit_rights": "the taker may test and inspect it",
        "no_exclusivity": "the taker may use others beside it",
        "free_of_charge": "nothing is paid",
    }
)
"""Terms that are compared; whatever else is agreed stands beside them as plain words."""

LAYER_OF: Mapping[str, str] = MappingProxyType(
    {
        "compute": "cloud",
        "open weights": "model",
        "early warning": "application",
        "data": "data",
    }
)
"""The layer that a sort of thing enters, where the offer itself does not say."""

_TARGETS: Mapping[int, tuple[int, str]] = MappingProxyType(
    {
        1: (5, "ab"), 2: (5, "abc"), 3: (9, "abcd"), 4: (7, "abc"), 5: (6, "abc"),
        6: (6, "ab"), 7: (3, "ab"), 8: (10, "ab"), 9: (5, "abc"), 10: (7, "abc"),
        11: (7, "abc"), 12: (8, "abc"), 13: (3, "ab"), 14: (7, "abc"), 15: (9, "abc"),
        16: (10, "ab"), 17: (19, ""),
    }
)  # fmt: skip
_GOAL = re.compile(r"(1[0-7]|[1-9])\.([1-9][0-9]?|[a-d])")
_WORD = re.compile(r"[a-z]+(_[a-z]+)+")


def is_target(text: str) -> bool:
    """Tell whether a text names one of the 169 targets, such as 9.5 or 9.b.

    Source:
        A/RES/70/1: the numbers of targets of each goal.

    >>> is_target("13.3"), is_target("13.4"), is_target("17.a")
    (True, False, False)
    """
    found = _GOAL.fullmatch(text)
    if found is None:
        return False
    count, letters = _TARGETS[int(found[1])]
    return found[2] in letters if found[2].isalpha() else int(found[2]) <= count


def is_word(term: str) -> bool:
    """Tell whether a term is written as a word that is compared, known or not."""
    return term in TERMS or _WORD.fullmatch(term) is not None
