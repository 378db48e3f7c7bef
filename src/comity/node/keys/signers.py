# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""signers.toml: which statement keys of this member lie elsewhere than in its key file."""

import os
import tomllib
from dataclasses import dataclass

from comity.errors import Fault, InvalidDocument, NotFound, NotPermitted
from comity.kernel.fields import Fields
from comity.ledger.keyset import Keyset
from comity.ledger.note import Secret
from comity.node.disk.storage import Storage
from comity.node.keys.keys import Keys
from comity.node.keys.token import open_token

FILE = "signers.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One key that lies elsewhere.

    Args:
        uri: Such as "hsm:2?label=office" or "awskms:alias/comity".
        secret_variable: The environment variable with its PIN; None where it needs none.
    """

    public: bytes
    uri: str
    secret_variable: str | None = None

    def ask(self, name: str) -> str:
        """Return the PIN or passphrase of the key.

        Raises:
            NotPermitted: The variable is not set.
        """
        if self.secret_variable and self.secret_variable in os.environ:
            return os.environ[self.secret_variable]
        raise NotPermitted(
            f"the key {self.uri.partition('?')[0]} asks for its {name}",
            code="node.token_secret",
            hint=f"set {self.secret_variable or 'secret_variable in ' + FILE}",
        )


def at_hand(storage: Storage, keys: Keys, keyset: Keyset) -> tuple[Secret, ...]:
    """Return what can sign statements on this node, what is declared elsewhere first.

    Raises:
        InvalidDocument: signers.toml has faults, all of them listed.
        NotPermitted: A declared key in force cannot be used.
    """
    in_force = set(keyset.statement_keys.values())
    declared = [one for one in read_declared(storage) if one.public in in_force]
    tokens = [open_token(one.uri, one.public, one.ask) for one in declared]
    return (*tokens, keys.statement)


def read_declared(storage: Storage) -> tuple[Declared, ...]:
    """Read signers.toml; without the file nothing lies elsewhere.

    Raises:
        InvalidDocument: It has faults, all of them listed.
    """
    try:
        return from_toml(storage.read(FILE))
    except NotFound:
        return ()


def from_toml(content: bytes) -> tuple[Declared, ...]:
    """Read the content of signers.toml.

    Raises:
        InvalidDocument: It has faults, all of them listed.
    """
    try:
        value = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _refused([Fault(message=f"not TOML: {error}")]) from None
    faults: list[Fault] = []
    fields = Fields(value, faults=faults)
    rows = list(fields.rows("signer")) if fields.has("signer") else []
    found = tuple(map(_declared, rows))
    for row in (fields, *rows):
        for name in row.rest():
            row.fault(name, "is no setting of a signer")
    if faults:
        raise _refused(faults)
    return found


def _declared(row: Fields) -> Declared:
    return Declared(
        public=bytes(row.digest("public")),
        uri=row.text("uri"),
        secret_variable=row.optional("secret_variable", row.text),
    )


def _refused(faults: list[Fault]) -> InvalidDocument:
    return InvalidDocument(
        "the signers cannot be used",
        code="node.signers",
        hint="each [[signer]] has `public` (64 hexadecimal digits), `uri`, `secret_variable`",
        source=FILE,
        faults=faults,
    )
