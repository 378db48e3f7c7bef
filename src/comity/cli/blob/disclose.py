# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity blob conceal` and `disclose`: commit to fields now, show some of them to some."""

import io
import secrets
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.log.disclosing import to_disclosure_file
from comity.desk.log.erasure import get_entry
from comity.desk.log.publishing import read_statement
from comity.desk.log.secret import agreement_keys, conceal_fields, log_concealed, new_file
from comity.node.clock import read_clock
from comity.node.secrets.sealed import seal_stream

Fields = Annotated[
    tuple[str, ...],
    Parameter(
        name="--field",
        consume_multiple=True,
        negative="",
        help="Fields of the predicate.",
    ),
]


def conceal(
    file: Path,
    *,
    field: Fields,
    node: NodeFolder,
    at_least: int = 0,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Log a statement with some of its fields replaced by salted digests.

    What opens them stays in the node's vault; show it with `comity blob disclose`.

    Example: comity blob conceal visit.json --field inspector findings --node kh

    Args:
        file: The statement, as for `comity publish`.
        at_least: How many digests to list; decoys hide how many fields are concealed.
    """
    telling = Telling(as_json=as_json)
    statement, made = conceal_fields(
        read_statement(file), field, secrets.token_bytes, at_least=at_least
    )
    with opened(node, passphrase_file) as own:
        reference = log_concealed(own, statement, made, read_clock())
        more = {"concealed": [one.name for one in made]}
        telling.logged(own, reference, "concealed", publish=publish, more=more)


def disclose(
    statement: str,
    *,
    field: Fields,
    to: str,
    out: Path,
    node: NodeFolder,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Show chosen fields of one's own statement to one member, in a file sealed to it.

    It opens the file with `comity blob open` and checks it offline with `comity verify`.

    Example: comity blob disclose kh.example/log#7 --field findings --to br --out br.sealed
    --node kh

    Args:
        statement: Its place.
        to: The member, by its name in node.toml.
        out: The new file.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as own:
        reference = get_entry(own, statement).reference
        content = to_disclosure_file(own, reference, field)
        reader = own.get_peer(to).member
        with new_file(out) as target:
            keys = agreement_keys(own, [reader])
            seal_stream(io.BytesIO(content), target, keys, reference)
    telling.say(f"{', '.join(field)} of {statement}, sealed for {to}: {out}")
    telling.print_json({"file": str(out), "to": reader, "fields": list(field)})
