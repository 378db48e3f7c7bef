# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Whether a bank can be put to a system: its claim's condition, held against the profile."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument
from comity.files.offer import Offer
from comity.kernel.truth import Truth
from comity.law.condition import Condition
from comity.law.cursor import Cursor, near_miss
from comity.law.determine import Determination
from comity.law.grammar import Scope, read_condition
from comity.law.pack import Library
from comity.law.reason import Tracer, unsettled_facts
from comity.law.token import Sort, Token, tokens_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Whether a bank can be put to a system, and the facts that would settle it."""

    truth: Truth
    facts: tuple[str, ...]


def fitting_of(offers: Mapping[str, Offer], determination: Determination) -> dict[str, Fit]:
    """Say of each bank whether it can be put to the system, in any of the markets.

    Raises:
        InvalidDocument: Claims that speak of what the vocabulary does not hold, or do not
            name the categories of their cores; all are listed (`desk.banks`).
    """
    faults: list[Fault] = []
    found = {}
    for slug, offer in offers.items():
        faults += _faults_of(offer, determination.library)
        condition = _condition(offer, determination.library, faults)
        found[slug] = _fit(condition, determination)
    if faults:
        raise InvalidDocument("banks that cannot be used", code="desk.banks", faults=faults)
    return found


def _faults_of(offer: Offer, library: Library) -> Iterable[Fault]:
    conducts, claim = library.vocabulary.conducts, offer.claim
    for name in claim.conducts:
        if name not in conducts:
            message = f"the vocabulary has no conduct named {name!r}"
            near = near_miss(name, conducts)
            yield Fault(message=message, near=near, source=str(offer.path))
    for name, values in claim.values.items():
        known = conducts[name].values if name in conducts else ()
        for value in values:
            if value not in known:
                message = f"{value!r} is no value of {name!r}"
                near = near_miss(value, known)
                yield Fault(message=message, near=near, source=str(offer.path))
    if offer.categories is not None and list(offer.categories) != list(claim.categories):
        message = "claim and core do not name the same categories in the same order"
        yield Fault(message=message, source=str(offer.path))


def _condition(offer: Offer, library: Library, faults: list[Fault]) -> Condition | None:
    if not offer.claim.fits:
        return None
    tokens = [
        token
        for number, row in enumerate(offer.claim.fits.splitlines(), start=1)
        for token in tokens_of(row, number, "en")
    ]
    end = Token(sort=Sort.END, text="", keyword=None, leads=False, line=1, column=1)
    cursor = Cursor(source=f"{offer.path}: fits", tokens=(*tokens, end))
    known = library.definitions.keys()
    scope = Scope(facts=library.vocabulary.facts, definitions=frozenset(known))
    try:
        condition = read_condition(cursor, scope)
        cursor.finish()
    except InvalidDocument as error:
        faults.extend((*cursor.faults, *error.faults))
        return None
    faults.extend(cursor.faults)
    return None if cursor.faults else condition


def _fit(condition: Condition | None, determination: Determination) -> Fit:
    if condition is None:
        return Fit(truth=Truth.TRUE, facts=())
    traces = [
        Tracer(answers=closure.answers, meanings=determination.library.meanings).trace(
            condition
        )
        for closure in determination.closures.values()
    ]
    for truth in (Truth.TRUE, Truth.UNDETERMINED):
        for trace in traces:
            if trace.truth is truth:
                return Fit(truth=truth, facts=unsettled_facts(trace))
    return Fit(truth=Truth.FALSE, facts=())
