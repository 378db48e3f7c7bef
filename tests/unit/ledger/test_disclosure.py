# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from comity.errors import InvalidDocument, VerificationFailed
from comity.kernel.canonical import Json, to_canonical
from comity.kernel.digest import sha256
from comity.ledger.disclosure import (
    conceal,
    disclose,
    from_text,
    reveal,
    to_base64url,
    to_disclosure,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "disclosures.json").read_text("utf-8")
)
SECRET: dict[str, Json] = {"name": "Sokha", "age": 41, "place": {"town": "Kep", "street": "7"}}


class Salts:
    """Bytes that look random and are the same in every run."""

    def __init__(self) -> None:
        self._number = count()

    def __call__(self, size: int) -> bytes:
        """Return the next bytes."""
        return sha256(b"salt %d" % next(self._number))[:size]


@pytest.mark.parametrize("one", VECTORS["disclosures"], ids=lambda one: str(one["value"])[:12])
def test_a_disclosure_of_the_rfc_reads_and_has_its_digest(one: dict[str, Any]) -> None:
    """Other people's spelling of the JSON inside is kept: the digest is of their text."""
    found = from_text(one["disclosure"])
    assert (found.salt, found.name, found.value) == (one["salt"], one["name"], one["value"])
    assert found.digest == one["digest"]


def test_the_rfc_example_opens_with_what_is_disclosed() -> None:
    """Two fields and one nationality of ten concealed parts, as in the RFC's presentation."""
    held = [from_text(one["disclosure"]) for one in VECTORS["disclosures"]]
    chosen = [held[1], held[5], held[8]]
    assert reveal(VECTORS["payload"], chosen) == {
        "iss": "https://issuer.example.com",
        "iat": 1683000000,
        "sub": "user_42",
        "family_name": "Doe",
        "address": VECTORS["disclosures"][5]["value"],
        "nationalities": ["US"],
    }


def test_what_is_concealed_opens_again() -> None:
    """All disclosures give the object back; some give a part of it; none give the rest."""
    shown, made = conceal(SECRET, ["name", "age"], Salts())
    assert set(shown) == {"place", "_sd"}
    assert "Sokha" not in to_canonical(shown).decode()
    assert reveal(shown, made) == SECRET
    assert reveal(shown, disclose(made, ["age"])) == {"age": 41, "place": SECRET["place"]}
    assert reveal(shown, []) == {"place": SECRET["place"]}


def test_a_field_inside_a_concealed_field_opens_with_it() -> None:
    """Recursive disclosures: the inner one is only of use together with the outer one."""
    salts = Salts()
    place, inner = conceal({"town": "Kep", "street": "7"}, ["street"], salts)
    shown, outer = conceal({"name": "Sokha", "place": place}, ["place"], salts)
    made = [*inner, *outer]
    assert reveal(shown, disclose(made, ["place"])) == {
        "name": "Sokha",
        "place": {"town": "Kep", "street": "7"},
    }
    assert reveal(shown, outer) == {"name": "Sokha", "place": {"town": "Kep"}}
    with pytest.raises(VerificationFailed, match="street"):
        reveal(shown, inner)


def test_decoys_hide_how_many_fields_are_concealed() -> None:
    """Both objects list eight digests, and nothing tells a decoy from a digest."""
    one, made = conceal(SECRET, ["name"], Salts(), at_least=8)
    two, _ = conceal(SECRET, ["name", "age"], Salts(), at_least=8)
    assert isinstance(one["_sd"], list)
    assert isinstance(two["_sd"], list)
    assert len(one["_sd"]) == len(two["_sd"]) == 8
    assert {len(str(digest)) for digest in one["_sd"]} == {43}
    assert reveal(one, made) == SECRET


def test_digests_stand_in_an_order_that_tells_nothing() -> None:
    """The order of fields would tell which digest is whose."""
    shown, _ = conceal(SECRET, list(SECRET), Salts(), at_least=6)
    assert isinstance(shown["_sd"], list)
    assert shown["_sd"] == sorted(str(one) for one in shown["_sd"])


def test_concealing_more_keeps_what_is_concealed() -> None:
    """A second pass adds to the list."""
    once, first = conceal(SECRET, ["name"], Salts())
    twice, second = conceal(once, ["age"], lambda size: b"\x07" * size)
    assert reveal(twice, [*first, *second]) == SECRET


def test_a_disclosure_of_another_statement_is_refused() -> None:
    """Even with the same name and value: its salt is another."""
    shown, _ = conceal(SECRET, ["name"], Salts())
    other = to_disclosure(bytes(16), "name", "Sokha")
    with pytest.raises(VerificationFailed) as caught:
        reveal(shown, [other])
    assert caught.value.code == "ledger.disclosure"


def test_every_field_that_cannot_be_concealed_is_named() -> None:
    """All at once, as every reader of documents here does."""
    with pytest.raises(InvalidDocument) as caught:
        conceal(SECRET, ["nam", "_sd", "age"], Salts())
    assert len(caught.value.faults) == 2
    with pytest.raises(InvalidDocument, match="not a list of digests"):
        conceal({"_sd": 1, "a": 2}, ["a"], Salts())
    _, made = conceal(SECRET, ["age"], Salts())
    with pytest.raises(InvalidDocument, match="nothing concealed is called 'name'") as caught:
        disclose(made, ["name"])
    assert "age" in caught.value.hint


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"_sd": "x"}, "not a list of digests"),
        ({"_sd": [1]}, "not a list of digests"),
        ({"_sd": [], "_sd_alg": "sha-1"}, "not sha-256"),
        ({"_sd": ["A" * 43], "b": {"_sd": ["A" * 43]}}, "stands twice"),
    ],
)
def test_a_malformed_list_of_digests_is_refused(value: Json, reason: str) -> None:
    """RFC 9901, section 7.1."""
    with pytest.raises(InvalidDocument, match=reason):
        reveal(value, [])


def test_a_disclosed_name_replaces_nothing() -> None:
    """Who conceals a field under a name that is there could show two values for one field."""
    made = to_disclosure(bytes(16), "age", 41)
    with pytest.raises(InvalidDocument, match="does not fit"):
        reveal({"age": 40, "_sd": [made.digest]}, [made])
    element = to_disclosure(bytes(16), None, 41)
    with pytest.raises(InvalidDocument, match="does not fit"):
        reveal({"_sd": [element.digest]}, [element])
    with pytest.raises(InvalidDocument, match="where a list has an element"):
        reveal([{"...": made.digest}], [made])


def test_disclosures_nest_no_deeper_than_statements_do() -> None:
    """A chain of disclosures, each opening the next, would otherwise end the reader's stack."""
    value: Json = "bottom"
    made = []
    for _ in range(40):
        one = to_disclosure(bytes(16), "a", value)
        made.append(one)
        value = {"_sd": [one.digest]}
    with pytest.raises(InvalidDocument, match="deeper than 32"):
        reveal(value, made)


@pytest.mark.parametrize(
    "text",
    [
        "", "=", "A", "WyJh", "%%%", "WyJhIiwxXQ==", "é",
        to_base64url(b"{}"), to_base64url(b'["salt"]'), to_base64url(b'["", "a", 1]'),
        to_base64url(b'["s", "_sd", 1]'), to_base64url(b'["s", "...", 1]'),
        to_base64url(b'["s", 1, 1]'), to_base64url(b'["s", "a", 1, 2]'),
        to_base64url(b'["s", "a", 1.5]'), to_base64url(b'["s", "a", NaN]'),
        to_base64url(b'["s", "a", {"b": 1, "b": 2}]'), to_base64url(b"\xff"),
        to_base64url(b"[" * 5000), to_base64url(b'["s", "a", 90071992547409920]'),
        "A" * 70_000,
    ],
)  # fmt: skip
def test_what_is_no_disclosure_is_refused(text: str) -> None:
    """Every refusal is our error."""
    with pytest.raises(InvalidDocument):
        from_text(text)


def test_a_short_salt_hides_nothing() -> None:
    """Below 128 bits a guess can be checked."""
    with pytest.raises(InvalidDocument, match="at least 16"):
        to_disclosure(bytes(15), "a", 1)
    with pytest.raises(InvalidDocument, match="reserved"):
        to_disclosure(bytes(16), "_sd", 1)
