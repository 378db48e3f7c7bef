# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""How firmly a test was bound to a registered version, in a line."""

from comity.assess.subjects.subject import Subject
from comity.cli.session import Telling
from comity.desk.assessment.identity import bind
from comity.desk.log.shelf import Said
from comity.evidence.binding import Binding, Strength
from comity.files.service import Service
from comity.node.node import Node

BINDING_STYLES = {
    Strength.WEIGHTS: "green",
    Strength.ENDPOINT: "green",
    Strength.DECLARED: "yellow",
    Strength.NAME: "yellow",
    Strength.NONE: "yellow",
}


def binding_line(binding: Binding) -> str:
    """Say what was compared, or that nothing could be."""
    if binding.strength is Strength.NONE:
        return (
            "not bound: nothing here can be compared with the registration "
            f"(method {binding.method}); that this is the version registered is unproven"
        )
    return f"bound by {binding.strength.value}: {'; '.join(binding.compared)}"


def bound(
    node: Node, plan: Said, telling: Telling, subject: Subject, service: Service | None
) -> Binding:
    """Compare what is to be tested with the version registered, and say how firmly.

    Raises:
        VerificationFailed: It is another version.
    """
    with telling.working("comparing it with the version registered"):
        binding = bind(node, plan, subject, service)
    telling.say(binding_line(binding), style=BINDING_STYLES[binding.strength])
    return binding
