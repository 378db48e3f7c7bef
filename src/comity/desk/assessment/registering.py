# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""A provider registers one version of a system, with its answers and what it is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from comity.desk.law.duties import library
from comity.desk.log.record import record
from comity.exposure.material.bill import Bill, check
from comity.kernel.canonical import Json
from comity.kernel.instant import Instant
from comity.kernel.material import Material
from comity.kernel.reference import Reference
from comity.law.profile import Profile
from comity.law.statement import Identity, Registration, to_system_json
from comity.node.node import Node

NOTHING: Mapping[str, Json] = MappingProxyType({})


def with_materials(profile: Profile, materials: Sequence[Material]) -> Profile:
    """Return a profile that is made of further materials too.

    Raises:
        InvalidDocument: Together they contradict each other; all faults (`exposure.bill`).
    """
    together = replace(profile, materials=(*profile.materials, *materials))
    check(Bill(key=profile.system, name=profile.system, materials=together.materials))
    return together


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
