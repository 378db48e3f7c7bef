# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity publish`: sign statements from files into the node's log."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.passphrase import read_passphrase
from comity.cli.session import missing_in_words
from comity.desk.log.publishing import Published, near_kind, publish_files
from comity.kernel.reference import to_reference_json
from comity.node.clock import read_clock
from comity.node.node import Node


def publish(
    *files: Path,
    node: Path,
    passphrase_file: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")] = False,
) -> None:
    """Sign statements from JSON files, log them as one group, have them cosigned.

    A file holds predicateType (a URI, or one of our names such as "policy"), subject and
    predicate; `comity statement schemas` lists the kinds we know and `comity statement example`
    prints one to start from. A known kind with wrong fields is refused, every fault of every
    file at once, and nothing is logged; a kind we do not know is published as it is.

    Example: comity publish policy.json --node kh

    Args:
        files: Statements; without any, the newest checkpoint is cosigned and published again.
        node: The node's folder.
        passphrase_file: A file with the passphrase; else COMITY_PASSPHRASE, else you are asked.
    """
    opened = Node.open(node, read_passphrase(passphrase_file))
    published = publish_files(opened, files, read_clock())
    missing = tuple(missing_in_words(opened, published.publication))
    opened.close()
    if as_json:
        print(json.dumps(_as_json(published), indent=2))  # noqa: T201 - the verb's own output
        return
    _print(Console(highlight=False), published, missing)


def _print(console: Console, published: Published, missing: tuple[str, ...]) -> None:
    for one in published.references:
        said = f"{one.log} entry {one.index}, {one.sha256.hex()}"
        console.print(said, markup=False, soft_wrap=True)
    for kind in published.unknown:
        near = near_kind(kind)
        guess = "" if near is None else f" (did you mean {near!r}?)"
        said = f"{kind} is no kind this version knows{guess}; nodes will show it as unknown"
        console.print(said, markup=False, style="yellow", soft_wrap=True)
    found = published.publication
    counted, needed = len(found.tally.counted), found.tally.needed
    console.print(
        f"checkpoint of size {found.checkpoint.size}: {counted} of {needed} cosignatures"
    )
    for said in missing:
        console.print(said, markup=False, style="yellow", soft_wrap=True)


def _as_json(published: Published) -> dict[str, object]:
    found = published.publication
    return {
        "references": [to_reference_json(one) for one in published.references],
        "unknown": list(published.unknown),
        "size": found.checkpoint.size,
        "cosigners": list(found.tally.members),
        "quorum_met": found.tally.is_met,
        "missing": [{"member": member, "reason": reason} for member, reason in found.missing],
    }
