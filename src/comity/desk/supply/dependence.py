# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""What the registered systems depend on, as far as their providers say."""

from comity.desk.log.shelf import Shelf
from comity.desk.supply.billing import registered
from comity.exposure.measure.concentration import Concentration, concentrations


def dependence_of(shelf: Shelf) -> tuple[Concentration, ...]:
    """Return how concentrated each layer is, by state, over the newest of every system.

    A system whose bill contradicts itself is left out.
    """
    return concentrations([one.bill for one in registered(shelf).held], "state")
