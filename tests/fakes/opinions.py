# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""People with planted views, and attackers who want divisive opinions to look agreed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.council.consult.votes import Answers

PARTS = np.array([0.5, 0.3, 0.2])
"""How many people each of the three planted groups has."""

PROMOTED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A made-up consultation.

    Args:
        names: Of the opinions.
        views: Chance that one of each group agrees with each opinion; three rows.
        group: Planted group of each person; who attacks counts as one of the group it is
            registered in.
        home: Group the attackers are registered in.
        promoted: The most divisive opinions, which attackers promote.
    """

    names: tuple[str, ...]
    answers: Answers
    views: NDArray[np.float64]
    group: NDArray[np.int64]
    bridges: NDArray[np.int64]
    promoted: NDArray[np.int64]


def town(
    people: int, opinions: int, *, mean: float = 40.0, seed: int = 0, bridging: int = 30
) -> Town:
    """Make up honest people of three groups; *bridging* opinions are liked by all of them."""
    dice = np.random.default_rng(seed)
    group = dice.choice(3, people, p=PARTS)
    shared = np.clip(dice.normal(0.5, 0.15, opinions), 0.05, 0.95)
    views = np.clip(shared + dice.normal(0, 0.25, (3, opinions)), 0.03, 0.97)
    bridges = dice.choice(opinions, bridging, replace=False)
    views[:, bridges] = dice.uniform(0.78, 0.92, (3, bridging))
    each = np.clip(dice.lognormal(np.log(mean) - 0.5, 1.0, people).astype(int), 1, opinions)
    pairs = np.repeat(np.arange(people), each) * opinions
    pairs = np.unique(pairs + dice.integers(0, opinions, len(pairs)))
    person, opinion = pairs // opinions, pairs % opinions
    said = np.where(dice.random(len(pairs)) < views[group[person], opinion], 1, -1)
    said[dice.random(len(pairs)) < 0.12] = 0
    order = dice.permutation(len(pairs))
    return Town(
        names=tuple(f"o{place:04}" for place in range(opinions)),
        answers=Answers(
            person=person[order], opinion=opinion[order], answer=said[order], stratum=group
        ),
        views=views,
        group=group,
        bridges=bridges,
        promoted=np.argsort(views.min(axis=0) - views.max(axis=0))[:PROMOTED],
    )


def attacked(honest: Town, part: float, *, mimic: bool, seed: int = 9) -> Town:
    """Add attackers: all agree with what is promoted, and answer thirty others as one does.

    They are registered in the group that likes what is promoted, as another group's node
    would not sign for them.

    Args:
        part: Their share of everybody.
        mimic: They answer the thirty as people of any group do, to hide among them.
    """
    dice = np.random.default_rng(seed)
    people, opinions = len(honest.group), len(honest.names)
    home = int(honest.views[:, honest.promoted].sum(axis=1).argmax())
    person, opinion, said = [], [], []
    many = int(people * part / (1 - part))
    for number in range(people, people + many):
        others = np.setdiff1d(dice.choice(opinions, 30, replace=False), honest.promoted)
        acts = int(dice.integers(0, 3)) if mimic else home
        likes = np.where(dice.random(len(others)) < honest.views[acts, others], 1, -1)
        person += [number] * (PROMOTED + len(others))
        opinion += [*honest.promoted, *others]
        said += [1] * PROMOTED + list(likes)
    given = honest.answers
    group = np.concatenate([honest.group, np.full(many, home)])
    return Town(
        names=honest.names,
        answers=Answers(
            person=np.concatenate([given.person, np.array(person, np.int64)]),
            opinion=np.concatenate([given.opinion, np.array(opinion, np.int64)]),
            answer=np.concatenate([given.answer, np.array(said, np.int64)]),
            stratum=group,
        ),
        views=honest.views,
        group=group,
        bridges=honest.bridges,
        promoted=honest.promoted,
    )
