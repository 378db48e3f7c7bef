# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from collections.abc import Callable

import pytest
from tests.fakes.dynasty import BEGIN, DAY, Dynasty

from comity.errors import InvalidDocument
from comity.kernel.canonical import Json
from comity.kernel.ids import MemberId
from comity.kernel.instant import from_posix
from comity.ledger.endorsement import (
    Endorsement,
    fingerprint_of,
    from_predicate,
    to_statement,
)

KEYSET = Dynasty().keyset(0)
SAID = Endorsement(
    member=KEYSET.member,
    log_key=KEYSET.log_key.vkey,
    name="AI Office",
    jurisdiction="KHM",
    checked="read out over the telephone",
    issued=from_posix(BEGIN),
    until=from_posix(BEGIN + DAY),
)


def test_an_endorsement_comes_back_and_is_about_its_member() -> None:
    """With what a newer version may say besides."""
    statement = to_statement(SAID)
    assert from_predicate({**statement.predicate, "later": 1}) == SAID
    assert statement.subjects[0].digest["sha256"] == SAID.member


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda one: {**one, "jurisdiction": "kh"}, "alpha-3"),
        (lambda one: {**one, "log_key": "x"}, "log_key is wrong"),
        (lambda one: {**one, "log_key": KEYSET.witness_key.vkey}, "type 1"),
        (lambda one: {**one, "member": "me"}, "member"),
        (lambda one: {**one, "checked": ""}, "checked"),
        (lambda one: {key: one[key] for key in one if key != "until"}, "until is missing"),
        (lambda _: [], "not an object"),
    ],
)
def test_a_malformed_endorsement_says_what_is_wrong(
    spoil: Callable[[dict[str, Json]], Json], said: str
) -> None:
    """And vouches for nobody."""
    with pytest.raises(InvalidDocument) as refused:
        from_predicate(spoil(dict(to_statement(SAID).predicate)))
    assert refused.value.code == "ledger.endorsement"
    assert said in str(refused.value)


def test_a_fingerprint_is_ten_groups_people_can_read_out() -> None:
    """The first 160 bits; another first digit is another fingerprint."""
    groups = fingerprint_of(KEYSET.member).split(" ")
    assert [len(group) for group in groups] == [4] * 10
    assert "".join(groups) == KEYSET.member[:40]
    other = MemberId("f" + KEYSET.member[1:])
    assert fingerprint_of(other) != fingerprint_of(KEYSET.member)
