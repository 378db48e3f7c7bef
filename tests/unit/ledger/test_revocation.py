# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from dataclasses import replace

import pytest
from tests.fakes.dynasty import BEGIN, Dynasty, pair, root_of

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.instant import from_posix
from comity.ledger.envelope import keyid_of
from comity.ledger.revocation import Compromise, names_of, open_compromise, to_statement

KEYSET = Dynasty(roots={0: root_of(1, pair("a"))}).keyset(0)
SAID = Compromise(
    entry=7,
    sequence=0,
    keys=names_of(KEYSET),
    last_good=3,
    reason="a stolen laptop",
    issued=from_posix(BEGIN),
)


def test_a_compromise_comes_back_and_is_about_its_keyset() -> None:
    """At the entry where it stands."""
    statement = to_statement(SAID, KEYSET)
    assert open_compromise(statement, 7) == SAID
    assert statement.subjects[0].digest["sha256"] == KEYSET.digest.hex()


def test_every_key_of_a_keyset_has_a_name() -> None:
    """Statement and root keys their id, log and witness keys their line."""
    own = keyid_of(next(iter(KEYSET.statement_keys.values())))
    root = keyid_of(pair("a").public)
    assert names_of(KEYSET) == {own, root, KEYSET.log_key.vkey, KEYSET.witness_key.vkey}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("keys", []),
        ("keys", [5]),
        ("sequence", -1),
        ("last_good", -1),
        ("last_good", True),
        ("reason", ""),
        ("issued", "yesterday"),
    ],
)
def test_a_malformed_compromise_is_refused(name: str, value: Json) -> None:
    """With the field that is wrong."""
    statement = to_statement(SAID, KEYSET)
    wrong = replace(statement, predicate={**statement.predicate, name: value})
    with pytest.raises(InvalidDocument) as refused:
        open_compromise(wrong, 7)
    assert refused.value.code == "ledger.compromise"
    assert name in str(refused.value)
