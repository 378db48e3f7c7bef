# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity blob erase`, `consent` and `erasures`: erase in the open, with a second word."""

from typing import Annotated

from cyclopts import Parameter

from comity.cli.session import (
    Json,
    NodeFolder,
    PassphraseFile,
    Publish,
    Telling,
    looked_at,
    opened,
)
from comity.desk.log.erasure import (
    Outcome,
    check_words,
    erase_blob,
    find_blob_target,
    get_entry,
)
from comity.desk.log.erasure import consent as countersign
from comity.kernel.instant import to_rfc3339
from comity.kernel.reference import Reference
from comity.node.clock import read_clock
from comity.node.node import Node
from comity.node.secrets.erasing import Judged
from comity.node.secrets.erasing import erasures as all_erasures

Kind = Annotated[
    str,
    Parameter(
        name="--class",
        help="Why: personal data, secret, court order or illegal content.",
    ),
]
Basis = Annotated[str, Parameter(help="Law, order or reason in words; without the content.")]
Ask = Annotated[
    bool,
    Parameter(
        name="--request",
        negative="",
        help="Only ask another member to countersign; nothing is removed yet.",
    ),
]


def erase(
    target: str,
    *,
    kind: Kind,
    basis: Basis,
    node: NodeFolder,
    request: Ask = False,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Erase a blob with its salt and its key, and say so in the log; never what it was.

    A blob that an incident or a ballot speaks of goes only once another member countersigned:
    the first run asks, the run after its consent erases. Followers drop their copies.

    Example: comity blob erase kh.example/log#7 --class "personal data"
    --basis "Article 17, request of 2026-11-20" --node kh

    Args:
        target: Digits of the blob, or the statement that speaks of it.
    """
    telling = Telling(as_json=as_json)
    check_words(kind, basis)
    with opened(node, passphrase_file) as own:
        with telling.working(f"looking for {target}"):
            found = find_blob_target(own, target)
        done = erase_blob(own, found, kind, basis, read_clock(), only_ask=request)
        tell_outcome(telling, own, done, publish=publish)


def consent(
    request: str,
    *,
    node: NodeFolder,
    note: str = "",
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Countersign another member's request to erase what an incident or a ballot says.

    Look at the entry first: after the erasure nobody can.

    Example: comity blob consent kh.example/log#12 --note "Seen; the name is no evidence."
    --node br

    Args:
        request: The place of the erasure that asks.
        note: Why, in words.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        found, reference = countersign(own, get_entry(own, request), note, read_clock())
        telling.say(f"{_words(found)}: countersigned")
        telling.logged(own, reference, "countersignature", publish=publish)


def erasures(
    *, node: NodeFolder, passphrase_file: PassphraseFile = None, as_json: Json = False
) -> None:
    """List every erasure known here, and whether it is in force for this node.

    Example: comity blob erasures --node br
    """
    telling = Telling(as_json=as_json)
    with looked_at(node, passphrase_file) as own:
        found = list(all_erasures(own.view()))
    for one in found:
        style = "" if one.is_in_force else "yellow"
        telling.say(f"{_words(one)}: {_standing(one)}", style=style)
    if not found:
        telling.say("no erasure is known here")
    telling.print_json([_facts(one) for one in found])


def tell_outcome(telling: Telling, node: Node, done: Outcome, *, publish: bool) -> None:
    """Say what was erased or asked, and publish what was logged."""
    more = {"in_force": done.is_in_force, "removed": done.was_held}
    if done.was_held:
        telling.say("removed from this node")
    if done.reference is None:
        telling.say("no statement speaks of it, so nothing was logged")
        telling.print_json({"reference": None, "published": None, **more})
        return
    if not done.is_in_force:
        place = _place(done.reference)
        telling.say("nothing is removed before another member has countersigned:")
        telling.say(f"  comity blob consent {place} --node THEIRS")
    what = "erasure" if done.is_in_force else "request to erase"
    found = node.log.find_published()
    is_public = found is not None and found[0].size > done.reference.index
    telling.logged(node, done.reference, what, publish=publish and not is_public, more=more)


def _words(one: Judged) -> str:
    of, blob = one.erasure.of, one.erasure.blob
    what = "an entry" if of is None else _place(of)
    if blob is not None:
        what = f"blob {blob.hex()[:16]} of {what}"
    by = _place(one.entry.reference)
    return f"{what}, by {by} on {to_rfc3339(one.erasure.issued)} ({one.erasure.kind})"


def _standing(one: Judged) -> str:
    if one.is_in_force:
        return f"in force; basis: {one.erasure.basis}"
    return f"not in force: {one.standing.reason}"


def _facts(one: Judged) -> dict[str, object]:
    of, blob = one.erasure.of, one.erasure.blob
    return {
        "erasure": _place(one.entry.reference),
        "of": None if of is None else _place(of),
        "blob": None if blob is None else blob.hex(),
        "class": one.erasure.kind,
        "basis": one.erasure.basis,
        "issued": to_rfc3339(one.erasure.issued),
        "in_force": one.standing.in_force.value,
        "reason": one.standing.reason,
    }


def _place(reference: Reference) -> str:
    return f"{reference.log}#{reference.index}"
