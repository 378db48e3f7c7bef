# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Proving how two norms lie to each other, in a file that others check without us."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from comity.errors import NotFound
from comity.files.certificate import Checked, check_certificate
from comity.files.library import shipped_library
from comity.files.text import write_whole
from comity.kernel.canonical import to_canonical
from comity.law.condition import to_json
from comity.law.cursor import near_miss
from comity.law.norm import Norm
from comity.law.pack import Library
from comity.law.prove.certificate import (
    Certificate,
    Counterexample,
    Relation,
    axiom_condition,
    certify,
    fact_json,
    theory_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A certificate that holds, and whether it speaks of the packs held here.

    Args:
        differs: What it takes otherwise than the packs held here, in words; empty where
            they agree.
    """

    checked: Checked
    differs: tuple[str, ...]


def certify_norms(
    relation: Relation, first: str, second: str, out: Path | None
) -> Certificate | Counterexample:
    """Prove a claim about two norms and write its certificate, or return what refutes it.

    Raises:
        NotFound: No pack holds a norm of that name.
        VerificationFailed: Neither proof nor refutation was found in time.
        StorageFailed: The disk refused; nothing was written.
    """
    library = shipped_library()
    norms = _norm(first, library), _norm(second, library)
    found = certify(relation, norms, library, theory_of(library))
    if out is not None and isinstance(found, Certificate):
        write_whole(out, to_canonical(found.to_json()), "certificate")
    return found


def verdict_on(path: Path) -> Verdict:
    """Check a certificate, then hold what it speaks of against the packs held here.

    Raises:
        NotFound: No such file.
        InvalidDocument: It is no certificate.
        VerificationFailed: Its proof does not hold.
    """
    checked = check_certificate(path)
    return Verdict(checked=checked, differs=tuple(_differences(checked, shipped_library())))


def _norm(name: str, library: Library) -> Norm:
    found = next((norm for known, norm in library.norms.items() if known == name), None)
    if found is None:
        near = near_miss(name, library.norms)
        hint = f"did you mean {near!r}?" if near else "`comity pack check` lists the packs"
        raise NotFound(f"no norm is named {name!r}", code="law.no_norm", hint=hint)
    return found


def _differences(checked: Checked, library: Library) -> Iterator[str]:
    norms = {str(name): norm for name, norm in library.norms.items()}
    for (name, meaning), condition in zip(checked.norms, checked.conditions, strict=True):
        norm = norms.get(name)
        if norm is None:
            yield f"no norm is named {name} here"
        elif to_json(norm.applies_when) != condition or norm.meaning.hex() != meaning:
            yield f"{name} means something else here"
    axioms = {one.name: to_json(axiom_condition(one)) for one in library.vocabulary.axioms}
    known = library.vocabulary.facts
    facts = {name: fact_json(known[name]) for name in checked.facts if name in known}
    means = {name: to_json(one) for name, one in library.meanings.items()}
    for kind, taken, held in (
        ("axiom", checked.axioms, axioms),
        ("fact", checked.facts, facts),
        ("definition", checked.definitions, means),
    ):
        for name in taken:
            if held.get(name) != taken[name]:
                yield f"the {kind} {name} is another one here"
