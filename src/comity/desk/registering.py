# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A provider registers one version of a system, with its answers and what it is made of."""

from comity.desk.duties import library
from comity.desk.record import record
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.law.profile import Profile
from comity.law.statement import Identity, Registration, to_system_json
from comity.node.node import Node


def register_system(
    node: Node, profile: Profile, identity: Identity, *, now: Instant
) -> Reference:
    """Log a version of a system under the provider's name.

    Raises:
        InvalidDocument: The profile is larger than a statement may be.
    """
    as_it_stands = profile.as_of(now.date())
    registration = Registration(profile=as_it_stands, identity=identity)
    predicate = to_system_json(registration, library().vocabulary.facts)
    return record(node, "system", predicate, subject=identity.sha256, now=now)
