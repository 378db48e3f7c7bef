# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import dataclasses
from collections.abc import Sequence

import pytest

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import Origin
from comity.kernel.instant import from_rfc3339
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.ledger.erasure import (
    CONSENT_TYPE,
    Circumstances,
    Consent,
    Erasure,
    consent_from,
    erasure_from,
    judge,
)

NOW = from_rfc3339("2026-11-22T08:00:00Z")
KH = Origin("kh.example/log")
ENTRY = Reference(log=KH, index=7, sha256=sha256(b"entry"))
BLOB = Erasure(
    issued=NOW, of=ENTRY, blob=sha256(b"blob"), kind="personal data", basis="article 17"
)
WHOLE = dataclasses.replace(BLOB, blob=None, kind="illegal content")


def known(
    kinds: Sequence[str | None] = ("system",),
    *,
    names: Truth = Truth.TRUE,
    consented: Truth = Truth.FALSE,
    origin: Origin = KH,
) -> Circumstances:
    """Return what a reader knows around an erasure."""
    return Circumstances(origin=origin, names_blob=names, kinds=kinds, consented=consented)


@pytest.mark.parametrize("one", [BLOB, WHOLE])
def test_an_erasure_survives_a_round_trip(one: Erasure) -> None:
    """Fields nobody here knows included, and its subject is what is erased."""
    statement = dataclasses.replace(one, extra={"later": [1]}).to_statement()
    read = erasure_from(statement.predicate)
    assert read.to_statement() == statement
    expected = one.blob or ENTRY.sha256
    assert statement.subjects[0].digest == {"sha256": expected.hex()}


def test_an_author_erases_its_own() -> None:
    """Nobody else is asked for what is neither an incident nor a ballot."""
    assert judge(BLOB, known()).in_force is Truth.TRUE
    assert judge(WHOLE, known()).in_force is Truth.TRUE


def test_nobody_erases_what_another_said() -> None:
    """Not even with a countersignature."""
    other = known(origin=Origin("br.example/log"), consented=Truth.TRUE)
    standing = judge(WHOLE, other)
    assert standing.in_force is Truth.FALSE
    assert "another member" in standing.reason


@pytest.mark.parametrize("kind", ["incident", "ballot"])
@pytest.mark.parametrize("one", [BLOB, WHOLE])
def test_an_incident_or_a_ballot_goes_only_with_another_members_word(
    kind: str, one: Erasure
) -> None:
    """Who is answerable for an incident cannot make it vanish alone."""
    alone = judge(one, known([kind]))
    assert alone.in_force is Truth.FALSE
    assert kind in alone.reason
    assert judge(one, known([kind], consented=Truth.TRUE)).in_force is Truth.TRUE
    unseen = judge(one, known([kind], consented=Truth.UNDETERMINED))
    assert unseen.in_force is Truth.UNDETERMINED


def test_a_blob_of_an_incident_is_guarded_through_whatever_entry_it_is_erased() -> None:
    """Naming a harmless entry that speaks of the same blob is no way round."""
    assert judge(BLOB, known(["system", "incident"])).in_force is Truth.FALSE


def test_what_cannot_be_read_here_is_not_settled_here() -> None:
    """An erased entry no longer says what kind it was; only another member's word helps."""
    standing = judge(WHOLE, known([None]))
    assert standing.in_force is Truth.UNDETERMINED
    assert standing.reason
    assert judge(WHOLE, known([None], consented=Truth.TRUE)).in_force is Truth.TRUE
    assert judge(BLOB, known([None], names=Truth.UNDETERMINED)).in_force is not Truth.TRUE


def test_a_blob_the_entry_does_not_speak_of_is_not_erased_through_it() -> None:
    """Else a member could have others drop what is not its own."""
    assert judge(BLOB, known(names=Truth.FALSE)).in_force is Truth.FALSE
    loose = dataclasses.replace(BLOB, of=None)
    assert judge(loose, known()).in_force is Truth.FALSE


@pytest.mark.parametrize("kind", ["keyset", "compromise", "erasure", "countersignature"])
def test_what_judging_rests_on_is_never_erased(kind: str) -> None:
    """Without keysets no signature after them could be checked."""
    assert judge(WHOLE, known([kind], consented=Truth.TRUE)).in_force is Truth.FALSE


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"of": None, "blob": None}, 1),
        ({"class": "other", "basis": ""}, 2),
        ({"blob": "xyz", "of": 1, "issued": "now"}, 3),
        ({"basis": "a" * 4001}, 1),
    ],
)
def test_a_malformed_erasure_is_refused_with_every_fault(
    change: dict[str, Json], faults: int
) -> None:
    """It erases nothing."""
    with pytest.raises(InvalidDocument) as caught:
        erasure_from({**BLOB.to_predicate(), **change})
    assert len(caught.value.faults) == faults


def test_a_countersignature_of_a_finding_is_none_of_an_erasure() -> None:
    """Both are called so; only one names an erasure."""
    consent = Consent(issued=NOW, erasure=ENTRY, note="seen", extra={"later": 1})
    statement = consent.to_statement()
    assert statement.predicate_type == CONSENT_TYPE
    assert consent_from(statement.predicate) == consent
    with pytest.raises(InvalidDocument):
        consent_from({"issued": "2026-11-22T08:00:00Z", "finding": {}, "note": ""})
