# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the verbs of a member share: open its node, say what was logged, have it cosigned."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.passphrase import read_passphrase
from comity.errors import Fault, InvalidDocument
from comity.kernel.reference import Reference, to_reference_json
from comity.kernel.share import find_share
from comity.node.clock import read_clock
from comity.node.node import Node
from comity.node.witness.publication import Publication

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]
NodeFolder = Annotated[Path, Parameter(name="--node", help="The node's folder.")]
PassphraseFile = Annotated[
    Path | None,
    Parameter(help="A file with the passphrase; else COMITY_PASSPHRASE, else you are asked."),
]
Publish = Annotated[
    bool,
    Parameter(
        name="--publish",
        negative="--no-publish",
        help="Have the log cosigned and published at once; others see nothing before that.",
    ),
]


@contextmanager
def opened(folder: Path, passphrase_file: Path | None) -> Iterator[Node]:
    """Open a member's node and close it after; faults in node.toml are said before anything."""
    node = Node.open(folder, read_passphrase(passphrase_file))
    try:
        _ = node.config
        yield node
    finally:
        node.close()


@contextmanager
def looked_at(folder: Path, passphrase_file: Path | None) -> Iterator[Node]:
    """Open a member's node to read it; a passphrase is asked for only if a secret is needed."""
    node = Node.look(folder, lambda: read_passphrase(passphrase_file))
    try:
        _ = node.config
        yield node
    finally:
        node.close()


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """With whose node something is said, and whether others see it at once."""

    node: NodeFolder
    publish: Publish = True
    passphrase_file: PassphraseFile = None


class Telling:
    """How one verb says what it did: in words, or all at once in JSON."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.console = Console(highlight=False, quiet=as_json)

    def say(self, text: str, *, style: str = "") -> None:
        """Print a line; nothing in it is markup."""
        self.console.print(text, style=style, markup=False, soft_wrap=True)

    @contextmanager
    def working(self, what: str) -> Iterator[None]:
        """Show that something long is going on."""
        with self.console.status(f"{what} …"):
            yield

    def logged(
        self,
        node: Node,
        reference: Reference,
        what: str,
        *,
        publish: bool,
        more: Mapping[str, object] | None = None,
    ) -> None:
        """Say where a statement stands and, where wanted, publish the log it stands in."""
        self.say(f"{what}: {reference.log}#{reference.index}", style="bold")
        self.say(f"sha256 {reference.sha256.hex()}", style="dim")
        published = node.publish(read_clock()) if publish else None
        if published is not None:
            self._published(node, published)
        self.print_json(
            {
                "reference": to_reference_json(reference),
                "published": None if published is None else _as_json(published),
                **(more or {}),
            }
        )

    def logged_each(
        self,
        node: Node,
        references: Sequence[Reference],
        what: str,
        *,
        standing: int,
        publish: bool,
    ) -> None:
        """Say where several statements stand, and publish their log where wanted.

        Args:
            what: What they are, such as "assignments".
            standing: How many stood there already and were not said again.
        """
        self.say(f"{what}: {len(references)} logged, {standing} stood already", style="bold")
        for reference in references:
            self.say(f"{reference.log}#{reference.index}", style="dim")
        published = node.publish(read_clock()) if publish and references else None
        if published is not None:
            self._published(node, published)
        self.print_json(
            {
                "references": [to_reference_json(one) for one in references],
                "standing": standing,
                "published": None if published is None else published.checkpoint.size,
            }
        )

    def print_json(self, value: object) -> None:
        """Print the verb's result, where JSON was asked for."""
        if self.as_json:
            print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - the verb's output

    def _published(self, node: Node, found: Publication) -> None:
        counted, needed = len(found.tally.counted), found.tally.needed
        enough = "it counts" if found.tally.is_met else "it does not count yet"
        style = "green" if found.tally.is_met else "yellow"
        self.say(
            f"published at size {found.checkpoint.size}: {counted} of {needed} cosignatures, "
            f"{enough}",
            style=style,
        )
        for said in missing_in_words(node, found):
            self.say(said, style="yellow")


def missing_in_words(node: Node, found: Publication) -> Iterator[str]:
    """Say who did not cosign, by the names in node.toml, and why."""
    names = {peer.member: peer.name for peer in node.config.peers}
    for member, reason in found.missing:
        yield f"not cosigned by {names.get(member, member[:16])}: {reason}"


_SPELLED = {"threshold": "over or --threshold"}
"""Options with two names, both of which are said: nobody knows which was typed."""


def read_shares(**texts: str | None) -> dict[str, Fraction]:
    """Read shares such as 0.9, 9/10 or 90%; those not given are left out.

    Raises:
        InvalidDocument: With every one that is not between 0 and 1.
    """
    faults: list[Fault] = []
    found: dict[str, Fraction] = {}
    for name, text in texts.items():
        if text is None:
            continue
        share = find_share(text)
        if share is None:
            message = f"--{_SPELLED.get(name, name)} {text!r} is no share: "
            message += "write 0.9, 9/10 or 90%"
            faults.append(Fault(message=message))
        else:
            found[name] = share
    if faults:
        raise InvalidDocument("cannot be planned", code="cli.share", faults=faults)
    return found


def _as_json(found: Publication) -> dict[str, object]:
    return {
        "size": found.checkpoint.size,
        "cosigners": list(found.tally.members),
        "needed": found.tally.needed,
        "quorum_met": found.tally.is_met,
        "missing": [{"member": member, "reason": reason} for member, reason in found.missing],
    }
