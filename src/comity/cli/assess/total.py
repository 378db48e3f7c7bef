# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess total`: what a finding says of one weighted total."""

from fractions import Fraction
from typing import Annotated

from cyclopts import Parameter

from comity.cli.assess.tray import Tray
from comity.cli.session import Json, NodeFolder, PassphraseFile, Telling, looked_at, read_shares
from comity.desk.finding.totalling import Total, total_of
from comity.desk.log.citation import cite
from comity.desk.log.shelf import ViewShelf
from comity.errors import Fault, InvalidDocument
from comity.evidence.statistics.eprocess import to_published
from comity.kernel.reference import to_ratio_json
from comity.kernel.share import percent


def total(
    finding: str,
    *,
    node: NodeFolder,
    over: str,
    weight: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")] = (),
    risk: str = "5%",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Weigh a finding's categories into one pass rate, and say what it exceeds.

    Without --weight each category counts by its items: the pass rate of the whole bank,
    however unevenly it was asked. Weights fixed after the results are known prove nothing. A
    total never replaces the categories: it may be good while one of them fails.

    Example: comity assess total kh.example/log#9 --over 90% --node br

    Example: comity assess total 1a2b3c4d --over 90% --weight rescue=1/2 medical=1/2 --node br

    Args:
        finding: The finding: its place, or digits of its SHA-256.
        over: The total that must be exceeded: 0.9, 9/10 or 90%.
        weight: CATEGORY=SHARE of each category; the shares sum to 1.
        risk: Greatest chance of a wrong "shown".
    """
    telling = Telling(as_json=as_json)
    tray = Tray(about="no such total", code="cli.weight")
    shares = tray.take(lambda: read_shares(over=over, risk=risk)) or {}
    weights = tray.take(lambda: _weights(weight)) or {}
    tray.check()
    with looked_at(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        said = cite(shelf, finding, "finding")
        found = total_of(shelf, said, weights, threshold=shares["over"], risk=shares["risk"])
    _tell(telling, found, shares["over"], shares["risk"])
    telling.print_json(_facts(found))


def _weights(texts: tuple[str, ...]) -> dict[str, Fraction]:
    faults: list[Fault] = []
    found: dict[str, Fraction] = {}
    for text in texts:
        name, given, share = text.rpartition("=")
        try:
            found[name] = read_shares(weight=share)["weight"]
        except InvalidDocument:
            given = ""
        if not given or not name:
            faults.append(Fault(message=f"--weight {text!r} is not CATEGORY=SHARE"))
    if len(found) + len(faults) < len(texts):
        faults.append(Fault(message="--weight names one category twice"))
    if faults:
        raise InvalidDocument("no such total", code="cli.weight", faults=faults)
    return found


def _tell(telling: Telling, found: Total, over: Fraction, risk: Fraction) -> None:
    for name, one in found.strata.items():
        passed = one.asked - one.failed
        telling.say(f"{name:<24} {passed} of {one.asked} passed, weight {one.weight}")
    said = "shown" if found.is_shown else "not shown"
    telling.say(
        f"more than {percent(over)} in total: {said} at a risk of {percent(risk)} "
        f"(e-value {to_published(found.evidence.least)})",
        style="bold",
    )
    bound = found.lower_bound
    above = "nothing" if bound is None else f"more than {percent(bound)}"
    telling.say(f"weighed so, {percent(found.estimate)} passed; shown is {above}")


def _facts(found: Total) -> dict[str, object]:
    bound = found.lower_bound
    return {
        "is_shown": found.is_shown,
        "e_value": to_published(found.evidence.least),
        "estimate": to_ratio_json(found.estimate),
        "lower_bound": None if bound is None else to_ratio_json(bound),
        "categories": [
            {
                "category": name,
                "weight": to_ratio_json(one.weight),
                "asked": one.asked,
                "failed": one.failed,
            }
            for name, one in found.strata.items()
        ],
    }
