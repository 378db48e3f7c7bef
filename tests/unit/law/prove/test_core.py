# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from comity.law.condition import Cmp, Condition, In, Is, Not
from comity.law.pack import Library
from comity.law.prove.bound import theory_of
from comity.law.prove.core import minimal_cores


def test_every_minimal_core_is_told_once(library: Library) -> None:
    """Two pairs and no larger set that holds one of them."""
    conditions: dict[str, Condition] = {
        "online": Is("online"),
        "offline": Not(Is("online")),
        "logs": Is("logs_personal"),
        "many": Cmp("users", at_least=True, bound=10),
        "few": Cmp("users", at_least=False, bound=10),
    }
    cores = list(minimal_cores(theory_of(library), conditions))
    assert len(cores) == 3
    assert set(cores) == {
        frozenset({"online", "offline"}),
        frozenset({"logs", "offline"}),
        frozenset({"many", "few"}),
    }


def test_conditions_that_fit_have_no_core(library: Library) -> None:
    """Nor has one that is possible by itself."""
    assert list(minimal_cores(theory_of(library), {"one": In("sector", ("health",))})) == []
    assert list(minimal_cores(theory_of(library), {})) == []


def test_what_is_impossible_alone_is_a_core_of_one(library: Library) -> None:
    """A dead condition clashes with everything, and so with nothing in particular."""
    dead = Cmp("users", at_least=False, bound=0)
    cores = list(minimal_cores(theory_of(library), {"dead": dead, "live": Is("online")}))
    assert cores == [frozenset({"dead"})]
