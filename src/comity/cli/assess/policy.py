# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity policy`: fix beforehand whom one relies on, by which route, at which risk."""

from collections.abc import Iterator
from pathlib import Path

from cyclopts import App

from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.case.case import read_or_none
from comity.desk.finding.relying import log_policy
from comity.desk.log.shelf import ViewShelf
from comity.evidence.bank_statement import bank_from_predicate
from comity.evidence.recognition import Policy
from comity.files.policy import Known, read_policy
from comity.node.clock import read_clock
from comity.node.node import Node

app = App(name="policy", help="Fix beforehand what one relies on.")


@app.command(name="set")
def set_(
    file: Path,
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Log a policy; the newest one of a bank is in force, and only for what comes after it.

    Example: comity policy set flood.policy.toml --node br

    A policy is a TOML file:
    bank = "disaster-translation"; trusts = ["kh"]; route = "continuation" (go on with the draw
    oneself) or "plan" (rely on the tester's own verdict); risk = 0.01; threshold = 0.9
    (the least pass rate a plan must ask to be exceeded); requires = ["shelter"] (without it
    nothing is recognised); note = "why". And, where wanted: accreditors = ["un"] (whose
    accreditation of a tester counts like trust in it); testers = 2 (how many must have found
    it); max_age_days = 365; countersigned = true (by the provider); third = true (the draw
    must have heard a third).

    Args:
        file: The policy.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        known = _known(own)
        policy = read_policy(file, known, read_clock())
        reference = log_policy(own, policy, now=read_clock())
        telling.say(_sentence(own, policy))
        if policy.bank not in known.categories:
            telling.say(f"no bank called {policy.bank} is known here yet", style="yellow")
        telling.logged(
            own, reference, "policy", publish=publish, more={"policy": policy.to_predicate()}
        )


def _known(node: Node) -> Known:
    view = node.view()
    members = {log.name: log.member for log in view.members() if not log.is_own}
    peers = {peer.name: peer.member for peer in node.config.peers}
    logs = {str(peer.log_key.name): peer.member for peer in node.config.peers}
    categories: dict[str, set[str]] = {}
    for said in ViewShelf(view).of_kind("bank"):
        bank = read_or_none(bank_from_predicate, said)
        if bank is not None:
            names = {category.name for category in bank.commitment.categories}
            categories.setdefault(bank.bank, set()).update(names)
    return Known(members={**members, **logs, **peers}, categories=categories)


def _sentence(node: Node, policy: Policy) -> str:
    names = {peer.member: peer.name for peer in node.config.peers}
    trusted = ", ".join(names.get(member, member[:16]) for member in policy.trusts)
    needs = f", never without {', '.join(policy.requires)}" if policy.requires else ""
    besides = "".join(f"; {words}" for words in _besides(policy))
    return (
        f"findings of {trusted} on {policy.bank} count, by the route “{policy.route.value}”, "
        f"at a risk of {float(policy.risk) * 100:g} %, where a plan asks for more than "
        f"{float(policy.threshold) * 100:g} %{needs}{besides}"
    )


def _besides(policy: Policy) -> Iterator[str]:
    if policy.accreditors:
        yield f"so do findings of whom any of {len(policy.accreditors)} accreditors vouches for"
    if policy.testers > 1:
        yield f"{policy.testers} testers must each have shown a category"
    if policy.max_age_days is not None:
        yield f"no finding older than {policy.max_age_days} days counts"
    if policy.countersigned:
        yield "the provider must have countersigned"
    if policy.third:
        yield "the draw must have heard a third"
