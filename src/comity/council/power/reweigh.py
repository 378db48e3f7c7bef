# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Which weights a rule counts, the rule with others in their place, and what it comes to."""

from dataclasses import replace
from typing import assert_never

from comity.council.rule.procedure import OnBreak, Procedure
from comity.council.rule.rule import Across, All, AtLeast, Leaf, Not, Rule, any_of


def adopting(procedure: Procedure) -> Rule:
    """Return the rule by which a procedure adopts when everybody says yes or no.

    Silence counts as a yes: what nobody breaks is adopted, and where a vote follows a break,
    what that vote adopts is adopted too. A quorum is met by everybody's being there.
    """
    silence = procedure.silence
    if silence is None:
        return procedure.adopts
    unbroken = Not(part=silence.broken_by)
    if silence.on_break is OnBreak.VOTE:
        return any_of(unbroken, procedure.adopts)
    return unbroken


def weights_in(rule: Rule) -> tuple[str, ...]:
    """Return the names of the weights a rule counts, in its order."""
    match rule:
        case Leaf(by=by):
            return () if by is None else (by,)
        case All(parts=parts) | AtLeast(parts=parts):
            found = (name for part in parts for name in weights_in(part))
            return tuple(dict.fromkeys(found))
        case Not(part=part):
            return weights_in(part)
        case Across(leaf=leaf):
            return weights_in(leaf)
        case _:
            assert_never(rule)


def reweigh(rule: Rule, name: str) -> Rule:
    """Return the rule with these weights wherever it counts any."""
    match rule:
        case Leaf():
            return rule if rule.by is None else replace(rule, by=name)
        case All(parts=parts):
            return All(parts=tuple(reweigh(part, name) for part in parts))
        case AtLeast(count=count, parts=parts):
            return AtLeast(count=count, parts=tuple(reweigh(part, name) for part in parts))
        case Not(part=part):
            return Not(part=reweigh(part, name))
        case Across(leaf=leaf):
            return rule if leaf.by is None else replace(rule, leaf=replace(leaf, by=name))
        case _:
            assert_never(rule)
