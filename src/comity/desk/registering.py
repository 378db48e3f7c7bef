# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A provider registers one version of a system, with its answers and what it is made of."""

from collections.abc import Mapping
from types import MappingProxyType

from comity.desk.duties import library
from comity.desk.record import record
from comity.kernel.canonical import Json
from comity.kernel.instant import Instant
from comity.kernel.reference import Reference
from comity.law.profile import Profile
from comity.law.statement import Identity, Registration, to_system_json
from comity.node.node import Node

NOTHING: Mapping[str, Json] = MappingProxyType({})


def register_system(
    node: Node,
    profile: Profile,
    identity: Identity,
    *,
    now: Instant,
    rest: Mapping[str, Json] = NOTHING,
) -> Reference:
    """Log a version of a system under the provider's name.

    Args:
        rest: Fields beside those of the profile, such as the fingerprint a digest is of.

    Raises:
        InvalidDocument: The profile is larger than a statement may be.
    """
    as_it_stands = profile.as_of(now.date())
    registration = Registration(profile=as_it_stands, identity=identity, rest=rest)
    predicate = to_system_json(registration, library().vocabulary.facts)
    return record(node, "system", predicate, subject=identity.sha256, now=now)
