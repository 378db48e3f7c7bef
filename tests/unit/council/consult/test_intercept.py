# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import numpy as np
from tests.fakes.opinions import town

from comity.council.consult.intercept import ON_INTERCEPTS, ON_LEANINGS, factorise
from comity.council.consult.projection import project
from comity.council.consult.votes import Answers, to_votes


def test_bridging_opinions_have_the_highest_intercepts() -> None:
    """What all planted groups like is worth something beyond the divide."""
    made = town(2000, 60, mean=25, bridging=8)
    votes = to_votes(made.names, ("a", "b", "c"), made.answers)
    found = factorise(votes, project(votes).loadings[0])
    best = set(np.argsort(-found.intercept)[:12])
    assert len(best & set(made.bridges.tolist())) >= 7


def test_the_side_of_a_person_follows_the_planted_divide() -> None:
    """Two groups that answer everything the other way round lean apart."""
    person, opinion = np.divmod(np.arange(400), 20)
    answer = np.where((person < 10) == (opinion < 10), 1, -1)
    given = Answers(
        person=person, opinion=opinion, answer=answer, stratum=(np.arange(20) >= 10).astype(int)
    )
    votes = to_votes([f"o{n:02}" for n in range(20)], ("a", "b"), given)
    side = factorise(votes, project(votes).loadings[0]).side > 0
    assert len(set(zip(votes.stratum.tolist(), side.tolist(), strict=True))) == 2


def test_no_small_step_fits_better() -> None:
    """Alternating least squares must end near a minimum of what it minimises."""
    made = town(300, 25, mean=15, bridging=3)
    votes = to_votes(made.names, ("a", "b", "c"), made.answers)
    found = factorise(votes, project(votes).loadings[0])
    rows = np.repeat(np.arange(votes.people), votes.per_person)
    said = (votes.answers + 1) / 2

    def loss(intercept: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
        rest = said - intercept[votes.columns] - found.side[rows] * found.leaning[votes.columns]
        own = rest - rest.mean()
        counts = votes.per_person
        person = np.bincount(rows, own) / (counts + ON_INTERCEPTS)
        return float(
            ((own - person[rows]) ** 2).sum()
            + ON_INTERCEPTS * ((person**2).sum() + (intercept**2).sum())
            + ON_LEANINGS * ((found.side**2).sum() + (found.leaning**2).sum())
        )

    least = loss(found.intercept)
    for sign in (-1, 1):
        for opinion in range(25):
            step = np.zeros(25)
            step[opinion] = 0.05 * sign
            assert loss(found.intercept + step) > least
