# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import json
from pathlib import Path
from typing import Any

import pytest

from comity.files.library import shipped_library
from comity.files.oscal_mapping import to_oscal_mapping
from comity.files.oscal_results import OSCAL_VERSION
from comity.kernel.instant import Instant, from_rfc3339
from comity.law.prove.bound import sides_of
from comity.law.prove.relation import Lie, Relating, Relation

trestle = pytest.importorskip("trestle.oscal.mapping")

NOW = from_rfc3339("2026-11-21T19:19:24Z")
LATER = from_rfc3339("2026-11-22T00:00:00Z")
SIDES = ("eu.aia.transparency", "vnm.ai")


@pytest.fixture(scope="module")
def relations() -> tuple[Relation, ...]:
    """Return how two real packs lie to each other."""
    library = shipped_library()
    return tuple(Relating(library=library).relations(sides_of(library, SIDES)))


def _written(relations: tuple[Relation, ...], now: Instant = NOW) -> dict[str, Any]:
    library = shipped_library()
    plain = to_oscal_mapping(sides_of(library, SIDES), relations, library, now=now)
    written: dict[str, Any] = json.loads(json.dumps(plain))
    return written


def test_compliance_trestle_loads_what_is_written(
    tmp_path: Path, relations: tuple[Relation, ...]
) -> None:
    """Tools that know nothing of us read it."""
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(_written(relations)), "utf-8")
    loaded = trestle.MappingCollection.oscal_read(path)
    assert str(loaded.metadata.oscal_version.root.root) == OSCAL_VERSION
    assert sum(len(mapping.maps) for mapping in loaded.mappings) == len(relations) > 0
    assert loaded.provenance.matching_rationale == "formal"


def test_one_pair_of_norms_has_one_identifier(relations: tuple[Relation, ...]) -> None:
    """It follows from the digests; only the date is another on another day."""
    today, tomorrow = _written(relations), _written(relations, LATER)
    for each in (today, tomorrow):
        del each["mapping-collection"]["metadata"]["last-modified"]
    assert today == tomorrow
    maps = [one for m in today["mapping-collection"]["mappings"] for one in m["maps"]]
    assert len({one["uuid"] for one in maps}) == len(maps)


def test_every_map_carries_the_digests_of_its_norms(relations: tuple[Relation, ...]) -> None:
    """Whoever holds the packs can say whether it still speaks of them."""
    library = shipped_library()
    mappings = _written(relations)["mapping-collection"]["mappings"]
    for mapping in mappings:
        for one in mapping["maps"]:
            for item in (*one["sources"], *one["targets"]):
                (prop,) = item["props"]
                assert prop["value"] == library.norms[item["id-ref"]].meaning.hex()


def test_each_pack_is_named_where_the_maps_point(relations: tuple[Relation, ...]) -> None:
    """With its own digest."""
    plain = _written(relations)["mapping-collection"]
    known = {f"#{each['uuid']}" for each in plain["back-matter"]["resources"]}
    for mapping in plain["mappings"]:
        assert mapping["source-resource"]["href"] in known
        assert mapping["target-resource"]["href"] in known


def test_what_was_not_decided_is_left_out_and_counted(
    relations: tuple[Relation, ...],
) -> None:
    """A relation nobody computed is not asserted."""
    undecided = (relations[0].__class__(
        first=relations[0].first, second=relations[0].second, conducts=("x",),
        trigger=Lie.UNDECIDED, demand=Lie.EQUAL, clash=False,
    ), *relations[1:])  # fmt: skip
    plain = _written(undecided)["mapping-collection"]
    assert "1 pairs were not decided" in plain["provenance"]["mapping-description"]
    assert sum(len(m["maps"]) for m in plain["mappings"]) == len(relations) - 1
