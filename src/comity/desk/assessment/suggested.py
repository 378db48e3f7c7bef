# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Suggested tests as files: a claim for `comity assess plan --claim`, and its core."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from comity.desk.assessment.proposal import Proposal, Suggestion
from comity.errors import Conflict, Fault, StorageFailed
from comity.files.text import read_text, write_whole
from comity.files.toml import read_toml

SUMMARY = "suggestion.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A suggested test on disk.

    Args:
        core: The copy of the core to build the bank from, where there is one.
    """

    proposal: Proposal
    claim: Path
    core: Path | None


def write_suggestion(
    suggestion: Suggestion, folder: Path, *, replace: bool = False
) -> tuple[Written, ...]:
    """Write each proposal's claim, with its figures, and its core; and all of it as JSON.

    Raises:
        Conflict: Files are there already; all are named.
        StorageFailed: The disk refused.
    """
    files: dict[str, str] = {}
    for proposal in suggestion.proposals:
        files[f"{proposal.slug}.claim.toml"] = claim_text(proposal)
        if proposal.offer.core is not None:
            files[f"{proposal.slug}.toml"] = read_text(proposal.offer.core, "core")
    files[SUMMARY] = json.dumps(suggestion.to_json(), ensure_ascii=False, indent=2) + "\n"
    _write_all(folder, files, replace=replace)
    return tuple(
        Written(
            proposal=proposal,
            claim=folder / f"{proposal.slug}.claim.toml",
            core=folder / f"{proposal.slug}.toml" if proposal.offer.core else None,
        )
        for proposal in suggestion.proposals
    )


def claim_text(proposal: Proposal) -> str:
    """Return the bank's claim with the figures of the proposal, and where they come from."""
    numbers = proposal.numbers
    figures = {
        "threshold": numbers.threshold,
        "goal": numbers.goal,
        "risk": numbers.risk,
        "power": numbers.power,
    }
    text = read_text(proposal.offer.path, "claim").replace("\r\n", "\n")
    spans = read_toml(text, source=str(proposal.offer.path)).spans
    for name in sorted(figures, key=lambda name: spans[(name,)], reverse=True):
        start, end = spans[(name,)]
        text = text[:start] + _decimal(figures[name]) + text[end:]
    said = [*numbers.said, *(f"serves {duty.norm.name}" for duty in proposal.applies)]
    return "".join(f"# {line}\n" for line in ("Suggested figures.", *said)) + "#\n" + text


def _decimal(share: Fraction) -> str:
    """Write a share as TOML; nine digits after the point hold every figure of ours."""
    return f"{float(share):.9f}".rstrip("0")


def _write_all(folder: Path, files: Mapping[str, str], *, replace: bool) -> None:
    there = [name for name in files if (folder / name).exists()]
    if there and not replace:
        faults = [Fault(message=f"{folder / name} is there already") for name in there]
        raise Conflict(
            "; ".join(fault.message for fault in faults),
            code="desk.suggested",
            hint="choose another folder, or add --replace",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"cannot make the folder {folder}: {error.strerror}"
        raise StorageFailed(message, code="desk.suggested_storage") from None
    for name, text in files.items():
        write_whole(folder / name, text, "suggestion")
