# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the two verifiers say of one dossier, in the same words."""

import random

from tests.fakes import mutation
from tests.fakes.forgery import HONEST_ORDER, PREDICATE, Lie

from comity.desk.finding.verification import verify_dossier
from comity.errors import InvalidDocument, VerificationFailed
from comity.files.dossier import from_bytes
from comity.kernel.canonical import from_canonical, to_canonical
from comity.kernel.truth import Truth
from comity.verifier import comity_verify


def of_comity(encoded: bytes) -> str:
    """Return what Comity's own verifier says."""
    try:
        verified = verify_dossier(from_bytes(encoded))
    except VerificationFailed:
        return "refuted"
    except InvalidDocument:
        return "unreadable"
    is_open = any(check.holds is Truth.UNDETERMINED for check in verified.checks)
    return "open" if is_open else "verified"


def of_one_file(encoded: bytes) -> str:
    """Return what the verifier in one file says."""
    try:
        _, _, checks = comity_verify.verify(encoded)
    except comity_verify.RefutedError:
        return "refuted"
    except comity_verify.UnreadableError:
        return "unreadable"
    states = [check.holds for check in checks]
    if False in states:
        return "refuted"
    return "verified" if all(states) else "open"


def agree(encoded: bytes) -> bool:
    """Tell whether both say the same; the one file may leave open what the other checks."""
    one, other = of_comity(encoded), of_one_file(encoded)
    return one == other or (one == "verified" and other == "open")


def any_lie(seed: int) -> Lie:
    """Return some change of some part of the story, the same for one seed."""
    dice = random.Random(seed)  # noqa: S311 - the same lie for one seed
    match dice.choice([*HONEST_ORDER, "record", "record", "records", "order", "line"]):
        case "record":
            return Lie(records=lambda records: _one_changed(records, dice))
        case "records":
            return Lie(records=lambda records: _some_changed(records, dice))
        case "order":
            order = list(HONEST_ORDER)
            part = order.pop(dice.randrange(len(order)))
            order.insert(dice.randrange(len(order) + 1), part)
            return Lie(order=tuple(order))
        case "line":
            return Lie(lines=lambda lines: [*lines[:1], *_damaged(lines[1:], dice)])
        case part:
            return Lie(said={part: lambda said: restated(said, dice)})


def restated(said: PREDICATE, dice: random.Random) -> PREDICATE:
    """Change a predicate somewhere; what cannot be signed at all stays as it was."""
    changed = mutation.restated(to_canonical(said), dice)
    try:
        found = from_canonical(changed)
    except InvalidDocument:
        return said
    return found if isinstance(found, dict) and len(changed) < 20_000 else said


def _one_changed(records: list[PREDICATE], dice: random.Random) -> list[PREDICATE]:
    row = dice.randrange(len(records))
    changed = restated(records[row], dice)
    keeps = all(name in changed for name in ("item", "passed"))
    is_whole = keeps and isinstance(changed["item"], dict) and "category" in changed["item"]
    return [*records[:row], changed if is_whole else records[row], *records[row + 1 :]]


def _some_changed(records: list[PREDICATE], dice: random.Random) -> list[PREDICATE]:
    """Leave out, repeat or move records."""
    kept = list(records)
    record = kept.pop(dice.randrange(len(kept)))
    for _ in range(dice.choice([0, 1, 2])):
        kept.insert(dice.randrange(len(kept) + 1), record)
    return kept


def _damaged(lines: list[bytes], dice: random.Random) -> list[bytes]:
    row = dice.randrange(len(lines))
    changed = mutation.damaged(lines[row], dice).replace(b"\n", b"")
    try:
        changed.decode()
    except UnicodeDecodeError:
        changed = b"{}"
    return [*lines[:row], changed, *lines[row + 1 :]]
