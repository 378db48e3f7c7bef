# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess drift`: after deployment, check again with items nobody has opened."""

import secrets
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Self

from cyclopts import Parameter
from rich.progress import Progress
from rich.table import Table

from comity.assess.run.runner import Manner, Step
from comity.cli.assess.service import NO_SERVICE, ServiceOption, described, subject_of
from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
    read_shares,
)
from comity.cli.trust.render_binding import binding_line
from comity.desk.assessment.drift import QUESTIONS, announce, check_again
from comity.desk.assessment.drift_review import review
from comity.desk.log.citation import cite
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import Fault, InvalidDocument
from comity.evidence.drift import Drift, drift_from_predicate, recheck_from_predicate
from comity.kernel.reference import Reference
from comity.kernel.truth import Truth
from comity.node.clock import read_clock
from comity.node.node import Node

ALARM = 1
"""What the shell is told of an alarm, as of anything that does not verify."""


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """How it is checked.

    Args:
        questions: How many are asked of each category that was shown.
        risk: Greatest chance of ever raising a wrong alarm, else 5%; the first check fixes it.
        review: Ask nothing; derive anew what the checks so far have found, anyone's.
    """

    questions: int = QUESTIONS
    risk: str | None = None
    review: Annotated[bool, Parameter(negative="")] = False


AS_USUAL = Watching()


def drift(
    finding: str,
    *,
    node: NodeFolder,
    service: ServiceOption = NO_SERVICE,
    watching: Watching = AS_USUAL,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> int:
    """Check a tested service again: has it fallen to its threshold, or become another?

    The draw is committed to and published before anything is asked, and made of items that
    nobody has opened. The evidence of all checks of a finding adds up and may be looked at
    whenever one likes: over all of them together, a wrong alarm is no likelier than --risk.
    Exit code 1 says alarm. Interrupted, the same command goes on where it stopped.

    Example: comity assess drift kh.example/log#12 --subject service.toml --node kh

    Example: comity assess drift kh.example/log#12 --review --node br

    Args:
        finding: The finding: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    if watching.review:
        return _review(telling, node, finding, passphrase_file)
    risk = _risk(watching)
    subject = subject_of(service)
    with opened(node, passphrase_file) as own:
        announced = _announced(own, finding, watching.questions, risk)
        with _Bar(telling, own, announced) as bar:
            reference = check_again(
                own, announced, subject, described(service), now=read_clock(),
                progress=bar.take, manner=Manner(width=service.width),
            )  # fmt: skip
        found = _found(own, reference)
        _tell(telling, found)
        telling.logged(own, reference, "drift", publish=publish, more=_facts(found))
    return ALARM if found.alarm else 0


def _risk(watching: Watching) -> Fraction | None:
    if not 1 <= watching.questions <= 1_000:
        fault = Fault(message="--questions is not from 1 to 1000")
        raise InvalidDocument("not a check", code="cli.drift", faults=[fault])
    return read_shares(risk=watching.risk).get("risk")


def _announced(node: Node, finding: str, questions: int, risk: Fraction | None) -> Reference:
    """Return where the check is announced, published so that it counts."""
    said = cite(ViewShelf(node.view()), finding, "finding")
    announced = announce(
        node, said, now=read_clock(), entropy=secrets.token_bytes,
        questions=questions, risk=risk,
    )  # fmt: skip
    if not get(ViewShelf(node.view()), announced, "recheck").is_counted:
        node.publish(read_clock())
    return announced


class _Bar:
    """One bar over all questions of a check."""

    def __init__(self, telling: Telling, node: Node, announced: Reference) -> None:
        statement = get(ViewShelf(node.view()), announced, "recheck").statement
        recheck = recheck_from_predicate(statement.predicate)
        self._total = sum(one.questions for one in recheck.categories)
        quiet = telling.as_json or not telling.console.is_terminal
        self._progress = Progress(console=telling.console, disable=quiet)

    def __enter__(self) -> Self:
        self._progress.start()
        self._task = self._progress.add_task("asking", total=self._total)
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def take(self, step: Step) -> None:
        """Take note of one outcome."""
        del step
        self._progress.advance(self._task)


def _review(telling: Telling, folder: NodeFolder, finding: str, secret: PassphraseFile) -> int:
    with looked_at(folder, secret) as own:
        said = cite(ViewShelf(own.view()), finding, "finding")
        with telling.working("deriving every check anew"):
            reviewed = list(review(own, said))
    for place, check in reviewed:
        style = {Truth.TRUE: "green", Truth.FALSE: "red"}.get(check.holds, "yellow")
        telling.say(f"{place}: {check.name}: {check.message}", style=style)
    if not reviewed:
        telling.say("no check of this finding is known here")
    telling.print_json(
        {
            "checks": [
                {"drift": place, "name": one.name, "holds": one.holds.value}
                for place, one in reviewed
            ]
        }
    )
    return ALARM if any(one.holds is Truth.FALSE for _, one in reviewed) else 0


def _found(node: Node, reference: Reference) -> Drift:
    said = get(ViewShelf(node.view()), reference, "drift")
    return drift_from_predicate(said.statement.predicate)


def _tell(telling: Telling, found: Drift) -> None:
    if found.identity is not None:
        telling.say(binding_line(found.identity))
    for words in found.changed:
        telling.say(words, style="red")
    table = Table("category", "asked", "failed", "this check", "all checks", "")
    for one in found.results:
        fallen = "fallen" if one.category in found.fallen else ""
        table.add_row(
            one.category, str(one.asked), str(one.failed), one.e_value, one.evidence, fallen
        )
    if found.results and not telling.as_json:
        telling.console.print(table)
    if found.alarm:
        telling.say(f"alarm: evidence {found.evidence} that it has changed", style="bold red")
    else:
        telling.say(f"no alarm: evidence {found.evidence}", style="green")


def _facts(found: Drift) -> dict[str, object]:
    return {
        "alarm": found.alarm,
        "evidence": found.evidence,
        "fallen": list(found.fallen),
        "changed": list(found.changed),
        "results": [one.to_json() for one in found.results],
    }
