# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Bills of materials of other tools: what they say is kept, what they leave out is unknown."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.errors import InvalidDocument, NotFound
from comity.files.materials.bom import MAX_BYTES, bom_from_json, read_bom
from comity.files.materials.country import find_country
from comity.kernel.material import Material, Upstream

CYCLONEDX: Mapping[str, Any] = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "metadata": {"component": {"type": "application", "name": "relief"}},
    "components": [
        {
            "type": "machine-learning-model",
            "bom-ref": "m",
            "name": "weights",
            "version": "2.0",
            "supplier": {"name": "Maker", "address": {"country": "za"}},
            "modelCard": {"modelParameters": {"datasets": [{"ref": "d"}]}},
            "properties": [
                {"name": "comity:share_ppm", "value": "1000000"},
                {"name": "other:thing", "value": "ignored"},
            ],
            "components": [{"type": "library", "name": "runtime", "publisher": "Us"}],
        },
        {"type": "data", "bom-ref": "d", "name": "corpus"},
        {
            "type": "device",
            "bom-ref": "c",
            "name": "accelerator",
            "manufacturer": {"name": "V"},
        },
    ],
    "services": [
        {
            "bom-ref": "s",
            "name": "hosting",
            "provider": {"name": "Host", "address": {"country": "Cambodia"}},
            "properties": [
                {"name": "comity:territory", "value": "KHM"},
                {"name": "comity:owner", "value": "SGP"},
                {"name": "comity:recovery_days", "value": "30"},
            ],
        }
    ],
    "dependencies": [
        {"ref": "m", "dependsOn": ["s", "elsewhere"]},
        {"ref": "s", "dependsOn": ["c"]},
    ],
    "definitions": {"standards": [{"name": "ISO 42001", "owner": "ISO"}]},
}
NS = "https://spdx.example/doc#"
SPDX: Mapping[str, Any] = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [
        {"type": "Organization", "spdxId": f"{NS}o", "name": "Maker"},
        {"type": "Person", "spdxId": f"{NS}p", "name": "somebody"},
        {
            "type": "ai_AIPackage",
            "spdxId": f"{NS}m",
            "name": "weights",
            "suppliedBy": f"{NS}o",
            "extension": [
                {
                    "type": "extension_CdxPropertiesExtension",
                    "extension_cdxProperty": [
                        {
                            "type": "extension_CdxPropertyEntry",
                            "extension_cdxPropName": "comity:jurisdiction",
                            "extension_cdxPropValue": "KHM",
                        }
                    ],
                }
            ],
        },
        {
            "type": "dataset_DatasetPackage",
            "spdxId": f"{NS}d",
            "name": "corpus",
            "originatedBy": [f"{NS}p"],
        },
        {
            "type": "software_Package",
            "spdxId": f"{NS}b",
            "name": "base",
            "software_primaryPurpose": "model",
        },
        {
            "type": "Relationship",
            "relationshipType": "trainedOn",
            "from": f"{NS}m",
            "to": [f"{NS}d"],
        },
        {
            "type": "Relationship",
            "relationshipType": "dependsOn",
            "from": f"{NS}m",
            "to": [f"{NS}b"],
        },
        {
            "type": "Relationship",
            "relationshipType": "hasDeclaredLicense",
            "from": f"{NS}m",
            "to": ["x"],
        },
    ],
}


def read(document: object) -> dict[str, Material]:
    """Read a document's materials by name."""
    return {one.name: one for one in bom_from_json(json.dumps(document), source="bom.json")}


def faults(document: object) -> str:
    """Return every fault of a document, a line each."""
    with pytest.raises(InvalidDocument) as caught:
        read(document)
    assert caught.value.code == "files.bill"
    return "\n".join(map(str, caught.value.faults))


def test_a_cyclonedx_bill_says_who_supplies_what() -> None:
    """Suppliers, their countries, layers and links come over; the rest is unknown."""
    found = read(CYCLONEDX)

    assert {name: one.layer for name, one in found.items()} == {
        "weights 2.0": "model",
        "runtime": "application",
        "corpus": "data",
        "accelerator": "chips",
        "hosting": "cloud",
        "ISO 42001": "standard",
    }
    assert found["weights 2.0"] == Material(
        layer="model",
        name="weights 2.0",
        supplier="Maker",
        jurisdiction="ZAF",
        share_ppm=1_000_000,
        upstream=(Upstream(name="hosting"), Upstream(name="corpus")),
    )
    assert (found["hosting"].jurisdiction, found["hosting"].territory) == ("KHM", "KHM")
    assert (found["hosting"].owner, found["hosting"].recovery_days) == ("SGP", 30)
    assert found["corpus"].supplier is None
    assert found["accelerator"].jurisdiction is None


def test_an_spdx_document_says_who_supplies_what() -> None:
    """Agents have no country there, and nothing is guessed from a name."""
    found = read(SPDX)

    assert found["weights"].supplier == "Maker"
    assert found["weights"].jurisdiction == "KHM"
    assert [link.name for link in found["weights"].upstream] == ["corpus", "base"]
    assert (found["base"].layer, found["base"].supplier) == ("model", None)


def test_no_natural_person_becomes_a_supplier() -> None:
    """A bill may name people; a statement of ours never does."""
    assert read(SPDX)["corpus"].supplier is None


def test_every_fault_is_listed_at_its_place() -> None:
    """A hostile or careless bill is refused once, with all that is wrong."""
    wrong = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.7",
        "components": [
            {"type": "library"},
            7,
            {"type": "data", "name": ["a"], "supplier": "text"},
            {
                "type": "data",
                "name": "x",
                "supplier": {"name": "S", "address": {"country": "Atlantis"}},
                "properties": [
                    {"name": "comity:share_ppm", "value": "40%"},
                    {"name": "comity:teritory", "value": "KHM"},
                    {"name": "comity:layer", "value": "clouds"},
                ],
            },
        ],
        "services": {},
        "dependencies": [{"ref": "a", "dependsOn": "b"}],
    }
    found = faults(wrong)

    for said in (
        "components[0]: has no name",
        "components[1]: is not an object",
        "components[2].name: is not a text",
        "components[2].supplier: is not an object",
        "'Atlantis' is no country",
        "'40%' is not a whole number",
        "did you mean 'territory'",
        "did you mean 'cloud'",
        "services: is not a list",
        "dependencies[0].dependsOn: is not a list of references",
    ):
        assert said in found
    assert "line 1, column" in found


@pytest.mark.parametrize("version", ["1.2", "2.0", 1.6, None])
def test_another_version_of_the_format_is_refused(version: object) -> None:
    """What a field means may have changed."""
    assert "is none of 1.5, 1.6, 1.7" in faults({**CYCLONEDX, "specVersion": version})


def test_spdx_2_is_refused() -> None:
    """Its elements mean something else."""
    assert "no version 3" in faults({"@context": "https://spdx.org/rdf/2.3/c", "@graph": []})


def test_supply_in_a_circle_is_a_fault() -> None:
    """Nothing rests on itself."""
    circle = [{"ref": "m", "dependsOn": ["d"]}, {"ref": "d", "dependsOn": ["m"]}]

    assert "rests on itself" in faults({**CYCLONEDX, "dependencies": circle})


def test_shares_above_the_whole_are_a_fault() -> None:
    """A mistake is not normalised away."""
    part = {"type": "data", "properties": [{"name": "comity:share_ppm", "value": "600000"}]}
    parts = [{**part, "name": "a"}, {**part, "name": "b"}]

    assert "more than the whole" in faults({**CYCLONEDX, "components": parts})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{",
        '{"a": 1, "a": 2}',
        "[" * 5000,
        "\ufeff{}",
        '{"bomFormat": "CycloneDX"}',
    ],
    ids=["empty", "list", "number", "cut", "twice", "deep", "mark", "bare"],
)
def test_what_is_no_bill_is_refused_as_a_document(text: str) -> None:
    """A stranger's file never ends in a traceback."""
    with pytest.raises(InvalidDocument):
        bom_from_json(text, source="x")


def test_nesting_and_size_have_ends() -> None:
    """Depth and length are bounded before anything is walked."""
    inner: dict[str, Any] = {"type": "library", "name": "x"}
    for level in range(40):
        inner = {"type": "library", "name": f"x{level}", "components": [inner]}

    assert "levels deep" in faults({**CYCLONEDX, "components": [inner]})
    with pytest.raises(InvalidDocument):
        bom_from_json(" " * (MAX_BYTES + 1), source="x")


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    """It is named, with its own code."""
    with pytest.raises(NotFound, match=r"cannot read the bill"):
        read_bom(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KH", "KHM"),
        ("khm", "KHM"),
        ("Viet Nam", None),
        ("Vietnam", "VNM"),
        ("EU", "EU"),
        ("", None),
    ],
)
def test_countries_are_codes_or_names(text: str, code: str | None) -> None:
    """The standard allows both; a name that CLDR does not know is not guessed."""
    assert find_country(text) == code


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["type", "name", "components", "supplier", "properties", "value", "dependsOn", "ref",
         "@graph", "spdxId", "from", "to", "extension", "modelCard"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([CYCLONEDX, SPDX]),
    st.sampled_from(
        ["components", "services", "dependencies", "metadata", "definitions", "@graph"]
    ),
    junk,
)
def test_whatever_stands_in_a_field_the_reader_is_total(
    base: Mapping[str, Any], field: str, value: object
) -> None:
    """It reads, or refuses as a document; nothing else."""
    with suppress(InvalidDocument):
        assert all(one.name for one in read({**base, field: value}).values())


def cyclonedx(**more: object) -> str:
    """Write a bill with these fields."""
    return json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", **more})


def library(place: int, **more: object) -> dict[str, object]:
    """Make a component."""
    return {"type": "library", "bom-ref": f"r{place}", "name": f"n{place}", **more}


def test_a_property_that_says_two_things_is_refused() -> None:
    """Whichever stood last would have decided where a machine stands."""
    said = [{"name": "comity:territory", "value": code} for code in ("USA", "CHN")]
    with pytest.raises(InvalidDocument, match="stands twice, and says two things"):
        bom_from_json(cyclonedx(components=[library(0, properties=said)]), source="b")


def test_a_reference_that_two_components_claim_is_refused() -> None:
    """What rests on it would rest on whichever stood last."""
    twins = [library(0), library(0, name="another")]
    with pytest.raises(InvalidDocument, match="stands twice: nobody knows which"):
        bom_from_json(cyclonedx(components=twins), source="b")


def test_half_a_character_is_refused() -> None:
    """A name with a lone surrogate can be read, and never be written again."""
    text = cyclonedx(components=[library(0, name="\ud800")])
    with pytest.raises(InvalidDocument, match="half a character"):
        bom_from_json(text, source="b")


def test_elements_of_spdx_that_are_no_texts_are_passed_over() -> None:
    """A list in the place of a type, an id or a relationship is no reason to fall over."""
    odd = [
        {"type": ["a"], "spdxId": [1]},
        {"type": "software_Package", "spdxId": ["x"], "name": "a", "originatedBy": [["q"]]},
        {"relationshipType": ["dependsOn"], "from": {"a": 1}, "to": []},
    ]
    context = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"
    found = bom_from_json(json.dumps({"@context": context, "@graph": odd}), source="b")

    assert [one.name for one in found] == ["a"]


def test_every_key_that_stands_twice_is_counted_once_for_all() -> None:
    """A hundred thousand keys, half of them twice, must not be counted one by one."""
    keys = ",".join(f'"k{place % 50_000}":1' for place in range(100_000))
    with pytest.raises(InvalidDocument, match="'k0' stands twice") as refused:
        bom_from_json(f"{{{keys}}}", source="b")

    assert len(refused.value.faults) == 100


def test_many_that_are_called_the_same_are_numbered() -> None:
    """Each finds its number at once, not after all before it."""
    rows = [library(place, name="same") for place in range(5_000)]
    found = bom_from_json(cyclonedx(components=rows), source="b")

    assert len({one.name for one in found}) == 5_000
    assert (found[1].name, found[-1].name) == ("same (2)", "same (5000)")


def test_more_links_than_any_bill_has_are_refused() -> None:
    """Where each of thousands rests on each other, nobody wrote that down."""
    every = [f"r{place}" for place in range(500)]
    links = [{"ref": ref, "dependsOn": every} for ref in every]
    rows = [library(place) for place in range(500)]
    with pytest.raises(InvalidDocument, match="more than 200,000"):
        bom_from_json(cyclonedx(components=rows, dependencies=links), source="b")
