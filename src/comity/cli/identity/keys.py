# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity identity root-new`, `rotate` and `compromise`: a member's keys come and go."""

import re
import secrets
from contextlib import closing
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from comity.cli.identity.draft import Prepare, settle
from comity.cli.passphrase import read_passphrase
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.log.ceremony import create_officer_key, read_public, to_root
from comity.errors import Fault, InvalidDocument
from comity.node.clock import read_clock
from comity.node.node import Node
from comity.node.rotation import Change, Theft, prepare_compromise, prepare_rotation

_OWN = "own"
_RULE = re.compile(r"(?P<kind>[^=\s]+)=(?P<count>[1-9][0-9]?)")

Roots = Annotated[
    list[str] | None,
    Parameter(
        name="--root",
        negative="",
        help="An offline root key from then on: a .pub file or 64 hexadecimal digits; repeat.",
    ),
]
Threshold = Annotated[
    int | None,
    Parameter(help="How many of the root keys must sign; all of them where not said."),
]
Following = Annotated[
    list[str] | None,
    Parameter(
        name="--statement-key",
        negative="",
        help="A statement key announced for the rotation after this one: a .pub file, 64 "
        "hexadecimal digits, or own for one drawn here; repeat.",
    ),
]
Officers = Annotated[
    list[str] | None,
    Parameter(
        name="--officers",
        negative="",
        help="How many statement keys must sign a kind, such as policy=2; repeat.",
    ),
]
Stolen = Annotated[
    list[str],
    Parameter(
        name="--keys",
        negative="",
        help="Their ids, first 8 digits or more, or statement, log, witness, root; repeat.",
    ),
]


def root_new(
    file: Path,
    *,
    name: str,
    purpose: Literal["root", "statement"] = "root",
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Draw an officer's key into a file of its own, to be kept away from the node.

    Beside it stands FILE.pub, which others may see. A root key signs keysets and compromises,
    a statement key the statements of a member that asks for several officers.

    Example: comity identity root-new director.key --name "director"

    Example: comity identity root-new maria.key --name "head of testing" --purpose statement

    Args:
        file: A new file, on a stick or a machine that is never online.
        name: The office, no person.
        purpose: root or statement; one key has one purpose.
    """
    telling = Telling(as_json=as_json)
    passphrase = read_passphrase(passphrase_file, is_new=True)
    shown = create_officer_key(file, name, purpose, passphrase, entropy=secrets.token_bytes)
    telling.say(f"{file} holds the {purpose} key of {name!r}; {file}.pub is for others")
    telling.say(f"keyid {shown.keyid}")
    telling.print_json({"keyid": shown.keyid, "ed25519": shown.public.hex(), "file": str(file)})


def rotate(
    *,
    lost: bool = False,
    root: Roots = None,
    threshold: Threshold = None,
    statement_key: Following = None,
    officers: Officers = None,
    name: str | None = None,
    prepare: Prepare = None,
    node: NodeFolder = Path(),
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Put the keys announced beforehand in the place of those in use, and announce the next.

    The member's id stays. Where offline root keys must sign, --prepare writes a file that they
    sign with `comity identity sign` and that `comity identity log` logs.

    Example: comity identity rotate --node kh

    Example: comity identity rotate --root a.pub --root b.pub --prepare new.draft --node kh

    Args:
        lost: The statement keys in use are lost; the root signs without them.
        name: What the member calls itself from then on.
    """
    change = Change(
        name=name,
        root=to_root(root or [], threshold),
        officers=None if officers is None else _rules(officers),
        following=None if statement_key is None else _publics(statement_key),
        is_own_following=statement_key is None or _OWN in statement_key,
        is_lost=lost,
    )
    passphrase = read_passphrase(passphrase_file)
    with closing(Node.open(node, passphrase)) as one:
        _ = one.config
        draft = prepare_rotation(one, change, passphrase, read_clock(), secrets.token_bytes)
        settle(Telling(as_json=as_json), one, draft, prepare, publish=publish)


def compromise(
    *,
    keys: Stolen,
    last_good: int,
    reason: str,
    sequence: int | None = None,
    prepare: Prepare = None,
    node: NodeFolder = Path(),
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Say that others may hold some keys, and which entry is the last you stand by.

    What those keys signed after it stays in the log and is shown as disputed everywhere, for
    good. Rotate too: a compromise names what is wrong, it does not change the keys.

    Example: comity identity compromise --keys statement --last-good 41
    --reason "the signing laptop was stolen on the train" --node kh

    Args:
        last_good: The index of the last entry of your log that is yours.
        reason: What happened, in plain words.
        sequence: The number of the keyset the keys are of; else the newest that has them.
    """
    telling = Telling(as_json=as_json)
    theft = Theft(keys=tuple(keys), last_good=last_good, reason=reason, sequence=sequence)
    with opened(node, passphrase_file) as one:
        draft = prepare_compromise(one, theft, read_clock())
        settle(telling, one, draft, prepare, publish=publish)


def _publics(texts: list[str]) -> tuple[bytes, ...]:
    return tuple(read_public(text, "statement").public for text in texts if text != _OWN)


def _rules(texts: list[str]) -> dict[str, int]:
    found = {text: _RULE.fullmatch(text) for text in texts}
    faults = [
        Fault(message=f"--officers {text!r}: write KIND=COUNT, such as policy=2")
        for text, rule in found.items()
        if rule is None
    ]
    if faults:
        raise InvalidDocument("cannot be rotated", code="cli.officers", faults=faults)
    return {rule["kind"]: int(rule["count"]) for rule in found.values() if rule is not None}
