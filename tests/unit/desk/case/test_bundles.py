# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a plan keeps back stays sealed with its tester, and still checks whole for an appeal."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes import federation as fakes
from tests.fakes.federation import MEMBERS, Federation

from comity.desk.case.bundles import find_kept
from comity.desk.finding.reporting import report_of
from comity.desk.finding.verification import assemble, verify_dossier
from comity.errors import NotFound
from comity.evidence.publishing import Publishing
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth


@pytest.fixture(params=list(Publishing))
def publishing(request: pytest.FixtureRequest) -> Publishing:
    """Return each way of publishing items in turn."""
    assert isinstance(request.param, Publishing)
    return request.param


@pytest.fixture
def test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publishing: Publishing
) -> Iterator[tuple[Federation, Reference]]:
    """Return a federation and a finding whose plan publishes so."""
    monkeypatch.setattr(fakes, "ASK", replace(fakes.ASK, publish_items=publishing))
    town = Federation(tmp_path / "members")
    for name, (role, jurisdiction) in MEMBERS.items():
        town.found(name, role, jurisdiction)
    town.publish(*town.nodes.values())
    plan = town.planned()
    town.reveal(plan)
    yield town, town.test(plan, fakes.failing("shelter"))
    town.close()


def test_only_what_the_plan_publishes_is_served(
    test: tuple[Federation, Reference], publishing: Publishing
) -> None:
    """A blob is anybody's who knows its digest, and the finding says the digest."""
    town, finding = test
    kept = town.gathered(town.kh, finding).case.finding.bundle

    assert (town.kh.blobs.find(kept) is None) is (publishing is not Publishing.ALL)
    assert find_kept(town.kh, kept) is not None
    if publishing is Publishing.ALL:
        assert town.gathered(town.br, finding).finding.reference == finding
    else:
        with pytest.raises(NotFound):
            town.gathered(town.br, finding)


def test_an_appeal_gets_all_of_it(
    test: tuple[Federation, Reference], publishing: Publishing
) -> None:
    """The tester's own dossier opens every item; its report shows what the plan publishes."""
    town, finding = test
    verified = verify_dossier(assemble(town.kh, town.gathered(town.kh, finding)))
    report = report_of(verified)

    assert {check.holds for check in verified.checks} == {Truth.TRUE}
    assert report.publishing is publishing
    assert len(report.items) + report.withheld == report.asked
    assert bool(report.items) is (publishing is not Publishing.NONE)
