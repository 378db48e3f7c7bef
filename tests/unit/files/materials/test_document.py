# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest

from comity.errors import InvalidDocument, NotFound
from comity.files.library import shipped_library
from comity.files.materials.document import read_told, told_by
from comity.law.fact import Answer, OpenSet

FACTS = shipped_library().vocabulary.facts
BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.7",
    "metadata": {
        "component": {"type": "application", "name": "relief", "supplier": {"name": "Us"}}
    },
    "components": [
        {
            "type": "machine-learning-model",
            "name": "weights",
            "supplier": {"name": "Them"},
            "modelCard": {
                "modelParameters": {"task": "Translation", "outputs": [{"format": "image"}]}
            },
        },
        {"type": "library", "name": "runtime", "supplier": {"name": "Us"}},
    ],
}
SPDX = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {
            "type": "ai_AIPackage",
            "spdxId": "urn:m",
            "suppliedBy": "urn:us",
            "ai_useSensitivePersonalInformation": "yes",
        },
        {"type": "dataset_DatasetPackage", "suppliedBy": "urn:them"},
        {"type": "Relationship", "relationshipType": "trainedOn", "from": "urn:m"},
    ],
}
CARD = "---\npipeline_tag: text-to-image\ndatasets:\n- one\nlicense: mit\n---\n# A model\n"
REGISTRATION = {
    "registration": "EU AI Act Annex VIII",
    "provider": {"name": "P", "country": "BRA"},
    "status": "on the market",
    "placedOnMarket": "2026-03-01T00:00:00Z",
    "annexIII": ["4(a)", "8(a)"],
    "article6_3": ["d"],
}


def _said(document: object) -> dict[str, Answer]:
    text = document if isinstance(document, str) else json.dumps(document)
    return {each.fact: each.answer for each in told_by(text, FACTS, source="x")}


def _partly(*values: str) -> OpenSet:
    return OpenSet(known_in=frozenset(values), known_out=frozenset())


def test_a_bill_of_materials_says_what_its_standard_defines() -> None:
    """An output format is no statement that content is generated."""
    assert _said(BOM) == {
        "is_ai_system": True,
        "trained_on_data": True,
        "generates": _partly("text"),
        "use_area": _partly("translation"),
        "third_party_parts": True,
        "model_third_party": True,
    }


def test_a_supplier_nobody_named_is_nobody_else() -> None:
    """Another supplier is one that differs from a known one."""
    nameless = {**BOM, "metadata": {"component": {"type": "application"}}}
    assert {"third_party_parts", "model_third_party"}.isdisjoint(_said(nameless))


def test_an_spdx_document_says_what_its_ai_profile_does() -> None:
    """A "no" to sensitive data is no law's "no"."""
    assert _said(SPDX) == {
        "processes_sensitive_data": True,
        "processes_personal_data": True,
        "trained_on_data": True,
        "third_party_parts": True,
    }
    no = json.dumps(SPDX).replace('"yes"', '"no"')
    assert "processes_sensitive_data" not in _said(no)


def test_a_model_card_says_what_its_head_does() -> None:
    """Its licence is one of the weights."""
    assert _said(CARD) == {
        "is_ai_system": True,
        "trained_on_data": True,
        "generates": _partly("image"),
    }


def test_a_registration_speaks_of_the_market_it_was_made_in() -> None:
    """The letter that names two tasks answers neither."""
    told = told_by(json.dumps(REGISTRATION), FACTS, source="r.json")
    found = {(each.fact, each.market): each.answer for each in told}
    assert found == {
        ("is_ai_system", None): True,
        ("in_development_only", None): False,
        ("placed_on_market", "EU"): dt.date(2026, 3, 1),
        ("established_in_market", "EU"): False,
        ("tasks", None): _partly("recruitment"),
        ("limited_task", None): _partly("preparatory"),
    }


def test_everything_told_says_where_and_by_which_bytes(tmp_path: Path) -> None:
    """Whoever doubts it opens the same file."""
    path = tmp_path / "sbom.cdx.json"
    path.write_text(json.dumps(BOM), "utf-8")
    first, *_ = read_told(path, FACTS)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (first.source, first.place) == ("sbom.cdx.json", "components[0].type")
    assert first.evidence == f"sbom.cdx.json, sha256:{digest}"
    with pytest.raises(NotFound):
        read_told(tmp_path / "none.json", FACTS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "of no kind that is read here"),
        ("[1]", "of no kind that is read here"),
        ('{"bomFormat": "Other"}', "of no kind that is read here"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": NaN}', "NaN is no number of JSON"),
        ('{"a": ', "Expecting value"),
        ("[" * 100_000, "not readable as JSON"),
        ('{"a": ' + "9" * 5000 + "}", "not readable as JSON"),
        ("", "begins with a head"),
        ("# A page", "begins with a head"),
    ],
)
def test_what_is_no_document_of_a_kind_is_refused(text: str, message: str) -> None:
    """With what it would have to be."""
    with pytest.raises(InvalidDocument) as caught:
        told_by(text, FACTS, source="x")
    assert any(message in fault.message for fault in caught.value.faults)


def test_a_place_that_holds_something_else_answers_nothing() -> None:
    """A list where a text belongs, a word no table knows, a day no calendar has."""
    odd = {
        **REGISTRATION,
        "placedOnMarket": "soon",
        "annexIII": [{"a": 1}, "99"],
        "status": ["on the market", "planned"],
        "provider": "P",
    }
    assert set(_said(odd)) == {"is_ai_system", "in_development_only", "limited_task"}
