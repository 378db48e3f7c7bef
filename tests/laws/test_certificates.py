# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Certificates against the solver, on random norms of a small vocabulary."""

import datetime as dt
import json
import random
from dataclasses import replace
from typing import Any

import pytest

from comity.errors import VerificationFailed
from comity.law.block import Document
from comity.law.condition import And, Cmp, Condition, Gap, Has, In, Is, Not, Or, to_json
from comity.law.pack import Library
from comity.law.phrase import in_words
from comity.law.prove.certificate import (
    Certificate,
    Counterexample,
    Relation,
    certify,
    fact_json,
    theory_of,
)
from comity.law.prove.check import Claim
from comity.law.prove.theory import Possibility
from comity.law.read import read_library

TEXTS = '\n  label "L"\n  question "Q"\n  means "M"\n'
DAYS = [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2024, 7, 31), dt.date(2025, 2, 28)]
WORDS = (
    f"fact apt bool{TEXTS}fact big bool{TEXTS}fact sort enum [red, blue, green]{TEXTS}"
    f"fact bits set [one, two, three]{TEXTS}  guard apt\n"
    f"fact size number{TEXTS}  guard big\nfact made date{TEXTS}"
    f"fact sold date{TEXTS}  guard apt\n"
    "axiom red_is_big\n  when sort is red\n  implies big\n"
    "axiom sold_after\n  when sold on or after 2025-02-28\n  implies made before 2025-02-28\n"
)


def _atom(dice: random.Random) -> Condition:
    match dice.randrange(7):
        case 0:
            return Is(dice.choice(["apt", "big"]))
        case 1:
            values = dice.sample(["red", "blue", "green"], dice.randint(1, 2))
            return In("sort", tuple(sorted(values)))
        case 2:
            values = dice.sample(["one", "two", "three"], dice.randint(1, 2))
            every = len(values) > 1 and dice.random() < 0.5
            return Has("bits", tuple(sorted(values)), every=every)
        case 3:
            return Cmp("size", at_least=dice.random() < 0.5, bound=dice.randint(1, 4))
        case 4 | 5:
            name = dice.choice(["made", "sold"])
            return Cmp(name, at_least=dice.random() < 0.5, bound=dice.choice(DAYS))
        case _:
            later, earlier = dice.sample(["made", "sold"], 2)
            return Gap(later, earlier, dice.choice([1, 5, 13]), "month")


def _condition(dice: random.Random, depth: int = 2) -> Condition:
    if depth == 0 or dice.random() < 0.25:
        return _atom(dice) if dice.random() < 0.7 else Not(_atom(dice))
    parts = tuple(_condition(dice, depth - 1) for _ in range(dice.randint(2, 3)))
    return And(parts) if dice.random() < 0.6 else Or(parts)


def _library(dice: random.Random) -> Library:
    blank: Library = _read("")
    norms = "".join(
        f'norm ata.x.{at}\n  title "T"\n  who provider\n  must done\n'
        f"  when {in_words(_condition(dice), blank.vocabulary.facts)}\n"
        '  cite "C"\n  basis memory\n  source "S"\n'
        for at in range(2)
    )
    head = 'pack ata.x\n  title "T"\n  market ATA\n  status draft\n  version 2026-11-22\n'
    return _read(f"{head}{norms}")


def _read(pack: str) -> Library:
    conduct = 'conduct done bool\n  label "L"\n  means "M"\n'
    documents = [Document(name="v.md", text=f"```comity\n{WORDS}{conduct}```\n")]
    if pack:
        documents.append(Document(name="p.md", text=f"```comity\n{pack}```\n"))
    return read_library(documents)


def test_a_claim_is_certified_exactly_where_no_system_refutes_it() -> None:
    """What the solver calls impossible has a proof that a child could follow, and no other."""
    dice = random.Random(20261122)  # noqa: S311 - the same norms in every run
    found = {True: 0, False: 0}
    for _ in range(150):
        library = _library(dice)
        one, other = library.norms.values()
        theory = theory_of(library)
        for relation in Relation:
            outcome = certify(relation, (one, other), library, theory)
            found[isinstance(outcome, Certificate)] += 1
            if isinstance(outcome, Counterexample):
                continue
            assert outcome.claim().check(outcome.proof) == outcome.cases
    assert min(found.values()) > 30, found


def test_no_branch_is_closed_that_some_system_enters() -> None:
    """The checker's rules for one fact against the solver, on random atoms about it."""
    dice = random.Random(7)  # noqa: S311 - the same atoms in every run
    library = _read("")
    facts = {name: fact_json(fact) for name, fact in library.vocabulary.facts.items()}
    theory = theory_of(_without_axioms(library))
    closed = 0
    for _ in range(1_500):
        atoms = [(_atom(dice), dice.random() < 0.6) for _ in range(dice.randint(1, 5))]
        chosen = {json.dumps(to_json(atom)): said for atom, said in atoms}
        claim = Claim([], {}, facts)
        if not any(claim.clashes(name, chosen) for name in facts):
            continue
        closed += 1
        literals = [
            atom if chosen[json.dumps(to_json(atom))] else Not(atom) for atom, _ in atoms
        ]
        assert theory.possible(*literals) is Possibility.IMPOSSIBLE, chosen
    assert closed > 100


def _without_axioms(library: Library) -> Library:
    vocabulary = replace(library.vocabulary, axioms=())
    return replace(library, vocabulary=vocabulary)


@pytest.mark.parametrize("seed", range(12))
def test_no_proof_survives_a_change(seed: int) -> None:
    """A step dropped, doubled or turned, or a claim that some system refutes, is refused."""
    dice = random.Random(seed)  # noqa: S311 - the same changes in every run
    while True:
        library = _library(dice)
        one, other = library.norms.values()
        found = certify(Relation.DISJOINT, (one, other), library, theory_of(library))
        if isinstance(found, Certificate) and found.cases > 2:
            break
    steps: list[Any] = json.loads(json.dumps(found.proof))
    at = dice.randrange(len(steps))
    for changed in (steps[:at] + steps[at + 1 :], [*steps, steps[at]], steps[:-1], [], [3]):
        with pytest.raises(VerificationFailed):
            found.claim().check(changed)
    harmless = Claim([["is", "apt"], ["is", "big"]], found.definitions, found.facts)
    with pytest.raises(VerificationFailed):
        harmless.check(steps)


def test_a_proof_may_turn_on_a_guard_that_no_condition_names() -> None:
    """Whether or not it is on, the fact applies, and then has one of its values."""
    words = f"fact on bool{TEXTS}fact sort enum [a, b]{TEXTS}  guard on or not on\n"
    words += 'conduct done bool\n  label "L"\n  means "M"\n'
    norms = "".join(
        f'norm ata.x.{at}\n  title "T"\n  who provider\n  must done\n  when {when}\n'
        '  cite "C"\n  basis memory\n  source "S"\n'
        for at, when in enumerate(["not sort is a", "not sort is b"])
    )
    head = 'pack ata.x\n  title "T"\n  market ATA\n  status draft\n  version 2026-11-22\n'
    texts = {"v.md": words, "p.md": head + norms}
    library = read_library(
        [Document(name=name, text=f"```comity\n{text}```\n") for name, text in texts.items()]
    )
    one, other = library.norms.values()
    found = certify(Relation.DISJOINT, (one, other), library, theory_of(library))
    assert isinstance(found, Certificate)
    assert found.claim().check(found.proof) == found.cases
