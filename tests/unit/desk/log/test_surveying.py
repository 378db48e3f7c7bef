# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0

from tests.fakes.federation import Federation

from comity.desk.finding.collection import collect_folder
from comity.desk.log.surveying import survey
from comity.kernel.instant import from_posix
from comity.node.care.audit import VerifiedLog

LATER = from_posix(1_900_000_000)


def logs_of(federation: Federation) -> list[VerifiedLog]:
    """Return every log of a federation as one of its members holds it."""
    return [mark.log for mark in collect_folder(federation.br.folder).logs]


def test_an_honest_federation_gives_a_monitor_nothing_to_say(tested: Federation) -> None:
    """An alarm that rings for everybody is heard by nobody."""
    tested.br.record_seen(tested.now())
    logs = logs_of(tested)
    found = survey(logs, LATER)
    assert len(found) == len(logs) == 4
    assert [(one.faults, one.anomalies) for one in found] == [({}, {})] * 4


def test_every_kind_a_test_takes_is_among_what_was_held_against_its_schema(
    tested: Federation,
) -> None:
    """Else the test above would say nothing of them."""
    kinds = {
        entry.reading.statement.kind
        for log in logs_of(tested)
        for entry in log.entries
        if entry.reading.statement is not None
    }
    assert {"keyset", "system", "bank", "application", "plan", "reveal", "finding"} <= kinds


def test_a_clock_that_is_behind_makes_everything_look_ahead(tested: Federation) -> None:
    """The reader's own clock bounds what it believes; a wrong one shows at once."""
    found = survey(logs_of(tested), from_posix(0))
    assert all(one.anomalies for one in found)
