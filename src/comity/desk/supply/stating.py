# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A member states what a state rests on, as far as it knows."""

from comity.desk.log.record import record
from comity.errors import Fault, InvalidDocument
from comity.exposure.material.inventory import Inventory, subject_of, to_inventory_json
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.node.node import Node


def state_inventory(node: Node, inventory: Inventory, *, now: Instant) -> Reference:
    """Log an inventory; the newest one of this member on that state counts.

    Raises:
        InvalidDocument: It names no state, or is larger than a statement may be.
    """
    if not inventory.state:
        message = 'it tells of suppliers only; an inventory names a state: state = "KHM"'
        raise InvalidDocument(message, code="desk.inventory", faults=[Fault(message=message)])
    predicate = to_inventory_json(inventory)
    return record(node, "inventory", predicate, subject=subject_of(inventory.state), now=now)
