# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import sha256
from comity.ledger.statement import (
    STATEMENT_TYPE,
    Statement,
    Subject,
    from_payload,
    to_payload,
    to_predicate_type,
)

STATEMENT = Statement(
    predicate_type=to_predicate_type("finding"),
    predicate={"issued": "2026-11-21T19:19:24Z", "results": [{"asked": 64}]},
    subjects=(Subject.of(sha256(b"model"), name="translator"),),
)


def test_a_statement_is_an_in_toto_statement() -> None:
    """Existing tools look for these fields by these names."""
    payload = to_payload(STATEMENT)
    assert payload.startswith(b'{"_type":"https://in-toto.io/Statement/v1","predicate":{')
    assert b'"predicateType":"https://comity.example/finding/v1"' in payload
    assert b'"subject":[{"digest":{"sha256":"' in payload
    assert from_payload(payload) == STATEMENT


def test_unknown_fields_survive_a_round_trip() -> None:
    """A node of an older version must not lose what a newer one says."""
    payload = to_canonical(
        {
            "_type": STATEMENT_TYPE,
            "later": {"x": 1},
            "predicate": {"unknown": [1]},
            "predicateType": "https://elsewhere.example/claim/v3",
            "subject": [{"digest": {"gitCommit": "a" * 40}, "uri": "git+https://x.example"}],
        }
    )
    assert to_payload(from_payload(payload)) == payload


@pytest.mark.parametrize(
    ("predicate_type", "kind"),
    [
        ("https://comity.example/finding/v1", "finding"),
        ("https://comity.example/finding/v2", "https://comity.example/finding/v2"),
        ("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v1"),
        ("finding", "finding/"),
    ],
)
def test_only_our_predicates_have_short_names(predicate_type: str, kind: str) -> None:
    """A foreign type must never be mistaken for ours."""
    statement = Statement(predicate_type=predicate_type, predicate={})
    assert statement.kind == kind.rstrip("/")
    assert (to_predicate_type(statement.kind) == predicate_type) is (
        predicate_type == "https://comity.example/finding/v1"
    )


def test_every_fault_is_listed_at_once() -> None:
    """An author mends a statement in one round."""
    broken: dict[str, Json] = {
        "_type": "x",
        "predicate": [],
        "predicateType": 1,
        "subject": [{}, {"digest": 3}],
    }
    with pytest.raises(InvalidDocument) as refused:
        from_payload(to_canonical(broken))
    assert [fault.message.split()[0] for fault in refused.value.faults] == [
        "_type",
        "predicateType",
        "predicate",
        "subject[0]",
        "subject[1]",
    ]


@pytest.mark.parametrize("payload", [b"", b"1", b"null", b'{"_type":"x"} ', b"\xff"])
def test_anything_else_is_refused_as_a_document(payload: bytes) -> None:
    """A parser raises nothing but our errors."""
    with pytest.raises(InvalidDocument):
        from_payload(payload)
