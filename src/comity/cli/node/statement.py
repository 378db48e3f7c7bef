# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity statement`: what statements must say, and whether a file says it."""

import json
import sys
from pathlib import Path

from cyclopts import App

from comity.cli.session import Json, Telling
from comity.desk.log.publishing import near_kind, read_statements, unknown_kinds
from comity.desk.log.schema import find_schema, find_served, get_schema, kinds
from comity.errors import Fault, InvalidDocument
from comity.ledger.statement import Statement

app = App(
    name="statement",
    help="""Say what statements must say; check files before they are published.

    A statement is JSON with predicateType (a URI, or one of our names), subject and predicate.

    Example: comity statement example policy > policy.json

    Example: comity statement check policy.json
    """,
    help_format="markdown",
)


@app.command
def schemas(*, as_json: Json = False) -> None:
    """List every kind of statement with who makes it and what it says.

    A kind that is not listed may be published all the same; it is shown as unknown.

    Example: comity statement schemas
    """
    telling = Telling(as_json=as_json)
    rows = [get_schema(kind) for kind in kinds()]
    width = max(len(one.kind) for one in rows)
    for one in rows:
        telling.say(f"{one.kind:<{width}}  {one.about} ({one.issuer})")
    telling.print_json(
        [{"kind": one.kind, "says": one.about, "issuer": one.issuer} for one in rows]
    )


@app.command
def schema(kind: str, *, as_json: Json = False) -> None:
    """Print the JSON Schema (2020-12) of a kind, as every node serves it at /schemas/KIND/v1.

    It is JSON, whether or not that is asked for.

    Example: comity statement schema finding > finding.schema.json

    Args:
        kind: One of those `comity statement schemas` lists, or "common": what they share.
    """
    del as_json
    found = find_served(kind) or get_schema(kind)
    print(found.encoded.decode("utf-8"), end="")  # noqa: T201 - the verb's own output


@app.command
def example(kind: str, *, as_json: Json = False) -> None:
    """Print a least statement of a kind, to start from; everything in it is made up.

    It says so itself (`"example": true`): take that out with the rest that is made up. It is
    JSON, whether or not that is asked for.

    Example: comity statement example incident > incident.json

    Args:
        kind: One of those `comity statement schemas` lists.
    """
    del as_json
    found = get_schema(kind)
    print(json.dumps(found.example, indent=2, ensure_ascii=False))  # noqa: T201 - its output
    said = "an example: every value is made up; put your own in before you publish it"
    print(said, file=sys.stderr)  # noqa: T201 - beside the output, which may go to a file


@app.command
def check(*files: Path, as_json: Json = False) -> None:
    """Say whether files may be published; nothing is signed and no node is needed.

    Exit 2 with every fault of every file: its line and column, and what was probably meant.

    Example: comity statement check incident.json ballot.json

    Args:
        files: JSON files with predicateType, subject and predicate.
    """
    if not files:
        raise InvalidDocument(
            "nothing to check",
            code="cli.statement",
            hint="name files; comity statement example KIND prints one to start from",
            faults=[Fault(message="no file is named")],
        )
    statements = read_statements(files)
    telling = Telling(as_json=as_json)
    for path, one in zip(files, statements, strict=True):
        telling.say(f"✓ {path}: {_said(one)}", style="green" if _is_known(one) else "yellow")
    telling.print_json(
        {
            "files": [
                {"file": str(path), "kind": one.kind, "known": _is_known(one)}
                for path, one in zip(files, statements, strict=True)
            ],
            "unknown": list(unknown_kinds(statements)),
        }
    )


def _said(statement: Statement) -> str:
    if _is_known(statement):
        return f"may be published ({statement.kind})"
    near = near_kind(statement.kind)
    guess = "" if near is None else f"; did you mean {near!r}?"
    return f"may be published, and will be shown as of unknown kind ({statement.kind}){guess}"


def _is_known(statement: Statement) -> bool:
    return find_schema(statement.kind) is not None
