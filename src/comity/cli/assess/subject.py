# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity subject`: the file that says how a service is reached, tried before any test."""

from pathlib import Path

from cyclopts import App

from comity.assess.subjects.subject import GREETING, Limits
from comity.cli.session import Json, Telling
from comity.desk.assessment.service import check as check_subject
from comity.desk.assessment.service import to_subject
from comity.errors import Fault, InvalidDocument
from comity.files.subject import read_subject

app = App(
    name="subject",
    help="""Say how a service is reached, whatever it is, and try it before any test.

    A service.toml describes an endpoint, a function, a program or weights on this machine;
    docs/reference/subjects.md shows one of each kind.
    """,
)


@app.command
def check(file: Path, *, timeout_s: float = 30.0, as_json: Json = False) -> None:
    """Send one greeting and say in plain words what is wrong; no bank is touched.

    Example: comity subject check service.toml

    Args:
        file: How the service is reached, a TOML file.
        timeout_s: How long the answer may take.
    """
    telling = Telling(as_json=as_json)
    if not 0 < timeout_s <= 3_600:
        fault = Fault(message="--timeout-s is not from above 0 to 3600")
        raise InvalidDocument("not a check", code="cli.subject", faults=[fault])
    service = read_subject(file)
    subject = to_subject(service)
    with telling.working(f"asking {subject.label}"):
        check_subject(subject, Limits(timeout_s=timeout_s))
    traits = subject.traits
    telling.say(f"{subject.label} answers {GREETING!r} as it should", style="green")
    held = "it can be asked conversations" if traits.converses else "single messages only"
    telling.say(f"{held}; at most {traits.width} questions at a time")
    telling.print_json(
        {
            "kind": service.kind.value,
            "label": subject.label,
            "converses": traits.converses,
            "width": traits.width,
        }
    )
