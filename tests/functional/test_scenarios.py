# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Cases written from the sources, before our engine was asked."""

from collections import Counter
from pathlib import Path

import pytest

from comity.files.library import shipped_library
from comity.files.pack import SHIPPED
from comity.files.scenario import SUFFIX, read_scenarios
from comity.law.pack import Library, PackStatus
from comity.law.scenario import mismatches

FILES = sorted(SHIPPED.rglob(f"*{SUFFIX}"))
FEWEST = 6


@pytest.fixture(scope="module")
def library() -> Library:
    """Return every pack that ships."""
    return shipped_library()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SHIPPED).as_posix())
def test_the_encoding_says_what_the_source_says(path: Path, library: Library) -> None:
    """Each disagreement is a fault of the encoding or of the reading; both are looked up."""
    wrong = [
        f"{each.scenario}: {each.norm} is expected to be {each.expected}, is {each.found}"
        for scenario in read_scenarios(path, library)
        for each in mismatches(scenario, library)
    ]
    assert wrong == []


def test_every_binding_instrument_has_at_least_six_scenarios(library: Library) -> None:
    """An instrument may stand in several packs; its id begins with two words."""
    binding = {
        ".".join(pack.name.split(".")[:2])
        for pack in library.packs
        if pack.status is PackStatus.BINDING and len(pack.norms) >= FEWEST
    }
    counts: Counter[str] = Counter()
    for path in FILES:
        for scenario in read_scenarios(path, library):
            named = {norm for norms in scenario.expects.values() for norm in norms}
            counts.update({".".join(norm.split(".")[:2]) for norm in named})
    assert {name: counts[name] for name in binding if counts[name] < FEWEST} == {}
