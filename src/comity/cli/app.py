# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The command line: verbs are loaded only when called, so `comity --help` is quick."""

import json
import sys

from cyclopts import App, CycloptsError

from comity import __version__
from comity.errors import ComityError, InvalidDocument, VerificationFailed

app = App(
    name="comity",
    version=__version__,
    help="AI services tested once, checkable everywhere.",
    result_action="return_value",
)
app.command(
    "comity.cli.demo:demo",
    help="The main job on this machine: two real AI services, four nodes, one finding.",
)
app.command("comity.cli.determine:determine")
app.command("comity.cli.pack:app", name="pack")
app.command("comity.cli.node:app", name="node")
app.command("comity.cli.publish:publish")


def main() -> None:
    """Run one verb; exit 0 when done, 1 when something does not verify, 2 on bad input."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one verb and return its exit code; every error becomes one readable message."""
    try:
        result = app(arguments, exit_on_error=False, print_error=True)
    except CycloptsError:
        return 2
    except ComityError as error:
        _report(error, as_json="--json" in arguments)
        return 1 if isinstance(error, VerificationFailed) else 2
    except KeyboardInterrupt:
        print("interrupted; run the same command again to resume", file=sys.stderr)  # noqa: T201
        return 130
    return result if isinstance(result, int) else 0


def _report(error: ComityError, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"error": as_problem(error)}, ensure_ascii=False), file=sys.stderr)  # noqa: T201
        return
    print(f"error: {error}", file=sys.stderr)  # noqa: T201
    if error.hint:
        print(f"hint: {error.hint}", file=sys.stderr)  # noqa: T201


def as_problem(error: ComityError) -> dict[str, object]:
    """Return an error as plain JSON values: code, message, hint, faults with places."""
    problem: dict[str, object] = {
        "code": error.code,
        "message": str(error),
        "hint": error.hint,
    }
    if isinstance(error, InvalidDocument):
        problem["source"] = error.source
        problem["faults"] = [
            {
                "source": f.source,
                "message": f.message,
                "line": f.line,
                "column": f.column,
                "near": f.near,
            }
            for f in error.faults
        ]
    return problem
