# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A judge's verdict on every answer and people's on some, brought to one e-value."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from comity.errors import Fault, InvalidDocument
from comity.evidence.judge.ppi import Powered, is_seen
from comity.files.judged import Judged, read_judged
from comity.kernel.digest import Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What it came to.

    Args:
        powered: The test, up to the first line that waits.
        waiting: Lines, from 1, that people have to judge still.
    """

    powered: Powered
    waiting: tuple[int, ...]


def power(
    path: Path, *, seed: Digest, rate: Fraction, threshold: Fraction, risk: Fraction
) -> Found:
    """Test a population by the verdicts in a file.

    Raises:
        NotFound: The file cannot be read.
        InvalidDocument: Any fault in it, each with its line; or shares that make no test.
    """
    _check(rate, threshold, risk)
    rows = read_judged(path)
    faults = [
        Fault(message="people judged an answer the seed does not show them", line=row.line)
        for at, row in enumerate(rows)
        if row.passes is not None and not is_seen(seed, at, rate)
    ]
    if faults:
        raise InvalidDocument(
            "labels that were not drawn",
            code="desk.powered",
            hint="whoever chooses what to label chooses the result",
            source=str(path),
            faults=faults,
        )
    waiting = tuple(
        row.line
        for at, row in enumerate(rows)
        if row.passes is None and is_seen(seed, at, rate)
    )
    return Found(powered=_run(rows, waiting, _begin(rate, threshold, risk)), waiting=waiting)


def _run(rows: tuple[Judged, ...], waiting: tuple[int, ...], powered: Powered) -> Powered:
    for row in rows:
        if waiting and row.line == waiting[0]:
            break
        powered = powered.after(judged=row.judge, passes=row.passes)
    return powered


def _begin(rate: Fraction, threshold: Fraction, risk: Fraction) -> Powered:
    return Powered(threshold=threshold, rate=rate, risk=risk)


def _check(rate: Fraction, threshold: Fraction, risk: Fraction) -> None:
    faults = [
        Fault(message=message)
        for is_fine, message in (
            (0 < rate <= 1, "the rate is not above 0 and at most 1"),
            (0 <= threshold < 1, "the threshold is not from 0 to below 1"),
            (0 < risk < 1, "the risk is not between 0 and 1"),
        )
        if not is_fine
    ]
    if faults:
        raise InvalidDocument("no test", code="desk.powered", faults=faults)
