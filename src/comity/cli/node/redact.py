# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node redact`: take one entry out of a log and keep all its neighbours."""

from pathlib import Path

from comity.cli.blob.erase import Ask, Basis, Kind, tell_outcome
from comity.cli.session import Json, PassphraseFile, Publish, Telling, opened
from comity.desk.log.erasure import check_words, drop_entry, erase_entry, get_entry
from comity.node.clock import read_clock


def redact(
    folder: Path,
    entry: str,
    *,
    kind: Kind,
    basis: Basis,
    request: Ask = False,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Take an entry out of one's own log, or out of one's copy of another's.

    Its leaf hash stays, so that the log still leads to every root it signed. For one's own
    entry an erasure is logged; an incident or a ballot needs another member's countersignature
    first, as with `comity blob erase`. A copy of another's entry is dropped here alone.

    Example: comity node redact kh kh.example/log#12 --class "illegal content"
    --basis "Order 7/2026 of the Court of Appeal"

    Args:
        folder: The node's folder.
        entry: The entry's place.
    """
    telling = Telling(as_json=as_json)
    check_words(kind, basis)
    with opened(folder, passphrase_file) as own:
        found = get_entry(own, entry)
        if found.member == own.member:
            done = erase_entry(own, found, kind, basis, read_clock(), only_ask=request)
            tell_outcome(telling, own, done, publish=publish)
            return
        was_held = drop_entry(own, found)
    telling.say(
        f"{entry} is no longer held here; its leaf hash stays, and the copy still verifies"
        if was_held
        else f"{entry} was not held here any more"
    )
    telling.print_json({"entry": entry, "removed": was_held})
