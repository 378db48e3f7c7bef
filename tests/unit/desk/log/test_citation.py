# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A statement is found by its place, its digest or its name, and a slip is answered."""

import pytest
from tests.fakes.federation import Federation

from comity.desk.log.citation import cite, short
from comity.desk.log.shelf import ViewShelf
from comity.errors import InvalidDocument, NotFound
from comity.kernel.digest import sha256


def test_place_digest_and_name_find_the_same(tested: Federation) -> None:
    """Whatever the operator has at hand."""
    shelf = ViewShelf(tested.br.view())
    bank = cite(shelf, "flood", "bank")

    assert short(bank) == "kh.example/log#1"
    assert cite(shelf, "kh.example/log#1", "bank") == bank
    assert cite(shelf, bank.reference.sha256.hex()[:8], "bank") == bank
    assert cite(shelf, bank.reference.sha256.hex(), "bank") == bank


def test_a_name_means_the_newest(tested: Federation) -> None:
    """A new version is what one means after registering it."""
    newer = tested.register(version=sha256(b"weights of version 2"))

    assert cite(ViewShelf(tested.br.view()), "relief", "system").subject == newer


def test_a_name_two_members_use_is_not_guessed(tested: Federation) -> None:
    """Both are listed, with how to say which."""
    tested.commit(tested.sg)

    with pytest.raises(InvalidDocument) as refused:
        cite(ViewShelf(tested.br.view()), "flood", "bank")

    assert len(refused.value.faults) == 2
    assert "example/log#" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("kh.example/lag#1", "bank", ("no bank is known", "did you mean 'kh.example/log#1'")),
        ("floods", "bank", ("no bank is known", "did you mean 'flood'")),
        ("kh.example/log#1", "finding", ("is a bank, not a finding", "known here: kh.")),
        ("abc123", "plan", ("too short", "at least 8 digits")),
        ("nothing at all", "custody", ("no custody is known", "none is known here")),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(
    tested: Federation, text: str, kind: str, said: tuple[str, str]
) -> None:
    """The nearest right one, or what there is."""
    with pytest.raises(NotFound) as refused:
        cite(ViewShelf(tested.br.view()), text, kind)

    assert said[0] in refused.value.message
    assert said[1] in refused.value.hint
