# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What was disclosed of a statement, and what stays concealed, in words and JSON."""

import json

from comity.cli.session import Telling
from comity.desk.log.disclosing import Disclosed
from comity.errors import shown
from comity.kernel.reference import to_reference_json

LIMITS = (
    "that the keys are whose they say: compare the member id over a channel of your own",
    "that nothing was said since: read the log itself with comity verify ADDRESS",
)


def tell_disclosed(telling: Telling, found: Disclosed) -> None:
    """Print a statement whose chosen fields were opened and checked."""
    place = f"{found.reference.log}#{found.reference.index}"
    keyset = found.identity.keyset
    telling.say(f"✓ {found.statement.kind} at {place} is signed and stands in its log")
    telling.say(f"  {keyset.name} ({keyset.role}, {keyset.jurisdiction})")
    telling.say(f"    member {found.identity.member}")
    telling.say(f"  under its checkpoint of size {found.checkpoint.size}")
    telling.say(f"✓ disclosed: {', '.join(found.shown) or 'nothing'}", style="green")
    for name in found.shown:
        if name in found.predicate:
            text = json.dumps(found.predicate[name], ensure_ascii=False, default=dict)
            telling.say(f"  {name}: {shown(text)}")
    telling.say(f"  {found.hidden} digests stay closed, decoys perhaps among them")
    telling.say("not checked", style="bold")
    for sentence in LIMITS:
        telling.say(f"  {sentence}")
    telling.print_json(
        {
            "verified": True,
            "statement": to_reference_json(found.reference),
            "kind": found.statement.kind,
            "member": found.identity.member,
            "checkpoint": found.checkpoint.size,
            "predicate": dict(found.predicate),
            "disclosed": list(found.shown),
            "concealed": found.hidden,
            "not_checked": list(LIMITS),
        }
    )
