# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity bank commit`: publish a bank's root, and keep the bank."""

import secrets
from dataclasses import replace
from pathlib import Path

from comity.cli.bank.file import read_usable
from comity.cli.session import Json, NodeFolder, PassphraseFile, Publish, Telling, opened
from comity.desk.assessment.keeping import Prospectus, commit_bank
from comity.desk.log.citation import cite
from comity.desk.log.shelf import ViewShelf, get
from comity.files.bank import is_practice
from comity.files.claim import Claim, read_claim
from comity.files.datasheet import Datasheet, datasheet_of
from comity.node.clock import read_clock
from comity.node.node import Node


def commit(
    bank: Path,
    *,
    claim: Path,
    node: NodeFolder,
    replaces: str | None = None,
    publish: Publish = True,
    passphrase_file: PassphraseFile = None,
    as_json: Json = False,
) -> None:
    """Commit to a bank: keep its items and their salts sealed here, log its root.

    Nobody can change an item afterwards without being seen, and nobody sees one before it is
    drawn. The bank's file is not needed any more; keep it as secret as the node, or destroy it.

    Example: comity bank commit bank.jsonl --claim flood.claim.toml --node kh

    Example: comity bank commit next.jsonl --claim flood.claim.toml --replaces flood --node kh

    Args:
        bank: The bank, JSONL or Parquet.
        claim: What is shown when the claim is shown, a TOML file.
        replaces: The edition this one replaces under the same claim: its place, digits of
            its SHA-256, or its name. Attempts go on being counted.
    """
    telling = Telling(as_json=as_json)
    read = read_claim(claim)
    items = read_usable(bank, read)
    sheet = datasheet_of(items).bounded(read.sentences)
    prospectus = replace(_prospectus(read, sheet), practice=is_practice(bank))
    with opened(node, passphrase_file) as own:
        prospectus = _edition(own, prospectus, replaces)
        with telling.working("hashing every item"):
            reference = commit_bank(
                own, items, prospectus, now=read_clock(), entropy=secrets.token_bytes
            )
        root = get(ViewShelf(own.view()), reference, "bank").subject.hex()
        telling.say(f"{sheet.size:,} items in {len(sheet.categories)} categories, root {root}")
        telling.logged(own, reference, "bank", publish=publish, more={"root": root})


def _edition(own: Node, prospectus: Prospectus, replaces: str | None) -> Prospectus:
    """Say which edition this one replaces, if it does."""
    if replaces is None:
        return prospectus
    before = cite(ViewShelf(own.view()), replaces, "bank")
    return replace(prospectus, replaces=before.subject)


def _prospectus(claim: Claim, sheet: Datasheet) -> Prospectus:
    return Prospectus(
        bank=claim.slug,
        claim=claim.claim,
        scorer=" ".join(sorted(sheet.scorers)),
        templates=sheet.templates,
        near_duplicates=sheet.near_duplicates,
        conducts=claim.conducts,
        limits=claim.limits,
        licence=claim.licence,
        labels={
            name: claim.categories[name]
            for name in sheet.categories
            if name in claim.categories
        },
    )
