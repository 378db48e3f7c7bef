# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Step six: the finding as one file, checked offline; a copy with one flipped byte refused."""

import secrets
from pathlib import Path

from comity.demo.cast import Actor, Cast
from comity.demo.reliance import gathered
from comity.demo.teller import Teller
from comity.demo.trial import Trial
from comity.desk.finding.verification import assemble, verify_dossier
from comity.errors import ComityError
from comity.files.dossier import from_bytes, to_bytes


def tell_tampering(teller: Teller, cast: Cast, trial: Trial, folder: Path) -> ComityError:
    """Write the dossier, verify it, flip one byte of a copy, and show the refusal.

    Raises:
        AssertionError: The copy was not refused, which must never happen.
    """
    whole = _assembled(cast.khm, cast.bra, trial)
    path = folder / f"{trial.service.script.key}.dossier.json"
    path.write_bytes(whole)
    verified = verify_dossier(from_bytes(whole))
    signers = "; ".join(one.keyset.name for one in verified.signatories)
    teller.say(
        f"{path} ({len(whole) // 1000} kB) carries the finding, every statement it rests on "
        f"and the evidence. Checked with no node and no network: {len(verified.checks)} checks "
        f"hold, over keys of: {signers}."
    )
    at = secrets.randbelow(len(whole))
    copy = bytearray(whole)
    copy[at] ^= 1
    try:
        verify_dossier(from_bytes(bytes(copy)))
    except ComityError as refusal:
        teller.say(f"A copy with one bit of byte {at} flipped is refused:")
        teller.say(str(refusal), indent=2, style="red")
        return refusal
    raise AssertionError(at)


def _assembled(holder: Actor, author: Actor, trial: Trial) -> bytes:
    return to_bytes(assemble(holder.node, gathered(holder, author, trial.finding)))
