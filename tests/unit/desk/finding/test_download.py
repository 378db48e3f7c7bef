# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a real federation's register shows and hands out is what verifies offline."""

import pytest
from tests.fakes.federation import Federation, Stages

from comity.desk.finding.dossier import finding_sheet
from comity.desk.finding.download import dossiers_of
from comity.desk.finding.verification import verify_dossier
from comity.desk.register.lookout import lookout_of
from comity.desk.register.sheet import Quorum
from comity.errors import ComityError
from comity.files.dossier import from_bytes
from comity.kernel.reference import Reference


def _finding(stages: Stages) -> Reference:
    assert stages.tested.finding is not None
    return stages.tested.finding


def test_the_file_a_reader_takes_home_verifies(tested: Federation, stages: Stages) -> None:
    """The register hands out what `comity verify` takes."""
    encoded = dossiers_of(tested.br)(_finding(stages))

    assert verify_dossier(from_bytes(encoded)).checks


def test_a_finding_nobody_logged_has_no_file(tested: Federation, stages: Stages) -> None:
    """What cannot be put together is refused by name, not half given."""
    wrong = Reference(log=_finding(stages).log, index=0, sha256=_finding(stages).sha256)

    with pytest.raises(ComityError):
        dossiers_of(tested.br)(wrong)


@pytest.mark.parametrize("reader", ["br", "sg", "maker"])
def test_every_followers_register_shows_the_same_finding(
    tested: Federation, stages: Stages, reader: str
) -> None:
    """One signed finding, as many pictures of it as members, none of them different."""
    lookout = lookout_of(tested.nodes[reader], tested.now)
    own = lookout_of(tested.kh, tested.now)
    digest = _finding(stages).sha256.hex()
    shown = finding_sheet(lookout.register(), digest)

    assert shown.results == finding_sheet(own.register(), digest).results
    assert shown.row.not_shown == ("shelter",)
    assert shown.bundle_here
    assert shown.row.provenance.by.name == "kh"
    assert shown.row.provenance.quorum is Quorum.MET
    assert shown.row.provenance.seen_at is not None


def test_the_path_of_a_real_bundle_ends_where_the_finding_says(
    tested: Federation, stages: Stages
) -> None:
    """The picture is drawn from the evidence and must meet what was signed."""
    register = lookout_of(tested.kh, tested.now).register()

    for one in finding_sheet(register, _finding(stages).sha256.hex()).results:
        end = one.path[-1]
        assert (end.asked, end.failed, end.e_value) == (one.asked, one.failed, one.e_value)
