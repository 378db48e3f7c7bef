# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity identity prepare`, `sign` and `log`: several officers sign one statement."""

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.identity.render_identity import say_draft, to_draft_facts
from comity.cli.passphrase import read_passphrase
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.log.ceremony import (
    Offline,
    log_signed,
    prepare_files,
    read_draft,
    sign_offline,
    strangers,
    write_draft,
)
from comity.errors import InvalidDocument, NotFound, NotPermitted
from comity.kernel.reference import Reference
from comity.node.clock import read_clock
from comity.node.draft import Draft, asked_of
from comity.node.node import Node

Prepare = Annotated[
    Path | None,
    Parameter(help="Write the statement to this file for others to sign; log nothing."),
]
SecretVariable = Annotated[
    str | None, Parameter(help="The environment variable with the token's PIN.")
]


def prepare(
    file: Path,
    *,
    to: Path,
    node: NodeFolder = Path(),
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Make a draft of a statement that other officers sign too, signed by what is at hand.

    Example: comity identity prepare policy.json --to policy.draft --node kh

    Args:
        file: The statement, as `comity publish` takes it.
        to: The draft to be written.
    """
    telling = Telling(as_json=as_json)
    with opened(node, passphrase_file) as one:
        draft = prepare_files(one, [file], read_clock())
        settle(telling, one, draft, to, publish=False)


def sign(
    draft: Path,
    *,
    key: Path | None = None,
    token: str | None = None,
    public: str | None = None,
    secret_variable: SecretVariable = None,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Read a draft out and add an officer's signature; needs no node and no network.

    Without --key or --token it only says what the draft states and who has signed it.

    Example: comity identity sign rotation.draft --key director.key

    Example: comity identity sign rotation.draft --token "hsm:2?label=office"
    --public director.pub --secret-variable PIN

    Args:
        draft: The file; the signature is written into it.
        key: The officer's key file.
        token: The address of a hardware token or key service.
        public: The token's public key: a .pub file or 64 hexadecimal digits.
    """
    telling, found = Telling(as_json=as_json), read_draft(draft)
    _check_place(key, token, public)
    say_draft(telling, found, ())
    if key is not None or token is not None:
        passphrase = "" if key is None else read_passphrase(passphrase_file)
        place = Offline(place=token or str(key), public=public if token else None)
        found = sign_offline(found, place, passphrase, lambda what: _pin(what, secret_variable))
        write_draft(draft, found)
        telling.say(f"signed: {draft}, {len(found.envelope.signatures)} in all", style="bold")
    telling.print_json(to_draft_facts(found, ()))


def log(
    draft: Path,
    *,
    node: NodeFolder = Path(),
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Log a draft once everybody who must has signed it.

    Example: comity identity log rotation.draft --node kh

    Args:
        draft: The signed file.
    """
    telling, found = Telling(as_json=as_json), read_draft(draft)
    with opened(node, passphrase_file) as one:
        reference = log_signed(one, found)
        telling.logged(one, reference, found.statement.kind, publish=publish)


def settle(
    telling: Telling, node: Node, draft: Draft, to: Path | None, *, publish: bool
) -> None:
    """Write a draft to a file, or log it where nobody else must sign."""
    if to is None:
        reference = _log_alone(node, draft)
        telling.logged(node, reference, draft.statement.kind, publish=publish)
        return
    asked = asked_of(draft, node.identity)
    write_draft(to, draft)
    say_draft(telling, draft, asked)
    for keyid in strangers(draft, node):
        telling.say(f"the signature by {keyid[:16]} counts for nothing here", style="yellow")
    telling.say(f"written: {to}", style="bold")
    telling.print_json({**to_draft_facts(draft, asked), "file": str(to)})


def _log_alone(node: Node, draft: Draft) -> Reference:
    """Log what is signed at hand; there is no file yet that others could sign."""
    try:
        return log_signed(node, draft)
    except NotPermitted as error:
        if error.code != "node.draft_incomplete":
            raise
        raise NotPermitted(
            error.message,
            code=error.code,
            hint="nothing was logged; give --prepare FILE: the others sign that with "
            "`comity identity sign`, and `comity identity log` logs it",
        ) from None


def _check_place(key: Path | None, token: str | None, public: str | None) -> None:
    """Refuse what cannot sign before anything is read out."""
    if key is not None and token is not None:
        raise InvalidDocument("sign with --key or with --token", code="cli.two_keys")
    if token is not None and public is None:
        raise InvalidDocument(
            "a token needs its public key", code="cli.token_public", hint="give --public"
        )
    if key is None or (key.is_file() and key.suffix != ".pub"):
        return
    secret = key.with_suffix("")
    is_public = key.suffix == ".pub"
    raise NotFound(
        f"{key} is for others, and signs nothing" if is_public else f"no file {key}",
        code="cli.officer_key",
        hint=f"the secret is in {secret}"
        if is_public
        else "comity identity root-new draws one",
    )


def _pin(what: str, variable: str | None) -> str:
    if variable is not None and variable in os.environ:
        return os.environ[variable]
    raise NotPermitted(
        f"the token asks for its {what}",
        code="node.token_secret",
        hint="name the environment variable that holds it: --secret-variable",
    )
