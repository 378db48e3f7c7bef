# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which of many claims are shown, with one risk for a wrong one among them, whenever one stops.

Source:
    Holm (1979), Scandinavian Journal of Statistics 6(2); Vovk & Wang (2021), Annals of
    Statistics 49(3), for e-values. docs/spec/evidence.md, "Which categories are shown".
"""

from collections.abc import Collection, Mapping
from fractions import Fraction

EValue = Fraction | None
"""None for infinite."""


def holm(
    e_values: Mapping[str, EValue], risk: Fraction, *, shown: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the claims that are shown, in the order given.

    With m claims left, the greatest e-value shows its claim when it is at least m / risk; then
    one claim fewer is left. Where designs of risk / k each have shown some of k claims before,
    they have spent their part, and a claim needs an e-value of k m / (risk (k - m)).

    Args:
        e_values: By claim, all that were planned; one not reported has e-value 0.
        risk: Greatest probability that any claim listed is false.
        shown: Claims shown by designs whose risks are a kth of the risk each; empty where the
            designs' verdicts are not used.

    >>> holm({"a": Fraction(70), "b": Fraction(45), "c": Fraction(8)}, Fraction(1, 20))
    ('a', 'b')
    """
    listed = {name for name in e_values if name in shown}
    waiting = sorted(set(e_values) - listed, key=lambda name: _rank(e_values[name]))
    while waiting:
        value = e_values[waiting[-1]]
        least = _least(len(waiting), len(e_values), risk, is_planned=bool(shown))
        if least is None or (value is not None and value < least):
            break
        listed.add(waiting.pop())
    return tuple(name for name in e_values if name in listed)


def _least(left: int, every: int, risk: Fraction, *, is_planned: bool) -> Fraction | None:
    """Return the e-value that shows one of those left, or None if none does."""
    if not is_planned:
        return left / risk
    return None if left == every else every * left / (risk * (every - left))


def _rank(value: EValue) -> tuple[int, Fraction]:
    return (1, Fraction(0)) if value is None else (0, value)
