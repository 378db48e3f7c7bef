# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""`comity node fsck`: re-derive everything a node keeps."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from comity.cli.option import Json, print_json
from comity.kernel.noun import counted
from comity.node.care.fsck import Report, check_node
from comity.node.care.repair import repair as repair_node


def fsck(folder: Path, *, repair: bool = False, as_json: Json = False) -> int:
    """Re-derive everything the node keeps and name the first wrong byte of each part.

    The journal, what was signed, tiles, bundles, mirrors, blobs, evidence, the key file's
    shape, the witness's records, the vault, the index. Needs no passphrase, and changes
    nothing unless told to. Exit 1 when something does not follow.

    Example: comity node fsck kh --repair

    Args:
        folder: The node's folder.
        repair: Make anew what follows from the log: tiles, bundles, the index. Nothing else
            is touched; what is wrong with it stays named.
    """
    done = repair_node(folder) if repair else ()
    report = check_node(folder)
    if as_json:
        print_json(_facts(report, done))
        return 1 if report.problems else 0
    console = Console(highlight=False)
    for line in done:
        console.print(f"repaired: {line}", markup=False, style="green", soft_wrap=True)
    console.print(
        f"{counted(report.entries, 'entry', 'entries')}, "
        f"{counted(report.followed, 'followed log')}, {counted(report.blobs, 'blob')}"
    )
    for place in report.erased:
        console.print(f"{place}: erased", markup=False, soft_wrap=True)
    for one in report.problems:
        console.print(f"{one.place}: {one.message}", markup=False, style="red", soft_wrap=True)
    if not report.problems:
        console.print("everything follows from the logs")
    return 1 if report.problems else 0


def _facts(report: Report, done: Iterable[str]) -> dict[str, object]:
    problems = [{"place": one.place, "message": one.message} for one in report.problems]
    return {
        "entries": report.entries,
        "followed": report.followed,
        "blobs": report.blobs,
        "repaired": list(done),
        "erased": list(report.erased),
        "problems": problems,
    }
