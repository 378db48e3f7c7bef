# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity align`: which provisions of a draft may speak to which norms of a pack."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console

from comity.cli.option import Json, print_json
from comity.desk.law.aligning import Alignment, Request, align_draft
from comity.law.align import Proposal


def align(
    draft: Path,
    *,
    to: str,
    out: Path | None = None,
    most: int = 3,
    language: str = "en",
    encoder: Annotated[bool, Parameter(name="--encoder", negative="")] = False,
    as_json: Json = False,
) -> int:
    """Propose, for each provision of a draft, the norms of a pack that may speak to it.

    These are proposals with scores. An analyst confirms them in the mapping file; a gap is
    what has no confirmed mapping.

    Example: comity align draft.md --to soft.gaigi

    Example: comity align draft.md --to soft.gaigi --out draft.mapping.toml --encoder

    Args:
        draft: The draft, Markdown or plain text; each paragraph or item is a provision.
        to: Name of a pack, as `comity pack check` lists them.
        out: Mapping file to write; lines an analyst confirmed or rejected are kept.
        most: Proposals per provision.
        language: Of the draft, such as en or zh.
        encoder: Rank by meaning too, across languages (needs the extra `encoder`).
    """
    request = Request(
        draft=draft, pack=to, language=language, most=max(1, most), with_encoder=encoder
    )
    found = align_draft(request, out)
    if as_json:
        print_json(_plain(found))
    else:
        _print(Console(highlight=False), found, out)
    return 0


def _plain(found: Alignment) -> dict[str, object]:
    return {
        "pack": found.pack.name,
        "draft": found.mapping.draft,
        "provisions": [
            {"provision": each.label, "line": each.line, "text": each.text,
             "proposals": [_proposal(one) for one in found.proposals if one.provision == each]}
            for each in found.provisions
        ],
        "without_confirmed_mapping": {
            "provisions": [each.label for each in found.open_provisions],
            "norms": [norm.name for norm in found.open_norms],
        },
    }  # fmt: skip


def _proposal(one: Proposal) -> dict[str, object]:
    return {
        "norm": one.norm,
        "words_thousandths": one.words,
        "meaning_thousandths": one.meaning,
        "shared": list(one.shared),
    }


def _print(console: Console, found: Alignment, out: Path | None) -> None:
    titles = {norm.name: norm.title.in_language("en") for norm in found.pack.norms}
    for provision in found.provisions:
        head = f"{provision.label} (line {provision.line})"
        console.print(head, markup=False, style="bold", soft_wrap=True)
        proposals = [one for one in found.proposals if one.provision == provision]
        for one in proposals:
            meaning = "" if one.meaning is None else f" meaning {one.meaning / 1000:.2f}"
            said = f"  {one.norm}  words {one.words / 1000:.1f}{meaning}  {titles[one.norm]}"
            console.print(said, markup=False, soft_wrap=True)
        if not proposals:
            console.print("  no norm of the pack shares a word with it", style="dim")
    confirmed = sum(line.status == "confirmed" for line in found.mapping.lines)
    console.print(
        f"\n{confirmed} confirmed mappings. Without one: {len(found.open_provisions)} of "
        f"{len(found.provisions)} provisions, {len(found.open_norms)} of "
        f"{len(found.pack.norms)} norms of {found.pack.name}"
    )
    if out is None:
        console.print("--out FILE writes the proposals for an analyst to confirm", style="dim")
    else:
        console.print(f"written: {out}", markup=False, style="dim")
