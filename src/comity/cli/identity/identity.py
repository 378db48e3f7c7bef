# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity identity`: who a member is, who vouches for it, and how its keys change."""

from pathlib import Path

from cyclopts import App

from comity.cli.identity.draft import log, prepare, sign
from comity.cli.identity.keys import compromise, root_new, rotate
from comity.cli.identity.render_identity import say_membership, to_facts
from comity.cli.option import day_of
from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
)
from comity.desk.log.membership import endorse as endorse_member
from comity.desk.log.membership import find_member, membership_of
from comity.errors import InvalidDocument
from comity.kernel.instant import from_rfc3339
from comity.node.clock import read_clock

app = App(
    name="identity", help="Show who members are; vouch for them; rotate keys; sign together."
)
app.command(compromise)
app.command(log)
app.command(prepare)
app.command(root_new, name="root-new")
app.command(rotate)
app.command(sign)


@app.command
def show(
    member: str | None = None,
    *,
    node: NodeFolder = Path(),
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Show a member's id, its fingerprint, the history of its keys, and who vouches for it.

    The fingerprint is what you and its operator read to each other over another channel. A
    name is what the member calls itself; whose word stands behind it is listed, nothing more.

    Example: comity identity show --node kh

    Example: comity identity show vn --node kh

    Args:
        member: A peer's name, a log's name, an id or its first 8 digits; else the node itself.
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as one:
        who = one.member if member is None else find_member(one, member)
        view = one.view()
        found = membership_of(view, who, read_clock())
        say_membership(telling, found)
        telling.print_json(to_facts(found))


@app.command
def endorse(
    member: str,
    *,
    checked: str,
    until: str = "",
    node: NodeFolder = Path(),
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Log that you compared a member's key and name, and how.

    Others see your word as yours, with how you checked. `comity withdraw` takes it back.

    Example: comity identity endorse vn --checked "read out by its director on 2026-11-20,
    on the number the ministry publishes" --until 2028-01-01 --node kh

    Args:
        member: A peer's name, a log's name, an id or its first 8 digits.
        checked: How you compared the fingerprint, in plain words.
        until: The day from which it no longer holds; without it, until you withdraw it.
    """
    telling, day = Telling(as_json=as_json), day_of(until)
    end = None if day is None else from_rfc3339(f"{day.isoformat()}T00:00:00Z")
    if end is not None and end <= read_clock():
        message, hint = f"--until {until} is over already", "give a day to come"
        raise InvalidDocument(message, code="cli.until", hint=hint)
    with opened(node, passphrase_file) as one:
        who = find_member(one, member)
        reference = endorse_member(one, who, checked=checked, until=end, now=read_clock())
        telling.logged(one, reference, f"endorsement of {who[:16]}", publish=publish)
