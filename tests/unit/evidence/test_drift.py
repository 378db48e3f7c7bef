# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Statements about identity and drift come back as they were said, or are refused in words."""

from dataclasses import replace
from fractions import Fraction

import pytest

from comity.errors import InvalidDocument
from comity.evidence.binding import Binding, Strength, binding_from, weakest
from comity.evidence.drift import (
    Counts,
    Drift,
    Rates,
    Recheck,
    Seen,
    Watched,
    drift_from_predicate,
    drift_seed,
    judge,
    recheck_from_predicate,
)
from comity.evidence.fingerprint import PROBES, Fingerprint, differences, fingerprint_from
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.fields import Fields
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference

NOW = from_rfc3339("2026-11-21T19:19:24Z")
SOME = sha256(b"some")
REFERENCE = Reference(log=Origin("kh.example/log"), index=7, sha256=SOME)
BINDING = Binding(strength=Strength.WEIGHTS, method="m/1", registered=SOME, seen=SOME)
PRINT = Fingerprint(
    url="http://h/v1", model="m", system=SOME, reported={"model": "m"},
    answers={0: SOME, 3: SOME}, tolerance=1,
)  # fmt: skip
RECHECK = Recheck(
    issued=NOW,
    finding=REFERENCE,
    bank_root=SOME,
    number=2,
    after=REFERENCE,
    nonce_commitment=SOME,
    categories=(Watched(name="road", size=40, questions=10),),
    risk=Fraction(1, 20),
    retired=(1, 5),
    timeout_ms=30_000,
    max_answer_bytes=2_000,
    extra={"later": 1},
)
DRIFT = Drift(
    issued=NOW,
    recheck=REFERENCE,
    nonce=SOME,
    results=(Seen(category="road", asked=10, failed=1, e_value="0.50", evidence="0.75"),),
    evidence="0.75",
    alarm=False,
    fallen=(),
    changed=(),
    identity=BINDING,
    transcript=SOME,
    bundle=SOME,
    extra={"later": [1]},
)


def test_statements_come_back_as_they_were_said() -> None:
    """Fields of later versions survive too."""
    assert recheck_from_predicate(RECHECK.to_predicate()) == RECHECK
    assert drift_from_predicate(DRIFT.to_predicate()) == DRIFT
    changed = replace(DRIFT, identity=None, changed=("another",), alarm=True)
    assert drift_from_predicate(changed.to_predicate()) == changed
    assert binding_from(Fields(BINDING.to_json(), faults=[])) == BINDING
    assert fingerprint_from(Fields(PRINT.to_json(), faults=[])) == PRINT


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": 1}, "after stands exactly where"),
        ({"after": None}, "after stands exactly where"),
        ({"retired": [5, 1]}, "retired does not rise"),
        ({"risk": {"num": 1, "den": 1}}, "risk is not between 0 and 1"),
        ({"nonce_commitment": "ab"}, "nonce_commitment is wrong"),
        ({"categories": [{"name": "a", "size": 1, "questions": 2}]}, "from 0 to 1"),
        ({"categories": [{"name": "a", "size": 1, "questions": 0}] * 2}, "names one twice"),
    ],
)
def test_an_announcement_that_contradicts_itself_is_refused(
    change: dict[str, Json], words: str
) -> None:
    """In the words of its field."""
    with pytest.raises(InvalidDocument, match="not a recheck") as refused:
        recheck_from_predicate({**RECHECK.to_predicate(), **change})

    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"identity": None}, "identity stands exactly where"),
        ({"changed": ["x"]}, "identity stands exactly where"),
        ({"alarm": 1}, "alarm is not true or false"),
        ({"evidence": 1}, "evidence is not a text"),
        ({"results": [{"category": "a", "asked": 1, "failed": 2}]}, "from 0 to 1"),
    ],
)
def test_a_drift_that_contradicts_itself_is_refused(
    change: dict[str, Json], words: str
) -> None:
    """The same of what was found."""
    with pytest.raises(InvalidDocument, match="not a drift") as refused:
        drift_from_predicate({**DRIFT.to_predicate(), **change})

    assert words in str(refused.value)


def test_the_seed_binds_bank_announcement_and_nonce() -> None:
    """Or one nonce would give the same draw twice."""
    seeds = {drift_seed(a, b, c) for a in (SOME, sha256(b"1")) for b in (SOME, sha256(b"2"))
             for c in (SOME, sha256(b"3"))}  # fmt: skip

    assert len(seeds) == 8


def test_a_category_that_ran_out_counts_nothing() -> None:
    """It neither alarms nor calms."""
    rates = {name: Rates(threshold=Fraction(1, 2), goal=Fraction(9, 10)) for name in "ab"}
    full = Counts(size=40, asked=10, failed=10)

    alone = judge([{"a": full}], rates, Fraction(1, 20))
    beside = judge(
        [{"a": full, "b": Counts(size=0, asked=0, failed=0)}], rates, Fraction(1, 20)
    )

    assert alone.evidence == beside.evidence
    assert beside.fallen == ("a",)


def test_the_weakest_binding_of_several_counts() -> None:
    """One unbound run is enough for an unbound test."""
    loose = replace(BINDING, strength=Strength.NONE)

    assert weakest([BINDING, loose, BINDING]) == loose
    assert weakest([]) is None


def test_probes_are_only_ever_added() -> None:
    """A registration names them by number."""
    assert len(PROBES) >= 12
    assert sha256("\n".join(PROBES[:12]).encode()).hex() == PROBES_DIGEST


PROBES_DIGEST = "bc07b7e1828ed5965f0fb5514e55788476f4737654e2bee38266447c245639c8"


def test_what_a_service_says_beside_what_was_registered_is_no_difference() -> None:
    """Endpoints add fields; only what was registered must still hold."""
    seen = replace(PRINT, reported={"model": "m", "system_fingerprint": "fp"})

    assert differences(PRINT, seen) == ()
    assert differences(seen, PRINT) == ("it reports system_fingerprint None, registered is fp",)
