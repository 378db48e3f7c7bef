# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity prove certify` and `comity prove check`: proofs that travel without a solver."""

from pathlib import Path

from rich.console import Console

from comity.cli.option import Json, print_json
from comity.desk.law.certifying import Verdict, certify_norms, verdict_on
from comity.law.fact import answer_to_json
from comity.law.prove.certificate import Counterexample, Relation
from comity.law.situation import answer_in_words

_SAID = {
    Relation.DISJOINT: "no system is bound by both {0} and {1}",
    Relation.WITHIN: "wherever {0} applies, {1} applies too",
}


def certify(
    relation: Relation,
    first: str,
    second: str,
    *,
    out: Path | None = None,
    as_json: Json = False,
) -> int:
    """Prove how two norms lie to each other, in a file anyone checks without a solver.

    If the claim is not true, a system that refutes it is shown, and the exit code is 1.

    Example: comity prove certify disjoint eu.aia.50.4.a eu.aia.50.4.a.art --out proof.json

    Example: comity prove certify within eu.aia.50.2.quality eu.aia.50.2

    Args:
        relation: disjoint (never both apply) or within (the second wherever the first).
        first: Id of a norm.
        second: Id of another.
        out: Where to write the certificate.
    """
    found = certify_norms(relation, first, second, out)
    console = Console(highlight=False)
    if isinstance(found, Counterexample):
        _print_refuted(console, _SAID[relation].format(first, second), found, as_json=as_json)
        return 1
    if as_json:
        print_json({"holds": True, "cases": found.cases, "axioms": list(found.axioms)})
        return 0
    console.print(f"proven: {_SAID[relation].format(first, second)}", markup=False)
    said = f"{found.cases} cases, {len(found.axioms)} axioms, {len(found.facts)} facts"
    console.print(said, style="dim")
    where = "--out FILE writes the certificate" if out is None else f"written: {out}"
    console.print(where, markup=False, style="dim")
    return 0


def _print_refuted(
    console: Console, claim: str, found: Counterexample, *, as_json: bool
) -> None:
    if as_json:
        system = {name: answer_to_json(answer) for name, answer in found.answers.items()}
        print_json({"holds": False, "system": system})
        return
    console.print(f"not so: {claim}. A system that refutes it:", markup=False)
    for name, answer in found.answers.items():
        console.print(f"  {name} = {answer_in_words(answer)}", markup=False, soft_wrap=True)


def check(certificate: Path, *, as_json: Json = False) -> int:
    """Check a certificate: its proof, and whether it speaks of the packs held here.

    Exit code 1 where its proof does not hold, or where the packs here say something else.

    Example: comity prove check proof.json

    Args:
        certificate: A file that `comity prove certify` wrote, here or elsewhere.
    """
    verdict = verdict_on(certificate)
    if as_json:
        print_json(_plain(verdict))
    else:
        _print(Console(highlight=False), verdict)
    return 1 if verdict.differs else 0


def _plain(verdict: Verdict) -> dict[str, object]:
    checked = verdict.checked
    return {
        "holds": True,
        "relation": checked.relation.value,
        "norms": [{"norm": name, "meaning": meaning} for name, meaning in checked.norms],
        "axioms": list(checked.axioms),
        "cases": checked.cases,
        "differs": list(verdict.differs),
    }


def _print(console: Console, verdict: Verdict) -> None:
    checked = verdict.checked
    names = [name for name, _ in checked.norms]
    console.print(f"the proof holds: {_SAID[checked.relation].format(*names)}", markup=False)
    taken = ", ".join(checked.axioms) or "no axiom"
    console.print(f"{checked.cases} cases; takes for true: {taken}", markup=False, style="dim")
    for difference in verdict.differs:
        console.print(f"but {difference}", markup=False, style="red")
    if not verdict.differs:
        console.print("norms, facts and axioms are those of the packs held here")
