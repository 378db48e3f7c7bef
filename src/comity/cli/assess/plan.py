# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess plan`: design a test, and where there is an application, log it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from comity.cli.assess.design_option import (
    NO_DESIGN,
    DesignOption,
    requests_of,
    unsound,
    without_bank,
)
from comity.cli.assess.draw import NO_DRAW, Draw, check_draw, with_draw, words_of_third
from comity.cli.assess.render_plan import design_facts, design_table, plan_facts
from comity.cli.assess.rules import NO_RULES, RulesOption, with_rules
from comity.cli.assess.tray import Tray
from comity.cli.session import (
    Json,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
    read_shares,
)
from comity.desk.assessment.designing import design_all
from comity.desk.assessment.designplot import picture_of
from comity.desk.assessment.judging import to_stated
from comity.desk.assessment.planning import Ask, draft_plan, plan_test
from comity.desk.log.citation import cite
from comity.desk.log.shelf import Said, ViewShelf
from comity.errors import Fault, InvalidDocument
from comity.evidence.attempt import Sharing, sharing_of
from comity.evidence.combine import attempt_risk
from comity.evidence.judge.stated import StatedJudge, false_pass_of
from comity.evidence.plan import Plan
from comity.evidence.publishing import Publishing
from comity.evidence.statistics.kind import AnyDesign
from comity.files.claim import read_claim
from comity.files.judge import read_judge
from comity.files.text import write_whole
from comity.node.clock import read_clock
from comity.node.node import Node

NAMES = ("threshold", "goal", "risk", "power")
DESIGNING = (*NAMES, "claim", "category", "judge")
"""The numbers that a design needs; the others are of use to a plan that is logged."""

SPELLED = {"round_number": "round"}
IDLE = "says nothing without an application"
BLANK = Ask(threshold=Fraction(0), goal=Fraction(1))


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What is wanted of every category.

    Args:
        claim: The bank's claim, a TOML file, with threshold, goal, risk and power.
        threshold: Pass rate that must be exceeded: 0.9, 9/10 or 90%. Goes before the claim's.
        goal: Pass rate at which "shown" is to be likely.
        risk: Greatest chance of a wrong "shown", over all attempts together; else 5%.
        power: Least chance of "shown" at the goal; else 90%.
        category: Test only these; without it, every category of the bank.
        timeout_s: Seconds after which an answer counts as failed.
        max_answer_bytes: UTF-8 bytes beyond which an answer counts as failed.
        allow_unreviewed: Let items decide that no reader of their language has reviewed.
        publish_items: Which opened items become public with the finding: all, those that
            failed, or none. What is kept back goes to who hears an appeal.
        judge: The file of the judge, where the bank has answers that a judge must judge; its
            error raises the threshold the numbers are made for.
    """

    claim: Path | None = None
    threshold: Annotated[str | None, Parameter(name=("--threshold", "--over"))] = None
    goal: str | None = None
    risk: str | None = None
    power: str | None = None
    category: Annotated[tuple[str, ...], Parameter(consume_multiple=True, negative="")] = ()
    timeout_s: float = 30.0
    max_answer_bytes: int = 16_384
    allow_unreviewed: bool = False
    publish_items: Literal["all", "failed", "none"] = "all"
    judge: Path | None = None


NO_NUMBERS = Numbers()


def plan(
    application: str | None = None,
    *,
    node: Annotated[Path | None, Parameter(name="--node", help="The node's folder.")] = None,
    numbers: Numbers = NO_NUMBERS,
    design: DesignOption = NO_DESIGN,
    rules: RulesOption = NO_RULES,
    draw: Draw = NO_DRAW,
    dry_run: bool = False,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Design a test; to an application, fix and log the numbers before any question is due.

    Without an application no node is needed; numbers, exact risk and expectations are shown.

    Example: comity assess plan --size 2000 --over 95% --goal 97% --at 93% 95% 96% 97% 100%

    Example: comity assess plan --size 2000 --categories 31 --over 90% --goal 97% --joint-power

    Example: comity assess plan maker.example/log#3 --claim flood.claim.toml --node kh

    Example: comity assess plan 1a2b3c4d --threshold 90% --goal 97% --dry-run --node kh

    Args:
        application: The provider's application: its place, or digits of its SHA-256.
        dry_run: Show the numbers; draw, log and publish nothing.
    """
    telling = Telling(as_json=as_json)
    if application is None:
        tray = Tray(faults=_idle(numbers, rules, draw, node))
        _design_only(telling, numbers, design, tray)
        return
    folder, asked = _asked(numbers, design, rules, draw, node)
    with (looked_at if dry_run else opened)(folder, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), application, "application")
        ask = with_draw(asked, draw, own, said)
        draft = _drafted(telling, own, said, ask, design)
        _log(telling, own, ask, draft, publish=None if dry_run else publish)


def _log(telling: Telling, own: Node, ask: Ask, draft: Plan, *, publish: bool | None) -> None:
    """Log the plan told, or say that nothing was logged where *publish* is None."""
    facts = {"plan": plan_facts(draft)}
    if publish is None:
        telling.say("nothing was logged", style="yellow")
        telling.print_json(facts)
        return
    now, entropy = read_clock(), secrets.token_bytes
    reference = plan_test(own, draft.application, ask, now=now, entropy=entropy)
    telling.logged(own, reference, "plan", publish=publish, more=facts)


def _drafted(telling: Telling, own: Node, said: Said, ask: Ask, option: DesignOption) -> Plan:
    """Return the plan as it would be logged, once it is told and drawn."""
    rates = option.rates
    with telling.working("finding the fewest questions that hold the risk"):
        draft = draft_plan(own, said.reference, ask, now=read_clock())
    _tell_draft(telling, draft, rates)
    _draw(telling, {name: draft.design_of(name) for name in draft.categories}, option.svg)
    return draft


def _idle(numbers: Numbers, rules: RulesOption, draw: Draw, node: Path | None) -> list[Fault]:
    """List options that only a plan to be logged has a use for."""
    numbers_only = replace(numbers, **{name: getattr(NO_NUMBERS, name) for name in DESIGNING})
    given = [
        field.name
        for option, none in ((numbers_only, NO_NUMBERS), (rules, NO_RULES), (draw, NO_DRAW))
        for field in fields(option)
        if getattr(option, field.name) != getattr(none, field.name)
    ]
    named = ["node"] if node is not None else []
    return [
        Fault(message=f"--{SPELLED.get(name, name.replace('_', '-'))} {IDLE}")
        for name in (*named, *given)
    ]


def _design_only(telling: Telling, numbers: Numbers, option: DesignOption, tray: Tray) -> None:
    """Design a test without an application; nothing is logged."""
    rates = tray.take(lambda: option.rates) or ()
    shares = _shares(numbers, tray)
    tray.add(_unsaid(numbers))
    judges = tray.take(lambda: _judges(numbers)) or ()
    requests = tray.take(lambda: requests_of(option, shares, tuple(numbers.category))) or {}
    if tray.faults:
        tray.add(unsound(option, shares))
    tray.check()
    with telling.working("finding the fewest questions that hold the risk"):
        designs = design_all(requests, option.manner, false_pass=false_pass_of(judges))
    design_table(telling.console, designs, rates)
    if option.listed:
        telling.say("what is claimed is the list of the categories shown, whichever they are")
    _draw(telling, designs, option.svg)
    telling.print_json(design_facts(designs, rates))


def _draw(telling: Telling, designs: Mapping[str, AnyDesign], path: Path | None) -> None:
    if path is None:
        return
    name, design = next(iter(designs.items()))
    write_whole(path, picture_of(design, name if len(designs) > 1 else ""), "picture")
    telling.say(f"drawn: {path}")


def _needed(node: Path | None) -> Path:
    if node is None:
        message = "--node is missing: an application is answered on a member's own node"
        faults = [Fault(message=message)]
        raise InvalidDocument("cannot be planned", code="cli.plan", faults=faults)
    return node


def _unsaid(numbers: Numbers) -> list[Fault]:
    """List what is to be shown and nobody says, as it is typed."""
    return [
        Fault(message=f"neither {option} nor --claim says it")
        for name, option in (("threshold", "--over"), ("goal", "--goal"))
        if numbers.claim is None and getattr(numbers, name) is None
    ]


def _shares(numbers: Numbers, tray: Tray) -> dict[str, Fraction]:
    """Return threshold, goal, risk and power, as far as they are said and can be read."""
    claim = numbers.claim
    read = None if claim is None else tray.take(lambda: read_claim(claim))
    shares = {} if read is None else {name: getattr(read, name) for name in NAMES}
    for name in NAMES:
        shares |= tray.take(partial(_read, numbers, name)) or {}
    return shares


def _read(numbers: Numbers, name: str) -> dict[str, Fraction]:
    return read_shares(**{name: getattr(numbers, name)})


def _judges(numbers: Numbers) -> tuple[StatedJudge, ...]:
    return () if numbers.judge is None else (to_stated(read_judge(numbers.judge)),)


def _tell_draft(telling: Telling, draft: Plan, rates: tuple[Fraction, ...]) -> None:
    """Say what a plan rests on besides its numbers, and then its numbers."""
    tried = f"attempt {draft.attempt} of this system on banks of this name"
    if sharing_of(draft) is Sharing.PRODUCT:
        telling.say(f"{tried}; the e-values of all attempts multiply")
    else:
        part = attempt_risk(Fraction(1), draft.attempt)
        telling.say(f"{tried}, which may spend {part} of the risk asked for")
    if draft.retired:
        telling.say(f"{len(draft.retired)} items were opened before and are not asked again")
    if draft.draw is not None:
        telling.say(words_of_third(draft.draw))
    for judge in draft.judges:
        share = f"{float(judge.threshold) * 100:.4g} %"
        telling.say(f"{judge.in_words}; shown means more than {share} all the same")
    if draft.listed:
        telling.say("what is claimed is the list of the categories shown, whichever they are")
    by_category = {name: draft.design_of(name) for name in draft.categories}
    design_table(telling.console, by_category, rates)


def _asked(
    numbers: Numbers, design: DesignOption, rules: RulesOption, draw: Draw, node: Path | None
) -> tuple[Path, Ask]:
    """Return the node's folder and what is wanted of every category.

    Raises:
        InvalidDocument: With every fault that can be told before the node is opened.
    """
    tray = Tray()
    folder = tray.take(lambda: _needed(node)) or Path()
    tray.take(lambda: without_bank(design))
    tray.take(lambda: design.rates)
    shares = _shares(numbers, tray)
    tray.add(_unsaid(numbers))
    tray.add(_limit_faults(numbers))
    judges = tray.take(lambda: _judges(numbers)) or ()
    tray.take(lambda: check_draw(draw))
    ruled = tray.take(lambda: with_rules(BLANK, rules)) or BLANK
    tray.add(unsound(design, shares))
    tray.check()
    return folder, replace(
        ruled,
        threshold=shares["threshold"],
        goal=shares["goal"],
        risk=shares.get("risk", BLANK.risk),
        power=shares.get("power", BLANK.power),
        categories=tuple(numbers.category) or None,
        timeout_ms=round(numbers.timeout_s * 1000),
        max_answer_bytes=numbers.max_answer_bytes,
        allow_unreviewed=numbers.allow_unreviewed,
        manner=design.manner,
        publish_items=Publishing(numbers.publish_items),
        judges=judges,
    )


def _limit_faults(numbers: Numbers) -> list[Fault]:
    faults = []
    if not 0.001 <= numbers.timeout_s <= 3600:
        faults.append(Fault(message="--timeout-s is not from 0.001 to 3600"))
    if not 1 <= numbers.max_answer_bytes <= 2**20:
        faults.append(Fault(message="--max-answer-bytes is not from 1 to 1048576"))
    return faults
