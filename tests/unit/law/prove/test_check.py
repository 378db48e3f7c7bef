# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The checker's rules, each on the smallest certificate that needs it."""

from typing import Any

import pytest

from comity.errors import VerificationFailed
from comity.law.prove.check import Claim

FACTS: dict[str, Any] = {
    "a": {"kind": "bool", "values": [], "guard": None},
    "b": {"kind": "bool", "values": [], "guard": ["is", "a"]},
    "sort": {"kind": "enum", "values": ["x", "y"], "guard": None},
    "bits": {"kind": "set", "values": ["x", "y"], "guard": None},
    "size": {"kind": "number", "values": [], "guard": None},
    "late": {"kind": "date", "values": [], "guard": ["is", "a"]},
    "early": {"kind": "date", "values": [], "guard": None},
}
GAP = ["gap", "late", "early", 1, "month"]


def _refutes(*literals: tuple[list[Any], bool], fact: str) -> bool:
    """Tell whether the checker accepts that no answer to the fact fits the literals."""
    conditions = [atom if said else ["not", atom] for atom, said in literals]
    steps: list[Any] = []
    for place, (atom, said) in enumerate(literals):
        steps.append(["split", atom])
        if not said:
            steps.append(["false", place])
    steps.append(["clash", fact])
    steps += [
        ["false", place] for place, (_, said) in reversed(list(enumerate(literals))) if said
    ]
    try:
        Claim(conditions, {}, FACTS).check(steps)
    except VerificationFailed:
        return False
    return True


@pytest.mark.parametrize(
    ("fact", "literals", "refuted"),
    [
        ("b", [(["is", "b"], True), (["is", "a"], False)], True),
        ("b", [(["is", "b"], True)], False),
        ("b", [(["is", "b"], False), (["is", "a"], False)], False),
        ("sort", [(["in", "sort", ["x"]], False), (["in", "sort", ["y"]], False)], True),
        ("sort", [(["in", "sort", ["x"]], True), (["in", "sort", ["y"]], True)], True),
        ("sort", [(["in", "sort", ["x"]], False)], False),
        ("bits", [(["has_any", "bits", ["x", "y"]], True), (["has_any", "bits", ["x"]], False),
                  (["has_any", "bits", ["y"]], False)], True),
        ("bits", [(["has_all", "bits", ["x", "y"]], False), (["has_any", "bits", ["x"]], True),
                  (["has_any", "bits", ["y"]], True)], True),
        ("bits", [(["has_any", "bits", ["x"]], True),
                  (["has_any", "bits", ["y"]], False)], False),
        ("size", [(["at_least", "size", "5"], True), (["below", "size", "5"], True)], True),
        ("size", [(["at_least", "size", "5"], False), (["below", "size", "5"], False)], True),
        ("size", [(["at_least", "size", "10000000000000000000000000"], True),
                  (["below", "size", "10000000000000000000000001"], True)], False),
        ("late", [(["below", "late", "2025-01-01"], False),
                  (["at_least", "late", "2025-01-01"], False)], False),
        ("late", [(["below", "late", "2025-01-01"], False),
                  (["at_least", "late", "2025-01-01"], False), (["is", "a"], True)], True),
        ("late", [(GAP, True), (["at_least", "early", "2025-01-31"], True),
                  (["below", "late", "2025-02-28"], True)], True),
        ("late", [(GAP, True), (["at_least", "early", "2025-01-31"], True),
                  (["below", "late", "2025-03-01"], True)], False),
        ("late", [(GAP, False), (["below", "early", "2025-02-01"], True),
                  (["at_least", "late", "2025-02-28"], True)], True),
        ("late", [(GAP, False), (["below", "early", "2025-02-01"], True)], False),
        ("late", [(GAP, False), (["gap", "late", "early", 2, "month"], True)], True),
        ("late", [(GAP, True), (["gap", "late", "early", 2, "month"], False)], False),
        ("late", [(GAP, True), (["gap", "early", "late", 1, "day"], True)], True),
    ],
)  # fmt: skip
def test_a_branch_ends_only_where_no_answer_fits(
    fact: str, literals: list[tuple[list[Any], bool]], *, refuted: bool
) -> None:
    """Guards, values, thresholds and calendar months, each on its edge."""
    assert _refutes(*literals, fact=fact) is refuted


def test_definitions_that_run_in_circles_or_explode_are_refused() -> None:
    """A hostile certificate costs a bounded time."""
    circle = {"d": ["ref", "d"]}
    with pytest.raises(VerificationFailed, match="cannot be read"):
        Claim([["ref", "d"]], circle, FACTS).check([["false", 0]])
    tower = {
        f"d{at}": ["and", ["ref", f"d{at + 1}"], ["ref", f"d{at + 1}"]] for at in range(40)
    }
    with pytest.raises(VerificationFailed, match="steps"):
        Claim([["ref", "d0"]], {**tower, "d40": ["is", "a"]}, FACTS).check([["false", 0]])


def test_a_step_that_costs_much_is_counted_as_much() -> None:
    """Four megabytes of steps cannot keep a reader busy for hours."""
    gaps = [["split", ["gap", "late", "early", days, "day"]] for days in range(1, 301)]
    with pytest.raises(VerificationFailed, match="steps"):
        Claim([], {}, FACTS).check([*gaps, ["clash", "late"]])
    huge = [["split", ["at_least", "size", "1e999999999"]], ["clash", "size"]]
    with pytest.raises(VerificationFailed, match="cannot be read"):
        Claim([], {}, FACTS).check(huge)


@pytest.mark.parametrize(
    "proof",
    [
        [*[["split", ["is", "a"]]] * 2, ["false", 1], *[["false", 0]] * 2],
        [["split", ["is"]], ["false", 0], ["false", 0]],
        [["split", "a"]],
        [["false", 9]],
        [["false", -1]],
        [["clash", "nothing"]],
        [["split", ["at_least", "size", "NaN"]], ["clash", "size"], ["clash", "size"]],
        [["split", ["gap", "late", "early", 1, "week"]], ["clash", "late"], ["clash", "late"]],
        "false",
        {"false": 0},
    ],
)
def test_what_is_no_proof_is_refused(proof: Any) -> None:
    """With one error of ours, whatever stands there."""
    with pytest.raises(VerificationFailed):
        Claim([["is", "a"], ["not", ["is", "a"]]], {}, FACTS).check(proof)
