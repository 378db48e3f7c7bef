# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity assess hand-over`, `take-over` and `continue`: go on with another's draw."""

from comity.cli.assess.render_plan import plan_facts, plan_table
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.assessment.keeping import hand_over, take_over
from comity.desk.assessment.planning import plan_continuation
from comity.desk.case.bundles import bundles_of
from comity.desk.case.case import gather, rederive
from comity.desk.finding.relying import policy_for
from comity.desk.log.citation import cite, short
from comity.desk.log.shelf import ViewShelf, get
from comity.errors import VerificationFailed
from comity.evidence.audit import first_disagreement
from comity.evidence.plan import plan_from_predicate
from comity.node.clock import read_clock


def give(
    finding: str,
    *,
    to: str,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Hand the bank of a finished test, sealed, to the member that will go on with its draw.

    The statement says who could know the items from now on.

    Example: comity assess hand-over kh.example/log#9 --to br --node kh

    Args:
        finding: The finding: its place, or digits of its SHA-256.
        to: The member, by the name in node.toml, its id or its log.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        found = cite(shelf, finding, "finding").reference
        test = gather(shelf, found, bundles_of(own))
        reference = hand_over(own, test, own.get_peer(to).member, now=read_clock())
        telling.logged(own, reference, "custody", publish=publish)


def take(
    custody: str,
    *,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Fetch and open the bank that was handed over; any but the committed one is refused.

    Example: comity assess take-over kh.example/log#10 --node br

    Args:
        custody: The statement that hands it over: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        said = cite(ViewShelf(own.view()), custody, "custody")
        take_over(own, said.reference)
        root = said.subject.hex()
        telling.say(f"the bank is kept here now; its root is the committed one, {root}")
        telling.print_json({"custody": short(said), "root": root})


def continue_draw(
    finding: str,
    *,
    node: NodeFolder,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Plan to go on with a finding's draw, at the risk of one's own policy logged before.

    Nothing else is left to choose. What was not shown is not continued.

    Example: comity assess continue kh.example/log#9 --node br

    Args:
        finding: The finding to go on with: its place, or digits of its SHA-256.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        shelf = ViewShelf(own.view())
        found = cite(shelf, finding, "finding").reference
        test = gather(shelf, found, bundles_of(own))
        wrong = first_disagreement(rederive(test))
        if wrong is not None:
            raise VerificationFailed(
                f"{wrong.name}: {wrong.message}",
                code="desk.rederive",
                hint="there is nothing to go on with; decline it: comity recognise",
                place=wrong.place,
            )
        policy = policy_for(own, test.case.bank.bank).policy
        reference = plan_continuation(own, test, policy.risk, now=read_clock())
        said = get(ViewShelf(own.view()), reference, "plan")
        plan = plan_from_predicate(said.statement.predicate)
        plan_table(telling.console, plan)
        more = {"plan": plan_facts(plan)}
        telling.logged(own, reference, "plan", publish=publish, more=more)
