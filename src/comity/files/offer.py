# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""The banks that lie in a folder: each a claim, with the core it can be built from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from comity.errors import Fault, InvalidDocument, NotFound
from comity.files.claim import Claim, read_claim
from comity.files.core import read_core
from comity.files.pack import SHIPPED

SHIPPED_BANKS = SHIPPED / "banks"
"""The banks that come with Comity."""

_ENDING = ".claim.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A bank that lies ready.

    Args:
        core: The file it is built from; None where only the claim lies there.
        is_slot: Whether its sentences are left for somebody else to write.
        categories: The core's, where it could be read.
    """

    claim: Claim
    path: Path
    core: Path | None
    is_slot: bool = False
    categories: tuple[str, ...] | None = None


def offers_in(folders: Iterable[Path]) -> Mapping[str, Offer]:
    """Return the banks of the folders by slug; a later folder takes the place of an earlier.

    Raises:
        NotFound: A folder is not there.
        InvalidDocument: Faults in claims or cores; those of every file are listed.
    """
    found: dict[str, Offer] = {}
    faults: list[Fault] = []
    for folder in folders:
        if not folder.is_dir():
            raise NotFound(f"there is no folder {folder}", code="files.no_banks")
        for path in sorted(folder.glob(f"*{_ENDING}")):
            try:
                offer = _offer(path)
            except InvalidDocument as error:
                told = error.faults or [Fault(message=str(error))]
                faults += [replace(each, source=str(error.source or path)) for each in told]
            else:
                found[offer.claim.slug] = offer
    if faults:
        raise InvalidDocument("banks that cannot be used", code="files.banks", faults=faults)
    return found


def _offer(path: Path) -> Offer:
    claim = read_claim(path)
    core = path.with_name(path.name.removesuffix(_ENDING) + ".toml")
    if not core.exists():
        return Offer(claim=claim, path=path, core=None)
    try:
        categories = tuple(category.name for category in read_core(core).categories)
    except InvalidDocument as error:
        if error.code != "files.core_slot":
            raise
        return Offer(claim=claim, path=path, core=core, is_slot=True)
    return Offer(claim=claim, path=path, core=core, categories=categories)
