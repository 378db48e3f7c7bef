# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Re-make the generated pages of this folder: commands and error codes.

Run by `make docs`; a test fails when what it would write differs from what is here.
"""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from comity.assess.scorers.model import Model
from comity.assess.scorers.scorer import JUDGED, SCORERS
from comity.desk.packs import check_packs
from comity.files.account import PROVISIONS, account_text, read_account
from comity.files.library import shipped_library
from comity.law.account import Outcome, refreshed
from comity.law.conduct import Conduct, Exclusion
from comity.law.fact import Fact
from comity.law.lexicon import DRAFTS, LEXICONS
from comity.law.norm import Basis
from comity.law.phrase import demand_in_words

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src" / "comity"


def main() -> None:
    """Write every generated page."""
    for path, text in pages().items():
        path.write_text(text, "utf-8")


def pages() -> dict[Path, str]:
    """Return every page that is generated, or holds a generated part, as it should stand."""
    readme = HERE.parents[1] / "README.md"
    return {
        HERE / "errors.md": errors_page(),
        HERE / "commands.md": commands_page(),
        HERE / "lexicons.md": lexicons_page(),
        HERE / "vocabulary.md": vocabulary_page(),
        HERE / "scorers.md": _between(
            (HERE / "scorers.md").read_text("utf-8"), "scorers", scorers_table()
        ),
        PROVISIONS: account_text(refreshed(read_account(), shipped_library())),
        readme: _between(readme.read_text("utf-8"), "packs", packs_table()),
    }


def scorers_table() -> str:
    """List every scorer with what a pass says, and the model its meaning rests on."""
    rows = [
        f"| `{one.scorer_id}` | {_cell(one.means)} | {_model(one.model)} |"
        for one in SCORERS.values()
    ]
    rows += [f"| `{name}` | {_cell(means)} | |" for name, means in JUDGED.items()]
    return "\n".join(["", "| scorer | a pass says | model |", "|---|---|---|", *rows, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _model(model: Model | None) -> str:
    if model is None:
        return ""
    releases = ", ".join(f"{name} {version}" for name, version in model.releases.items())
    return f"{releases}; files `{model.sha256[:16]}…`"


def packs_table() -> str:
    """Count what each pack holds; checked packs only."""
    rows = sorted(check_packs().rows, key=lambda row: (row.market, row.name))
    table = [
        "|market|pack|force|norms|cases|text|sec|mem|weak|gaps|in|unr|1×|",
        "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for row in rows:
        bases = " | ".join(str(row.bases.get(one.value, 0)) for one in Basis)
        table.append(
            f"| {row.market} | `{row.name}` | {row.status} | {row.norms} | {row.scenarios} "
            f"| {bases} | {row.gaps} | {row.gap_percent} % "
            f"| {row.unresearched} | {row.lonely} |"
        )
    norms = sum(row.norms for row in rows)
    counts = Counter(account.outcome for account in read_account())
    said = ", ".join(f"{counts[outcome]:,} as {outcome.value}" for outcome in Outcome)
    markets = len({row.market for row in rows})
    head = f"{len(rows)} packs of {markets} markets and bodies, {norms:,} norms."
    account = f"Account of the {counts.total():,} collected provisions: {said}."
    return "\n".join(
        [
            f"{head} {account}",
            "",
            "<details><summary>Every pack</summary>",
            "",
            *table,
            "",
            "</details>",
        ]
    )


def vocabulary_page() -> str:
    """List every fact and conduct variable of the shared vocabulary."""
    vocabulary = shipped_library().vocabulary
    facts = [
        f"| `{fact.name}` | {_type(fact)} | {fact.question.in_language('en')} |"
        for fact in sorted(vocabulary.facts.values(), key=lambda fact: fact.name)
    ]
    conducts = [
        f"| `{one.name}` | {one.label.in_language('en')} | {_divided(one)} |"
        for one in sorted(vocabulary.conducts.values(), key=lambda one: one.name)
    ]
    exclusions = [
        f"| `{one.name}` | {_together(one, vocabulary.conducts)} "
        f"| {one.because.in_language('en')} |"
        for one in sorted(vocabulary.exclusions, key=lambda one: one.name)
    ]
    return "\n".join(
        [
            "# Vocabulary",
            "",
            "What every pack and every profile speaks of. Written by `make docs` from",
            "`src/comity/packs/vocabulary`.",
            "",
            "## Facts",
            "",
            "| fact | type | question |",
            "|---|---|---|",
            *facts,
            "",
            "## Conduct",
            "",
            "A conduct divided by place or by design may be done otherwise elsewhere, or for",
            "other users.",
            "",
            "| conduct | label | divided by |",
            "|---|---|---|",
            *conducts,
            "",
            "## Exclusions",
            "",
            "Conduct that cannot be done together, wherever the condition holds.",
            "",
            "| exclusion | not together | because |",
            "|---|---|---|",
            *exclusions,
            "",
        ]
    )


def _divided(conduct: Conduct) -> str:
    return ", ".join(division.value for division in conduct.divisible)


def _together(exclusion: Exclusion, conducts: Mapping[str, Conduct]) -> str:
    return " · ".join(demand_in_words(one, conducts[one.conduct]) for one in exclusion.together)


def lexicons_page() -> str:
    """Show every word of the pack language in every language."""
    twins = {
        language: {known: said for said, known in lexicon.items()}
        for language, lexicon in LEXICONS.items()
    }
    rows = [
        f"| {' | '.join(twins[language][word] for language in twins)} |" for word in twins["en"]
    ]
    drafts = ", ".join(sorted(DRAFTS))
    return "\n".join(
        [
            "# Words of the pack language",
            "",
            "The same norm written in any of them has the same meaning and hash. Written",
            f"by `make docs`. Drafts that no reader of the language has reviewed: {drafts}.",
            "",
            f"| {' | '.join(twins)} |",
            "|---" * len(twins) + "|",
            *rows,
            "",
        ]
    )


def _type(fact: Fact) -> str:
    values = ", ".join(fact.values)
    unit = f" of {fact.unit}" if fact.unit else ""
    return f"{fact.kind.value}{unit}" + (f": {values}" if values else "")


def _between(text: str, mark: str, inner: str) -> str:
    begin, end = f"<!-- {mark}:begin -->", f"<!-- {mark}:end -->"
    before, rest = text.split(begin)
    return f"{before}{begin}\n{inner}\n{end}{rest.split(end)[1]}"


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
                    code = _spelt(keyword.value) if keyword.arg == "code" else ""
                    if code:
                        where = path.relative_to(SOURCE).with_suffix("").as_posix()
                        yield code, _called(node), where.replace("/", ".")


def _spelt(value: ast.expr) -> str:
    """Return a code as written; what is filled in stands in angle brackets."""
    match value:
        case ast.Constant(value=str(code)):
            return code
        case ast.JoinedStr(values=parts):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"<{_filling(part)}>"
                for part in parts
            )
        case _:
            return ""


def _filling(part: ast.expr) -> str:
    return ast.unparse(part.value) if isinstance(part, ast.FormattedValue) else ""


def _called(node: ast.Call) -> str:
    name = ast.unparse(node.func)
    return name if name[0].isupper() else "InvalidDocument"


def commands_page() -> str:
    """Show the help of every command."""
    parts = ["# Commands\n\nWritten by `make docs` from what `comity COMMAND --help` says.\n"]
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
