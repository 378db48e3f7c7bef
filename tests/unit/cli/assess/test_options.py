# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What a tester writes of rates, tries and pages is understood, or refused with the reason."""

from fractions import Fraction

import pytest

from comity.cli.assess.manner import MannerOption, check_manner, find_page
from comity.cli.assess.rules import RulesOption, find_rate, with_rules
from comity.cli.assess.watch import duration
from comity.desk.assessment.planning import Ask
from comity.errors import InvalidDocument
from comity.evidence.asking import Rate, Retry
from comity.evidence.transcript import Missing

ASK = Ask(threshold=Fraction(1, 2), goal=Fraction(9, 10))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2/s", Rate(questions=2, per_ms=1_000)),
        (" 60/min ", Rate(questions=60, per_ms=60_000)),
        ("1000/h", Rate(questions=1000, per_ms=3_600_000)),
        ("0/s", None),
        ("60", None),
        ("60/day", None),
        ("-1/s", None),
        ("9999999/s", None),
    ],
)
def test_a_rate_is_written_as_people_say_it(text: str, found: Rate | None) -> None:
    """So many in such a time."""
    assert find_rate(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1:8090", ("127.0.0.1", 8090)),
        ("0", ("127.0.0.1", 0)),
        ("localhost:80", ("127.0.0.1", 80)),
        ("[::1]:8090", ("::1", 8090)),
        ("127.9.9.9:1", ("127.9.9.9", 1)),
        ("0.0.0.0:8090", None),
        ("192.168.1.2:8090", None),
        ("example.org:80", None),
        ("127.0.0.1:70000", None),
        ("127.0.0.1", None),
    ],
)
def test_a_page_is_of_this_machine_alone(text: str, found: tuple[str, int] | None) -> None:
    """It asks nobody for a password, so nobody else may reach it."""
    assert find_page(text) == found


def test_tries_are_asked_for_by_reason_and_wait() -> None:
    """Each wait stands for one further try; without any there is one, at once."""
    waited = with_rules(ASK, RulesOption(retry=("busy", "busy"), retry_wait_s=(1, 0.5)))
    once = with_rules(ASK, RulesOption(retry=("interrupted",), rate="60/min"))

    assert waited.retry == Retry(reasons=(Missing.BUSY,), waits_ms=(1_000, 500))
    assert once.retry == Retry(reasons=(Missing.INTERRUPTED,), waits_ms=(0,))
    assert once.rate == Rate(questions=60, per_ms=60_000)
    assert with_rules(ASK, RulesOption()) == ASK


def test_every_fault_of_the_rules_is_said_at_once() -> None:
    """Nobody runs a command three times to learn three faults."""
    with pytest.raises(InvalidDocument) as caught:
        with_rules(ASK, RulesOption(retry_wait_s=(-1.0,), rate="fast"))

    assert len(caught.value.faults) == 3


def test_every_fault_of_the_manner_is_said_at_once() -> None:
    """And nothing is opened before."""
    option = MannerOption(
        price_question=-1, rate="fast", abreast=0, workers=65, page="0.0.0.0:80"
    )

    with pytest.raises(InvalidDocument) as caught:
        check_manner(option)

    assert len(caught.value.faults) == 5
    check_manner(MannerOption())


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.31, "0.3 s"), (42, "42 s"), (600, "10 min"), (7_200, "2.0 h"), (864_000, "10.0 days")],
)
def test_a_time_is_written_as_people_say_it(seconds: float, said: str) -> None:
    """Nobody reads 864,000 seconds."""
    assert duration(seconds) == said
