# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Re-make the generated pages of this folder: commands and error codes.

Run by `make docs`; a test fails when what it would write differs from what is here.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src" / "comity"


def main() -> None:
    """Write every generated page."""
    for name, text in pages().items():
        (HERE / name).write_text(text, "utf-8")


def pages() -> dict[str, str]:
    """Return the generated pages by file name."""
    return {"errors.md": errors_page(), "commands.md": commands_page()}


def errors_page() -> str:
    """List every stable error code with its class and one sentence of its source."""
    rows = sorted(set(codes()))
    table = "\n".join(f"| `{code}` | {kind} | {where} |" for code, kind, where in rows)
    return (
        "# Error codes\n\n"
        "A code never changes its meaning. The class says who must act; see "
        "`src/comity/errors.py`.\n"
        "Exit codes: 0 done, 1 something does not verify, 2 bad input or a refusal, "
        "130 interrupted.\n\n"
        "| code | class | raised in |\n|---|---|---|\n" + table + "\n"
    )


def codes() -> Iterator[tuple[str, str, str]]:
    """Find `code="…"` in every call and default of the source."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                for keyword in node.keywords:
                    value = keyword.value
                    if (
                        keyword.arg == "code"
                        and isinstance(value, ast.Constant)
                        and isinstance(value.value, str)
                    ):
                        where = path.relative_to(SOURCE).with_suffix("").as_posix()
                        yield value.value, _called(node), where.replace("/", ".")


def _called(node: ast.Call) -> str:
    name = ast.unparse(node.func)
    return name if name[0].isupper() else "InvalidDocument"


def commands_page() -> str:
    """Show the help of every command."""
    parts = [
        "# Commands\n\nEvery command takes `--json`; `comity COMMAND --help` says the same.\n"
    ]
    todo: list[list[str]] = [[]]
    while todo:
        words = todo.pop(0)
        text = _help(words)
        title = " ".join(["comity", *words])
        parts.append(f"\n## {title}\n\n```text\n{text.rstrip()}\n```\n")
        todo = [[*words, name] for name in _subcommands(text)] + todo
    return "".join(parts)


def _help(words: list[str]) -> str:
    ran = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "-m", "comity.cli", *words, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"COLUMNS": "96", "TERM": "dumb", "NO_COLOR": "1", "PATH": "", "LANG": "C.UTF-8"},
    )
    return "\n".join(line.rstrip() for line in ran.stdout.splitlines()) + "\n"


def _subcommands(text: str) -> list[str]:
    inside, found = False, []
    for line in text.splitlines():
        if line.startswith("╭"):
            inside = "Commands" in line
        elif inside and (match := re.match(r"│ ([a-z][a-z-]*)\b(?! \(-)", line)):
            found.append(match.group(1))
    return found


if __name__ == "__main__":
    main()
