# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from comity.files.library import shipped_library
from comity.files.oscal_results import OSCAL_VERSION, to_oscal_results
from comity.kernel.instant import Instant, from_rfc3339
from comity.kernel.localtext import LocalText
from comity.law.determine import Determination, determine
from comity.law.norm import Role
from comity.law.profile import Profile

trestle = pytest.importorskip("trestle.oscal.assessment_results")

NOW = from_rfc3339("2026-11-21T19:19:24Z")
LATER = from_rfc3339("2026-11-22T00:00:00Z")
TEXT = LocalText(by_tag={"en": "Relief\n translator "})


def _determined(*markets: str, version: str = "1.0") -> Determination:
    profile = Profile(
        system="relief",
        version=version,
        name=TEXT,
        purpose=LocalText(by_tag={"en": ""}),
        roles=(Role.PROVIDER,),
        answers={"is_ai_system": True, "generates": frozenset({"text"})},
    )
    return determine(shipped_library(), profile, markets=markets, on=dt.date(2026, 11, 21))


def _written(determination: Determination, now: Instant = NOW) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(json.dumps(to_oscal_results(determination, now=now)))
    return written


@pytest.mark.parametrize("markets", [("EU", "KHM"), ("NRU",)])
def test_compliance_trestle_loads_what_is_written(
    tmp_path: Path, markets: tuple[str, ...]
) -> None:
    """A market without a pack too, where there is nothing to observe."""
    path = tmp_path / "results.json"
    determination = _determined(*markets)
    path.write_text(json.dumps(_written(determination)), "utf-8")

    loaded = trestle.AssessmentResults.oscal_read(path)

    assert str(loaded.metadata.oscal_version.root.root) == OSCAL_VERSION
    (result,) = loaded.results
    assert len(result.observations or []) == len(determination.rulings)
    assert result.findings is None


def test_a_ruling_carries_what_decided_it() -> None:
    """Status, article, basis, source, what is open, and whether exceptions were looked for."""
    determination = _determined("EU")
    (ruling,) = [each for each in determination.rulings if each.norm.name == "eu.aia.50.2"]
    (result,) = _written(determination)["assessment-results"]["results"]
    (found,) = [
        each for each in result["observations"] if "eu.aia.50.2 " in each["description"]
    ]
    props = {prop["name"]: prop["value"] for prop in found["props"]}
    assert props["status"] == ruling.status.value
    assert props["cite"] == ruling.norm.grounds.cite
    assert props["basis"] == "text"
    assert props["exceptions"] in {"considered", "nobody researched them"}
    unsettled = [p["value"] for p in found["props"] if p["name"] == "unsettled-fact"]
    assert unsettled == list(ruling.unsettled)
    assert "unless " in found["remarks"]


def test_one_determination_has_one_set_of_identifiers() -> None:
    """Whenever it is written; another version of the system has others."""
    first, later = _written(_determined("KHM")), _written(_determined("KHM"), LATER)
    other = _written(_determined("KHM", version="1.1"))
    assert _identifiers(first) == _identifiers(later)
    assert first != later
    assert _identifiers(first).isdisjoint(_identifiers(other))


def _identifiers(value: object) -> set[str]:
    match value:
        case dict():
            own = {value["uuid"]} if "uuid" in value else set()
            return own.union(*map(_identifiers, value.values()))
        case list():
            return set().union(*map(_identifiers, value))
        case _:
            return set()
