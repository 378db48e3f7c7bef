# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the command line says of itself: every verb's help is enough to use it."""

import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App

from comity.cli.app import build, run

SPEAKS_TO_PEOPLE_ONLY = {"comity demo", "comity node serve"}
"""Both run until they are stopped; the one tells a story, the other one line."""

HEAVY = (
    "aiohttp", "comity.api", "comity.desk", "comity.node", "comity.web", "fastapi", "httpx2",
    "numpy", "polars", "psycopg", "pydantic", "scipy", "starlette", "uvicorn", "z3",
)  # fmt: skip


def verbs_of(app: App, words: tuple[str, ...]) -> Iterator[tuple[str, App]]:
    """Yield every verb that does something, by what one types."""
    names = [name for name in app if not name.startswith("-")]
    if not names:
        yield " ".join(words), app
    for name in names:
        yield from verbs_of(app[name], (*words, name))


VERBS = dict(verbs_of(build(with_summaries=False), ("comity",)))


NAMED = re.compile(r"(?<!`)`(comity [a-z][a-z-]*(?: [a-z][a-z-]*)*)")


def help_of(verb: str) -> str:
    """Return what `--help` prints, as words on one line."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        patch.setenv("COLUMNS", "200")
        assert run([*verb.split()[1:], "--help"]) == 0
    return " ".join(out.getvalue().split())


def test_the_verbs_are_found() -> None:
    """Otherwise all below would hold of nothing."""
    assert len(VERBS) > 20
    assert {"comity determine", "comity node serve", "comity assess hand-over"} <= set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_shows_an_example_and_takes_json(verb: str) -> None:
    """People copy examples; programs read JSON."""
    said = help_of(verb)

    assert f"Example: {verb} " in said
    assert ("--json" in said) == (verb not in SPEAKS_TO_PEOPLE_ONLY)
    assert "--no-json" not in said


@pytest.mark.parametrize("verb", VERBS)
def test_every_option_says_what_it_is(verb: str) -> None:
    """An option nobody explains is one nobody dares to use."""
    app = VERBS[verb]
    silent = [
        argument.name
        for argument in app.assemble_argument_collection(parse_docstring=True)
        if argument.show and not argument.parameter.help
    ]

    assert silent == []


@pytest.mark.parametrize("words", [[], ["--help"], ["--version"]], ids=["", "help", "version"])
def test_the_first_look_loads_nothing_heavy(words: list[str]) -> None:
    """Whoever only looks does not wait for what a node or a server needs."""
    code = (
        "import sys\n"
        "from comity.cli.app import run\n"
        f"assert run({words!r}) == 0\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert ran.stderr.strip() == "[]"
    assert ran.stdout.strip()


def test_every_verb_that_the_source_names_is_one() -> None:
    """A hint that leads to no verb is worse than none."""
    source = Path(__file__).parents[2] / "src" / "comity"
    known = {*VERBS, *(verb.rpartition(" ")[0] for verb in VERBS)}
    named = {
        (path.name, found)
        for path in source.rglob("*.py")
        for found in NAMED.findall(path.read_text("utf-8"))
    }
    unknown = {
        (name, found)
        for name, found in named
        if found not in known and not any(found.startswith(f"{verb} ") for verb in VERBS)
    }

    assert len(named) > 50
    assert unknown == set()
