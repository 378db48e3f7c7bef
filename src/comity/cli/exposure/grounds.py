# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Over what exposure is looked at: a node's logs, files, and what comes with Comity."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from comity.cli.session import looked_at
from comity.desk.log.shelf import ViewShelf
from comity.desk.supply.grounds import Grounds, Wanted, gather


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """What counts.

    Args:
        node: A node's folder: the systems and inventories in the logs it follows count.
        inventory: An inventory: .toml, .csv or .parquet; repeatable.
        records: Count the records that come with Comity too.
        passphrase_file: A file with the node's passphrase; else COMITY_PASSPHRASE, else you are
            asked.
    """

    node: Path | None = None
    inventory: Annotated[tuple[Path, ...], Parameter(negative="")] = ()
    records: Annotated[bool, Parameter(negative="--no-records")] = True
    passphrase_file: Path | None = None


EVERYTHING = Over()


@contextmanager
def gathered(state: str, over: Over) -> Iterator[Grounds]:
    """Gather bills and suppliers; without a node, from files alone."""
    wanted = Wanted(state=state, inventories=over.inventory, records=over.records)
    if over.node is None:
        yield gather(wanted)
        return
    with looked_at(over.node, over.passphrase_file) as own:
        view = own.view()
        seats = {log.member: log.keyset.jurisdiction for log in view.members()}
        yield gather(replace(wanted, seats=seats), ViewShelf(view))
