# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Random answers about a system: values, sets known in part, and every silence."""

import datetime as dt
import random
from collections.abc import Mapping

from comity.law.fact import Answer, Fact, Kind, OpenSet, Silence


def random_system(
    facts: Mapping[str, Fact], dice: random.Random, *, unknown: float | None = None
) -> dict[str, Answer]:
    """Answer every fact at random.

    Args:
        unknown: Share of facts answered with a silence; thrown for where it is None.
    """
    share = dice.random() if unknown is None else unknown
    return {
        name: dice.choice(list(Silence)) if dice.random() < share
        else random_answer(fact, dice)
        for name, fact in facts.items()
    }  # fmt: skip


def random_answer(fact: Fact, dice: random.Random) -> Answer:
    """Answer one fact with a value of its kind; a set perhaps known only in part."""
    match fact.kind:
        case Kind.BOOL:
            return dice.random() < 0.5
        case Kind.ENUM:
            return dice.choice(fact.values)
        case Kind.SET:
            inside = frozenset(value for value in fact.values if dice.random() < 0.3)
            if dice.random() < 0.7:
                return inside
            rest = [value for value in fact.values if value not in inside]
            return OpenSet(
                known_in=inside,
                known_out=frozenset(value for value in rest if dice.random() < 0.5),
            )
        case Kind.NUMBER:
            return int(10 ** dice.randint(0, 27))
        case Kind.DATE:
            return dt.date(dice.randint(2018, 2030), dice.randint(1, 12), dice.randint(1, 28))
