# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Measure the prover: conflicts with witnesses, relations, certificates, what it refines.

Run it as a script: python benchmarks/law_proof.py

Two synthetic regimes of 150 norms over one vocabulary (benchmarks/synthetic.py), 40 kinds
of conduct, 24 axioms; then the packs that ship. CPU-seconds.
"""

import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that it runs as a script, too

from benchmarks.synthetic import (  # noqa: E402 - after the path
    TEXT,
    library_of,
    synthetic,
    system,
)

from comity.errors import VerificationFailed  # noqa: E402 - after the path
from comity.files.library import shipped_library  # noqa: E402 - after the path
from comity.kernel.digest import sha256  # noqa: E402 - after the path
from comity.kernel.ids import ConductName, MarketCode, NormId  # noqa: E402 - after the path
from comity.kernel.truth import Truth  # noqa: E402 - after the path
from comity.law.close import close  # noqa: E402 - after the path
from comity.law.condition import (  # noqa: E402 - after the path
    And,
    Condition,
    Has,
    In,
    Is,
    Not,
    Or,
    Ref,
    conjunction,
    disjunction,
    walk,
)
from comity.law.conduct import Conduct, Constraint, Relation  # noqa: E402 - after the path
from comity.law.evaluate import evaluate  # noqa: E402 - after the path
from comity.law.fact import Kind, Silence  # noqa: E402 - after the path
from comity.law.norm import Demand, Modality, Norm  # noqa: E402 - after the path
from comity.law.pack import Axiom, Library  # noqa: E402 - after the path
from comity.law.prove.bound import sides_of, theory_of  # noqa: E402 - after the path
from comity.law.prove.certificate import Certificate, certify  # noqa: E402 - after the path
from comity.law.prove.certificate import Relation as Claimed  # noqa: E402 - after the path
from comity.law.prove.conflict import Search  # noqa: E402 - after the path
from comity.law.prove.refine import decide  # noqa: E402 - after the path
from comity.law.prove.relation import Relating  # noqa: E402 - after the path
from comity.law.prove.theory import Possibility  # noqa: E402 - after the path

CONDUCTS = tuple(ConductName(f"act{i}") for i in range(40))
MOST_ATOMS = 12
"""Norms of more atoms are left out of one row: their proofs take seconds to find."""

GOALS_S = {"conflicts": 2.0, "pairs": 8.0, "relations": 2.0}


def main() -> None:
    """Print the tables."""
    library = two_regimes(7)
    print("Two synthetic regimes of 150 norms, 24 axioms, CPU-seconds\n")
    _measure_conflicts(library)
    _measure_pairs(library)
    _measure_relations(library)
    _measure_certificates(library)
    _measure_refining("synthetic", library)
    print("\nThe packs that ship\n")
    _measure_shipped(shipped_library())


def two_regimes(seed: int) -> Library:
    """Make two packs of 150 norms that ask, forbid and allow 40 kinds of conduct."""
    dice = random.Random(seed)  # noqa: S311 - a benchmark that can be repeated
    library = library_of(synthetic(seed))
    (pack,) = library.packs
    norms = [_demanding(norm, dice) for norm in pack.norms]
    packs = tuple(
        replace(pack, name=name, market=MarketCode(market), norms=tuple(few))
        for name, market, few in (("a", "UN", norms[:150]), ("b", "ITU", norms[150:]))
    )
    conducts: dict[str, Conduct] = {
        name: Conduct(name=name, kind=Kind.BOOL, label=TEXT, means=TEXT) for name in CONDUCTS
    }
    vocabulary = replace(library.vocabulary, conducts=conducts, axioms=tuple(_axioms(dice)))
    return replace(library, vocabulary=vocabulary, packs=packs)


def _demanding(norm: Norm, dice: random.Random) -> Norm:
    force = {Modality.MUST: 62, Modality.MUST_NOT: 26, Modality.MAY: 12}
    (modality,) = dice.choices(list(force), list(force.values()))
    constraint = Constraint(conduct=dice.choice(CONDUCTS), relation=Relation.YES)
    return replace(norm, demands=(Demand(modality=modality, constraint=constraint),))


def _axioms(dice: random.Random) -> Iterator[Axiom]:
    for place in range(24):
        one, other = dice.sample(range(30), 2)
        when: Condition = Is(f"bool{one}")
        implies: Condition = Is(f"bool{other}")
        if place >= 12:
            when = In(f"enum{dice.randrange(20)}", (f"v{dice.randrange(12)}",))
        if place >= 18:
            values = dice.sample(range(12), 2)
            when, implies = (Has(f"set{place - 18}", (f"v{value}",)) for value in values)
        yield Axiom(name=f"x{place}", when=when, implies=implies)


@contextmanager
def _timed() -> Iterator[Callable[[], float]]:
    started = time.process_time()
    yield lambda: time.process_time() - started


def _line(what: str, seconds: float, found: str, goal: str = "") -> None:
    held = ""
    if goal:
        held = f"goal {GOALS_S[goal]:.0f} s: {'met' if seconds <= GOALS_S[goal] else 'MISSED'}"
    print(f"{what:<44}{seconds:>8.2f} s  {found:<46}{held}")


def _measure_conflicts(library: Library) -> None:
    sides = sides_of(library, ("a", "b"))
    with _timed() as seconds:
        found = Search(library=library).conflicts(sides)
        spent = seconds()
    sizes = [each.witness.size for each in found.conflicts if each.witness is not None]
    said = f"{len(found.conflicts)} conflicts, witness median {statistics.median(sizes):g}"
    _line(
        "must against must not, with witnesses",
        spent,
        f"{said}, most {max(sizes)}",
        "conflicts",
    )


def _measure_pairs(library: Library) -> None:
    theory = theory_of(library)
    left, right = ([norm.applies_when for norm in pack.norms] for pack in library.packs)
    counts: Counter[Possibility] = Counter()
    with _timed() as seconds:
        for one in left:
            with theory.assuming(one):
                counts.update(theory.possible(other) for other in right)
        spent = seconds()
    said = (
        f"{counts[Possibility.POSSIBLE]:,} overlap, {counts[Possibility.IMPOSSIBLE]} disjoint"
    )
    _line(f"every pair: {len(left) * len(right):,}", spent, said, "pairs")


def _measure_relations(library: Library) -> None:
    dice = random.Random(3)  # noqa: S311 - a benchmark that can be repeated
    pack = library.packs[0]
    relating = Relating(library=library)
    mutations = list(_mutations(pack.norms, library.packs[1].norms, dice))
    with _timed() as seconds:
        found = [
            (how, relating.relation((pack, norm), (pack, mutated)).whole.value)
            for how, norm, mutated in mutations
        ]
        spent = seconds()
    counts = Counter(found)
    _line("relation of 150 norms to mutated ones", spent, f"{len(found)} pairs", "relations")
    for (how, lie), count in sorted(counts.items()):
        print(f"    {how:<9} is found {lie:<11}{count:>5}")


def _mutations(
    norms: tuple[Norm, ...], others: tuple[Norm, ...], dice: random.Random
) -> Iterator[tuple[str, Norm, Norm]]:
    for norm, other in zip(norms, others, strict=True):
        if not any(demand.modality is not Modality.MAY for demand in norm.demands):
            continue
        whole, more = norm.applies_when, other.applies_when
        how = dice.choice(["same", "narrowed", "widened", "crossed"])
        when = {
            "same": whole, "narrowed": conjunction((whole, more)),
            "widened": disjunction((whole, more)), "crossed": more,
        }[how]  # fmt: skip
        yield how, norm, replace(norm, name=NormId(f"{norm.name}.m"), when=when, unless=())


def _measure_certificates(library: Library) -> None:
    theory = theory_of(library)
    left, right = (pack.norms for pack in library.packs)
    disjoint = [
        (one, other)
        for one in left
        for other in right
        if theory.possible(one.applies_when, other.applies_when) is Possibility.IMPOSSIBLE
    ]
    dice = random.Random(3)  # noqa: S311 - a benchmark that can be repeated
    _certified("disjoint", Claimed.DISJOINT, dice.sample(disjoint, 150), library)
    within = [
        (_narrowed(one, other), one)
        for one, other in zip(left, right, strict=True)
        if _atoms(one.applies_when, library) <= MOST_ATOMS
    ]
    _certified(f"within, {MOST_ATOMS} atoms at most", Claimed.WITHIN, within, library)


def _narrowed(norm: Norm, other: Norm) -> Norm:
    when = conjunction((norm.applies_when, other.applies_when))
    return replace(norm, when=when, unless=(), meaning=sha256(norm.meaning))


def _atoms(condition: Condition, library: Library) -> int:
    nodes = [node for node in walk(condition) if not isinstance(node, And | Or | Not)]
    return sum(
        _atoms(library.meanings[node.name], library) if isinstance(node, Ref) else 1
        for node in nodes
    )


def _certified(
    name: str, claimed: Claimed, pairs: Sequence[tuple[Norm, Norm]], library: Library
) -> None:
    theory = theory_of(library)
    found: list[Certificate] = []
    gave_up = 0
    with _timed() as seconds:
        for pair in pairs:
            try:
                certificate = certify(claimed, pair, library, theory)
            except VerificationFailed:
                gave_up += 1
            else:
                assert isinstance(certificate, Certificate)
                found.append(certificate)
        spent = seconds()
    checking_ms = []
    for certificate in found:
        claim = certificate.claim()
        with _timed() as seconds:
            claim.check(certificate.proof)
            checking_ms.append(1e3 * seconds())
    cases = statistics.median(each.cases for each in found)
    said = f"{len(found)} found, {gave_up} given up, median {cases:g} cases"
    _line(f"certificates: {name}", spent, said)
    median, most = statistics.median(checking_ms), max(checking_ms)
    held = "met" if median <= 50 else "MISSED"
    print(f"    checked without a solver: median {median:.2f} ms, most {most:.1f} ms; "
          f"goal 50 ms: {held}")  # fmt: skip


def _measure_refining(name: str, library: Library, systems: int = 8) -> None:
    dice = random.Random(5)  # noqa: S311 - a benchmark that can be repeated
    theory = theory_of(library)
    norms = dice.sample(list(library.norms.values()), min(150, len(library.norms)))
    counts: Counter[str] = Counter()
    with _timed() as seconds:
        while systems:
            said = system(library.vocabulary.facts, dice, unknown=0.3)
            closure = close(said, library.vocabulary, library.meanings)
            while closure.contradictions:
                for each in closure.contradictions:
                    said.update(dict.fromkeys(each.facts, Silence.NOT_ASKED))
                closure = close(said, library.vocabulary, library.meanings)
            systems -= 1
            for norm in norms:
                whole = norm.applies_when
                bare = evaluate(whole, said, library.meanings)
                closed = evaluate(whole, closure.answers, library.meanings)
                decided = decide(theory, whole, closure.answers, library.meanings)
                counts["open"] += bare is Truth.UNDETERMINED
                counts["closed"] += closed is not bare
                counts["refined"] += decided is not closed
                counts["cells"] += 1
        spent = seconds()
    cells, open_cells = counts["cells"], max(1, counts["open"])
    said_so = (
        f"{counts['open'] / cells:.0%} undetermined; axioms close "
        f"{counts['closed'] / open_cells:.1%}, z3 {counts['refined'] / open_cells:.1%} more"
    )
    _line(f"{cells:,} cells, 30 % unknown ({name})", spent, said_so)


def _measure_shipped(library: Library) -> None:
    for names in (("EU", "CHN"), ("EU", "USA"), ("CHN", "USA"), ("EU", "CHN", "USA", "VNM")):
        sides = sides_of(library, names)
        norms = sum(len(pack.norms) for side in sides for pack in side.packs)
        with _timed() as seconds:
            found = Search(library=library).conflicts(sides)
            spent = seconds()
        sizes = [each.witness.size for each in found.conflicts if each.witness is not None]
        kinds = len({each.clash for each in found.conflicts})
        median = statistics.median(sizes) if sizes else 0
        said = f"{kinds} kinds in {len(sizes)} sets of norms, witness median {median:g}"
        _line(f"conflicts of {', '.join(names)} ({norms} norms)", spent, said)
    with _timed() as seconds:
        relations = list(Relating(library=library).relations(sides_of(library, ("EU", "CHN"))))
        spent = seconds()
    _line("relations of EU and CHN", spent, f"{len(relations)} pairs on the same conduct")
    _measure_refining("shipped", library, 3)


if __name__ == "__main__":
    main()
