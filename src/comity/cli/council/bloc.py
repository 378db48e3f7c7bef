# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity council mandate|roll`: who speaks for whom, and who has a seat."""

from comity.cli.council.vote import instant_of
from comity.cli.option import words_of
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.council.decision.bloc import Given, change_roll, give_mandate
from comity.desk.council.decision.result import find_proposal
from comity.node.clock import read_clock


def mandate(
    bloc: str,
    holder: str,
    *,
    node: NodeFolder,
    on: str = "",
    until: str | None = None,
    rule: str = "By consensus.",
    beside: bool = False,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Let another member speak for you in a bloc; your own ballot always wins.

    Take it back with comity withdraw; a new one for the same bloc replaces it.

    Example: comity council mandate mekong vn --on "incidents" --until 2027-12-31T00:00:00Z
    --node kh

    Args:
        bloc: Which bloc, in lower case.
        holder: Who speaks: a peer's name or a member's id.
        on: Topics, with commas between; none for every topic.
        until: First instant at which it no longer holds.
        rule: How the bloc finds its position, in words.
        beside: Give it though another bloc holds one for the same topic; contrary positions
            of two blocs then count for nothing.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        given = Given(
            bloc=bloc, holder=holder, scope=words_of(on), until=instant_of(until), rule=rule,
            beside=beside,
        )  # fmt: skip
        logged = give_mandate(own, given, now=read_clock())
        telling.logged(own, logged, "bloc-mandate", publish=publish)


def roll(
    member: str,
    change: str,
    *,
    node: NodeFolder,
    on: str | None = None,
    by: str | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Record that a member joined, left, was suspended, restored or expelled.

    A member leaves by its own word (withdrawn); all else rests on a proposal whose text says
    so by the member's id (such as "expelled 3fa9...") and that readers find adopted themselves.

    Example: comity council roll th admitted --by kh.example/log#7 --node kh

    Args:
        member: Whose seat: a peer's name, or a member's id.
        change: admitted, suspended, restored, expelled or withdrawn.
        on: From when, such as 2027-01-01T00:00:00Z; else now.
        by: The proposal by whose adoption it was decided.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        now = read_clock()
        rests = None if by is None else find_proposal(own, by)
        since = instant_of(on) or now
        logged = change_roll(own, member, change, on=since, by=rests, now=now)
        telling.logged(own, logged, "roll-change", publish=publish)
