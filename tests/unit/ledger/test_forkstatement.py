# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import pytest

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.digest import sha256
from comity.kernel.ids import MemberId, Origin
from comity.ledger.forkstatement import (
    STATEMENT_TYPE,
    ForkStatement,
    from_predicate,
    to_statement,
)

SAID = ForkStatement(
    origin=Origin("kh.example/log"), member=MemberId("ab" * 32), evidence=sha256(b"file")
)


def test_what_is_said_comes_back() -> None:
    """Whose log, and the digest of the file, which is also the subject."""
    statement = to_statement(SAID)
    assert statement.predicate_type == STATEMENT_TYPE
    assert from_predicate(statement.predicate) == SAID
    assert statement.subjects[0].digest["sha256"] == SAID.evidence.hex()


@pytest.mark.parametrize("without", ["origin", "member", "evidence"])
def test_every_field_is_needed(without: str) -> None:
    """And named where it is missing."""
    predicate: dict[str, Json] = dict(to_statement(SAID).predicate)
    del predicate[without]
    with pytest.raises(InvalidDocument, match=without):
        from_predicate(predicate)


def test_all_faults_are_named_at_once() -> None:
    """Three fields, three faults."""
    with pytest.raises(InvalidDocument) as caught:
        from_predicate({"origin": 1, "member": "x", "evidence": None})
    assert len(caught.value.faults) == 3
