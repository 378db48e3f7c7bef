# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity judge ppi`: a judge on every answer, people on some, where answers are cheap."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.session import Json, Telling, read_shares
from comity.desk.assessment.auditing import decimal
from comity.desk.assessment.powering import Found, power
from comity.kernel.digest import from_hex


def ppi(
    judged: Path,
    *,
    rate: str,
    threshold: Annotated[str, Parameter(name=("--threshold", "--over"))],
    seed: str,
    risk: str = "5%",
    as_json: Json = False,
) -> None:
    """Test a population by a judge's verdict on every answer and people's on some.

    A line is {"judge": true, "passes": false}; "passes" is null, or left away, where people
    have not judged. The seed decides whom they see: lines that wait for people are named, and
    only the lines before the first of them count.

    Example: comity judge ppi judged.jsonl --rate 1/4 --threshold 95% --seed 8f…3c

    Args:
        judged: Verdicts, JSONL, in the order in which the answers came.
        rate: Probability that people see an answer.
        threshold: Pass rate of the population that must be exceeded.
        seed: 64 hexadecimal digits that nobody knew when the answers were judged.
        risk: Greatest probability of ever a wrong "shown".
    """
    telling = Telling(as_json=as_json)
    shares = read_shares(rate=rate, threshold=threshold, risk=risk)
    found = power(judged, seed=from_hex(seed), **shares)
    _tell(telling, found)
    telling.print_json(_facts(found))


def _tell(telling: Telling, found: Found) -> None:
    done = found.powered
    word = "the claim is shown" if done.is_shown else "not shown yet"
    style = "green" if done.is_shown else "yellow"
    telling.say(f"{word} (e-value {decimal(done.evidence.value)})", style=style)
    telling.say(
        f"{done.asked} answers judged, {done.labelled} of them seen by people, who said "
        f"otherwise {done.corrected} times"
    )
    if found.waiting:
        first = ", ".join(map(str, found.waiting[:10]))
        more = " …" if len(found.waiting) > 10 else ""
        telling.say(f"people have still to judge lines {first}{more}", style="yellow")


def _facts(found: Found) -> dict[str, object]:
    done = found.powered
    return {
        "verdict": done.verdict.value,
        "e_value": decimal(done.evidence.value),
        "judged": done.asked,
        "labelled": done.labelled,
        "corrected": done.corrected,
        "waiting": list(found.waiting),
    }
